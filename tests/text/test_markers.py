"""Marks around parts of a text: put in, taken out, and matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.text.markers import MARKS, mark, match_pieces, pick_marks, unmark

SQUARE = MARKS[0]


@pytest.mark.parametrize(
    ("marked", "plain", "pieces"),
    [
        ("[Asha] left [Dodoma].", "Asha left Dodoma.", ["Asha", "Dodoma"]),
        ("in [ Dodoma ] .", "in Dodoma .", ["Dodoma"]),
        ("in [ Dodoma ].", "in Dodoma.", ["Dodoma"]),
        ("[ Asha ]left", "Asha left", ["Asha"]),
        ("a[ Asha]", "a Asha", ["Asha"]),
        ("no marks", "no marks", []),
        ("one [ without a partner", "one without a partner", []),
        ("one ] without a partner", "one without a partner", []),
        ("empty [] and [ ] ones", "empty and ones", []),
        ("[[World] Bank]", "World Bank", ["World", "World Bank"]),
        ("x [ [ ] y]", "x y", ["y"]),
        ("[Asha][Baraka]", "AshaBaraka", ["Asha", "Baraka"]),
        ("  [Asha]  ", "Asha", ["Asha"]),
        ("[]", "", []),
        ("", "", []),
    ],
)
def test_unmark(marked, plain, pieces):
    text, spans = unmark(marked, SQUARE)
    assert text == plain
    assert [text[start:end] for start, end in spans] == pieces


@given(
    st.lists(st.text("ab Ü日.", min_size=1).filter(lambda t: t == t.strip() != ""), min_size=1),
    st.data(),
)
def test_what_was_marked_comes_out_again(words, data):
    chosen = data.draw(st.sets(st.integers(0, len(words) - 1)))
    text, spans = "", []
    for i, word in enumerate(words):
        start = len(text) + (i > 0)
        text = f"{text} {word}" if i else word
        if i in chosen:
            spans.append((start, start + len(word)))
    assert unmark(mark(text, spans, SQUARE), SQUARE) == (text, spans)


@given(st.text("[] ab.", max_size=30))
def test_whatever_the_translation_the_text_has_no_marks_and_spans_no_blanks_around(text):
    plain, spans = unmark(text, SQUARE)
    assert not set(plain) & set("[]")
    for start, end in spans:
        assert 0 <= start < end <= len(plain)
        assert plain[start:end] == plain[start:end].strip()
    assert plain.replace(" ", "") == text.replace("[", "").replace("]", "").replace(" ", "")


def test_of_overlapping_spans_the_first_is_marked():
    assert mark("a b c", [(2, 5), (0, 3)], SQUARE) == "[a b] c"


def test_marks_are_those_that_the_text_does_not_have():
    assert pick_marks("Asha left") == ("[", "]")
    assert pick_marks("Asha [sic] left") == ("{", "}")
    assert pick_marks("see ] and }") == ("<", ">")
    assert pick_marks("[ } <") is None


def test_pieces_go_to_the_most_similar_entity_and_each_is_used_once():
    matches = match_pieces(["Benki ya Dunia", "Asha"], ["Asha", "Benki Dunia"])
    assert [(m.entity, m.piece) for m in matches] == [(0, 1), (1, 0)]
    assert matches[0].ratio == 1.0
    # 2 * 11 common characters of 14 + 11
    assert matches[1].ratio == pytest.approx(22 / 25)


def test_a_name_that_occurs_twice_is_matched_in_order():
    found = match_pieces(["Asha", "Asha"], ["Asha", "Asha"])
    assert [(m.entity, m.piece) for m in found] == [(0, 0), (1, 1)]


def test_a_ratio_must_be_above_the_threshold():
    # one common character of 1 + 3: 2 / 4
    assert match_pieces(["a"], ["abc"], threshold=0.5) == []
    assert len(match_pieces(["a"], ["abc"], threshold=0.49)) == 1
    assert match_pieces([], ["a"]) == match_pieces(["a"], []) == match_pieces([""], [""]) == []
