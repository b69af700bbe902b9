"""Projection as matching: candidates, their scores, and the best set of pairs [P, T]."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np

from ..abilities import check_all_ready, check_part
from ..data.sentence import Sentence
from ..data.status import Status
from ..data.views import Projection, SourceView, linked_targets
from ..errors import Errors, XProjError
from .base import (
    CandidateFinder,
    Candidates,
    Score,
    Scores,
    Solver,
    missed,
    projected,
)
from .batch import Batch
from .candidates import EXAMPLE as CANDIDATES
from .candidates import Ngrams
from .checks import check_candidates, check_scores, check_solution
from .exact import Exact
from .learned import LearnedScore
from .scores import EXAMPLE as SCORES
from .units import WORDS, join_letters

# Of a probability. Chosen on Europarl-NER de and es and opinion targets (es, train).
THRESHOLD = 0.25


class Matching:
    """``spacy-xproj.Matching.v1``: matches source entities with candidate spans of the target.

    candidates, score, solver: blocks of ``xproj_candidates``, ``xproj_scores``, ``xproj_solvers``;
    by default n-grams, the learned score, and exact. threshold: a pair needs a score above it to be
    chosen; the default suits probabilities, as the learned score gives them. words: what letters of
    scripts without blanks are joined to: "links", those that are linked alike; "segmented", besides
    words that a segmenter finds (extra ``[segment]``); "given", nothing.
    """

    def __init__(
        self,
        *,
        candidates: Any = None,
        score: Any = None,
        solver: Any = None,
        threshold: float = THRESHOLD,
        words: str = "links",
    ) -> None:
        if words not in WORDS:
            known, fix = ", ".join(WORDS), 'words = "links"'
            raise XProjError(Errors.XP150.format(kind="words", name=words, known=known, fix=fix))

        def check(part: Any, kind: type[Any], setting: str, example: str) -> Any:
            user = "spacy-xproj.Matching.v1"
            return check_part(part, kind, user=user, setting=setting, example=example)

        solver_example = '"@xproj_solvers": "spacy-xproj.Exact.v1"'
        self.candidates: CandidateFinder = check(
            Ngrams() if candidates is None else candidates,
            CandidateFinder,
            "candidates",
            CANDIDATES,
        )
        self.score: Score = check(
            LearnedScore() if score is None else score, Score, "score", SCORES
        )
        self.solver: Solver = check(
            Exact() if solver is None else solver, Solver, "solver", solver_example
        )
        self.threshold = threshold
        self.words = words

    def project(
        self, views: Sequence[SourceView], targets: Sequence[Sentence]
    ) -> list[list[Projection]]:
        """One or more projections per entity. Raises XProjError for a view with entities that was
        not aligned, where a part looks at links."""
        places = [i for i, view in enumerate(views) if view.entities]
        units = {i: join_letters(views[i], targets[i], self.words) for i in places}
        pairs = [units[i] or (views[i], targets[i]) for i in places]
        own, others = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        candidates = check_candidates(self.candidates, own, others)
        batch = Batch(own, others, candidates)
        values = check_scores(self.score, self.score.score(batch), len(batch.entity))
        # False for NaN too; a pair that is not listed scores 0.
        usable = batch.split((values > self.threshold) & (values < np.inf) & (values != 0.0))
        scores = batch.split(values)
        result: list[list[Projection]] = [[] for _ in views]
        solved = zip(places, own, others, candidates, scores, usable, strict=True)
        for i, view, target, spans, dense, mask in solved:
            found = self._choose(view, target, spans, dense, mask)
            joined = units[i]
            result[i] = found if joined is None else joined.in_tokens(found)
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
        # Solvers choose what scores above 0: where less is enough, all scores are raised.
        raised = dense[rows, cols] - min(self.threshold, 0.0)
        scores = Scores(rows, cols, raised, (usable.shape[0], usable.shape[1]))
        solution = self.solver.solve(scores, candidates)
        chosen: dict[int, list[int]] = {}
        given = getattr(solution, "pairs", solution)
        pairs = check_solution(self.solver, given, usable, candidates)
        for s, t in pairs:
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

    def check_ready(self) -> None:
        """Raise XProjError where a part is not ready."""
        check_all_ready(self.candidates, self.score, self.solver)

    def describe(self) -> dict[str, Any]:
        return {
            "projector": "matching",
            "candidates": self.candidates.describe(),
            "score": self.score.describe(),
            "solver": self.solver.describe(),
            "threshold": self.threshold,
            "words": self.words,
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
