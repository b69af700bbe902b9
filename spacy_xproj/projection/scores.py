"""How well a candidate span fits a source entity."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from ..views import Sentence, SourceView
from .base import Candidates, ScoreFunction, Scores, describe_part, links_of, prepare_parts


def align_score(
    view: SourceView, target: Sentence, candidates: Candidates, *, target_weight: float
) -> Scores:
    """What ``make_align_score`` describes."""
    entities = view.entities or ()
    n_s = len(entities)
    if not n_s or not len(candidates):
        return Scores.from_dense(np.zeros((n_s, len(candidates))))
    strengths = links_of(view, target).to_matrix(len(view.words), len(target))
    # mass[s, l]: strength between entity s and target words before l
    mass = np.zeros((n_s, len(target) + 1))
    for i, entity in enumerate(entities):
        strengths[entity.start : entity.end].sum(axis=0).cumsum(out=mass[i, 1:])
    starts, ends = candidates[:, 0], candidates[:, 1]
    lengths = np.array([[e.end - e.start] for e in entities])
    shares = (1.0 + target_weight) * (mass[:, ends] - mass[:, starts])
    # Differences of sums are not exactly 0 where no link lies between.
    shares[shares < 1e-9] = 0.0
    return Scores.from_dense(shares / (lengths + target_weight * (ends - starts)))


def make_align_score(target_weight: float = 1.0) -> ScoreFunction:
    """``spacy-xproj.AlignScore.v1``: (1 + w) * sum of a_kl over k in s, l in t / (|s| + w |t|).

    target_weight: w. With w = 1 this is the score of Politov et al. 2025; a lower one favours
    longer candidates, which soft links need, since their mass is spread over the words. A perfect
    one-to-one match scores 1 whatever w is.
    """
    if target_weight <= 0:
        raise XProjError(Errors.XP507.format(name="target_weight", value=target_weight))
    return partial(align_score, target_weight=target_weight)


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

    def __call__(self, view: SourceView, target: Sentence, candidates: Candidates) -> Scores:
        total = np.zeros((len(view.entities or ()), len(candidates)))
        listed = np.zeros(total.shape, dtype=bool)
        for name, score in self.scores.items():
            part = self.weights[name] * score(view, target, candidates).to_dense()
            total += part
            listed |= ~(part <= 0.0)  # so that NaN is passed on
        # A pair that has only penalties is none; so an entity without links stays "unaligned".
        return Scores.from_dense(np.where(listed, total, 0.0))

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
