"""How well spans are projected, and whether their scores are probabilities."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from spacy_xproj.data.links import Links
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection
from spacy_xproj.io.tables import Cell
from spacy_xproj.projection import Projector

from ..datasets.pairs import Pair
from ..pages.intervals import Interval, f1_interval, item_counts
from ..speed.linking import CHUNK

BINS = 10
CONFIDENT = (0.5, 0.9)


class Bin(NamedTuple):
    """Projections whose score lies in one tenth: how many, their mean score, the share right."""

    n: int
    score: float
    right: float


class Judged(NamedTuple):
    """counts: (sentences, 3), see ``pages.intervals``. bins: of scores, from 0 to 1; None where
    projections have no score in [0, 1]. confident: precision and number of projections that score
    at least so much."""

    counts: np.ndarray
    f1: Interval
    statuses: dict[str, int]
    bins: tuple[Bin, ...] | None
    confident: dict[float, tuple[float, int]]

    @property
    def precision(self) -> float:
        right, _, found = self.counts.sum(axis=0)
        return float(right / max(found, 1))

    @property
    def recall(self) -> float:
        right, gold, _ = self.counts.sum(axis=0)
        return float(right / max(gold, 1))

    @property
    def missed(self) -> int:
        """Source entities without a projection."""
        return sum(n for status, n in self.statuses.items() if status != Status.PROJECTED.value)

    @property
    def ece(self) -> float | None:
        """Expected calibration error (Guo et al. 2017) of the projections' scores."""
        return None if self.bins is None else calibration_error(self.bins)

    def row(self) -> list[Cell]:
        """F1, its interval, calibration error, and precision at each of ``CONFIDENT``."""
        at = [self.confident[bound][0] if self.confident else None for bound in CONFIDENT]
        return [self.f1.value, self.f1.text(), self.ece, *at]

    def to_json(self) -> dict[str, Any]:
        return {
            "f1": self.f1.to_json(),
            "precision": round(self.precision, 6),
            "recall": round(self.recall, 6),
            "statuses": self.statuses,
            "ece": None if self.ece is None else round(self.ece, 6),
            "reliability": None if self.bins is None else [b._asdict() for b in self.bins],
            "confident": {
                str(bound): {"precision": round(precision, 6), "projections": n}
                for bound, (precision, n) in self.confident.items()
            },
        }


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected: the mean distance of score and share right, by projections."""
    total = max(sum(b.n for b in bins), 1)
    return sum(b.n * abs(b.score - b.right) for b in bins) / total


def project_pairs(
    pairs: Sequence[Pair], links: Sequence[Links], projector: Projector
) -> list[list[Projection]]:
    """The projections of each pair."""
    views = [pair.view.replace(links=own) for pair, own in zip(pairs, links, strict=True)]
    targets = [pair.target for pair in pairs]
    found: list[list[Projection]] = []
    for i in range(0, len(pairs), CHUNK):
        found += projector.project(views[i : i + CHUNK], targets[i : i + CHUNK])
    return found


def judge_projections(pairs: Sequence[Pair], projections: Sequence[Sequence[Projection]]) -> Judged:
    """Compare projections with the gold spans: a span is right where borders and label are."""
    gold = [{tuple(span) for span in pair.gold} for pair in pairs]
    found = [
        [(p.start, p.end, p.label) for p in own if p.status is Status.PROJECTED]
        for own in projections
    ]
    counts = item_counts(gold, found)
    statuses = Counter(p.status.value for own in projections for p in own)
    bins, confident = None, {}
    scores, right = scored(pairs, projections)
    if len(scores) and ((scores >= 0.0) & (scores <= 1.0)).all():
        bins = tuple(bins_of(scores, right))
        for bound in CONFIDENT:
            sure = scores >= bound
            confident[bound] = (float(right[sure].mean()) if sure.any() else 0.0, int(sure.sum()))
    return Judged(counts, f1_interval(counts), dict(sorted(statuses.items())), bins, confident)


def scored(
    pairs: Sequence[Pair], projections: Sequence[Sequence[Projection]]
) -> tuple[np.ndarray, np.ndarray]:
    """Of all spans that were projected the score, NaN where there is none, and 1.0 where it is
    right, else 0.0."""
    found = [
        (math.nan if p.score is None else p.score, (p.start, p.end, p.label) in spans)
        for pair, own in zip(pairs, projections, strict=True)
        for spans in ({tuple(span) for span in pair.gold},)
        for p in own
        if p.status is Status.PROJECTED
    ]
    scores, right = np.array(found, dtype=float).reshape(-1, 2).T
    return scores, right


def judge(pairs: Sequence[Pair], links: Sequence[Links], projector: Projector) -> Judged:
    """Project the pairs and compare with the gold spans."""
    return judge_projections(pairs, project_pairs(pairs, links, projector))


def bins_of(scores: np.ndarray, right: np.ndarray) -> list[Bin]:
    """By tenths of the score; both of shape (n,)."""
    number = np.minimum((scores * BINS).astype(int), BINS - 1)
    result = []
    for i in range(BINS):
        own = number == i
        means = (scores[own].mean(), right[own].mean()) if own.any() else (0.0, 0.0)
        result.append(Bin(int(own.sum()), *map(float, means)))
    return result
