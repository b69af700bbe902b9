"""Projection as matching: every source entity ends with a span, or with a status that says why."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import (
    ILP,
    AlignScore,
    Exact,
    Greedy,
    Matching,
    Ngrams,
    Projector,
)
from spacy_xproj.projection.candidates import as_candidates
from tests.fixtures.one_pair import FixedCandidates, FixedScores, project, sparse


def outcome(projections):
    return [(p.entity, str(p.status), p.start, p.end) for p in projections]


def matching(candidates=None, score=None, **settings):
    """Matching by n-grams and the alignment score of the paper, where nothing else is said."""
    return Matching(candidates=candidates, score=score or AlignScore(), **settings)


def test_projected_entities_have_words_characters_and_score(pair):
    view, target = pair(
        "President Samia visited Dodoma .",
        "Rais Samia alitembelea Dodoma .",
        [(1, 2, "PER"), (3, 4, "LOC")],
        [(0, 0), (1, 1), (2, 2), (3, 3, 0.8), (4, 4)],
    )
    assert project(matching(), view, target) == [
        Projection(0, "PER", Status.PROJECTED, 1, 2, 5, 10, 1.0),
        Projection(1, "LOC", Status.PROJECTED, 3, 4, 23, 29, 0.8),
    ]


def test_a_name_of_another_length_and_order(pair):
    view, target = pair(
        "the World Bank said",
        "Benki ya Dunia ilisema",
        [(1, 3, "ORG")],
        [(1, 2), (2, 0), (3, 3)],
    )
    (found,) = project(matching(), view, target)
    assert outcome([found]) == [(0, "projected", 0, 3)]
    assert target.text[found.start_char : found.end_char] == "Benki ya Dunia"
    assert found.score == pytest.approx(4 / 5)


@pytest.mark.parametrize("linked", [True, False])
def test_a_sentence_of_one_word(pair, linked):
    view, target = pair("Dodoma", "Dodoma", [(0, 1, "LOC")], [(0, 0)] if linked else [])
    (found,) = project(matching(), view, target)
    assert found.status == (Status.PROJECTED if linked else Status.UNALIGNED)


def test_unaligned(pair):
    view, target = pair("Samia left", "Aliondoka", [(0, 1, "PER")], [(1, 0)])
    (missed,) = project(matching(), view, target)
    assert missed == Projection(0, "PER", Status.UNALIGNED, reason="no target word is linked to it")


def test_no_candidate_because_the_linked_word_is_a_stop_token(pair):
    view, target = pair("Samia left", "! Aliondoka", [(0, 1, "PER")], [(0, 0), (1, 1)])
    (missed,) = project(matching(), view, target)
    assert missed.status is Status.NO_CANDIDATE
    assert missed.reason == "no span of the target may be chosen for it"


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("Yahoo ! bought it in March .", 0, 2),
        ("They saw Panic ! At The Disco play .", 2, 7),
        ("He asked : Is it true ?", 3, 7),
        ("She works for Acme Inc . in Rome .", 3, 6),
    ],
)
def test_a_mark_that_belongs_to_the_entity_stays_with_it(pair, words, start, end):
    """The default, with a translation word by word."""
    n = len(words.split())
    view, target = pair(words, words.lower(), [(start, end, "X")], [(i, i) for i in range(n)])
    (found,) = project(Matching(), view, target)
    assert (found.start, found.end) == (start, end)


def test_no_candidate_because_the_spans_given_lie_elsewhere(pair):
    view, target = pair("Samia left", "Samia aliondoka", [(0, 1, "PER")], [(0, 0)])
    (missed,) = project(matching(candidates=FixedCandidates((1, 2))), view, target)
    assert missed.status is Status.NO_CANDIDATE


def test_no_candidate_because_the_target_is_empty(pair):
    view, target = pair("Samia left", "", [(0, 1, "PER")])
    (missed,) = project(matching(), view, target)
    assert missed.status is Status.NO_CANDIDATE
    assert missed.reason == "the target sentence is empty"


def test_a_name_longer_than_max_length_is_cut_or_falls_below_the_threshold(pair):
    view, target = pair("a b c", "x y z", [(0, 3, "ORG")], [(0, 0), (1, 1), (2, 2)])
    short = Ngrams(max_length=2, max_ratio=None)
    assert outcome(project(matching(short), view, target)) == [(0, "projected", 0, 2)]
    (missed,) = project(matching(short, threshold=0.9), view, target)
    assert missed.status is Status.BELOW_THRESHOLD


def test_below_threshold_tells_the_best_score(pair):
    view, target = pair("Samia left", "Samia aliondoka", [(0, 1, "PER")], [(0, 0, 0.25)])
    (missed,) = project(matching(threshold=0.5), view, target)
    assert missed.status is Status.BELOW_THRESHOLD
    assert missed.reason == "its best score 0.250 is not above 0.5"


def test_a_score_has_to_be_above_the_threshold_not_at_it(pair):
    view, target = pair("Samia", "Samia", [(0, 1, "PER")], [(0, 0, 0.5)])
    at, below = (project(matching(threshold=t), view, target)[0] for t in (0.5, 0.49))
    assert (at.status, below.status) == (Status.BELOW_THRESHOLD, Status.PROJECTED)


def test_overlap_the_better_entity_gets_the_word(pair):
    view, target = pair(
        "Samia met Hassan", "Samia", [(0, 1, "PER"), (2, 3, "PER")], [(0, 0), (2, 0, 0.4)]
    )
    found, missed = project(matching(), view, target)
    assert found.status is Status.PROJECTED
    assert missed.status is Status.OVERLAP
    assert missed.reason == "its candidates overlap those chosen for other entities"


def test_infeasible_says_so_of_every_entity_of_the_sentence(pair):
    view, target = pair(
        "Samia met Hassan", "Samia", [(0, 1, "PER"), (2, 3, "PER")], [(0, 0), (2, 0, 0.4)]
    )
    for relation in ("=", ">="):
        missed = project(matching(solver=ILP(relation=relation)), view, target)
        assert [p.status for p in missed] == [Status.INFEASIBLE] * 2
        assert {p.reason for p in missed} == {"the constraints of this sentence cannot all hold"}


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_invalid_scores_cost_only_the_entity_that_has_them(pair, bad):
    view, target = pair("Samia Dodoma", "Samia Dodoma", [(0, 1, "PER"), (1, 2, "LOC")], [(0, 0)])
    method = matching(FixedCandidates((0, 1), (1, 2)), FixedScores([bad, 0], [0, 0.9]))
    invalid, found = project(method, view, target)
    assert invalid.status is Status.INVALID_SCORE
    assert invalid.reason == "its scores are not finite numbers"
    assert invalid.score is None
    assert outcome([found]) == [(1, "projected", 1, 2)]


def test_an_invalid_score_is_passed_over_where_the_entity_has_a_valid_one(pair):
    view, target = pair("Samia", "Samia Samia", [(0, 1, "PER")], [(0, 0)])
    method = matching(FixedCandidates((0, 1), (1, 2)), FixedScores([np.nan, 0.9]))
    assert outcome(project(method, view, target)) == [(0, "projected", 1, 2)]


def test_entities_that_overlap_on_the_source_side_do_not_on_the_target_side(pair):
    view, target = pair(
        "Bank of Kenya",
        "Benki ya Kenya",
        [(0, 3, "ORG"), (2, 3, "LOC")],
        [(0, 0), (1, 1), (2, 2)],
    )
    found, missed = project(matching(solver=Greedy()), view, target)
    assert outcome([found]) == [(0, "projected", 0, 3)]
    assert missed.status is Status.OVERLAP
    # The optimum gives both a place: 2 * 2 / 5 + 1 is more than 1.
    both = project(matching(solver=Exact()), view, target)
    assert outcome(both) == [(0, "projected", 0, 2), (1, "projected", 2, 3)]


def test_an_entity_may_be_asked_for_twice(pair):
    view, target = pair("Samia", "Samia na Samia", [(0, 1, "PER")], [(0, 0, 0.9), (0, 2)])
    twice = project(matching(solver=ILP(n_proj=2, relation="=")), view, target)
    assert outcome(twice) == [(0, "projected", 0, 1), (0, "projected", 2, 3)]
    assert [p.score for p in twice] == [0.9, 1.0]


def test_a_projection_tells_which_span_came_second_and_by_how_much(pair):
    view, target = pair(
        "World Bank said", "Benki ya Dunia ilisema", [(0, 2, "ORG")], [(0, 2), (1, 0, 0.5)]
    )
    (found,) = project(matching(), view, target)
    assert (found.start, found.end) == (2, 3)
    assert found.score == pytest.approx(2 * 1 / 3, abs=1e-6)
    assert found.runner_up == (0, 3)
    assert found.margin == pytest.approx(2 / 3 - 2 * 1.5 / 5, abs=1e-6)
    (only,) = project(matching(FixedCandidates((2, 3))), view, target)
    assert (only.runner_up, only.margin) == (None, None)


def test_the_margin_is_negative_where_the_sentence_as_a_whole_wanted_the_second_best(pair):
    view, target = pair("Bank of Kenya", "Benki ya Kenya", [(0, 3, "ORG"), (2, 3, "LOC")])
    score = FixedScores([0.8, 0.9, 0], [0, 0, 0.7])
    method = matching(FixedCandidates((0, 2), (0, 3), (2, 3)), score)
    bank, kenya = project(method, view, target)
    assert (bank.start, bank.end, bank.runner_up) == (0, 2, (0, 3))
    assert bank.margin == pytest.approx(-0.1)
    assert (kenya.runner_up, kenya.margin) == (None, None)


def test_of_equals_the_leftmost_is_second_and_what_is_no_number_never(pair):
    view, target = pair("Samia", "a b c d", [(0, 1, "PER")])
    score = FixedScores([np.nan, 0.4, 0.4, 0.9])
    method = matching(FixedCandidates((0, 1), (1, 2), (2, 3), (3, 4)), score, threshold=0.5)
    (found,) = project(method, view, target)  # also where the second is below the threshold
    assert (found.start, found.runner_up, found.margin) == (3, (1, 2), 0.5)


def test_what_was_chosen_for_the_entity_too_is_no_runner_up(pair):
    view, target = pair("Samia", "Samia na Samia", [(0, 1, "PER")], [(0, 0, 0.9), (0, 2)])
    twice = project(matching(solver=ILP(n_proj=2, relation="=")), view, target)
    assert [(p.start, p.end, p.runner_up) for p in twice] == [(0, 1, (0, 3)), (2, 3, (0, 3))]
    assert [p.margin for p in twice] == pytest.approx([0.9 - 0.95, 1.0 - 0.95])


@st.composite
def aligned(draw):
    n, m = draw(st.integers(1, 8)), draw(st.integers(0, 8))
    start = st.integers(0, n - 1)
    spans = st.tuples(start, st.integers(1, 4)).map(lambda s: (s[0], min(s[0] + s[1], n), "PER"))
    entities = draw(st.lists(spans, max_size=5))
    places = st.tuples(st.integers(0, n - 1), st.integers(0, max(m - 1, 0)))
    strengths = draw(st.dictionaries(places, st.floats(0.01, 1), max_size=12 if m else 0))
    words = draw(st.lists(st.sampled_from("ab!"), min_size=m, max_size=m))
    return "s" + " s" * (n - 1), " ".join(words), entities, [(*k, a) for k, a in strengths.items()]


@settings(max_examples=200)
@given(aligned(), st.sampled_from([0.0, 0.5]))
def test_every_entity_ends_with_a_span_or_a_reason_in_order_and_without_overlap(
    pair, case, threshold
):
    view, target = pair(*case)
    projections = project(matching(threshold=threshold), view, target)
    numbers = [p.entity for p in projections]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(len(view.entities)))
    labelled: set[int] = set()
    offsets = target.offsets
    for p in projections:
        assert p.label == view.entities[p.entity].label
        if p.status is Status.PROJECTED:
            assert p.start is not None
            assert p.end is not None
            assert p.score is not None
            words = set(range(p.start, p.end))
            assert words
            assert labelled.isdisjoint(words)
            labelled |= words
            assert (p.start_char, p.end_char) == (offsets[p.start][0], offsets[p.end - 1][1])
            assert p.score >= threshold  # above it, before it is given to six digits
            assert (p.runner_up is None) == (p.margin is None)
            assert p.runner_up != (p.start, p.end)
            assert not p.reason
        else:
            assert p[3:8] == (None,) * 5
            assert (p.runner_up, p.margin) == (None, None)
            assert p.reason
            assert numbers.count(p.entity) == 1


HUNDREDTHS = st.integers(-100, 100).map(lambda n: n / 100)


@settings(max_examples=60)
# in hundredths: the solver of the programme has a tolerance
@given(st.lists(HUNDREDTHS, min_size=3, max_size=3), st.integers(-100, 50).map(lambda n: n / 100))
def test_a_threshold_means_the_same_to_all_solvers(pair, row, threshold):
    """Above it a pair may be chosen, also where it and the score are below 0."""
    view, target = pair("a", "x y z", [(0, 1, "PER")])
    finder, score = FixedCandidates((0, 1), (1, 2), (2, 3)), FixedScores(row)
    above = [v for v in row if v > threshold and v != 0.0]
    for solver in (Greedy(), Exact(), ILP()):
        (found,) = project(
            matching(finder, score, solver=solver, threshold=threshold), view, target
        )
        assert (found.status is Status.PROJECTED) == bool(above)
        assert found.score == (pytest.approx(max(above), abs=1e-6) if above else None)


def test_two_entities_below_0_are_both_projected_by_all_solvers(pair):
    view, target = pair("a b", "x y", [(0, 1, "PER"), (1, 2, "LOC")])
    finder, score = FixedCandidates((0, 1), (1, 2)), FixedScores([-0.1, -0.3], [-0.1, -0.2])
    for solver in (Greedy(), Exact(), ILP()):
        found = project(matching(finder, score, solver=solver, threshold=-1.0), view, target)
        assert [(p.start, p.end) for p in found] == [(0, 1), (1, 2)]


@given(st.lists(st.floats(-1, 0), min_size=1, max_size=6))
def test_no_solver_chooses_what_does_not_score_above_0(values):
    candidates = as_candidates((i, i + 1) for i in range(len(values)))
    dense = np.array([values])
    for solver in (Greedy(), Exact(), ILP()):
        assert solver.solve(sparse(dense), candidates).pairs == []


def test_a_view_without_entities_needs_no_links(pair):
    view, target = pair("it rained", "mvua ilinyesha")
    assert project(matching(), view.replace(links=None), target) == []


def test_a_view_that_is_not_aligned_is_an_error(pair):
    view, target = pair("Samia", "Samia", [(0, 1, "PER")])
    with pytest.raises(XProjError, match=r"XP106.*'en' has no links.*'xproj_aligner'"):
        project(matching(), view.replace(links=None), target)


def test_scores_other_than_alignment_need_no_links(pair):
    view, target = pair("Samia", "Samia Dodoma", [(0, 1, "PER")])
    method = matching(Ngrams(window="sentence"), FixedScores([0.9, 0.2, 0.1]))
    projections = project(method, view.replace(links=None), target)
    assert outcome(projections) == [(0, "projected", 0, 1)]


def test_describe_names_the_parts():
    method = matching(Ngrams(), solver=ILP(), threshold=0.1)
    assert method.describe() == {
        "projector": "matching",
        "candidates": Ngrams().describe(),
        "score": {"name": "align_score", "target_weight": 1.0, "outside_weight": 0.0},
        "solver": {"name": "ilp", "n_proj": 1, "relation": "<=", "backend": "PULP_CBC_CMD"},
        "threshold": 0.1,
        "words": "links",
    }
    default = Matching().describe()
    assert default["solver"] == Exact().describe()
    assert default["score"] == {"name": "learned_score", "weights": "learned_score.json"}
    assert default["threshold"] == 0.25
    assert isinstance(method, Projector)


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0"])
def test_a_name_with_more_blanks_than_one_is_not_cut(pair, blank):
    view, target = pair("Ana Bok lives", "Ana _ Bok bor", [(0, 2, "PER")], [(0, 0), (1, 2), (2, 3)])
    target = dataclasses.replace(target, words=("Ana", blank, "Bok", "bor"))
    [p] = project(Matching(), view, target)
    assert (p.start, p.end) == (0, 3)
