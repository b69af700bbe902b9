"""Confidence intervals by bootstrap, and paired differences."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pages.alignment import score_links
from benchmarks.pages.intervals import (
    f1_difference,
    f1_interval,
    item_counts,
    ratio_difference,
    ratio_draws,
    ratio_interval,
)
from spacy_xproj.errors import XProjError

# Per sentence: correct, missed, spurious.
parts = st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=1, max_size=40)


def counts_of(rows):
    return np.array([[c, c + missed, c + spurious] for c, missed, spurious in rows])


def noisy(n, right, seed=0):
    """Counts of ``n`` sentences with two entities each, a share ``right`` of them found."""
    correct = np.random.default_rng(seed).binomial(2, right, size=n)
    return np.stack([correct, np.full(n, 2), np.full(n, 2)], axis=1)


def test_items_are_counted_per_sentence():
    gold = [[(0, 1, "LOC"), (2, 4, "PER")], [], [(0, 1, "ORG")]]
    pred = [[(0, 1, "LOC"), (2, 4, "ORG")], [(5, 6, "LOC")], []]
    assert item_counts(gold, pred).tolist() == [[1, 2, 2], [0, 0, 1], [0, 1, 0]]
    assert item_counts([], []).shape == (0, 3)


def test_a_sentence_without_partner_is_named():
    with pytest.raises(XProjError, match="sentence 2 has no partner"):
        item_counts([[], []], [[]])


@settings(max_examples=60)
@given(parts, st.integers(0, 3))
def test_an_interval_contains_its_estimate_and_is_the_same_again(rows, seed):
    counts = counts_of(rows)
    interval = f1_interval(counts, resamples=50, seed=seed)
    assert 0 <= interval.low <= interval.value <= interval.high <= 1
    assert interval == f1_interval(counts, resamples=50, seed=seed)
    c, gold, pred = counts.sum(axis=0)
    assert interval.value == pytest.approx(2 * c / (gold + pred) if gold + pred else 0)


@settings(max_examples=40)
@given(parts)
def test_a_system_does_not_differ_from_itself(rows):
    counts = counts_of(rows)
    assert f1_difference(counts, counts, resamples=20) == (0, 0, 0, 1)


@settings(max_examples=40)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 6), min_size=1, max_size=30))
def test_the_difference_changes_its_sign_with_the_order(rows):
    first = counts_of([row[:3] for row in rows])
    second = counts_of([row[3:] for row in rows])
    one = f1_difference(first, second, resamples=40)
    other = f1_difference(second, first, resamples=40)
    assert one.low <= one.value <= one.high
    assert (one.value, one.p_value) == (pytest.approx(-other.value), other.p_value)
    assert (one.low, one.high) == (pytest.approx(-other.high), pytest.approx(-other.low))


def test_the_interval_has_about_the_width_that_theory_gives():
    # The mean of n draws of p = 0.8 over 800 entities: 1.96 * sqrt(.8 * .2 / 800) = .028.
    interval = f1_interval(noisy(400, 0.8))
    assert interval.high - interval.value == pytest.approx(0.028, abs=0.006)
    narrow = f1_interval(noisy(6400, 0.8))
    assert (narrow.high - narrow.low) * 3 < interval.high - interval.low
    assert f1_interval(noisy(400, 0.8), confidence=0.5).low > interval.low


def test_sentences_that_are_all_alike_leave_no_doubt():
    assert f1_interval(np.array([[1, 2, 2]] * 30)) == (0.5, 0.5, 0.5)


def test_pairing_finds_a_small_difference_that_the_intervals_do_not():
    worse = noisy(300, 0.8)
    better = worse.copy()
    better[np.flatnonzero(worse[:, 0] < 2)[:12], 0] += 1
    a, b = f1_interval(better), f1_interval(worse)
    assert a.low < b.high  # the two intervals overlap
    difference = f1_difference(better, worse)
    assert difference.low > 0
    assert difference.p_value < 0.01
    assert difference.value == pytest.approx(a.value - b.value)


def test_of_several_languages_the_mean_is_taken():
    counts = np.stack([noisy(100, 0.9), noisy(100, 0.5, seed=1)], axis=1)
    values = [f1_interval(counts[:, i]).value for i in range(2)]
    interval = f1_interval(counts)
    assert interval.value == pytest.approx(sum(values) / 2)
    assert interval.low < interval.value < interval.high


def test_link_f1_is_that_of_score_links():
    gold = [{(0, 0), (1, 1)}, {(0, 1)}, set()]
    pred = [{(0, 0)}, {(0, 1), (1, 1)}, set()]
    interval = f1_interval(item_counts(gold, pred))
    assert interval.value == pytest.approx(score_links(gold, pred)["f1"])


def test_a_thousand_resamples_of_800_sentences_take_no_time():
    counts = noisy(800, 0.9)
    f1_interval(counts)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        f1_interval(counts)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.1


@pytest.mark.parametrize("counts", [np.zeros((0, 3)), np.zeros((2, 2)), np.zeros(3)])
def test_counts_of_another_shape_are_refused(counts):
    with pytest.raises(XProjError, match="must have the shape"):
        f1_interval(counts)


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(XProjError, match="resamples must be at least 1"):
        f1_interval(noisy(3, 0.5), resamples=0)
    with pytest.raises(XProjError, match="confidence between 0 and 1"):
        f1_interval(noisy(3, 0.5), confidence=95)
    with pytest.raises(XProjError, match="not scored on the same sentences"):
        f1_difference(noisy(3, 0.5), noisy(4, 0.5))


def test_a_ratio_is_resampled_as_f1_is():
    """Where as many items are predicted as are in gold, F1 is the ratio of correct ones."""
    better, worse = noisy(200, 0.8), noisy(200, 0.7, seed=1)
    assert ratio_interval(better[:, :2]) == pytest.approx(f1_interval(better))
    assert ratio_difference(better[:, :2], worse[:, :2]) == pytest.approx(
        f1_difference(better, worse)
    )
    both = np.stack([better[:, :2], worse[:, :2]], axis=1)
    mean = (ratio_interval(both[:, 0]).value + ratio_interval(both[:, 1]).value) / 2
    assert ratio_interval(both).value == pytest.approx(mean)


def test_a_ratio_needs_two_columns():
    with pytest.raises(XProjError, match=r"XP740.*\(3, 1, 3\)"):
        ratio_interval(noisy(3, 0.5))
    with pytest.raises(XProjError, match="not scored on the same sentences"):
        ratio_difference(noisy(3, 0.5)[:, :2], noisy(4, 0.5)[:, :2])


class TestDraws:
    """Several tasks on the same resamples, to be averaged and compared."""

    COUNTS = np.array([[[1, 2], [2, 2]], [[0, 1], [1, 3]], [[4, 4], [0, 1]], [[0, 2], [3, 3]]])

    def test_one_ratio_a_task(self):
        draws = ratio_draws(self.COUNTS, resamples=50)
        assert draws.value.tolist() == pytest.approx([5 / 9, 6 / 9])
        assert draws.resampled.shape == (50, 2)
        assert (draws.resampled <= 1).all()

    def test_the_mean_and_a_single_task_are_what_ratio_interval_gives(self):
        draws = ratio_draws(self.COUNTS, resamples=50)
        assert draws.interval() == ratio_interval(self.COUNTS, resamples=50)
        for task in (0, 1):
            alone = ratio_interval(self.COUNTS[:, task], resamples=50)
            assert draws.take([task]).interval() == pytest.approx(alone)

    def test_a_difference_is_what_ratio_difference_gives(self):
        draws = ratio_draws(self.COUNTS, resamples=50)
        paired = draws.take([1]).less(draws.take([0])).difference()
        expected = ratio_difference(self.COUNTS[:, 1], self.COUNTS[:, 0], resamples=50)
        assert paired == pytest.approx(expected)
        assert draws.less(draws).difference() == (0.0, 0.0, 0.0, 1.0)

    def test_counts_must_be_pairs(self):
        with pytest.raises(XProjError, match="XP740"):
            ratio_draws(np.zeros((3, 1, 3)))
