"""Confidence intervals by bootstrap over sentences (Efron & Tibshirani 1993; Koehn 2004 for pairs).

All functions take counts per sentence. For F1 they are an int array of shape (n sentences, 3) with
how many items are correct, in gold, and predicted; for a ratio, such as recall or accuracy, one of
shape (n sentences, 2): how many are right, of how many. With m tasks over the same sentences, such
as m languages of a parallel corpus, the shape is (n sentences, m, 3) or (n sentences, m, 2), and
the functions work on the mean of the m scores.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import NamedTuple

import numpy as np

from spacy_xproj.corpus.scoring import check_sentences
from spacy_xproj.errors import Errors, XProjError


class Interval(NamedTuple):
    """An estimate, and the bounds of its confidence interval."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        return {name: round(value, 6) for name, value in self._asdict().items()}

    def text(self) -> str:
        """The bounds, e.g. ``0.901-0.923``."""
        return f"{self.low:.3f}-{self.high:.3f}"


class Difference(NamedTuple):
    """The score of one system less that of another, its interval, and the two-sided p-value of
    none."""

    value: float
    low: float
    high: float
    p_value: float

    def cells(self) -> tuple[str, str, str]:
        """For a table: the difference, its interval, and the p-value."""
        interval = f"{self.low:+.3f} to {self.high:+.3f}"
        return f"{self.value:+.3f}", interval, f"{self.p_value:.3f}"

    def to_json(self) -> dict[str, float]:
        return {name: round(value, 6) for name, value in self._asdict().items()}


class Draws(NamedTuple):
    """Scores of m tasks: ``value``, float (m,), and ``resampled``, float (resamples, m), what they
    are on resamples of the sentences. Those of the same seed can be subtracted: they are paired."""

    value: np.ndarray
    resampled: np.ndarray

    def take(self, tasks: Sequence[int]) -> "Draws":
        """Some of the tasks."""
        return Draws(self.value[list(tasks)], self.resampled[:, list(tasks)])

    def mean(self) -> "Draws":
        """The mean over the tasks, as one."""
        return Draws(self.value.mean(keepdims=True), self.resampled.mean(axis=1, keepdims=True))

    def less(self, other: "Draws") -> "Draws":
        """The difference, task by task."""
        return Draws(self.value - other.value, self.resampled - other.resampled)

    def interval(self, confidence: float = 0.95) -> Interval:
        """Of the mean over the tasks."""
        value = float(self.value.mean())
        return Interval(value, *_bounds(self.resampled.mean(axis=1), value, confidence))

    def difference(self, confidence: float = 0.95) -> Difference:
        """Of the mean over tasks that are differences. The p-value is twice the smaller share of
        resamples on either side of 0, with one added to count and total."""
        values = self.resampled.mean(axis=1)
        side = min(int((values <= 0).sum()), int((values >= 0).sum()))
        p_value = min(1.0, 2 * (side + 1) / (len(values) + 1))
        return Difference(*self.interval(confidence), p_value)


def item_counts(
    gold: Sequence[Collection[Hashable]], pred: Sequence[Collection[Hashable]]
) -> np.ndarray:
    """Counts of shape (n sentences, 3): correct, gold, predicted.

    The items of a sentence are entities as (start, end, label), or links as (source word, target
    word); repetition does not matter. Raises XProjError when the numbers of sentences differ.
    """
    check_sentences(gold, pred)
    sets = [(set(g), set(p)) for g, p in zip(gold, pred, strict=True)]
    counts = [[len(g & p), len(g), len(p)] for g, p in sets]
    return np.array(counts, dtype=np.int64).reshape(len(counts), 3)


Statistic = Callable[[np.ndarray], np.ndarray]  # of summed counts (..., columns): (...,)


def _f1(sums: np.ndarray) -> np.ndarray:
    """Of summed counts (..., 3) the F1; 0 where there is no item."""
    f1: np.ndarray = 2 * sums[..., 0] / np.maximum(sums[..., 1] + sums[..., 2], 1)
    return f1


def _ratio(sums: np.ndarray) -> np.ndarray:
    """Of summed counts (..., 2) the ratio; 0 where there is no item."""
    ratio: np.ndarray = sums[..., 0] / np.maximum(sums[..., 1], 1)
    return ratio


def _check(counts: np.ndarray, columns: int, resamples: int, confidence: float) -> np.ndarray:
    """Counts of shape (n, m, columns). Raises XProjError for what cannot be resampled."""
    counts = np.asarray(counts)
    if counts.ndim == 2:
        counts = counts[:, None]
    if counts.ndim != 3 or counts.shape[-1] != columns or not counts.size:
        error = Errors.XP720 if columns == 3 else Errors.XP740
        raise XProjError(error.format(shape=counts.shape))
    if resamples < 1 or not 0 < confidence < 1:
        raise XProjError(Errors.XP721.format(resamples=resamples, confidence=confidence))
    return counts


def _resample(counts: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Summed counts of each resample of the sentences, shape (resamples, m, columns)."""
    n = len(counts)
    flat = counts.reshape(n, -1).astype(float)  # exact, and products of floats are fast
    rng = np.random.default_rng(seed)
    # How often each sentence is drawn; a resample at a time, so that memory does not grow with it.
    sums = [np.bincount(rng.integers(n, size=n), minlength=n) @ flat for _ in range(resamples)]
    return np.array(sums).reshape(resamples, *counts.shape[1:])


def _bounds(values: np.ndarray, value: float, confidence: float) -> tuple[float, float]:
    """Percentile bounds, widened to the estimate where resampling is biased away from it."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return min(float(low), value), max(float(high), value)


def _draws(counts: np.ndarray, statistic: Statistic, *, resamples: int, seed: int) -> Draws:
    """Of counts of shape (n, m, columns)."""
    return Draws(statistic(counts.sum(axis=0)), statistic(_resample(counts, resamples, seed)))


def ratio_draws(counts: np.ndarray, *, resamples: int = 1000, seed: int = 0) -> Draws:
    """The ratio of each of m tasks, with what it is on each resample of the sentences.

    Raises XProjError for counts without a sentence or of another shape.
    """
    counts = _check(counts, 2, resamples, 0.95)
    return _draws(counts, _ratio, resamples=resamples, seed=seed)


def count_draws(
    counts: np.ndarray, statistic: Statistic, *, resamples: int = 1000, seed: int = 0
) -> Draws:
    """A statistic of one task, of summed counts, with what it is on each resample of the sentences.

    counts: shape (n sentences, columns). statistic: of summed counts (..., columns). The draws have
    no axis of tasks. Raises XProjError for counts without a sentence.
    """
    counts = _check(counts, counts.shape[-1], resamples, 0.95)[:, 0]
    return _draws(counts, statistic, resamples=resamples, seed=seed)


def _interval(
    counts: np.ndarray,
    statistic: Statistic,
    columns: int,
    *,
    resamples: int,
    confidence: float,
    seed: int,
) -> Interval:
    counts = _check(counts, columns, resamples, confidence)
    return _draws(counts, statistic, resamples=resamples, seed=seed).interval(confidence)


def _difference(
    first: np.ndarray,
    second: np.ndarray,
    statistic: Statistic,
    columns: int,
    *,
    resamples: int,
    confidence: float,
    seed: int,
) -> Difference:
    first, second = (_check(counts, columns, resamples, confidence) for counts in (first, second))
    if first.shape != second.shape:
        raise XProjError(Errors.XP722.format(first=first.shape, second=second.shape))
    # The same seed draws the same sentences.
    one = _draws(first, statistic, resamples=resamples, seed=seed)
    other = _draws(second, statistic, resamples=resamples, seed=seed)
    return one.less(other).difference(confidence)


def f1_interval(
    counts: np.ndarray, *, resamples: int = 1000, confidence: float = 0.95, seed: int = 0
) -> Interval:
    """F1 (micro over sentences; of several tasks the mean) and its percentile interval.

    Raises XProjError for counts without a sentence or of another shape.
    """
    return _interval(counts, _f1, 3, resamples=resamples, confidence=confidence, seed=seed)


def ratio_interval(
    counts: np.ndarray, *, resamples: int = 1000, confidence: float = 0.95, seed: int = 0
) -> Interval:
    """A ratio (micro over sentences; of several tasks the mean) and its percentile interval.

    Raises XProjError for counts without a sentence or of another shape.
    """
    return _interval(counts, _ratio, 2, resamples=resamples, confidence=confidence, seed=seed)


def f1_difference(
    first: np.ndarray,
    second: np.ndarray,
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Difference:
    """F1 of ``first`` less F1 of ``second``, by paired bootstrap: both on the same resamples.

    The p-value is twice the smaller share of resamples on either side of 0, with one added to count
    and total. Raises XProjError when the two are not of the same sentences.
    """
    return _difference(first, second, _f1, 3, resamples=resamples, confidence=confidence, seed=seed)


def ratio_difference(
    first: np.ndarray,
    second: np.ndarray,
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Difference:
    """The ratio of ``first`` less that of ``second``; as ``f1_difference``."""
    return _difference(
        first, second, _ratio, 2, resamples=resamples, confidence=confidence, seed=seed
    )
