"""What an ensemble is, and what becomes of each proposal."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from ..data.ensembled import Merged, Outcome, Outvoted
from ..data.status import Status
from .ballots import Ballot


class Decision(NamedTuple):
    """What was decided on the n proposals of a ballot, under each of B weightings.

    scores: float (n, B). eligible: bool (n, B), the score suffices. chosen: bool (n, B). refusal:
    why a proposal is not eligible; it may hold ``{score}``.
    """

    scores: np.ndarray
    eligible: np.ndarray
    chosen: np.ndarray
    refusal: str


EXAMPLE = '"@xproj_ensembles": "spacy-xproj.JointMatching.v1"'


@runtime_checkable
class Ensemble(Protocol):
    """Merges what the views of a sentence propose (``xproj_ensembles``).

    One that learns from views without gold is ``Learning`` too, and then ``Saveable`` and
    ``Checkable`` (see ``abilities``).
    """

    def decide(self, ballot: Ballot, weights: np.ndarray | None = None) -> Decision:
        """Choose among the proposals. weights: float (labels, V, B), in the ballot's order of
        labels and views, in place of the ensemble's own (B is 1 then); 0 leaves a view out."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which method and settings, as plain data."""
        ...


@runtime_checkable
class Learning(Protocol):
    """Learns from the views of many sentences, without gold."""

    def fit(self, ballot: Ballot) -> None:
        """Learn, in place of what was learnt before."""
        ...


def outcomes(
    ballot: Ballot, decision: Decision, offsets: Sequence[Sequence[tuple[int, int]]]
) -> list[Outcome]:
    """The outcome for each sentence, of the first weighting.

    offsets: for each sentence the characters [start, end) of its words.
    """
    result = [Outcome([], []) for _ in offsets]
    for row, (number, (start, end)) in enumerate(
        zip(ballot.sentence.tolist(), ballot.spans.tolist(), strict=True)
    ):
        words = offsets[number]
        common = (
            start,
            end,
            words[start][0],
            words[end - 1][1],
            ballot.labels[ballot.label[row]],
            round(float(decision.scores[row, 0]), 6),
            tuple(
                (lang, round(float(ballot.scores[row, v]), 6))
                for v, lang in enumerate(ballot.langs)
                if ballot.proposed[row, v]
            ),
        )
        if decision.chosen[row, 0]:
            result[number].entities.append(Merged(*common))
        elif decision.eligible[row, 0]:
            reason = "it overlaps what more or better views propose"
            result[number].outvoted.append(Outvoted(*common, Status.OVERLAP, reason))
        else:
            reason = decision.refusal.format(score=f"{common[5]:.3f}")
            result[number].outvoted.append(Outvoted(*common, Status.BELOW_THRESHOLD, reason))
    return result
