"""Votes over spans, with abstention [D]."""

from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from .ballots import Ballot
from .base import Decision
from .scheduling import TIE, schedule
from .weights import EQUAL, Weighted, weigh

# Between spans with as many votes the scores of their projections decide; they weigh too little
# to change the vote.
TIE_BREAK = 1e-4
# More than a third; chosen by F1 on the embedded corpus' training and dev splits.
MIN_SUPPORT = 0.34
REFUSAL = "its share of the votes ({score}), or of all views, is too low"


class SpanVote(Weighted):
    """``spacy-xproj.SpanVote.v1``: a vote on each span with its label.

    A view votes for the spans that it projects an entity onto, and against those that share a word
    with them; where it projects nothing it abstains, since an entity may have been lost on the way.
    weights: of the views: "equal", "learnt" (by ``fit``, without gold), or a number for each source
    language. threshold: the least share of the votes, abstentions aside. min_support: the least
    share of the weight of all views that have a source sentence; 0 takes what one view alone sees.
    Where eligible spans overlap, the set with the most votes is taken.
    """

    name, by_score = "span_vote", False

    def __init__(
        self,
        *,
        weights: str | dict[str, float] = EQUAL,
        threshold: float = 0.5,
        min_support: float = MIN_SUPPORT,
    ) -> None:
        super().__init__(weights)
        for name, value in (("threshold", threshold), ("min_support", min_support)):
            if not 0 <= value <= 1:
                raise XProjError(Errors.XP152.format(name=name, value=value, fix=0.5))
        self.threshold = threshold
        self.min_support = min_support

    def decide(self, ballot: Ballot, weights: np.ndarray | None = None) -> Decision:
        """Choose; see ``Ensemble``. scores: the share of the votes that are not withheld."""
        if weights is None:
            weights = self.weights_for(ballot)
        votes, voices = (
            (ballot.scores, ballot.voices) if self.by_score else (ballot.proposed, ballot.speaks)
        )
        support = weigh(votes, ballot.label, weights)
        heard = weigh(voices, ballot.label, weights)
        everyone = weigh(ballot.usable, ballot.label, weights)
        share = support / np.where(heard > 0, heard, 1.0)
        eligible = (
            (support > 0)
            & (share >= self.threshold - TIE)
            & (support >= self.min_support * everyone - TIE)
        )
        values = support + TIE_BREAK * weigh(ballot.scores, ballot.label, weights)
        chosen = schedule(ballot.sentence, ballot.spans, np.where(eligible, values, 0.0))
        return Decision(share, eligible, chosen, REFUSAL)

    def describe(self) -> dict[str, Any]:
        return {
            "ensemble": self.name,
            "threshold": self.threshold,
            "min_support": self.min_support,
            **self.settings(),
        }


class WeightedVote(SpanVote):
    """``spacy-xproj.WeightedVote.v1``: the span vote, where a vote counts as much as the score of
    its projection; settings as there."""

    name, by_score = "weighted_vote", True
