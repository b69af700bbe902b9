"""Projection as matching: candidates, their scores, and the best set of pairs [P, T]."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np

from ..data.views import Projection, Sentence, SourceView, Status
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
from .flat import Batch, flat_scores
from .scores import make_align_score, make_fused_score

# Chosen on Europarl-NER de and es and the embedded corpus' training and dev splits.
TARGET_WEIGHT = 0.2
OUTSIDE_WEIGHT = 0.2
THRESHOLD = 0.15


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

    def project(self, view: SourceView, target: Sentence) -> list[Projection]:
        """One or more projections per entity. Raises XProjError where the view is not aligned."""
        return self.project_batch([view], [target])[0]

    def project_batch(
        self, views: Sequence[SourceView], targets: Sequence[Sentence]
    ) -> list[list[Projection]]:
        """``project`` for each pair; candidates and scores that run a model do so once."""
        places = [i for i, view in enumerate(views) if view.entities]
        own, others = [views[i] for i in places], [targets[i] for i in places]
        prepare_parts([self.candidates], own, others)
        candidates = [self.candidates(v, t) for v, t in zip(own, others, strict=True)]
        prepare_parts([self.score], own, others, candidates)
        batch = Batch(own, others, candidates)
        values = flat_scores(self.score, batch)
        # False for NaN too; a pair that is not listed scores 0.
        usable = batch.split((values > self.threshold) & (values < np.inf) & (values != 0.0))
        scores = batch.split(values)
        result: list[list[Projection]] = [[] for _ in views]
        for i, spans, dense, mask in zip(places, candidates, scores, usable, strict=True):
            result[i] = self._choose(views[i], targets[i], spans, dense, mask)
        return result

    def _choose(
        self,
        view: SourceView,
        target: Sentence,
        candidates: Candidates,
        dense: np.ndarray,
        usable: np.ndarray,
    ) -> list[Projection]:
        """Solve one sentence. dense, usable: shape (n entities, n candidates)."""
        rows, cols = usable.nonzero()
        scores = Scores(rows, cols, dense[rows, cols], (usable.shape[0], usable.shape[1]))
        solution = self.solver(scores, candidates)
        chosen: dict[int, list[int]] = {}
        for s, t in solution.pairs:
            chosen.setdefault(s, []).append(t)
        spans, table = (candidates.tolist(), dense.tolist()) if chosen else ([], [])
        result: list[Projection] = []
        for i, entity in enumerate(view.entities or ()):
            if i in chosen:
                second = _second(table[i], spans, chosen[i])
                result.extend(
                    projected(i, entity, spans[t], target, table[i][t], second=second)
                    for t in sorted(chosen[i])
                )
            else:
                status, reason = self._why(
                    i, view, target, dense[i], usable[i], feasible=solution.feasible
                )
                result.append(missed(i, entity, status, reason))
        return result

    def _why(
        self,
        i: int,
        view: SourceView,
        target: Sentence,
        row: np.ndarray,
        usable: np.ndarray,
        *,
        feasible: bool,
    ) -> tuple[Status, str]:
        """Why entity ``i`` got no span. row, usable: of its candidates, shape (n candidates,)."""
        finite = np.isfinite(row)
        if not feasible:
            return Status.INFEASIBLE, "the constraints of this sentence cannot all hold"
        if not len(target):
            return Status.NO_CANDIDATE, "the target sentence is empty"
        if not finite.all() and not usable.any():
            return Status.INVALID_SCORE, "its scores are not finite numbers"
        if not row.any():
            links = view.links
            if links is not None and not linked_targets([(view.entities or ())[i]], links)[0]:
                return Status.UNALIGNED, "no target word is linked to it"
            return Status.NO_CANDIDATE, "no span of the target may be chosen for it"
        if not usable.any():
            best = float(row[row != 0.0].max())
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


def _second(
    row: Sequence[float], spans: Sequence[Sequence[int]], chosen: Sequence[int]
) -> tuple[tuple[int, int], float] | None:
    """The best candidate that was not chosen for an entity, with its score; None where there is
    none. row: the entity's score for each of the spans, 0 for one that cannot be chosen."""
    others = [
        (-round(v, 12), t) for t, v in enumerate(row) if v and isfinite(v) and t not in chosen
    ]
    if not others:
        return None
    # Spans are sorted, so that of equal ones this is the leftmost, then the shortest.
    best = min(others)[1]
    return (spans[best][0], spans[best][1]), row[best]


def default_score() -> ScoreFunction:
    """Alignment with weights that fit soft links, plus boundary evidence."""
    align = make_align_score(target_weight=TARGET_WEIGHT, outside_weight=OUTSIDE_WEIGHT)
    return make_fused_score(
        {"align": align, "boundary": make_boundary_score()}, {"align": 1.0, "boundary": 1.0}
    )


def make_matching(
    candidates: CandidateFunction | None = None,
    score: ScoreFunction | None = None,
    solver: Solver | None = None,
    threshold: float = THRESHOLD,
) -> Matching:
    """``spacy-xproj.Matching.v1``: by default n-gram candidates, exact, and
    the fused score of ``default_score``."""
    return Matching(
        candidates=candidates or make_ngrams(),
        score=score or default_score(),
        solver=solver or make_exact(),
        threshold=threshold,
    )
