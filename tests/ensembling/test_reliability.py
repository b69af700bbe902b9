"""EM without gold: what it must recover, and what must not matter to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.ensembling.reliability import (
    ABSTAINS,
    NO,
    YES,
    estimate,
    expected_f1,
    vote_weights,
    votes_of,
)

SENSITIVITY = np.array([[0.95, 0.8, 0.6, 0.85], [0.7, 0.9, 0.9, 0.6]])
SPECIFICITY = np.array([[0.9, 0.95, 0.8, 0.6], [0.8, 0.9, 0.7, 0.9]])


def simulate(n=6000, abstain=0.1, seed=0):
    """Votes of four views on units of two labels, with planted reliabilities."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, n)
    true = rng.random(n) < np.array([0.6, 0.4])[label]
    say_yes = np.where(true[:, None], SENSITIVITY[label], 1 - SPECIFICITY[label])
    votes = np.where(rng.random((n, 4)) < say_yes, YES, NO)
    votes[rng.random((n, 4)) < abstain] = ABSTAINS
    return votes, label, true


votes_arrays = st.integers(0, 10_000).map(
    lambda seed: (
        np.random.default_rng(seed).integers(-1, 2, (30, 4)),
        np.random.default_rng(seed + 1).integers(0, 3, 30),
    )
)


def test_planted_reliabilities_are_recovered():
    votes, label, true = simulate()
    found = estimate(votes, label, 2)
    assert found.prior == pytest.approx([0.6, 0.4], abs=0.04)
    assert found.sensitivity == pytest.approx(SENSITIVITY, abs=0.05)
    assert found.specificity == pytest.approx(SPECIFICITY, abs=0.05)
    # and so the units are told apart better than by the majority
    yes, no = (votes == YES).sum(axis=1), (votes == NO).sum(axis=1)
    assert ((found.posterior > 0.5) == true).mean() > ((yes > no) == true).mean() + 0.01


@settings(max_examples=60)
@given(votes_arrays)
def test_the_objective_never_falls(data):
    votes, label = data
    objective = np.array(estimate(votes, label, 3, tolerance=0.0).objective)
    assert len(objective) > 2
    assert (np.diff(objective) >= -1e-8).all()


@settings(max_examples=40)
@given(votes_arrays)
def test_views_that_say_the_same_have_the_same_rates(data):
    votes, label = data
    votes[:, 2] = votes[:, 0]
    found = estimate(votes, label, 3)
    for rates in (found.sensitivity, found.specificity):
        assert rates[:, 0] == pytest.approx(rates[:, 2])
    weights = vote_weights(found.sensitivity, found.specificity)
    assert weights[:, 0] == pytest.approx(weights[:, 2])


def test_two_views_cannot_be_told_apart():
    votes = np.array([[YES, YES]] * 10 + [[YES, NO]] * 3 + [[NO, YES]] * 3)
    found = estimate(votes, np.zeros(16, dtype=int), 1)
    assert vote_weights(found.sensitivity, found.specificity) == pytest.approx(np.ones((1, 2)))


@settings(max_examples=40)
@given(votes_arrays, st.permutations(range(3)))
def test_the_order_of_labels_does_not_matter(data, order):
    votes, label = data
    renamed = np.array(order)[label]
    one, other = estimate(votes, label, 3), estimate(votes, renamed, 3)
    for field in ("prior", "sensitivity", "specificity"):
        assert getattr(one, field) == pytest.approx(getattr(other, field)[list(order)])
    assert one.posterior == pytest.approx(other.posterior)


@settings(max_examples=40)
@given(votes_arrays, st.permutations(range(4)))
def test_nor_that_of_the_views(data, order):
    votes, label = data
    one, other = estimate(votes, label, 3), estimate(votes[:, order], label, 3)
    assert one.sensitivity[:, order] == pytest.approx(other.sensitivity)


def test_a_view_that_always_abstains_changes_nothing():
    votes, label, _ = simulate(500)
    more = np.column_stack([votes, np.full(500, ABSTAINS)])
    assert estimate(more, label, 2).posterior == pytest.approx(estimate(votes, label, 2).posterior)


def test_better_views_weigh_more_and_useless_ones_nothing():
    rate = np.array([[0.9, 0.7, 0.5, 0.2]])
    weights = vote_weights(rate, rate)
    assert weights.mean() == pytest.approx(1.0)
    assert weights[0, 0] > weights[0, 1] > weights[0, 2] == weights[0, 3] == 0.0
    assert vote_weights(rate[:, 2:], rate[:, 2:]).tolist() == [[1.0, 1.0]]


def test_the_best_view_has_the_highest_expected_f1():
    votes, label, true = simulate()
    f1 = expected_f1(votes, estimate(votes, label, 2).posterior)
    yes, heard = votes == YES, votes != ABSTAINS
    correct = (yes & true[:, None]).sum(axis=0)
    real = 2 * correct / (yes.sum(axis=0) + (heard & true[:, None]).sum(axis=0))
    assert f1 == pytest.approx(real, abs=0.03)
    assert f1.argmax() == real.argmax()


def test_no_units():
    found = estimate(np.zeros((0, 3), dtype=int), np.zeros(0, dtype=int), 2)
    assert found.sensitivity.tolist() == [[0.5] * 3] * 2


def test_a_view_with_a_sentence_but_without_the_span_says_no(make_ballot):
    votes = votes_of(make_ballot([(0, 1, "PER")], [], None))
    assert votes.tolist() == [[YES, NO, ABSTAINS]]
