"""Letters of scripts without blanks are joined into words; spans come back in tokens."""

import sys
import types

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.projection.matching import Matching
from spacy_xproj.projection.units import join_letters
from spacy_xproj.text import segmenters


@pytest.fixture
def pair():
    def make(source, target, links, entities=()):
        """source: words with blanks between. target: letters with blanks between, "_" is a blank.
        entities: [start, end) in source words."""
        words = tuple(source.split())
        letters = target.split()
        spaces = (*(b == "_" for b in letters[1:]), False)
        kept = [i for i, letter in enumerate(letters) if letter != "_"]
        view = SourceView("en", words, (True,) * (len(words) - 1) + (False,), links=Links(links))
        sentence = Sentence(tuple(letters[i] for i in kept), tuple(spaces[i] for i in kept))
        return view.with_entities([(a, b, "PER") for a, b in entities]), sentence

    return make


def joined(view, target, words="links"):
    units = join_letters(view, target, words)
    return target.words if units is None else units.target.words


def test_letters_that_are_linked_alike_are_a_word(pair):
    links = [(0, 0, 0.9), (0, 1, 0.9), (0, 2, 0.5), (1, 3)]
    view, target = pair("Dallas won", "达 拉 斯 赢", links)
    assert joined(view, target) == ("达拉", "斯", "赢")
    assert joined(view, target, "given") == target.words


def test_words_of_scripts_with_blanks_and_letters_without_links_stay(pair):
    assert join_letters(*pair("a b", "a b", [(0, 0), (0, 1)]), "links") is None
    assert join_letters(*pair("a", "東 京", []), "links") is None


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ([(0, 0), (1, 2)], ("约·翰",)),
        ([(0, 0), (2, 2)], ("约", "·", "翰")),  # two entities
        ([(0, 0)], ("约·翰",)),
    ],
)
def test_a_dot_within_a_name_does_not_part_it(pair, links, words):
    view, target = pair("John Smith Mary", "约 · 翰", links, [(0, 2), (2, 3)])
    assert joined(view, target) == words


def test_a_dot_elsewhere_is_punctuation(pair):
    for letters in ("· 约", "约 ·", "a · b", "约 _ · 翰"):
        view, target = pair("John", letters, [(0, 0)])
        assert "·" in joined(view, target)


def test_borders_of_source_entities_are_kept(pair):
    view, target = pair("約 翰 到", "John came", [(0, 0), (1, 0), (2, 0)], [(0, 2)])
    view = view.replace(spaces=(False,) * 3)
    units = join_letters(view, target, "links")
    assert units.view.words == ("約翰", "到")
    assert [e[:3] for e in units.view.entities] == [(0, 1, "PER")]


@pytest.fixture
def segmenter(monkeypatch):
    """A segmenter of Chinese for the test: words end at each of the given letters."""
    module = types.ModuleType("jieba")
    module.setLogLevel = lambda level: None
    module.cut = lambda text: [w for w in text.replace("斯", "斯|").split("|") if w]
    monkeypatch.setitem(sys.modules, "jieba", module)
    segmenters._segmenter.cache_clear()
    yield
    segmenters._segmenter.cache_clear()


@pytest.mark.usefixtures("segmenter")
def test_a_segmenter_that_is_asked_for_joins_more(pair):
    view, target = pair("Dallas won", "达 拉 斯 赢", [(0, 1, 0.9), (0, 2, 0.5), (1, 3)], [(0, 1)])
    assert joined(view, target, "segmented") == ("达拉斯", "赢")
    (found,) = Matching(words="segmented").project([view], [target])
    assert (found[0].start, found[0].end, found[0].start_char, found[0].end_char) == (0, 3, 0, 3)


def test_a_segmenter_that_is_not_there_is_named(pair, monkeypatch):
    monkeypatch.setitem(sys.modules, "pythainlp", None)
    monkeypatch.setitem(sys.modules, "pythainlp.tokenize", None)
    segmenters._segmenter.cache_clear()
    view, target = pair("a", "ก า", [(0, 0)])
    with pytest.raises(XProjError, match=r"XP630.*th.*pip install 'spacy-xproj\[segment\]'"):
        join_letters(view, target, "segmented")


def test_a_setting_that_does_not_exist():
    with pytest.raises(XProjError, match=r"XP150.*'pieces'.*links, segmented, given"):
        Matching(words="pieces")


def test_a_segmenter_that_changes_text_says_nothing(monkeypatch):
    monkeypatch.setattr(segmenters, "_segmenter", lambda lang: str.split)
    assert segmenters.word_borders("东 京") is None
    assert segmenters.word_borders("Asha") is None


@given(st.data())
@settings(max_examples=60)
def test_no_character_is_lost_and_spans_are_of_the_tokens(data):
    letter = st.tuples(st.sampled_from([*"東京タ·a。", "Ab"]), st.booleans())
    letters, spaces = zip(*data.draw(st.lists(letter, min_size=1, max_size=9)), strict=True)
    target = Sentence(letters, spaces)
    n_source = data.draw(st.integers(1, 4))
    pairs = [(k, l) for k in range(n_source) for l in range(len(letters))]
    links = Links(data.draw(st.lists(st.sampled_from(pairs), max_size=12)))
    view = SourceView("en", ("w",) * n_source, (True,) * n_source, links=links)
    view = view.with_entities([(i, i + 1, "X") for i in range(n_source)])
    units = join_letters(view, target, "links")
    if units is not None:
        assert units.target.text == target.text
        assert len(units.starts) == len(units.target) + 1
    for projection in Matching().project([view], [target])[0]:
        if projection.start is not None:
            offsets = target.offsets[projection.start : projection.end]
            assert (projection.start_char, projection.end_char) == (offsets[0][0], offsets[-1][1])
