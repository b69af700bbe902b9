"""What parts give is checked where it is given, and the part is named."""

import numpy as np
import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Matching
from spacy_xproj.projection.base import Solution, projected
from spacy_xproj.projection.candidates import Ngrams
from spacy_xproj.projection.checks import check_projections

ENTITIES = [(0, 1, "PER"), (2, 3, "LOC")]


@pytest.fixture
def case(pair):
    return pair("Asha left Dodoma", "Asha aliondoka Dodoma", ENTITIES, [(0, 0), (1, 1), (2, 2)])


class Own:
    """A part that gives what it was made with; what is a function is called."""

    def __init__(self, given):
        self._given = given

    def _give(self, *args):
        return self._given(*args) if callable(self._given) else self._given

    project = find = score = solve = _give

    def describe(self):
        return {"name": "own"}


def right(view, target):
    return [
        projected(number, entity, (entity.start, entity.end), target, 0.5)
        for number, entity in enumerate(view.entities)
    ]


def test_what_fits_is_given_back(case):
    assert check_projections(Own([right(*case)]), [case]) == [right(*case)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda own: own[:1], "no projection of the entity 'Dodoma'"),
        (lambda own: own[::-1], r"the entities in the order \[1, 0\]"),
        (lambda own: [own[0], own[1]._replace(entity=7)], "entity 7 of 2"),
        (lambda own: [own[0], own[1]._replace(label="XX")], "the label 'XX' for 'LOC'"),
        (lambda own: [own[0], own[1]._replace(end=9)], r"words \[2, 9\) of 3"),
        (lambda own: [own[0], own[1]._replace(start=None)], r"words \[None, 3\)"),
        (lambda own: [own[0], own[1]._replace(end_char=9999)], "characters 15-9999"),
        (lambda own: [own[0], own[1]._replace(score=float("nan"))], "the score nan"),
        (
            lambda own: [own[0], own[1]._replace(status="projected")],
            ".*which is not a Projection with a Status",
        ),
        (lambda own: [own[0], None], "None, which is not a Projection"),
        (lambda own: None, "None"),
    ],
)
def test_a_projection_that_does_not_fit_its_entity_or_target(case, change, why):
    with pytest.raises(XProjError, match=rf"XP115.*Own\.project\(\) gave {why}"):
        check_projections(Own([change(right(*case))]), [case])


@pytest.mark.parametrize("given", [[], [[], []], None, "projections", iter(())])
def test_a_list_for_each_pair(case, given):
    with pytest.raises(XProjError, match=r"XP115.*Own\.project\(\).*a list of Projection"):
        check_projections(Own(given), [case])


def run(case, **parts):
    view, target = case
    return Matching(**parts).project([view], [target])


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (lambda batch: np.ones(len(batch.entity) + 1), r"the shape \(\d+,\)"),
        (lambda batch: np.ones((len(batch.entity), 2)), r"the shape \(\d+, 2\)"),
        (lambda batch: 1.0, r"the shape \(\)"),
        (lambda batch: None, "values of type object"),
        (lambda batch: ["high"] * len(batch.entity), "values of type <U4"),
        (lambda batch: np.ones(len(batch.entity), dtype=complex), "values of type complex128"),
    ],
)
def test_a_score_gives_a_number_for_each_pair(case, values, why):
    with pytest.raises(XProjError, match=rf"XP115.*Own\.score\(\) gave {why}.*shape \(\d+,\)"):
        run(case, score=Own(values))


def test_a_list_of_numbers_is_as_good_as_an_array(case):
    [found] = run(case, score=Own(lambda batch: [0.5] * len(batch.entity)))
    assert [p.score for p in found] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("spans", "why"),
    [
        ([[0, 9]], r"the span \[0, 9\] for a sentence of 3 words"),
        ([[-1, 1]], r"the span \[-1, 1\]"),
        ([[1, 1]], r"the span \[1, 1\]"),
        ([[0.5, 1.0]], "numbers of type float64"),
        ([0, 1], r"array\(\[0, 1\]\)"),
    ],
)
def test_candidates_are_spans_of_the_target(case, spans, why):
    with pytest.raises(XProjError, match=rf"XP115.*Own\.find\(\) gave {why}"):
        run(case, candidates=Own([np.array(spans)]))


@pytest.mark.parametrize("given", [[[(0, 1)]], [], None])
def test_candidates_are_an_array_for_each_pair(case, given):
    with pytest.raises(XProjError, match=r"XP115.*Own\.find\(\)"):
        run(case, candidates=Own(given))


@pytest.mark.parametrize(
    "given",
    [
        Solution([(0, 10**6)]),
        Solution([(-1, -1)]),
        Solution([(5, 0)]),
        Solution([(0,)]),
        Solution([("a", "b")]),
        None,
    ],
)
def test_a_solver_chooses_among_what_it_was_given(case, given):
    with pytest.raises(XProjError, match=r"XP115.*Own\.solve\(\) gave"):
        run(case, solver=Own(given))


def test_a_solver_may_not_choose_words_twice(pair):
    case = pair("Asha Ali left", "Asha Ali aliondoka", [(0, 2, "PER")], [(0, 0), (1, 1), (2, 2)])
    every = Solution([(0, number) for number in range(3)])
    score = Own(lambda batch: np.ones(len(batch.entity)))
    with pytest.raises(XProjError, match=r"XP115.*the spans \[0, 1\] and \[0, 2\], which overlap"):
        run(case, solver=Own(every), score=score)


def test_a_solver_may_not_choose_what_does_not_reach_the_threshold(case):
    every = Ngrams().find([case[0]], [case[1]])[0].tolist()
    wrong = every.index([2, 3])  # Dodoma, for Asha
    with pytest.raises(XProjError, match=rf"XP115.*the pair \(0, {wrong}\)"):
        run(case, solver=Own(Solution([(0, wrong)])))
