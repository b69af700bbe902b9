"""Which target spans may be chosen, and that the small window loses no optimum."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import AlignScore, Ngrams
from spacy_xproj.projection.candidates import as_candidates
from tests.fixtures.one_pair import find, score_of, sparse


@st.composite
def aligned(draw, max_words=6):
    """Numbers of words, source entities (they may overlap), and links with strengths."""
    n, m = draw(st.integers(1, max_words)), draw(st.integers(1, max_words))
    start = st.integers(0, n - 1)
    spans = st.tuples(start, st.integers(1, 3)).map(lambda s: (s[0], min(s[0] + s[1], n), "PER"))
    entities = draw(st.lists(spans, min_size=1, max_size=3))
    places = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))
    strengths = draw(st.dictionaries(places, st.integers(1, 10), max_size=10))
    links = [(k, l, tenths / 10) for (k, l), tenths in strengths.items()]
    return " ".join("s" * n), " ".join("t" * m), entities, links


def spans(candidates) -> list[tuple[int, int]]:
    return [tuple(span) for span in candidates.tolist()]


@settings(max_examples=150)
@given(aligned(), st.integers(1, 6), st.integers(1, 2))
def test_the_window_of_links_loses_no_optimum(pair, best_total, case, max_length, n_proj):
    view, target = pair(*case)
    best = []
    for window in ("links", "sentence"):
        finder = Ngrams(max_length=max_length, max_ratio=None, window=window)
        candidates = find(finder, view, target)
        scores = sparse(score_of(AlignScore(), view, target, candidates))
        best.append(best_total(scores, candidates, n_proj=n_proj))
    assert best[0] == pytest.approx(best[1])


@settings(max_examples=100)
@given(aligned(max_words=8), st.integers(1, 8))
def test_candidates_are_sorted_and_unique_and_the_small_window_is_a_part(pair, case, max_length):
    view, target = pair(*case)
    small, large = (
        spans(find(Ngrams(max_length=max_length, max_ratio=None, window=window), view, target))
        for window in ("links", "sentence")
    )
    assert small == sorted(set(small))
    assert large == sorted(set(large))
    assert set(small) <= set(large)
    assert all(0 <= start < end <= len(target) for start, end in large)
    assert all(end - start <= max_length for start, end in large)


@pytest.mark.parametrize("window", ["links", "sentence"])
def test_a_long_entity_may_have_candidates_of_up_to_twice_its_length(pair, window):
    links = [(0, 0), (2, 5), (3, 7)]
    view, target = pair("a b c d", "p q r s t u v w", [(0, 3, "MISC"), (3, 4, "PER")], links)
    made = {
        ratio: spans(find(Ngrams(max_length=2, max_ratio=ratio, window=window), view, target))
        for ratio in (None, 2.0)
    }
    assert (0, 6) in made[2.0]
    assert max(end - start for start, end in made[2.0]) == 6
    assert max(end - start for start, end in made[None]) <= 2


def test_the_ratio_is_above_0():
    with pytest.raises(XProjError, match=r"XP507.*max_ratio must be above 0"):
        Ngrams(max_ratio=0.0)


def test_the_sentence_window_has_all_ngrams(pair):
    view, target = pair("x", "a b c")
    found = spans(find(Ngrams(window="sentence"), view, target))
    assert found == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_the_window_of_links_begins_and_ends_at_words_of_one_entity(pair):
    view, target = pair(
        "Bank of Kenya hired Asha",
        "a b c d e f",
        [(0, 3, "ORG"), (4, 5, "PER")],
        [(0, 1), (2, 3), (4, 5)],
    )
    # (1, 6) is none: its first word belongs to the ORG, its last to the PER.
    assert spans(find(Ngrams(), view, target)) == [(1, 2), (1, 4), (3, 4), (5, 6)]


def test_links_outside_entities_give_no_candidates(pair):
    view, target = pair("Asha left", "Asha aliondoka", [(0, 1, "PER")], [(1, 1)])
    assert spans(find(Ngrams(), view, target)) == []


def test_max_length_counts_words(pair):
    view, target = pair("x", "a b c d")
    found = spans(find(Ngrams(max_length=2, window="sentence"), view, target))
    assert max(end - start for start, end in found) == 2
    assert (2, 4) in found


def test_no_candidate_contains_a_stop_token(pair):
    view, target = pair("x", "a ! b c ?")
    found = spans(find(Ngrams(window="sentence"), view, target))
    assert found == [(0, 1), (2, 3), (2, 4), (3, 4)]


@pytest.mark.parametrize("window", ["links", "sentence"])
def test_an_entity_that_has_a_stop_token_itself_may_have_one_in_the_target(pair, window):
    links = [(i, i) for i in range(6)]
    view, target = pair(
        "Yahoo ! bought it . Who", "Yahoo ! kaufte es . Wer", [(0, 2, "ORG")], links
    )
    assert (0, 2) in spans(find(Ngrams(window=window), view, target))
    other, _ = pair("Yahoo ! bought it . Who", "Yahoo ! kaufte es . Wer", [(2, 4, "X")], links)
    assert (0, 2) not in spans(find(Ngrams(window=window), other, target))


def test_stop_tokens_are_a_setting(pair):
    view, target = pair("x", "a ! b")
    found = spans(find(Ngrams(stop_tokens=["b"], window="sentence"), view, target))
    assert found == [(0, 1), (0, 2), (1, 2)]


@pytest.mark.parametrize("blank", ["\t", "\u00a0", "\u3000"])
def test_blanks_may_lie_within_a_candidate_and_are_no_border_of_it(pair, blank):
    view, target = pair("x", f"a {blank} b")
    assert spans(find(Ngrams(window="sentence"), view, target)) == [(0, 1), (0, 3), (2, 3)]


@pytest.mark.parametrize("line_break", ["\n", "\n\n", " \r\n"])
def test_no_candidate_contains_a_line_break(pair, line_break):
    view, target = pair("x", "a b c")
    target = dataclasses.replace(target, words=("a", line_break, "c"))
    assert spans(find(Ngrams(window="sentence"), view, target)) == [(0, 1), (2, 3)]


def test_a_stop_token_between_two_links_splits_them(pair):
    view, target = pair("World Bank", "Benki ! Dunia", [(0, 2, "ORG")], [(0, 2), (1, 0)])
    assert spans(find(Ngrams(), view, target)) == [(0, 1), (2, 3)]


@pytest.mark.parametrize("window", ["links", "sentence"])
def test_an_empty_target_has_no_candidates(pair, window):
    view, target = pair("Asha", "", [(0, 1, "PER")])
    assert find(Ngrams(window=window), view, target).shape == (0, 2)


def test_as_candidates_sorts_and_drops_repeats():
    assert as_candidates([(2, 3), (0, 2), (2, 3), (0, 1)]).tolist() == [[0, 1], [0, 2], [2, 3]]


def test_only_the_window_of_links_needs_links(pair):
    view, target = pair("Asha", "Asha", [(0, 1, "PER")])
    not_aligned = view.replace(links=None)
    assert spans(find(Ngrams(window="sentence"), not_aligned, target)) == [(0, 1)]
    with pytest.raises(XProjError, match=r"XP106.*'en' has no links.*xproj_aligner"):
        find(Ngrams(), not_aligned, target)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"window": "word"}, "XP150.*'word'; known: links, sentence"),
        ({"max_length": 0}, "XP151.*max_length must be at least 1.*got 0"),
    ],
)
def test_settings_that_cannot_hold_are_refused_at_once(settings, message):
    with pytest.raises(XProjError, match=message):
        Ngrams(**settings)


CHINESE = ["他", "说", "北", "京", "很", "大", "吗"]


@pytest.mark.parametrize("window", ["links", "sentence"])
@pytest.mark.parametrize(
    ("n_words", "spaces", "across"),
    [
        (1, [False] * 7, True),
        (1, [False, True] + [False] * 5, False),  # a blank between letters: no name has one
        (11, [False, True] + [False] * 5, True),  # of a clause it may be part
        (1, [True] * 7, True),  # the text was cut into words
        ("a b , c", [False, True] + [False] * 5, True),  # the source has parts itself
        ("a, b", [False, True] + [False] * 5, True),
        ("a b,", [False, True] + [False] * 5, False),
    ],
)
def test_no_name_of_chinese_goes_across_a_blank(window, n_words, spaces, across):
    source = tuple("abcdefghijk")
    if isinstance(n_words, str):
        own = n_words.split()
        source, n_words = (*own, *source[len(own) :]), len(own)
    links = Links((0, l) for l in range(len(CHINESE)))
    view = SourceView("en", source, (True,) * 11, links=links)
    view = view.with_entities([(0, n_words, "LOC")])
    target = Sentence(tuple(CHINESE), tuple(spaces))
    found = spans(find(Ngrams(window=window), view, target))
    assert ((1, 3) in found) is across
    assert {(0, 2), (2, 4), (2, 7)} <= set(found)
