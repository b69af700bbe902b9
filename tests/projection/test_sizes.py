"""Letters of scripts without blanks count less than words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.projection import AlignScore, Ngrams
from spacy_xproj.projection.batch import Batch
from spacy_xproj.projection.boundary import BoundaryScore
from spacy_xproj.projection.matching import Matching
from spacy_xproj.projection.sizes import LEAST, word_sizes
from tests.fixtures.one_pair import find, project, score_of

ENGLISH = "Asha left Kyoto ."
JAPANESE = "ア シ ャ は 京 都 を 出 た 。"


def test_letters_fill_the_length_that_words_leave(pair):
    view, target = pair(ENGLISH, "東 京 都 庁 前 駅 。")
    sizes = word_sizes(view, target)
    assert sizes.source.tolist() == [1.0] * 4
    assert sizes.target.tolist() == [0.5] * 6 + [1.0]
    flipped = word_sizes(*pair("東 京 都 庁 前 駅 。", ENGLISH))
    assert (flipped.source.tolist(), flipped.target.tolist()) == (
        sizes.target.tolist(),
        sizes.source.tolist(),
    )


def test_a_letter_counts_at_most_as_a_word_and_never_nothing(pair):
    assert word_sizes(*pair("a b c d e f .", "東 京 。")).target.tolist() == [1.0] * 3
    assert word_sizes(*pair("a .", " ".join("東" * 99))).target.tolist() == [LEAST] * 99


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (ENGLISH, "Asha alitoka Kyoto ."),
        (ENGLISH, "北京 是 首都 。"),  # words
        (ENGLISH, "Asha Mushi 京 ."),  # one letter of four
        (JAPANESE, "阿 莎 离 开 京 都 。"),  # letters on both sides
        (ENGLISH, ""),
    ],
)
def test_otherwise_all_words_count_one(pair, source, target):
    assert word_sizes(*pair(source, target)) is None


def test_a_name_of_letters_that_all_are_linked_is_a_perfect_match(pair):
    view, target = pair(ENGLISH, "東 京 都 庁 前 駅 。", [(0, 1, "LOC")], [(0, 1), (0, 2)])
    score = AlignScore(target_weight=0.2)
    dense = score_of(score, view, target, np.array([[1, 3], [1, 5]]))
    assert dense[0].tolist() == pytest.approx([1.0, 1.2 / 1.4])


@given(st.data())
def test_the_score_is_the_formula_over_what_words_count(pair, data):
    n, m = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 9))
    places = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))
    links = data.draw(st.dictionaries(places, st.floats(0.01, 1.0), max_size=12))
    start = data.draw(st.integers(0, n - 1))
    entity = (start, data.draw(st.integers(start + 1, n)), "LOC")
    words = [" ".join("w" * n), " ".join("字" * m)]
    triples = [(k, l, a) for (k, l), a in links.items()]
    if data.draw(st.booleans()):
        view, target = pair(*words, [entity], triples)
    else:  # the letters are the source
        n, m = m, n
        triples = [(l, k, a) for k, l, a in triples]
        end = data.draw(st.integers(1, n))
        entity = (data.draw(st.integers(0, end - 1)), end, "LOC")
        view, target = pair(*words[::-1], [entity], triples)
    sizes = word_sizes(view, target)
    candidates = find(Ngrams(window="sentence"), view, target)
    score = AlignScore(target_weight=0.5, outside_weight=0.2)
    dense = score_of(score, view, target, candidates)
    for t, (a, b) in enumerate(candidates.tolist()):
        inside = other = 0.0
        for k, l, strength in view.links:
            if a <= l < b:
                sized = strength * sizes.source[k] * sizes.target[l]
                inside += sized * (entity[0] <= k < entity[1])
                other += sized * (not entity[0] <= k < entity[1])
        length = sizes.source[slice(*entity[:2])].sum() + 0.5 * sizes.target[a:b].sum()
        wanted = max(1.5 * (inside - 0.2 * other) / length, 1e-6) if inside else 0.0
        assert dense[0, t] == pytest.approx(wanted, rel=1e-6, abs=1e-9)


def test_a_batch_scores_as_its_sentences_alone(pair):
    cases = [
        pair(ENGLISH, JAPANESE, [(0, 1, "PER"), (2, 3, "LOC")], [(0, 0), (0, 2, 0.5), (2, 4)]),
        pair(ENGLISH, "Asha aliondoka Kyoto .", [(0, 1, "PER")], [(0, 0), (2, 2)]),
        pair(JAPANESE, ENGLISH, [(4, 6, "LOC")], [(4, 2), (5, 2)]),
    ]
    views, targets = zip(*cases, strict=True)
    candidates = [find(Ngrams(), view, target) for view, target in cases]
    score = AlignScore(target_weight=0.2, outside_weight=0.2)
    batch = Batch(views, targets, candidates)
    for values, case, own in zip(batch.split(score.score(batch)), cases, candidates, strict=True):
        assert np.array_equal(values, score_of(score, *case, own))


def test_candidates_have_as_many_letters_as_make_the_words(pair):
    """At 2 words, a letter counting a third: up to 6 letters."""
    view, target = pair("a b c", "東 京 都 庁 前 駅 中 央 口", [(0, 1, "LOC")])
    spans = find(Ngrams(max_length=2, max_ratio=None, window="sentence"), view, target)
    assert max(end - start for start, end in spans.tolist()) == 6


def test_a_letter_is_no_function_word(pair):
    view, target = pair(ENGLISH, JAPANESE, [(0, 1, "PER")])
    first = np.array([[0, 3]])
    assert score_of(BoundaryScore(), view, target, first).tolist() == [[0.0]]
    view, target = pair(ENGLISH, "La Asha . .", [(0, 1, "PER")])
    assert score_of(BoundaryScore(), view, target, np.array([[0, 2]]))[0, 0] < 0


def test_a_long_name_is_projected_whole(pair):
    links = [(0, l, 0.8) for l in range(12)]
    view, target = pair("Ngorongoro rests .", "ง " * 12 + "พ ก .", [(0, 1, "LOC")], links)
    (projection,) = project(Matching(), view, target)
    assert (projection.start, projection.end) == (0, 12)
