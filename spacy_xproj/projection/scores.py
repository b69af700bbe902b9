"""How well a candidate span fits a source entity."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from ..data.views import Links, Sentence, SourceView
from ..errors import Errors, XProjError
from .base import Candidates, ScoreFunction, Scores, describe_part, prepare_parts
from .flat import Batch, FlatScore, flat_scores, score_alone
from .sizes import Sizes

_LEAST = 1e-6  # of a pair that has links


def align_score(batch: Batch, *, target_weight: float, outside_weight: float) -> np.ndarray:
    """What ``make_align_score`` describes, for each pair."""
    n_entities, n_views, width = len(batch.entities), len(batch.views), batch.width
    # mass[i, l]: strength between entity i, or after the entities view i as a whole, and the target
    # words before l. Row by row, so that a sentence scores the same in any batch.
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
        if outside_weight:
            base = (n_entities + v) * width + 1
            places += [base + l for l in links.targets]
            strengths += links.strengths
    size = (n_entities + n_views) * width
    mass = np.bincount(np.array(places, dtype=np.int64), weights=strengths, minlength=size)
    mass = mass.reshape(-1, width).cumsum(axis=1)
    starts, ends = batch.starts[batch.candidate], batch.ends[batch.candidate]
    inside = mass[batch.entity, ends] - mass[batch.entity, starts]
    whole = n_entities + batch.home[batch.candidate]
    outside = mass[whole, ends] - mass[whole, starts] - inside if outside_weight else 0.0
    spans = np.array([e[:2] for e in batch.entities], dtype=np.int64).reshape(-1, 2)
    sizes = {v: own.source for v, own in batch.sizes.items()}
    lengths = _totals(spans[:, 0], spans[:, 1], batch.entity_home, sizes)[batch.entity]
    sizes = {v: own.target for v, own in batch.sizes.items()}
    widths = _totals(batch.starts, batch.ends, batch.home, sizes)[batch.candidate]
    scale = (1.0 + target_weight) / (lengths + target_weight * widths)
    # A pair with links is one, however little speaks for it.
    shares = np.maximum(scale * (inside - outside_weight * outside), _LEAST)
    # Differences of sums are not exactly 0 where no link lies between.
    shares[inside < 1e-9] = 0.0
    return shares


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


def make_align_score(target_weight: float = 1.0, outside_weight: float = 0.0) -> FlatScore:
    """``spacy-xproj.AlignScore.v1``: (1 + w) (A - v B) / (|s| + w |t|), where A is the sum of a_kl
    over k in s and l in t, and B that over k outside s and l in t.

    target_weight: w. outside_weight: v. With w = 1 and v = 0 this is the score of Politov et al.
    2025. A lower w favours longer candidates, which soft links need, since their mass is spread
    over the words; v keeps words out that translate something else, articles and titles above all.
    A perfect one-to-one match scores 1 whatever w and v are. Never below 1e-6 where A > 0. Where
    the words of one side are single letters of a script without blanks, they count less, in lengths
    and sums: so much that both sentences are of the same length.
    """
    if target_weight <= 0:
        raise XProjError(Errors.XP507.format(name="target_weight", value=target_weight))
    if outside_weight < 0:
        raise XProjError(Errors.XP509.format(name="outside_weight", value=outside_weight))
    return FlatScore(align_score, target_weight=target_weight, outside_weight=outside_weight)


class FusedScore:
    """What ``make_fused_score`` describes."""

    def __init__(
        self, *, scores: Mapping[str, ScoreFunction], weights: Mapping[str, float]
    ) -> None:
        self.scores = {name: scores[name] for name in sorted(scores)}
        self.weights = {name: weights[name] for name in self.scores}

    @property
    def prepare(self) -> Callable[..., None] | None:
        """Prepares the parts for a batch; None where none of them asks for it, so that the batch's
        candidates are not made for nothing."""
        parts = [p for p in self.scores.values() if getattr(p, "prepare", None) is not None]
        return partial(prepare_parts, parts) if parts else None

    def flat(self, batch: Batch) -> np.ndarray:
        """The score of each pair, shape (p,)."""
        total = np.zeros(len(batch.entity))
        only_penalties = np.ones(total.shape, dtype=bool)
        for name, score in self.scores.items():
            part = self.weights[name] * flat_scores(score, batch)
            total += part
            only_penalties &= part <= 0.0  # not where it is NaN, which is passed on
        # A pair that has only penalties is none; so an entity without links stays "unaligned".
        total[only_penalties] = 0.0
        return total

    def __call__(self, view: SourceView, target: Sentence, candidates: Candidates) -> Scores:
        return score_alone(self, view, target, candidates)

    def describe(self) -> dict[str, Any]:
        parts = {name: describe_part(score) for name, score in self.scores.items()}
        return {"name": "fused_score", "scores": parts, "weights": dict(self.weights)}


# Config blocks inside a dict are checked before they are resolved, so their type is left open.
def make_fused_score(scores: dict[str, Any], weights: dict[str, float]) -> FusedScore:
    """``spacy-xproj.FusedScore.v1``: the weighted sum of named scores; a pair that a score does not
    list counts 0 there, and one that no score speaks for is not listed (METHODS, "fused")."""
    if set(scores) != set(weights):
        raise XProjError(Errors.XP508.format(weights=weights, scores=sorted(scores)))
    return FusedScore(scores=scores, weights=weights)
