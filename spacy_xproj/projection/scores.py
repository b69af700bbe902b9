"""How well a candidate span fits a source entity."""

from typing import Any

import numpy as np

from ..abilities import check_all_ready, check_parts
from ..data.links import Links
from ..errors import Errors, XProjError
from .base import Evidence, Score
from .batch import Batch
from .sizes import Sizes

EXAMPLE = '"@xproj_scores": "spacy-xproj.AlignScore.v1"'
_LEAST = 1e-6  # of a pair that has links


class AlignScore:
    """``spacy-xproj.AlignScore.v1``: (1 + w) (A - v B) / (|s| + w |t|), where A is the sum of a_kl
    over k in s and l in t, and B that over k outside s and l in t.

    target_weight: w. outside_weight: v. With w = 1 and v = 0 this is the score of Politov et al.
    2025. A lower w favours longer candidates, which soft links need, since their mass is spread
    over the words; v keeps words out that translate something else, articles and titles above all.
    A perfect one-to-one match scores 1 whatever w and v are. Never below 1e-6 where A > 0. Where
    the words of one side are single letters of a script without blanks, they count less, in lengths
    and sums: so much that both sentences are of the same length.
    """

    def __init__(self, *, target_weight: float = 1.0, outside_weight: float = 0.0) -> None:
        if target_weight <= 0:
            raise XProjError(Errors.XP507.format(name="target_weight", value=target_weight))
        if outside_weight < 0:
            raise XProjError(
                Errors.XP151.format(name="outside_weight", value=outside_weight, least=0, fix=0)
            )
        self.target_weight = target_weight
        self.outside_weight = outside_weight

    def score(self, batch: Batch) -> np.ndarray:
        """The score of each pair, shape (p,). Raises XProjError for a view without links."""
        n_entities, n_views, width = len(batch.entities), len(batch.views), batch.width
        # mass[i, l]: strength between entity i, or after the entities view i as a whole, and the
        # target words before l. Row by row, so that a sentence scores the same in any batch.
        places: list[int] = []
        strengths: list[float] = []
        row = 0
        for v, (view, links) in enumerate(zip(batch.views, batch.links, strict=True)):
            if v in batch.sizes:
                links = _sized(links, batch.sizes[v])
            for entity in view.entities or ():
                own = links.between(entity.start, entity.end)
                places += [row * width + l + 1 for l in own.targets]
                strengths += own.strengths
                row += 1
            if self.outside_weight:
                base = (n_entities + v) * width + 1
                places += [base + l for l in links.targets]
                strengths += links.strengths
        size = (n_entities + n_views) * width
        mass = np.bincount(np.array(places, dtype=np.int64), weights=strengths, minlength=size)
        mass = mass.reshape(-1, width).cumsum(axis=1)
        starts, ends = batch.starts[batch.candidate], batch.ends[batch.candidate]
        inside = mass[batch.entity, ends] - mass[batch.entity, starts]
        whole = n_entities + batch.home[batch.candidate]
        outside = mass[whole, ends] - mass[whole, starts] - inside if self.outside_weight else 0.0
        spans = np.array([e[:2] for e in batch.entities], dtype=np.int64).reshape(-1, 2)
        sizes = {v: own.source for v, own in batch.sizes.items()}
        lengths = _totals(spans[:, 0], spans[:, 1], batch.entity_home, sizes)[batch.entity]
        sizes = {v: own.target for v, own in batch.sizes.items()}
        widths = _totals(batch.starts, batch.ends, batch.home, sizes)[batch.candidate]
        scale = (1.0 + self.target_weight) / (lengths + self.target_weight * widths)
        # A pair with links is one, however little speaks for it.
        shares = np.maximum(scale * (inside - self.outside_weight * outside), _LEAST)
        # Differences of sums are not exactly 0 where no link lies between.
        shares[inside < 1e-9] = 0.0
        return shares

    def describe(self) -> dict[str, Any]:
        return {
            "name": "align_score",
            "target_weight": self.target_weight,
            "outside_weight": self.outside_weight,
        }


def _sized(links: Links, sizes: Sizes) -> Links:
    """Links of which each counts as much as its words."""
    k, l = np.array(links.sources, dtype=np.int64), np.array(links.targets, dtype=np.int64)
    strengths = np.array(links.strengths) * sizes.source[k] * sizes.target[l]
    return Links.from_sorted(k, l, strengths)


def _totals(
    starts: np.ndarray, ends: np.ndarray, home: np.ndarray, sizes: dict[int, np.ndarray]
) -> np.ndarray:
    """How much the words of each span count together. home: the sentence of each; sizes: of its
    words, where not all count 1."""
    totals = (ends - starts).astype(np.float64)
    for v, own in sizes.items():
        here = home == v
        before = np.concatenate([[0.0], own.cumsum()])
        totals[here] = before[ends[here]] - before[starts[here]]
    return totals


class FusedScore:
    """``spacy-xproj.FusedScore.v1``: the weighted sum of named scores; a pair that no score speaks
    for (all give it 0 or less) cannot be chosen (docs/methods.md, "fused").

    scores: blocks of ``xproj_scores``, by name. weights: a number for each name.
    """

    # Config blocks inside a dict are checked before they are resolved, so their type is left open.
    def __init__(self, *, scores: dict[str, Any], weights: dict[str, float]) -> None:
        if set(scores) != set(weights):
            raise XProjError(Errors.XP508.format(weights=weights, scores=sorted(scores)))
        self.scores: dict[str, Score] = check_parts(
            scores, Score, user="spacy-xproj.FusedScore.v1", setting="scores", example=EXAMPLE
        )
        self.weights = {name: weights[name] for name in self.scores}

    def score(self, batch: Batch) -> np.ndarray:
        """The score of each pair, shape (p,)."""
        total = np.zeros(len(batch.entity))
        only_penalties = np.ones(total.shape, dtype=bool)
        for name, score in self.scores.items():
            part = self.weights[name] * score.score(batch)
            total += part
            only_penalties &= part <= 0.0  # not where it is NaN, which is passed on
        # A pair that has only penalties is none; so an entity without links stays "unaligned".
        total[only_penalties] = 0.0
        return total

    def evidence(self, batch: Batch) -> tuple[np.ndarray, Evidence, Evidence]:
        """All pairs, and by name of a score its value and that times its weight."""
        values = {name: score.score(batch) for name, score in self.scores.items()}
        added = {name: (value, self.weights[name] * value) for name, value in values.items()}
        return np.arange(len(batch.entity)), added, {}

    def check_ready(self) -> None:
        """Raise XProjError where a score is not ready."""
        check_all_ready(*self.scores.values())

    def describe(self) -> dict[str, Any]:
        parts = {name: score.describe() for name, score in self.scores.items()}
        return {"name": "fused_score", "scores": parts, "weights": dict(self.weights)}
