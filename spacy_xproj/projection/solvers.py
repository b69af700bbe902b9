"""Choosing (entity, candidate) pairs: no two chosen candidates overlap, and each entity is
projected at most, exactly or at least ``n_proj`` times (docs/methods.md, "Matching"). A pair whose
score is not above 0 is chosen by no solver, unless an entity must have more spans than it has
better ones.
"""

from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from .base import Candidates, Scores, Solution

RELATIONS = ("<=", "=", ">=")


def preference(scores: Scores, candidates: Candidates) -> np.ndarray:
    """Entries in order of choice: highest score, then leftmost, shortest, first entity."""
    starts, ends = candidates[scores.cols, 0], candidates[scores.cols, 1]
    return np.lexsort((scores.rows, ends, starts, -np.round(scores.values, 12)))


def check_n_proj(n_proj: int) -> int:
    """The same number. Raises XProjError below 1."""
    if n_proj < 1:
        raise XProjError(Errors.XP151.format(name="n_proj", value=n_proj, least=1, fix=1))
    return n_proj


class Greedy:
    """``spacy-xproj.Greedy.v1``: take the best remaining pair, until none is left; drop an entity
    when it has ``n_proj`` spans, and every candidate that overlaps a chosen one."""

    def __init__(self, *, n_proj: int = 1) -> None:
        self.n_proj = check_n_proj(n_proj)

    def solve(self, scores: Scores, candidates: Candidates) -> Solution:
        """The pairs chosen, in order of entities."""
        taken: set[int] = set()
        left = [self.n_proj] * scores.shape[0]
        pairs = []
        rows, cols = scores.rows.tolist(), scores.cols.tolist()
        spans = candidates.tolist()
        for i in preference(scores, candidates).tolist():
            s, t = rows[i], cols[i]
            start, end = spans[t]
            if scores.values[i] <= 0:
                break
            if left[s] and taken.isdisjoint(range(start, end)):
                pairs.append((s, t))
                left[s] -= 1
                taken.update(range(start, end))
        return Solution(sorted(pairs))

    def describe(self) -> dict[str, Any]:
        return {"name": "greedy", "n_proj": self.n_proj}


class ILP:
    """``spacy-xproj.ILP.v1``: the optimum by PuLP, with one constraint per target word.

    relation: each entity has "<=", "=" or ">=" ``n_proj`` spans. backend: a PuLP solver, e.g.
    "PULP_CBC_CMD" or "HiGHS". time_limit: seconds a sentence. Raises XProjError where the backend
    is not installed, or stops before the optimum is proven.
    """

    def __init__(
        self,
        *,
        n_proj: int = 1,
        relation: str = "<=",
        backend: str = "PULP_CBC_CMD",
        time_limit: float = 60.0,
    ) -> None:
        check_n_proj(n_proj)
        if relation not in RELATIONS:
            raise XProjError(
                Errors.XP150.format(
                    kind="relation",
                    name=relation,
                    fix='relation = "<="',
                    known=", ".join(RELATIONS),
                )
            )
        self.n_proj = n_proj
        self.relation = relation
        self.backend = backend
        self.time_limit = time_limit

    def check_ready(self) -> None:
        """Raise XProjError where the backend is not installed."""
        import pulp

        available = pulp.listSolvers(onlyAvailable=True)
        if self.backend not in available:
            have = ", ".join(available) or "none"
            raise XProjError(Errors.XP505.format(backend=self.backend, have=have))

    def solve(self, scores: Scores, candidates: Candidates) -> Solution:
        """The optimum; not feasible where an entity has fewer candidates than it must have."""
        import pulp

        if self.relation == "<=":
            good = scores.values > 0
            scores = Scores(scores.rows[good], scores.cols[good], scores.values[good], scores.shape)
        n_entities = scores.shape[0]
        by_entity: list[list[int]] = [[] for _ in range(n_entities)]
        for i, s in enumerate(scores.rows.tolist()):
            by_entity[s].append(i)
        if self.relation != "<=" and any(len(entries) < self.n_proj for entries in by_entity):
            return Solution([], feasible=False)
        if not len(scores.values):
            return Solution([])
        self.check_ready()
        problem = pulp.LpProblem("projection", pulp.LpMaximize)
        chosen = [pulp.LpVariable(f"x_{i}", cat=pulp.LpBinary) for i in range(len(scores.values))]
        problem += pulp.lpSum(float(c) * x for c, x in zip(scores.values, chosen, strict=True))
        for entries in by_entity:
            total = pulp.lpSum(chosen[i] for i in entries)
            if self.relation == "<=" and len(entries) > self.n_proj:
                problem += total <= self.n_proj
            elif self.relation == "=":
                problem += total == self.n_proj
            elif self.relation == ">=":
                problem += total >= self.n_proj
        by_word: dict[int, list[int]] = {}
        for i, t in enumerate(scores.cols.tolist()):
            for word in range(int(candidates[t, 0]), int(candidates[t, 1])):
                by_word.setdefault(word, []).append(i)
        # Neighbouring words often have the same entries; one constraint is enough for them.
        for sharing in dict.fromkeys(tuple(e) for e in by_word.values() if len(e) > 1):
            problem += pulp.lpSum(chosen[i] for i in sharing) <= 1
        solver = pulp.getSolver(self.backend, msg=False, timeLimit=self.time_limit)
        status = problem.solve(solver)
        if status == pulp.LpStatusInfeasible:
            return Solution([], feasible=False)
        # The status is "Optimal" too where the time ran out on some valid solution.
        if problem.sol_status != pulp.LpSolutionOptimal:
            why = pulp.LpSolution[problem.sol_status]
            raise XProjError(
                Errors.XP506.format(backend=self.backend, status=why, time_limit=self.time_limit)
            )
        pairs = [
            (int(scores.rows[i]), int(scores.cols[i]))
            for i, x in enumerate(chosen)
            if x.value() is not None and x.value() > 0.5
        ]
        return Solution(sorted(pairs))

    def describe(self) -> dict[str, Any]:
        return {
            "name": "ilp",
            "n_proj": self.n_proj,
            "relation": self.relation,
            "backend": self.backend,
        }
