"""The probability that a proposal is right, given the evidence of all views: a logistic regression
over ``evidence.FEATURES``, learnt from gold, or without gold from how the views agree."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import Errors, XProjError
from .ballots import MATRICES, Ballot
from .evidence import FEATURES, evidence
from .reliability import estimate, votes_of

SHIPPED = Path(__file__).parent / "models" / "span_model.json"
# The weight of the squared coefficients, of features scaled to a standard deviation of 1.
L2 = 1e-3
_ROUNDS = 500


class SpanModel(NamedTuple):
    """weights: by feature. threshold: the least probability of what is taken. name: where it is
    from."""

    weights: dict[str, float]
    bias: float
    threshold: float
    name: str

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """Of proposals with features x, float (n, features): float (n,)."""
        return _sigmoid(x @ np.array([self.weights[name] for name in FEATURES]) + self.bias)

    def to_plain(self) -> dict[str, Any]:
        return {"threshold": self.threshold, "bias": self.bias, "weights": dict(self.weights)}


def from_plain(plain: Any, name: str) -> SpanModel:
    """Raises XProjError for what is not a model of these features."""
    try:
        weights = {feature: float(plain["weights"][feature]) for feature in FEATURES}
        threshold, bias = float(plain["threshold"]), float(plain["bias"])
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise XProjError(Errors.XP590.format(path=name, reason=reason)) from error
    if not np.isfinite([threshold, bias, *weights.values()]).all():
        raise XProjError(Errors.XP590.format(path=name, reason="a weight is not a finite number"))
    return SpanModel(weights, bias, threshold, name)


def read_model(path: Path, weighting: str) -> SpanModel:
    """From a JSON file that ``python -m benchmarks train-arbiter`` wrote. weighting: of the views
    in the evidence, "equal" or "learnt", for each of which it has a model. Raises XProjError."""
    try:
        plain = json.loads(path.read_text(encoding="utf8"))[weighting]
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise XProjError(Errors.XP590.format(path=path, reason=reason)) from error
    return from_plain(plain, path.name)


def learn_from_gold(
    x: np.ndarray, right: np.ndarray, *, missed: int, name: str, l2: float = L2
) -> SpanModel:
    """Maximum likelihood of which proposals are right.

    x: float (n, features). right: bool (n,). missed: gold entities that nothing proposes, which
    count for the threshold: that of the highest F1.
    """
    always, never = np.ones(len(x)), np.zeros(len(x))
    weights, bias = _fit(x, right.astype(float), always, never, l2)
    model = SpanModel(weights, bias, 0.0, name)
    threshold = best_threshold(model.probabilities(x), right.astype(float), missed=missed)
    return model._replace(threshold=threshold)


def learn_from_agreement(ballot: Ballot, weights: np.ndarray, *, l2: float = L2) -> SpanModel:
    """Without gold: each view in turn is held out, and what the others say of a proposal has to
    tell whether it is right, of which the view held out is a witness that errs.

    How often it errs is what ``reliability.estimate`` finds (Dawid & Skene 1979): a view agrees
    with the probability sensitivity where the proposal is right, and 1 - specificity where it is
    wrong; the model is that of what is right (as in Raykar et al. 2010). The threshold is that of
    the highest F1 that the probabilities lead to expect. weights: of the views in the evidence,
    float (labels, V).
    """
    n_labels = len(ballot.labels)
    found = estimate(votes_of(ballot), ballot.label, n_labels)
    parts: list[tuple[np.ndarray, ...]] = []
    for v in range(len(ballot.langs)):
        others, rows = without(ballot, v)
        heard = ballot.usable[rows, v]
        x = evidence(others, np.delete(weights, v, axis=1))[heard]
        rows = rows[heard]
        label = ballot.label[rows]
        parts.append(
            (
                *(x, ballot.proposed[rows, v].astype(float)),
                *(found.sensitivity[label, v], 1.0 - found.specificity[label, v]),
            )
        )
    x, agrees, if_right, if_wrong = (np.concatenate(column) for column in zip(*parts, strict=True))
    # A witness that agrees with the wrong as often as with the right tells nothing.
    tells = if_right - if_wrong > 0.05
    by_feature, bias = _fit(x[tells], agrees[tells], if_right[tells], if_wrong[tells], l2)
    model = SpanModel(by_feature, bias, 0.0, "agreement")
    p = model.probabilities(evidence(ballot, weights))
    return model._replace(threshold=best_threshold(p, p))


def without(ballot: Ballot, v: int) -> tuple[Ballot, np.ndarray]:
    """What is left of a ballot without a view, and the rows it comes from."""
    kept = np.delete(np.arange(len(ballot.langs)), v)
    rows = np.flatnonzero(ballot.proposed[:, kept].any(axis=1))
    matrices = {name: getattr(ballot, name)[np.ix_(rows, kept)] for name in MATRICES}
    rest = dataclasses.replace(
        ballot,
        langs=tuple(ballot.langs[k] for k in kept),
        sentence=ballot.sentence[rows],
        spans=ballot.spans[rows],
        label=ballot.label[rows],
        **matrices,
    )
    return rest, rows


def best_threshold(p: np.ndarray, right: np.ndarray, *, missed: int = 0) -> float:
    """That probability from which on taking gives the highest F1, half way to the next below.

    right: float (n,), whether each is right, or how probably. missed: what cannot be taken.
    """
    if not len(p):
        return 0.5
    order = np.argsort(-p, kind="stable")
    taken = np.arange(1, len(p) + 1)
    f1 = 2 * np.cumsum(right[order]) / (taken + right.sum() + missed)
    best = int(f1.argmax())
    below = p[order[best + 1]] if best + 1 < len(p) else 0.0
    return round(float(p[order[best]] + below) / 2, 4)


def _fit(
    x: np.ndarray, yes: np.ndarray, if_right: np.ndarray, if_wrong: np.ndarray, l2: float
) -> tuple[dict[str, float], float]:
    """Weights by feature, and the bias, that make what is seen most likely: yes with the
    probability ``if_right`` where the model says right, ``if_wrong`` where it says wrong."""
    from scipy.optimize import minimize

    if not len(x):
        return dict.fromkeys(FEATURES, 0.0), 0.0
    center, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 1e-6, scale, 1.0)
    z = (x - center) / scale
    span = if_right - if_wrong

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        p = _sigmoid(z @ w[1:] + w[0])
        seen = np.clip(if_wrong + span * p, 1e-9, 1 - 1e-9)
        value = -(yes * np.log(seen) + (1 - yes) * np.log1p(-seen)).mean()
        pull = -(yes / seen - (1 - yes) / (1 - seen)) * span * p * (1 - p) / len(x)
        gradient = np.concatenate([[pull.sum()], pull @ z])
        gradient[1:] += 2 * l2 * w[1:]
        return float(value + l2 * (w[1:] ** 2).sum()), gradient

    start = np.zeros(x.shape[1] + 1)
    w = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    weights = w[1:] / scale
    rounded = {name: round(float(a), 6) for name, a in zip(FEATURES, weights, strict=True)}
    return rounded, round(float(w[0] - weights @ center), 6)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    p: np.ndarray = 0.5 * (1.0 + np.tanh(0.5 * z))  # without overflow
    return p
