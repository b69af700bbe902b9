"""The best single view, as the baseline that an ensemble has to beat."""

from typing import Any

import numpy as np

from .ballots import Ballot
from .base import Decision
from .weights import LEARNT, Weighted

REFUSAL = "the best view does not propose it"


class BestView(Weighted):
    """``spacy-xproj.BestView.v1``: what one view says, the others unheard: in each sentence the
    best of those that have a source sentence there.

    lang: its source language; by default the one that probably has the best F1, as ``fit``
    estimates it without gold.
    """

    def __init__(self, *, lang: str | None = None) -> None:
        super().__init__(LEARNT if lang is None else {lang: 1.0})
        self.lang = lang

    def weights_for(self, ballot: Ballot) -> np.ndarray:
        """Float (labels, V, 1): the same for all labels."""
        if self.lang is None and self.learnt is not None:
            known = self.learnt["f1"][""]
            row = self._array(ballot, [known])
        elif self.lang is None:
            return super().weights_for(ballot)  # says what to do
        else:
            row = np.array([[[float(lang == self.lang)] for lang in ballot.langs]])
        return np.repeat(row, len(ballot.labels), axis=0)

    def decide(self, ballot: Ballot, weights: np.ndarray | None = None) -> Decision:
        """Choose; see ``Ensemble``. Of weights, the view that has most of them among those with a
        source sentence there, so that it makes no difference which sentences are asked together; of
        equal ones the first. scores: those of its projections."""
        if weights is None:
            weights = self.weights_for(ballot)
        if not len(ballot):
            none = np.zeros((0, weights.shape[2]))
            return Decision(none, none > 0, none > 0, REFUSAL)
        weight = weights.mean(axis=0) * ballot.usable[:, :, None]  # (n, V, B)
        best = weight.argmax(axis=1)
        chosen = np.take_along_axis(ballot.proposed, best, axis=1) & (weight.max(axis=1) > 0)
        return Decision(np.take_along_axis(ballot.scores, best, axis=1), chosen, chosen, REFUSAL)

    def describe(self) -> dict[str, Any]:
        return {"ensemble": "best_view", "lang": self.lang, "learnt": self.learnt}
