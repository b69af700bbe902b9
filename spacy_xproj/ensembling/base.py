"""What an ensemble is, and what becomes of each proposal."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from ..data.ensembled import Choice, Merged, Outcome, Outvoted, Ruling
from ..data.sentence import Sentence
from ..data.spans import overlap
from ..data.status import Status
from ..data.views import SourceView
from .ballots import Ballot
from .scheduling import TIE


class Decision(NamedTuple):
    """What was decided on the n proposals of a ballot, under each of B weightings.

    scores: float (n, B). eligible: bool (n, B), the score suffices. chosen: bool (n, B). refusal:
    why a proposal is not eligible; it may hold ``{score}``. told: of the first weighting, status
    and reason of the proposals, by row, of which there is more to say.
    """

    scores: np.ndarray
    eligible: np.ndarray
    chosen: np.ndarray
    refusal: str
    told: Mapping[int, tuple[Status, str]] = MappingProxyType({})


class Case(NamedTuple):
    """What an arbiter may read of a sentence: its language, its words, and its views."""

    lang: str
    target: Sentence
    views: Sequence[SourceView]


class Verdict(NamedTuple):
    """What an arbiter said of a conflict. rows: of the ballot; their ids are 1, 2 ... in order.
    Otherwise as ``Ruling``."""

    rows: tuple[int, ...]
    asked: str
    answer: tuple[int, ...] | None
    reason: str
    vote: tuple[int, ...]


TIED = "a tie: it overlaps an entity with the same score; of two the one that ends first is taken"
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
class Arbiter(Protocol):
    """An ensemble that decides where views conflict, and says of each conflict how."""

    def arbitrate(
        self, ballot: Ballot, cases: Sequence[Case]
    ) -> tuple[Decision, Sequence[Verdict]]:
        """Choose among the proposals of a ballot, under one weighting. cases: of its sentences."""
        ...


@runtime_checkable
class Learning(Protocol):
    """Learns from the views of many sentences, without gold."""

    def fit(self, ballot: Ballot) -> None:
        """Learn, in place of what was learnt before."""
        ...


def outcomes(
    ballot: Ballot,
    decision: Decision,
    offsets: Sequence[Sequence[tuple[int, int]]],
    verdicts: Sequence[Verdict] = (),
) -> list[Outcome]:
    """The outcome for each sentence, of the first weighting.

    offsets: for each sentence the characters [start, end) of its words. verdicts: of an arbiter.
    """
    result = [Outcome([], [], []) for _ in offsets]
    ties = _ties(ballot, decision)
    for verdict in verdicts:
        number = int(ballot.sentence[verdict.rows[0]])
        choices = tuple(_choice(ballot, row, offsets[number]) for row in verdict.rows)
        result[number].rulings.append(Ruling(choices, *verdict[1:]))
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
        elif row in decision.told:
            result[number].outvoted.append(Outvoted(*common, *decision.told[row]))
        elif decision.eligible[row, 0]:
            reason = TIED if row in ties else "it overlaps what more or better views propose"
            result[number].outvoted.append(Outvoted(*common, Status.OVERLAP, reason))
        else:
            reason = decision.refusal.format(score=f"{common[5]:.3f}")
            result[number].outvoted.append(Outvoted(*common, Status.BELOW_THRESHOLD, reason))
    return result


def _ties(ballot: Ballot, decision: Decision) -> set[int]:
    """Rows that lost to a chosen row which they overlap and whose score is theirs."""
    taken: dict[int, list[int]] = {}
    for row in np.flatnonzero(decision.chosen[:, 0]).tolist():
        taken.setdefault(int(ballot.sentence[row]), []).append(row)
    lost = np.flatnonzero(decision.eligible[:, 0] & ~decision.chosen[:, 0]).tolist()
    scores, spans = decision.scores[:, 0], ballot.spans.tolist()
    return {
        row
        for row in lost
        for other in taken.get(int(ballot.sentence[row]), ())
        if overlap(*spans[row], *spans[other]) and abs(scores[row] - scores[other]) <= TIE
    }


def _choice(ballot: Ballot, row: int, words: Sequence[tuple[int, int]]) -> Choice:
    start, end = ballot.spans[row].tolist()
    support = tuple(
        lang for lang, given in zip(ballot.langs, ballot.proposed[row], strict=True) if given
    )
    return Choice(words[start][0], words[end - 1][1], ballot.labels[ballot.label[row]], support)
