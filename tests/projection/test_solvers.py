"""Choosing pairs: what every solver keeps to, and that the exact ones are exact."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.spans import overlap
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import ILP, Candidates, Greedy, Scores, Solution
from spacy_xproj.projection.candidates import as_candidates
from tests.fixtures.one_pair import sparse, total

NO_CANDIDATES = as_candidates([])


@st.composite
def instances(draw, max_words=7, max_entities=3, max_entries=10):
    """Random candidates, and scores for some of the (entity, candidate) pairs."""
    n_words = draw(st.integers(1, max_words))
    start = st.integers(0, n_words - 1)
    spans = st.tuples(start, st.integers(1, 4)).map(lambda s: (s[0], min(s[0] + s[1], n_words)))
    candidates = as_candidates(draw(st.lists(spans, min_size=1, max_size=8)))
    n_entities = draw(st.integers(1, max_entities))
    pairs = st.tuples(st.integers(0, n_entities - 1), st.integers(0, len(candidates) - 1))
    hundredths = draw(st.dictionaries(pairs, st.integers(1, 100), max_size=max_entries))
    dense = np.zeros((n_entities, len(candidates)))
    for (s, t), value in hundredths.items():
        dense[s, t] = value / 100
    return sparse(dense), candidates


def table(rows: list[dict[tuple[int, int], float]]) -> tuple[Scores, Candidates]:
    """Scores and candidates from one dict an entity: target span -> score."""
    candidates = as_candidates(span for row in rows for span in row)
    columns = [tuple(span) for span in candidates.tolist()]
    dense = np.array([[row.get(span, 0.0) for span in columns] for row in rows])
    return sparse(dense.reshape(len(rows), len(columns))), candidates


def chosen(solution: Solution, candidates: Candidates) -> list[tuple[int, tuple[int, int]]]:
    """The pairs of a solution as (entity, target span)."""
    return [(s, tuple(candidates[t].tolist())) for s, t in solution.pairs]


def check_valid(solution: Solution, scores: Scores, candidates: Candidates) -> Counter[int]:
    """Only listed pairs, each once, in order, no two overlapping; returns spans per entity."""
    listed = set(zip(scores.rows.tolist(), scores.cols.tolist(), strict=True))
    assert set(solution.pairs) <= listed
    assert solution.pairs == sorted(set(solution.pairs))
    spans = [candidates[t].tolist() for _, t in solution.pairs]
    for i, a in enumerate(spans):
        assert not any(overlap(*a, *b) for b in spans[i + 1 :])
    return Counter(s for s, _ in solution.pairs)


@settings(max_examples=400)
@given(instances(max_entries=20), st.integers(1, 3))
def test_greedy_is_valid_and_leaves_no_pair_that_could_still_be_taken(instance, n_proj):
    scores, candidates = instance
    solution = Greedy(n_proj=n_proj).solve(scores, candidates)
    counts = check_valid(solution, scores, candidates)
    assert solution.feasible
    assert max(counts.values(), default=0) <= n_proj
    taken = [candidates[t].tolist() for _, t in solution.pairs]
    for s, t in zip(scores.rows.tolist(), scores.cols.tolist(), strict=True):
        full = counts[s] == n_proj
        assert full or any(overlap(*candidates[t].tolist(), *span) for span in taken)


@settings(max_examples=40)
@given(instances(max_entries=20), st.integers(1, 2))
def test_ilp_is_valid_and_at_least_as_good_as_greedy(instance, n_proj):
    scores, candidates = instance
    solution = ILP(n_proj=n_proj).solve(scores, candidates)
    counts = check_valid(solution, scores, candidates)
    assert max(counts.values(), default=0) <= n_proj
    greedy = Greedy(n_proj=n_proj).solve(scores, candidates)
    assert total(solution.pairs, scores) >= total(greedy.pairs, scores) - 1e-6


@pytest.mark.parametrize("n_proj", [1, 2])
@pytest.mark.parametrize("relation", ["<=", "=", ">="])
def test_ilp_finds_the_optimum_that_exhaustive_search_finds(relation, n_proj, best_total):
    ilp = ILP(n_proj=n_proj, relation=relation)

    @settings(max_examples=25)
    @given(instances(max_words=5, max_entities=2))
    def agree(instance):
        scores, candidates = instance
        solution = ilp.solve(scores, candidates)
        best = best_total(scores, candidates, n_proj=n_proj, relation=relation)
        assert solution.feasible == (best is not None)
        if best is None:
            assert solution.pairs == []
        else:
            check_valid(solution, scores, candidates)
            assert total(solution.pairs, scores) == pytest.approx(best, abs=1e-6)

    agree()


def test_greedy_takes_the_best_pair_first_though_two_others_together_are_better():
    scores, candidates = table([{(0, 1): 0.6, (0, 2): 0.7}, {(1, 2): 0.6}])
    assert chosen(Greedy().solve(scores, candidates), candidates) == [(0, (0, 2))]
    best = ILP().solve(scores, candidates)
    assert chosen(best, candidates) == [(0, (0, 1)), (1, (1, 2))]


def test_n_proj_allows_an_entity_several_spans():
    scores, candidates = table([{(0, 1): 0.9, (2, 3): 0.8, (4, 5): 0.7}])
    for make in (Greedy, ILP):
        assert len(make(n_proj=1).solve(scores, candidates).pairs) == 1
        two = make(n_proj=2).solve(scores, candidates)
        assert chosen(two, candidates) == [(0, (0, 1)), (0, (2, 3))]
    for relation, found in (("<=", 2), ("=", 2), (">=", 3)):
        assert len(ILP(n_proj=2, relation=relation).solve(scores, candidates).pairs) == found


@pytest.mark.parametrize(
    ("why", "rows", "wanted"),
    [
        ("leftmost", [{(0, 1): 0.5, (2, 3): 0.5}], (0, (0, 1))),
        ("shortest", [{(0, 1): 0.5, (0, 2): 0.5}], (0, (0, 1))),
        ("first entity", [{(0, 1): 0.5}, {(0, 1): 0.5}], (0, (0, 1))),
        ("rounding is no difference", [{(0, 1): 0.3, (2, 3): 0.1 + 0.2}], (0, (0, 1))),
    ],
)
def test_ties_of_greedy_are_decided_by_position(why, rows, wanted):
    scores, candidates = table(rows)
    assert chosen(Greedy().solve(scores, candidates), candidates) == [wanted], why


@settings(max_examples=60)
@given(instances(max_entries=20), st.randoms(use_true_random=False))
def test_greedy_does_not_depend_on_the_order_in_which_scores_are_listed(instance, random):
    scores, candidates = instance
    order = list(range(len(scores.values)))
    random.shuffle(order)
    rows, cols, values = (a[order] for a in scores[:3])
    shuffled = Scores(rows, cols, values, scores.shape)
    assert Greedy().solve(shuffled, candidates) == Greedy().solve(scores, candidates)


def test_ilp_decides_ties_the_same_way_each_time():
    row = {(i, j): 0.5 for i in range(5) for j in range(i + 1, 6)}
    scores, candidates = table([row, row])
    first, *rest = [ILP().solve(scores, candidates) for _ in range(3)]
    assert rest == [first, first]


@pytest.mark.parametrize("relation", ["=", ">="])
@pytest.mark.parametrize(
    "rows",
    [
        [{(0, 1): 0.9}, {(0, 1): 0.8}],  # one word for two entities
        [{(0, 1): 0.9}, {}],  # an entity without any pair
    ],
)
def test_constraints_that_cannot_all_hold_give_an_infeasible_solution(relation, rows):
    solution = ILP(relation=relation).solve(*table(rows))
    assert solution == Solution([], feasible=False)


def test_at_most_is_always_feasible():
    scores, candidates = table([{(0, 1): 0.9}, {(0, 1): 0.8}])
    assert ILP().solve(scores, candidates) == Solution([(0, 0)])


@pytest.mark.parametrize("solver", [Greedy(), ILP()])
@pytest.mark.parametrize("n_entities", [0, 2])
def test_no_scores_no_pairs(solver, n_entities):
    empty = sparse(np.zeros((n_entities, 0)))
    assert solver.solve(empty, NO_CANDIDATES) == Solution([])


def test_without_scores_entities_cannot_have_exactly_one_span():
    empty = sparse(np.zeros((2, 0)))
    assert not ILP(relation="=").solve(empty, NO_CANDIDATES).feasible
    no_entity = sparse(np.zeros((0, 0)))
    assert ILP(relation="=").solve(no_entity, NO_CANDIDATES).feasible


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Greedy(n_proj=0), "XP151.*n_proj must be at least 1.*got 0"),
        (lambda: ILP(n_proj=-1), "XP151.*n_proj must be at least 1.*got -1"),
        (lambda: ILP(relation="=="), "XP150.*'=='.*known: <=, =, >="),
    ],
)
def test_settings_that_cannot_hold_are_refused_at_once(make, message):
    with pytest.raises(XProjError, match=message):
        make()


def test_a_backend_that_is_not_installed_is_named_with_those_that_are():
    scores, candidates = table([{(0, 1): 0.9}])
    with pytest.raises(XProjError, match=r"XP505.*'NO_SUCH'.*there is: .*PULP_CBC_CMD"):
        ILP(backend="NO_SUCH").solve(scores, candidates)


@pytest.mark.parametrize("found", ["LpSolutionNoSolutionFound", "LpSolutionIntegerFeasible"])
def test_a_backend_that_runs_out_of_time_is_an_error_even_with_some_solution(monkeypatch, found):
    import pulp

    def out_of_time(problem, solver):
        # What CBC's wrapper reports: "Optimal" too where it stopped with some valid solution.
        feasible = found == "LpSolutionIntegerFeasible"
        status = pulp.LpStatusOptimal if feasible else pulp.LpStatusNotSolved
        problem.assignStatus(status, getattr(pulp, found))
        return status

    monkeypatch.setattr(pulp.LpProblem, "solve", out_of_time)
    with pytest.raises(XProjError, match=r"XP506.*'PULP_CBC_CMD' stopped without.*after.* 3 s"):
        ILP(time_limit=3).solve(*table([{(0, 1): 0.9}]))
