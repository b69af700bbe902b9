"""The ensembles and arbiters that are compared. To add one, add it to ``METHODS``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spacy_xproj.ensembling.base import Arbiter, Ensemble, Learning, Verdict
from spacy_xproj.ensembling.conflicts import conflicts, ids_of, overrule
from spacy_xproj.ensembling.joint import JointMatching
from spacy_xproj.ensembling.model_arbiter import AGREEMENT, ModelArbiter
from spacy_xproj.ensembling.votes import SpanVote, WeightedVote
from spacy_xproj.ensembling.weights import LEARNT

from .tasks import Task

BASELINE = "learnt weights"
METHODS: dict[str, Callable[[], Ensemble]] = {
    "vote": SpanVote,
    "weighted vote": WeightedVote,
    BASELINE: lambda: WeightedVote(weights=LEARNT),
    "joint matching": JointMatching,
    "joint matching, learnt weights": lambda: JointMatching(weights=LEARNT),
    "model from agreement": lambda: ModelArbiter(model=AGREEMENT),
    "model": ModelArbiter,
    "model, learnt weights": lambda: ModelArbiter(weights=LEARNT),
}
ORACLE, ORACLE_CONFLICTS, ORACLE_SILENCE = (
    "oracle: all that any view has",
    "oracle where spans or labels conflict",
    "oracle there, and where views are silent",
)


def choose(ensemble: Ensemble, task: Task) -> np.ndarray:
    """What an ensemble chooses, bool (n,); one that learns does so, without gold, from the same
    proposals."""
    if isinstance(ensemble, Learning):
        ensemble.fit(task.ballot)
    if isinstance(ensemble, Arbiter):
        decision, _ = ensemble.arbitrate(task.ballot, task.cases)
    else:
        decision = ensemble.decide(task.ballot)
    chosen: np.ndarray = decision.chosen[:, 0]
    return chosen


def oracles(task: Task) -> dict[str, np.ndarray]:
    """The ceilings of any arbiter: of one that takes just what is right of all that any view has;
    and of one that does so where it is asked, with the vote of learnt weights elsewhere."""
    vote = METHODS[BASELINE]()
    assert isinstance(vote, Learning)
    vote.fit(task.ballot)
    decision = vote.decide(task.ballot)
    found = {}
    for name, silence in ((ORACLE_CONFLICTS, False), (ORACLE_SILENCE, True)):
        verdicts = []
        for rows in conflicts(task.ballot, silence=silence):
            taken = np.zeros(len(task.right), dtype=bool)
            taken[list(rows)] = task.right[list(rows)]
            # What is right for certain is taken; of what is not judged the vote's choice stays.
            open_rows = [row for row in rows if not task.judged[row] and decision.chosen[row, 0]]
            taken[open_rows] = not task.right[list(rows)].any()
            answer = ids_of(rows, taken)
            verdicts.append(Verdict(rows, "oracle", answer, "", answer))
        found[name] = overrule(task.ballot, decision, verdicts).chosen[:, 0]
    found[ORACLE] = task.right.copy()
    return found
