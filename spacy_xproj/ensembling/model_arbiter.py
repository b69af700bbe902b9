"""A small model decides what is right, from what all views say: an arbiter with no server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import srsly

from ..errors import Errors, NotLearntError, XProjError
from .ballots import Ballot
from .base import Case, Decision, Verdict
from .conflicts import conflicts, ids_of
from .evidence import evidence
from .scheduling import schedule
from .span_model import SHIPPED, SpanModel, from_plain, learn_from_agreement, read_model
from .votes import WeightedVote
from .weights import EQUAL, LEARNT, Weighted, weigh

AGREEMENT = "agreement"
_DIGITS = 9  # of probabilities: what is beyond depends on the machine
REFUSAL = "the model finds it too unlikely ({score})"


class ModelArbiter(Weighted):
    """``spacy-xproj.ModelArbiter.v1``: each proposal has a learnt probability that it is right,
    given what all views say; of those above the threshold the set without overlaps is taken whose
    probabilities exceed it most. No server, no GPU; the same input gives the same output.

    model: a JSON file that ``python -m benchmarks train-arbiter`` wrote from gold; by default the
    one that the package brings (its card is ``README.md`` beside it); "agreement": learnt by
    ``fit`` from how the views agree, without gold. weights: of the views in what the model is told:
    "equal", "learnt" (by ``fit``, without gold), or a number for each source language. threshold:
    the least probability; by default the model's. A lower one is for recall.

    Each conflict is in ``doc._.xproj_ensemble.rulings``, with what the weighted vote would take.
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        weights: str | dict[str, float] = EQUAL,
        threshold: float | None = None,
    ) -> None:
        super().__init__(weights)
        if threshold is not None and not 0 <= threshold < 1:
            raise XProjError(Errors.XP152.format(name="threshold", value=threshold, fix=0.5))
        self.model = model
        self.threshold = threshold
        self.span_model: SpanModel | None = None
        if model != AGREEMENT:
            weighting = EQUAL if weights == EQUAL else LEARNT
            self.span_model = read_model(SHIPPED if model is None else Path(model), weighting)

    def fit(self, ballot: Ballot) -> None:
        """Learn from how the views of many sentences agree, what the settings say is to be learnt:
        weights, model, or both; where there is anything, and there are two views or more."""
        super().fit(ballot)
        if self.model == AGREEMENT and len(ballot) and len(ballot.langs) > 1:
            self.span_model = learn_from_agreement(ballot, self.weights_for(ballot)[:, :, 0])

    def check_ready(self) -> None:
        """Raise XProjError where weights or model are to be learnt and were not."""
        super().check_ready()
        if self.span_model is None:
            raise NotLearntError(Errors.XP591)

    def probabilities(self, ballot: Ballot, weights: np.ndarray) -> np.ndarray:
        """That each proposal is right, float (n, B); 0 where no view with a weight proposes it.
        weights: float (labels, V, B). Raises as ``check_ready``."""
        self.check_ready()
        assert self.span_model is not None
        columns = [
            self.span_model.probabilities(evidence(ballot, weights[:, :, b]))
            for b in range(weights.shape[2])
        ]
        p = np.stack(columns, axis=1).round(_DIGITS)
        return np.where(weigh(ballot.proposed, ballot.label, weights) > 0, p, 0.0)

    def decide(self, ballot: Ballot, weights: np.ndarray | None = None) -> Decision:
        """Choose; see ``Ensemble``. scores: the probabilities."""
        if weights is None:
            weights = self.weights_for(ballot)
        p = self.probabilities(ballot, weights)
        assert self.span_model is not None
        least = self.span_model.threshold if self.threshold is None else self.threshold
        values = p - least
        return Decision(p, values > 0, schedule(ballot.sentence, ballot.spans, values), REFUSAL)

    def arbitrate(
        self, ballot: Ballot, cases: Sequence[Case]
    ) -> tuple[Decision, Sequence[Verdict]]:
        """Choose; see ``Arbiter``. Nothing but the ballot is read."""
        decision = self.decide(ballot)
        vote = WeightedVote().decide(ballot, self.weights_for(ballot))
        assert self.span_model is not None
        who = f"the model {self.span_model.name}"
        verdicts = [
            Verdict(
                rows, who, ids_of(rows, decision.chosen[:, 0]), "", ids_of(rows, vote.chosen[:, 0])
            )
            for rows in conflicts(ballot)
        ]
        return decision, verdicts

    def to_bytes(self) -> bytes:
        """What was learnt; a model from a file is named by the config."""
        own = self.model == AGREEMENT and self.span_model is not None
        plain = self.span_model.to_plain() if own and self.span_model is not None else None
        return bytes(srsly.msgpack_dumps([super().to_bytes(), plain]))

    def from_bytes(self, data: bytes) -> None:
        weights, plain = srsly.msgpack_loads(data)
        super().from_bytes(weights)
        if plain is not None:
            self.span_model = from_plain(plain, AGREEMENT)

    def describe(self) -> dict[str, Any]:
        known = None if self.span_model is None else self.span_model.name
        settings = {"model": known, "threshold": self.threshold, **self.settings()}
        return {"ensemble": "model_arbiter", **settings}
