"""Joint matching: the best set of spans by the sum of what all views say."""

from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from .ballots import Ballot
from .base import Decision
from .scheduling import schedule
from .weights import EQUAL, Weighted, weigh

REFUSAL = "its mean score over the views ({score}) is too low"


class JointMatching(Weighted):
    """``spacy-xproj.JointMatching.v1``: for each span and label the scores of all views are added;
    the set of spans that do not overlap with the highest total is taken, exactly, by weighted
    interval scheduling.

    weights: of the views: "equal", "learnt" (by ``fit``, without gold), or a number for each source
    language. cost: of a span, as a share of the weight of all views that have a source sentence:
    its mean score over them must exceed it, so that what only one of many views sees is not enough.
    0 takes whatever any view sees, for recall. The default was chosen by F1 on the embedded corpus'
    training and dev splits (a multilingual teacher, five sources). confidence: each score is
    multiplied by the teacher's own score of the entity to this power, so that what one view alone
    sees is kept where its teacher is sure; 0 for not at all.
    """

    def __init__(
        self,
        *,
        weights: str | dict[str, float] = EQUAL,
        cost: float = 0.35,
        confidence: float = 0.0,
    ) -> None:
        super().__init__(weights)
        if not 0 <= cost < 1:
            raise XProjError(Errors.XP152.format(name="cost", value=cost, fix=0.35))
        if not 0 <= confidence < float("inf"):
            raise XProjError(
                Errors.XP151.format(name="confidence", value=confidence, least=0, fix=4.0)
            )
        self.cost = cost
        self.confidence = confidence

    def decide(self, ballot: Ballot, weights: np.ndarray | None = None) -> Decision:
        """Choose; see ``Ensemble``. scores: the mean score over the views, 0 where one does not
        propose the span."""
        if weights is None:
            weights = self.weights_for(ballot)
        scores = ballot.scores * ballot.trust**self.confidence if self.confidence else ballot.scores
        total = weigh(scores, ballot.label, weights)
        everyone = weigh(ballot.usable, ballot.label, weights)
        values = total - self.cost * everyone
        # No view that counts, no proposal.
        values[weigh(ballot.proposed, ballot.label, weights) <= 0] = 0.0
        chosen = schedule(ballot.sentence, ballot.spans, values)
        mean = total / np.where(everyone > 0, everyone, 1.0)
        return Decision(mean, values > 0, chosen, REFUSAL)

    def describe(self) -> dict[str, Any]:
        own = {"confidence": self.confidence} if self.confidence else {}
        return {"ensemble": "joint_matching", "cost": self.cost, **own, **self.settings()}
