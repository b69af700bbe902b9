"""Names that the translator mangled are put back where the links say what became of them."""

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.translation.base import Translation
from spacy_xproj.translation.names import restore_names

TEXT = "Predsjednik Obama stize u Zagreb"
OBAMA, ZAGREB = (12, 17), (26, 32)
# Of the words in order, to those of "The President Both arrives to Zagreb".
LINKS = ((0, 11, 4, 13), (12, 17, 14, 18), (18, 23, 19, 26), (24, 25, 27, 29), (26, 32, 30, 36))


def restore(text, links, *names, source=TEXT):
    return restore_names(Translation(text, ViewStatus.OK, links=links), source, names)


def pairs(found, source=TEXT):
    return [(source[a:b], found.text[c:d]) for a, b, c, d in found.links]


def test_a_name_is_put_back_and_links_move_along():
    found = restore("The President Both arrives to Zagreb", LINKS, OBAMA)
    assert found.text == "The President Obama arrives to Zagreb"
    assert pairs(found) == [
        *(("Predsjednik", "President"), ("Obama", "Obama"), ("stize", "arrives")),
        *(("u", "to"), ("Zagreb", "Zagreb")),
    ]
    assert found.reason == "names put back: 'Obama' for 'Both'"


def test_several_names_and_what_is_there_already():
    links = (*LINKS[:4], (26, 32, 30, 34))
    both = restore("The President Both arrives to Zgrb", links, ZAGREB, OBAMA)
    assert both.text == "The President Obama arrives to Zagreb"
    assert both.reason == "names put back: 'Obama' for 'Both', 'Zagreb' for 'Zgrb'"
    there = Translation(TEXT, ViewStatus.OK, links=((26, 32, 26, 32),))
    assert restore_names(there, TEXT, [ZAGREB]) is there


def test_a_name_of_several_words():
    source = "Barack Obama stize"
    links = ((0, 6, 0, 6), (7, 12, 7, 11), (13, 18, 12, 19))
    found = restore("Barack Both arrives", links, (0, 12), source=source)
    assert found.text == "Barack Obama arrives"
    assert pairs(found, source) == [("Barack Obama", "Barack Obama"), ("stize", "arrives")]


def test_what_is_not_clear_is_left_alone():
    text = "Both of them arrive"
    for links in (
        (),  # nothing is said of the name
        ((12, 17, 0, 4), (12, 17, 8, 12)),  # it came apart, with a word of the translator's own
        ((12, 17, 0, 4), (0, 11, 0, 4)),  # merged with another word
        ((0, 17, 0, 4),),  # the link is wider than the name
    ):
        assert restore(text, links, OBAMA).text == text
        assert restore(text, links, OBAMA).reason == ""
