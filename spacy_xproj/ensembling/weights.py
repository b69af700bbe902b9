"""How much each view counts: all the same, as given, or as learnt without gold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import srsly

from ..errors import Errors, NotLearntError, XProjError
from .ballots import Ballot
from .reliability import estimate, expected_f1, vote_weights, votes_of

EQUAL, LEARNT = "equal", "learnt"
_IDENTIFIED = 3  # views, at least


class Weighted:
    """What the ensembles share: the weights of the views, learning them, and saving them.

    weights: "equal", "learnt", or a weight for each source language.
    """

    def __init__(self, weights: str | Mapping[str, float] = EQUAL) -> None:
        if isinstance(weights, str):
            if weights not in (EQUAL, LEARNT):
                raise XProjError(Errors.XP573.format(weights=weights))
        elif not weights or any(not 0 <= w < float("inf") for w in weights.values()):
            raise XProjError(Errors.XP574.format(weights=dict(weights)))
        self.weights = weights
        # by label, and over all labels ("f1"), then by language
        self.learnt: dict[str, dict[str, dict[str, float]]] | None = None

    def fit(self, ballot: Ballot) -> None:
        """Learn from the proposals of many sentences how far each view can be trusted, where the
        settings ask for that and there are any."""
        if self.weights == LEARNT and len(ballot):
            self.learnt = learn(ballot)

    def check_ready(self) -> None:
        """Raise XProjError where weights are to be learnt and were not."""
        self._check_weights()

    def _check_weights(self) -> None:
        if self.weights == LEARNT and self.learnt is None:
            raise NotLearntError(Errors.XP575)

    def weights_for(self, ballot: Ballot) -> np.ndarray:
        """Float (labels, V, 1), of the views and labels of a ballot. Raises XProjError for a
        language without a weight, and where none were learnt yet."""
        if self.weights == EQUAL:
            return np.ones((len(ballot.labels), len(ballot.langs), 1))
        if self.weights == LEARNT:
            self._check_weights()
            assert self.learnt is not None
            table = self.learnt["weights"]
            return self._array(ballot, [table.get(name, table[""]) for name in ballot.labels])
        assert not isinstance(self.weights, str)
        return self._array(ballot, [dict(self.weights)] * len(ballot.labels))

    def _array(self, ballot: Ballot, rows: list[dict[str, float]]) -> np.ndarray:
        for row in rows:
            for lang in ballot.langs:
                if lang not in row:
                    have = ", ".join(map(repr, row))
                    raise XProjError(Errors.XP576.format(lang=lang, have=have))
        values = [[row[lang] for lang in ballot.langs] for row in rows]
        return np.array(values, dtype=float).reshape(len(rows), len(ballot.langs), 1)

    def settings(self) -> dict[str, Any]:
        """The weights, as plain data."""
        given = self.weights if isinstance(self.weights, str) else dict(self.weights)
        return {"weights": given, "learnt": self.learnt}

    def to_bytes(self) -> bytes:
        """What was learnt."""
        return bytes(srsly.msgpack_dumps(self.learnt))

    def from_bytes(self, data: bytes) -> None:
        self.learnt = srsly.msgpack_loads(data)


def learn(ballot: Ballot) -> dict[str, dict[str, dict[str, float]]]:
    """``weights``: by label the weight of each view's vote, and under "" those over all labels.
    ``f1``: under "" what F1 each view probably has. Keyed by language at last.

    Two views can only agree or not, and which of them is right where they do not cannot be told
    from that (Dawid and Skene's model is not identified): they count the same."""
    votes = votes_of(ballot)
    by_label = estimate(votes, ballot.label, len(ballot.labels))
    whole = estimate(votes, np.zeros(len(votes), dtype=np.int64), 1)
    rows = {
        **dict(
            zip(
                ballot.labels,
                vote_weights(by_label.sensitivity, by_label.specificity),
                strict=True,
            )
        ),
        "": vote_weights(whole.sensitivity, whole.specificity)[0],
    }
    if len(ballot.langs) < _IDENTIFIED:
        rows = {name: np.ones(len(ballot.langs)) for name in rows}
    f1 = expected_f1(votes, by_label.posterior)
    return {
        "weights": {name: _by_lang(ballot, row) for name, row in rows.items()},
        "f1": {"": _by_lang(ballot, f1)},
    }


def _by_lang(ballot: Ballot, values: np.ndarray) -> dict[str, float]:
    return {lang: round(float(w), 6) for lang, w in zip(ballot.langs, values, strict=True)}


def weigh(matrix: np.ndarray, label: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The sum over views of ``matrix`` (n, V), each by its weight: float (n, B).

    label: int (n,). weights: float (labels, V, B).
    """
    result = np.zeros((len(matrix), weights.shape[2]))
    for code in range(len(weights)):
        rows = label == code
        result[rows] = matrix[rows] @ weights[code]
    return result
