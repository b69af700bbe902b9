"""A log-linear choice among candidates, fitted by maximum likelihood."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from spacy_xproj.projection.features import NONE, Features
from spacy_xproj.projection.learned import PLACES, Weights, pair_values


class Choices(NamedTuple):
    """m entities and n candidates in all, of which each entity has one right one or none.

    x: float32 (n, columns). first: where the candidates of each entity begin, shape (m,). right:
    the number of the right one in all, -1 for none, shape (m,). none: features of none, (m, k).
    long: how much of a clause each entity is, shape (m,). weight: how much each counts, (m,).
    """

    x: np.ndarray
    first: np.ndarray
    right: np.ndarray
    none: np.ndarray
    long: np.ndarray
    weight: np.ndarray


# As ``pair_values`` gives them.
COLUMNS = tuple(
    (place, name) for place, names in PLACES.items() if place != "none" for name in names
)


def matrix(features: Features) -> np.ndarray:
    """All features of each pair, float32 of shape (n, columns)."""
    values = [value for _, _, value in pair_values(features)]
    return np.stack(values, axis=1).astype(np.float32)


def join(parts: Sequence[Choices]) -> Choices:
    """All as one."""
    sizes = np.cumsum([0, *(len(part.x) for part in parts)])
    shifted = [
        part._replace(
            first=part.first + size, right=np.where(part.right < 0, -1, part.right + size)
        )
        for part, size in zip(parts, sizes, strict=False)
    ]
    return Choices(*(np.concatenate(column) for column in zip(*shifted, strict=True)))


def fit(choices: Choices, *, l2: float, rounds: int = 300) -> Weights:
    """The weights that make the right choices most likely.

    l2: times the squares of the weights, of features scaled to a standard deviation of 1, is what
    they cost. Every feature has a weight for names and another for clauses.
    """
    from scipy.optimize import minimize

    x = np.asarray(choices.x, dtype=np.float64)
    size = np.diff(np.append(choices.first, len(x)))
    entity = np.repeat(np.arange(len(size)), size)
    x = np.concatenate([x, x * choices.long[entity][:, None]], axis=1)
    none = np.concatenate([choices.none, choices.none * choices.long[:, None]], axis=1)
    scale, none_scale = x.std(axis=0) + 1e-6, none.std(axis=0) + 1e-6
    none_scale[0] = 1.0  # the bias
    x, none = x / scale, none / none_scale
    n = x.shape[1]
    is_none, weight = choices.right < 0, choices.weight / choices.weight.sum()
    right = choices.right[~is_none]
    price = np.full(n + none.shape[1], l2)
    price[n] = 0.0

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        odds, of_none = x @ w[:n], none @ w[n:]
        top = np.maximum(np.maximum.reduceat(odds, choices.first), of_none)
        shares, none_share = np.exp(odds - top[entity]), np.exp(of_none - top)
        total = np.add.reduceat(shares, choices.first) + none_share
        chosen = of_none.copy()
        chosen[~is_none] = odds[right]
        pull = -shares / total[entity] * weight[entity]
        pull[right] += weight[~is_none]
        none_pull = weight * (is_none - none_share / total)
        gradient = np.concatenate([pull @ x, none_pull @ none])
        value = weight @ (chosen - top - np.log(total))
        return -value + price @ w**2, 2 * price * w - gradient

    found = minimize(
        loss, np.zeros(len(price)), jac=True, method="L-BFGS-B", options={"maxiter": rounds}
    )
    by_name, by_none = (found.x[:n] / scale).reshape(2, -1), found.x[n:] / none_scale
    values: dict[str, dict[str, tuple[float, float]]] = {place: {} for place in PLACES}
    for (place, name), a, b in zip(COLUMNS, *by_name, strict=True):
        values[place][name] = (round(float(a), 4), round(float(b), 4))
    for name, a, b in zip(NONE, *by_none.reshape(2, -1), strict=True):
        values["none"][name] = (round(float(a), 4), round(float(b), 4))
    return Weights(values, "fitted")
