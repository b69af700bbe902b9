"""The alignment score, and the sparse table that scores come in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.errors import XProjError
from spacy_xproj.projection import AlignScore, Ngrams
from spacy_xproj.projection.batch import Batch
from spacy_xproj.projection.boundary import BoundaryScore
from spacy_xproj.projection.scores import FusedScore
from tests.fixtures.one_pair import FixedScores, find, score_of


@st.composite
def aligned(draw):
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    start = st.integers(0, n - 1)
    spans = st.tuples(start, st.integers(1, 4)).map(lambda s: (s[0], min(s[0] + s[1], n), "LOC"))
    places = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))
    strengths = draw(st.dictionaries(places, st.floats(0.01, 1.0), max_size=15))
    links = [(k, l, a) for (k, l), a in strengths.items()]
    return " ".join("s" * n), " ".join("t" * m), draw(st.lists(spans, max_size=3)), links


@settings(max_examples=150)
@given(aligned(), st.sampled_from([0.2, 1.0, 2.0]), st.sampled_from([0.0, 0.2, 1.0]))
def test_align_score_is_the_linked_mass_over_both_lengths(pair, case, weight, outside):
    view, target = pair(*case)
    candidates = find(Ngrams(window="sentence"), view, target)
    score = AlignScore(target_weight=weight, outside_weight=outside)
    dense = score_of(score, view, target, candidates)
    assert dense.shape == (len(view.entities), len(candidates))
    for s, entity in enumerate(view.entities):
        for t, (start, end) in enumerate(candidates.tolist()):
            inside = other = 0.0
            for k, l, a in view.links:
                if start <= l < end:
                    inside += a * (entity.start <= k < entity.end)
                    other += a * (not entity.start <= k < entity.end)
            length = (entity.end - entity.start) + weight * (end - start)
            formula = (1 + weight) * (inside - outside * other) / length
            wanted = max(formula, 1e-6) if inside else 0.0
            assert dense[s, t] == pytest.approx(wanted, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_perfect_one_to_one_match_scores_1(pair, n):
    words = " ".join("w" * n)
    view, target = pair(words, words, [(0, n, "ORG")], [(i, i) for i in range(n)])
    whole = np.array([[0, n]])
    assert score_of(AlignScore(), view, target, whole).tolist() == [[1.0]]


def test_missing_extra_and_weak_words_cost(pair):
    view, target = pair("World Bank", "Benki ya Dunia", [(0, 2, "ORG")], [(0, 2), (1, 0, 0.5)])
    candidates = np.array([[0, 1], [0, 2], [0, 3], [2, 3]])
    dense = score_of(AlignScore(), view, target, candidates)
    assert dense[0].tolist() == pytest.approx([2 * 0.5 / 3, 2 * 0.5 / 4, 2 * 1.5 / 5, 2 * 1 / 3])


def test_a_low_target_weight_favours_longer_candidates(pair):
    # Soft links spread the one word of the entity over the two of its translation.
    view, target = pair("EU", "Unione europea", [(0, 1, "ORG")], [(0, 0, 0.6), (0, 1, 0.3)])
    candidates = np.array([[0, 1], [0, 2]])
    best = [
        int(score_of(AlignScore(target_weight=w), view, target, candidates).argmax())
        for w in (1.0, 0.45)
    ]
    assert best == [0, 1]


def test_a_word_that_translates_another_costs(pair):
    # "Vorschläge" is linked to "proposals", which is no part of the entity, and a little to it.
    view, target = pair(
        "proposals of the Liberal Group",
        "Vorschläge der Liberalen Fraktion",
        [(3, 5, "ORG")],
        [(0, 0, 0.8), (3, 0, 0.2), (4, 0, 0.1), (2, 1, 0.7), (3, 2, 0.7), (4, 3, 0.8)],
    )
    candidates = np.array([[0, 4], [2, 4]])
    best = [
        int(
            score_of(
                AlignScore(target_weight=0.2, outside_weight=v), view, target, candidates
            ).argmax()
        )
        for v in (0.0, 0.2)
    ]
    assert best == [0, 1]


def test_the_outside_weight_is_not_negative():
    with pytest.raises(XProjError, match=r"XP151.*outside_weight must be at least 0, got -1"):
        AlignScore(outside_weight=-1.0)


@settings(max_examples=100)
@given(st.lists(aligned(), max_size=5), st.data())
def test_a_sentence_scores_the_same_in_any_batch(pair, cases, data):
    sides = [pair(*case) for case in cases]
    views, targets = [view for view, _ in sides], [target for _, target in sides]
    window = data.draw(st.sampled_from(["links", "sentence"]))
    candidates = [find(Ngrams(window=window), view, target) for view, target in sides]
    batch = Batch(views, targets, candidates)
    parts = {
        "align": AlignScore(target_weight=0.2, outside_weight=0.2),
        "boundary": BoundaryScore(),
    }
    for score in (*parts.values(), FusedScore(scores=parts, weights=dict.fromkeys(parts, 0.5))):
        flat = batch.split(score.score(batch))
        for view, target, own, dense in zip(views, targets, candidates, flat, strict=True):
            np.testing.assert_array_equal(score_of(score, view, target, own), dense)


@pytest.mark.parametrize("weight", [0.0, -1.0])
def test_the_target_weight_is_above_0(weight):
    with pytest.raises(XProjError, match=r"XP507.*target_weight must be above 0"):
        AlignScore(target_weight=weight)


def test_a_fused_score_is_the_weighted_sum(pair):
    view, target = pair("Asha", "Asha yupo", [(0, 1, "PER")], [(0, 0)])
    candidates = np.array([[0, 1], [0, 2]])
    other = FixedScores([0.0, 0.5])
    fused = FusedScore(scores={"align": AlignScore(), "x": other}, weights={"align": 1.0, "x": 2.0})
    dense = score_of(fused, view, target, candidates)
    assert dense[0].tolist() == pytest.approx([1.0, 2 / 3 + 2 * 0.5])


def test_a_fused_score_lists_no_pair_that_has_only_penalties(pair):
    view, target = pair("Asha", "Asha yupo sasa", [(0, 1, "PER")], [(0, 0)])
    penalty = FixedScores([-2.0, -0.5, np.nan])
    parts = {"align": AlignScore(), "x": penalty}
    fused = FusedScore(scores=parts, weights={"align": 1.0, "x": 1.0})
    scores = score_of(fused, view, target, np.array([[0, 1], [1, 2], [2, 3]]))
    np.testing.assert_array_equal(scores, [[-1.0, 0.0, np.nan]])


@pytest.mark.parametrize("weights", [{}, {"align": 1.0, "x": 1.0}, {"x": 1.0}])
def test_each_fused_score_has_a_weight(weights):
    with pytest.raises(XProjError, match=r"XP508.*do not fit the scores \['align'\]"):
        FusedScore(scores={"align": AlignScore()}, weights=weights)


def test_a_pair_without_any_link_is_not_listed(pair):
    view, target = pair("Asha left", "Asha aliondoka", [(0, 1, "PER")], [(0, 0, 0.3), (1, 1, 0.7)])
    scores = score_of(AlignScore(), view, target, np.array([[0, 1], [1, 2]]))
    assert (scores > 0).tolist() == [[True, False]]


def test_without_entities_or_candidates_there_is_nothing_to_score(pair):
    view, target = pair("Asha", "Asha", [(0, 1, "PER")], [(0, 0)])
    none = np.zeros((0, 2), dtype=int)
    assert score_of(AlignScore(), view, target, none).shape == (1, 0)
    assert score_of(AlignScore(), view.replace(entities=()), target, none).shape == (0, 0)


@pytest.mark.parametrize(
    ("links", "message"),
    [
        (None, "XP106.*'en' has no links"),
        ([(1, 0)], "XP501.*link 1-0 of the source view 'en'.*1 source words, 2 target words"),
        ([(0, 2)], "XP501.*link 0-2 of the source view 'en'.*1 source words, 2 target words"),
    ],
)
def test_links_that_are_missing_or_of_another_sentence_are_an_error(pair, links, message):
    view, target = pair("Asha", "Asha aliondoka", [(0, 1, "PER")], links or ())
    view = view if links else view.replace(links=None)
    with pytest.raises(XProjError, match=message):
        score_of(AlignScore(), view, target, np.array([[0, 1]]))
