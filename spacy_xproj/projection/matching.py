"""Projection as matching: candidates, their scores, and the best set of pairs [P, T]."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..views import Projection, Sentence, SourceView, Status
from .base import (
    CandidateFunction,
    Candidates,
    ScoreFunction,
    Scores,
    Solver,
    describe_part,
    linked_targets,
    missed,
    prepare_parts,
    projected,
)
from .boundary import make_boundary_score
from .candidates import make_ngrams
from .exact import make_exact
from .scores import make_align_score, make_fused_score
from .solvers import preference


class Matching:
    """Matches source entities with candidate spans of the target.

    threshold: a pair needs a score above it to be chosen.
    """

    def __init__(
        self,
        *,
        candidates: CandidateFunction,
        score: ScoreFunction,
        solver: Solver,
        threshold: float = 0.0,
    ) -> None:
        self.candidates = candidates
        self.score = score
        self.solver = solver
        self.threshold = threshold

    def prepare(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> None:
        """Let candidates and scores that run a model do so once, for all pairs of a batch."""
        todo = [pair for pair in zip(views, targets, strict=True) if pair[0].entities]
        views, targets = [view for view, _ in todo], [target for _, target in todo]
        prepare_parts([self.candidates], views, targets)
        if getattr(self.score, "prepare", None) is not None:
            candidates = [self.candidates(view, target) for view, target in todo]
            prepare_parts([self.score], views, targets, candidates)

    def project(self, view: SourceView, target: Sentence) -> list[Projection]:
        """One or more projections per entity. Raises XProjError where the view is not aligned."""
        entities = view.entities or ()
        if not entities:
            return []
        candidates = self.candidates(view, target)
        scores = self.score(view, target, candidates)
        finite = np.isfinite(scores.values)
        above = scores.values > self.threshold
        usable = scores.keep(finite & above)
        solution = self.solver(usable, candidates)
        chosen: dict[int, list[int]] = {}
        for s, t in solution.pairs:
            chosen.setdefault(s, []).append(t)
        value = {
            (s, t): v
            for s, t, v in zip(
                usable.rows.tolist(), usable.cols.tolist(), usable.values.tolist(), strict=True
            )
        }
        second = _seconds(scores.keep(finite), candidates, chosen)
        offsets = target.offsets
        result: list[Projection] = []
        for i, entity in enumerate(entities):
            spans = [(tuple(candidates[t].tolist()), value[i, t]) for t in chosen.get(i, ())]
            if spans:
                result.extend(
                    projected(i, entity, s, offsets, v, second=second.get(i))
                    for s, v in sorted(spans)
                )
            else:
                status, reason = self._why(
                    i, view, target, scores, finite, above, feasible=solution.feasible
                )
                result.append(missed(i, entity, status, reason))
        return result

    def _why(
        self,
        i: int,
        view: SourceView,
        target: Sentence,
        scores: Scores,
        finite: np.ndarray,
        above: np.ndarray,
        *,
        feasible: bool,
    ) -> tuple[Status, str]:
        """Why entity ``i`` got no span."""
        own = scores.rows == i
        if not feasible:
            return Status.INFEASIBLE, "the constraints of this sentence cannot all hold"
        if not len(target):
            return Status.NO_CANDIDATE, "the target sentence is empty"
        if (own & ~finite).any() and not (own & finite & above).any():
            return Status.INVALID_SCORE, "its scores are not finite numbers"
        if not own.any():
            links = view.links
            if links is not None and not linked_targets([(view.entities or ())[i]], links)[0]:
                return Status.UNALIGNED, "no target word is linked to it"
            return Status.NO_CANDIDATE, "no span of the target may be chosen for it"
        if not (own & above).any():
            best = float(scores.values[own & finite].max())
            return (
                Status.BELOW_THRESHOLD,
                f"its best score {best:.3f} is not above {self.threshold:g}",
            )
        return Status.OVERLAP, "its candidates overlap those chosen for other entities"

    def describe(self) -> dict[str, Any]:
        return {
            "projector": "matching",
            "candidates": describe_part(self.candidates),
            "score": describe_part(self.score),
            "solver": describe_part(self.solver),
            "threshold": self.threshold,
        }


def _seconds(
    scores: Scores, candidates: Candidates, chosen: dict[int, list[int]]
) -> dict[int, tuple[tuple[int, int], float]]:
    """For each entity that has a span the best candidate not chosen for it, with its score."""
    result: dict[int, tuple[tuple[int, int], float]] = {}
    rows, cols = scores.rows.tolist(), scores.cols.tolist()
    for n in preference(scores, candidates).tolist() if chosen else ():
        s, t = rows[n], cols[n]
        if s in chosen and s not in result and t not in chosen[s]:
            start, end = candidates[t].tolist()
            result[s] = (start, end), float(scores.values[n])
    return result


def default_score() -> ScoreFunction:
    """Alignment with a low target weight, for soft links, plus boundary evidence."""
    return make_fused_score(
        {"align": make_align_score(target_weight=0.45), "boundary": make_boundary_score()},
        {"align": 1.0, "boundary": 1.0},
    )


def make_matching(
    candidates: CandidateFunction | None = None,
    score: ScoreFunction | None = None,
    solver: Solver | None = None,
    threshold: float = 0.0,
) -> Matching:
    """``spacy-xproj.Matching.v1``: by default n-gram candidates, exact, and
    the fused score of ``default_score``."""
    return Matching(
        candidates=candidates or make_ngrams(),
        score=score or default_score(),
        solver=solver or make_exact(),
        threshold=threshold,
    )
