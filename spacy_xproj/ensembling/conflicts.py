"""Where views conflict, and what becomes of a decision once an arbiter has spoken."""

from collections.abc import Sequence

import numpy as np

from ..data.spans import overlap
from ..data.status import Status
from .ballots import Ballot
from .base import Decision, Verdict
from .scheduling import groups


def conflicts(ballot: Ballot, *, silence: bool = False) -> list[tuple[int, ...]]:
    """The rows of each conflict: proposals that overlap, directly or through others, and so differ
    in span or label.

    silence: of those on which views differ in no more than that some propose nothing there, too.
    """
    found = []
    for first, last in groups(ballot.sentence, ballot.spans):
        alone = last - first == 1
        if not alone or (silence and (ballot.usable[first] & ~ballot.proposed[first]).any()):
            found.append(tuple(range(first, last)))
    return found


def ids_of(rows: Sequence[int], taken: np.ndarray) -> tuple[int, ...]:
    """The ids, from 1, of those of some rows that are taken. taken: bool (n,)."""
    return tuple(number for number, row in enumerate(rows, 1) if taken[row])


def clash(ballot: Ballot, rows: Sequence[int]) -> bool:
    """Whether any two of these proposals of a sentence overlap."""
    spans = [ballot.spans[row].tolist() for row in rows]
    return any(overlap(*a, *b) for i, a in enumerate(spans) for b in spans[i + 1 :])


def overrule(ballot: Ballot, vote: Decision, verdicts: Sequence[Verdict]) -> Decision:
    """The decision of a vote, but for the conflicts that an arbiter has decided."""
    eligible, chosen = vote.eligible[:, :1].copy(), vote.chosen[:, :1].copy()
    told = dict(vote.told)
    for verdict in verdicts:
        if verdict.answer is None:
            continue
        kept = [verdict.rows[number - 1] for number in verdict.answer]
        for row in verdict.rows:
            eligible[row] = chosen[row] = row in kept
            if row in kept:
                continue
            if any(clash(ballot, (row, other)) for other in kept):
                told[row] = (Status.OVERLAP, f"{verdict.asked} chose another")
            else:
                told[row] = (Status.REJECTED, f"{verdict.asked} did not choose it")
    return Decision(vote.scores[:, :1], eligible, chosen, vote.refusal, told)
