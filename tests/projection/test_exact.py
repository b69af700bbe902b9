"""The dynamic programme finds the optimum, whatever the instance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.errors import XProjError
from spacy_xproj.projection import ILP, Exact, Greedy, Solution
from spacy_xproj.projection.candidates import as_candidates
from tests.fixtures.one_pair import sparse, total


@st.composite
def instances(draw, max_words=8, max_entities=4, max_entries=14):
    """Random candidates, and scores for some of the (entity, candidate) pairs."""
    n_words = draw(st.integers(1, max_words))
    starts = st.integers(0, n_words - 1)
    spans = st.tuples(starts, st.integers(1, 4)).map(lambda s: (s[0], min(s[0] + s[1], n_words)))
    candidates = as_candidates(draw(st.lists(spans, min_size=1, max_size=10)))
    n_entities = draw(st.integers(1, max_entities))
    pairs = st.tuples(st.integers(0, n_entities - 1), st.integers(0, len(candidates) - 1))
    dense = np.zeros((n_entities, len(candidates)))
    for (s, t), value in draw(
        st.dictionaries(pairs, st.integers(1, 100), max_size=max_entries)
    ).items():
        dense[s, t] = value / 100
    return sparse(dense), candidates


def check_constraints(pairs, candidates, n_proj):
    words = [w for _, t in pairs for w in range(*candidates[t].tolist())]
    assert len(words) == len(set(words)), "chosen spans overlap"
    entities = [s for s, _ in pairs]
    assert all(entities.count(s) <= n_proj for s in entities)


@settings(max_examples=500)
@given(instances(), st.integers(1, 3))
def test_exact_reaches_the_best_total(best_total, instance, n_proj):
    scores, candidates = instance
    solution = Exact(n_proj=n_proj).solve(scores, candidates)
    check_constraints(solution.pairs, candidates, n_proj)
    assert total(solution.pairs, scores) == pytest.approx(
        best_total(scores, candidates, n_proj=n_proj)
    )


@settings(max_examples=40)
@given(instances(max_words=12, max_entities=6, max_entries=30), st.integers(1, 2))
def test_exact_and_ilp_agree(instance, n_proj):
    scores, candidates = instance
    by_table = Exact(n_proj=n_proj).solve(scores, candidates)
    by_programme = ILP(n_proj=n_proj).solve(scores, candidates)
    assert total(by_table.pairs, scores) == pytest.approx(total(by_programme.pairs, scores))


@settings(max_examples=40)
@given(instances())
def test_a_sentence_with_too_many_entities_is_handed_over_and_stays_exact(best_total, instance):
    scores, candidates = instance
    solution = Exact(max_steps=1).solve(scores, candidates)
    check_constraints(solution.pairs, candidates, 1)
    assert total(solution.pairs, scores) == pytest.approx(best_total(scores, candidates))


def test_exact_beats_greedy_where_the_best_pair_is_in_the_way():
    candidates = as_candidates([(0, 1), (0, 2), (1, 2)])
    scores = sparse(np.array([[0.8, 1.0, 0.0], [0.0, 0.9, 0.7]]))
    assert total(Greedy().solve(scores, candidates).pairs, scores) == pytest.approx(1.0)
    assert total(Exact().solve(scores, candidates).pairs, scores) == pytest.approx(1.5)


def test_ties_go_to_the_left():
    candidates = as_candidates([(0, 1), (3, 4)])
    scores = sparse(np.array([[0.5, 0.5]]))
    assert Exact().solve(scores, candidates).pairs == [(0, 0)]


def test_nothing_to_choose():
    empty = as_candidates([])
    assert Exact().solve(sparse(np.zeros((2, 0))), empty).pairs == []


def test_at_least_one_projection():
    with pytest.raises(XProjError, match="n_proj"):
        Exact(n_proj=0)


def test_a_large_instance_is_handed_over_before_the_table_grows():
    """Twelve entities, 400 candidates, 1,000 words: the table would take seconds and 500 MB."""
    random = np.random.default_rng(0)
    starts = random.integers(0, 996, 400)
    candidates = as_candidates(zip(starts, starts + random.integers(1, 5, 400), strict=True))
    scores = sparse(random.random((12, len(candidates))))
    calls = []

    class Fallback:
        def solve(self, scores, candidates):
            calls.append(scores.shape)
            return Solution([])

    exact = Exact()
    exact.fallback = Fallback()
    exact.solve(scores, candidates)
    assert calls == [scores.shape]
    few = sparse(scores_of_few := random.random((3, len(candidates))))
    assert len(exact.solve(few, candidates).pairs) == len(scores_of_few)
    assert len(calls) == 1
