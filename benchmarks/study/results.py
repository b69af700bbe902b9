"""The scores of all targets, methods and sets of sources, with what they are on each resample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ..pages.intervals import Draws, Interval, ratio_draws
from .scoring import Counts
from .subsets import Subset

METRICS = ("recall", "accuracy")
Pick = Callable[[Subset], bool]


class Results:
    """Recall and accuracy of each target, method and set of sources.

    The units are parallel, and all scores are resampled alike, so that any two can be compared by
    paired bootstrap, over targets, too.
    """

    def __init__(self, *, resamples: int = 1000, seed: int = 0) -> None:
        self.resamples = resamples
        self.seed = seed
        self.subsets: dict[tuple[str, str], list[Subset]] = {}
        self.predicted: dict[tuple[str, str], list[int]] = {}
        self.mentions: dict[str, int] = {}
        self.units = 0
        self._draws: dict[tuple[str, str, str], Draws] = {}

    def add(self, target: str, method: str, subsets: Sequence[Subset], counts: Counts) -> None:
        """Add the counts of a method on a target, one column for each set of sources."""
        key = (target, method)
        self.subsets[key] = list(subsets)
        self.predicted[key] = counts.predicted.tolist()
        self.mentions[target] = int(counts.recall[:, 0, 1].sum())
        self.units = len(counts.recall)
        for metric in METRICS:
            self._draws[target, method, metric] = ratio_draws(
                getattr(counts, metric), resamples=self.resamples, seed=self.seed
            )

    @property
    def targets(self) -> list[str]:
        return list(dict.fromkeys(target for target, _ in self.subsets))

    @property
    def methods(self) -> list[str]:
        return list(dict.fromkeys(method for _, method in self.subsets))

    def mean(self, targets: Sequence[str], method: str, metric: str, pick: Pick) -> Draws | None:
        """The mean over targets of the mean over their sets of sources that ``pick`` accepts, as
        draws of one task; None where a target has no such set."""
        parts = []
        for target in targets:
            rows = [i for i, s in enumerate(self.subsets.get((target, method), ())) if pick(s)]
            if not rows:
                return None
            parts.append(self._draws[target, method, metric].take(rows).mean())
        return mean_draws(parts)

    def mean_predicted(self, targets: Sequence[str], method: str, pick: Pick) -> float | None:
        """How many entities, on the mean as ``mean`` takes it."""
        means = []
        for target in targets:
            pairs = zip(
                self.subsets.get((target, method), ()),
                self.predicted.get((target, method), ()),
                strict=True,
            )
            own = [n for subset, n in pairs if pick(subset)]
            if not own:
                return None
            means.append(sum(own) / len(own))
        return sum(means) / len(means)

    def interval(
        self, targets: Sequence[str], method: str, metric: str, pick: Pick
    ) -> Interval | None:
        """The interval of ``mean``."""
        draws = self.mean(targets, method, metric, pick)
        return None if draws is None else draws.interval()

    def pairs(self, target: str, method: str, lang: str, pick: Pick) -> list[tuple[Subset, Subset]]:
        """Sets with ``lang`` that ``pick`` accepts, each with the set that lacks just that."""
        known = set(self.subsets[target, method])
        with_lang = [s for s in self.subsets[target, method] if lang in s and pick(s)]
        both = [(s, tuple(other for other in s if other != lang)) for s in with_lang]
        return [(s, without) for s, without in both if without in known]

    def added(self, target: str, method: str, metric: str, lang: str, pick: Pick) -> Draws | None:
        """What a source language adds: the mean difference over ``pairs``; None without any."""
        pairs = self.pairs(target, method, lang, pick)
        if not pairs:
            return None
        place = {s: i for i, s in enumerate(self.subsets[target, method])}
        draws = self._draws[target, method, metric]
        first = draws.take([place[s] for s, _ in pairs])
        return first.less(draws.take([place[s] for _, s in pairs])).mean()

    def each(self) -> Iterable[tuple[str, str, Subset, dict[str, Interval], int]]:
        """Target, method, set of sources, intervals by metric, and entities predicted."""
        for (target, method), subsets in self.subsets.items():
            for i, subset in enumerate(subsets):
                scores = {
                    metric: self._draws[target, method, metric].take([i]).interval()
                    for metric in METRICS
                }
                yield target, method, subset, scores, self.predicted[target, method][i]


def mean_draws(parts: Sequence[Draws]) -> Draws:
    """The mean of several, each of one task."""
    values = np.array([part.value[0] for part in parts])
    return Draws(values, np.column_stack([part.resampled[:, 0] for part in parts])).mean()
