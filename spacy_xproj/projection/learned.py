"""A score that was learnt: the probability that a candidate is the span of an entity."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import Errors, XProjError
from .base import Evidence
from .batch import Batch
from .features import BORDERS, NONE, SPANS, SUMS, Features, extract

SHIPPED = Path(__file__).parent / "weights" / "learned_score.json"
PLACES = {"sums": SUMS, "left": BORDERS, "right": BORDERS, "spans": SPANS, "none": NONE}
_LEAST = 1e-6  # of a pair that can be chosen
_DIGITS = 9  # of probabilities: what is beyond depends on the other sentences of a batch


class Weights(NamedTuple):
    """By place (``PLACES``) and feature: a weight for names, and what is added to it for clauses,
    as far as an entity is one (``Features.long``). ceiling: of probabilities, since those who mark
    the spans of both languages do not always agree."""

    values: dict[str, dict[str, tuple[float, float]]]
    name: str
    ceiling: float = 1.0

    def of(self, place: str, features: Features) -> dict[str, np.ndarray]:
        """The weight of each feature for each entity, shape (e,); those that are 0 are left out."""
        own = self.values[place].items()
        return {name: a + b * features.long for name, (a, b) in own if a or b}


@lru_cache(maxsize=8)
def read_weights(path: Path) -> Weights:
    """From a JSON file ``{"weights": {"sums": {"own": [a, b]}}, "ceiling": c}``, see ``Weights``;
    the ceiling is 1 where it is not said. Raises XProjError for a file that is not there or not of
    these features."""
    try:
        content = json.loads(path.read_text(encoding="utf8"))
        values, ceiling = content["weights"], float(content.get("ceiling", 1.0))
        if not 0.0 < ceiling <= 1.0:
            raise ValueError(f"ceiling {ceiling} is not above 0 and at most 1")
        found = {
            place: {
                name: (float(values[place][name][0]), float(values[place][name][1]))
                for name in names
            }
            for place, names in PLACES.items()
        }
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise XProjError(Errors.XP522.format(path=path, reason=reason)) from error
    return Weights(found, path.name, ceiling)


def log_odds(features: Features, weights: Weights) -> tuple[np.ndarray, np.ndarray]:
    """Of each pair, shape (n,), and of none for each entity, shape (e,); not normalised."""
    n_entities, width = features.sums["own"].shape
    # What is added at a start and at an end: a sum over words is a difference of sums before.
    before = np.zeros((n_entities, width))
    left, right = np.zeros((n_entities, width)), np.zeros((n_entities, width))
    for tables, total, place in (
        (features.sums, before, "sums"),
        (features.left, left, "left"),
        (features.right, right, "right"),
    ):
        for name, weight in weights.of(place, features).items():
            total += weight[:, None] * tables[name]
    before = np.cumsum(before, axis=1)
    at, start, end = features.entity, features.starts, features.ends
    left[:, 1:] -= before[:, :-1]
    right += before
    odds: np.ndarray = left[at, start] + right[at, end - 1]
    for name, weight in weights.of("spans", features).items():
        odds += weight[at] * features.spans[name]
    none = np.zeros(n_entities)
    for name, weight in weights.of("none", features).items():
        none += weight * features.none[name]
    return odds, none


def pair_values(features: Features) -> Iterator[tuple[str, str, np.ndarray]]:
    """Place, name and values, of each pair and so of shape (n,), of all features but those of
    none."""
    at, start, end = features.entity, features.starts, features.ends
    for name in SUMS:
        before = np.cumsum(features.sums[name], axis=1)
        yield "sums", name, before[at, end - 1] - np.where(start > 0, before[at, start - 1], 0.0)
    for name in BORDERS:
        yield "left", name, features.left[name][at, start]
    for name in BORDERS:
        yield "right", name, features.right[name][at, end - 1]
    for name in SPANS:
        yield "spans", name, features.spans[name]


def gains(features: Features, weights: Weights) -> tuple[Evidence, Evidence]:
    """What each feature adds to ``log_odds``, of each pair and of none: by ``place.name`` its value
    and its weight times that, each of shape (n,) and (e,). What adds nothing anywhere is left
    out."""
    by_place = {place: weights.of(place, features) for place in PLACES}
    pairs = {
        f"{place.removesuffix('s')}.{name}": (value, by_place[place][name][features.entity] * value)
        for place, name, value in pair_values(features)
        if name in by_place[place]
    }
    none = {
        f"none.{name}": (features.none[name], weight * features.none[name])
        for name, weight in by_place["none"].items()
    }
    return _adding(pairs), _adding(none)


def _adding(given: Evidence) -> Evidence:
    return {name: (value, gain) for name, (value, gain) in given.items() if gain.any()}


def normalise(odds: np.ndarray, none: np.ndarray, entity: np.ndarray) -> np.ndarray:
    """Probabilities of pairs: for each entity those of its candidates and of none are together 1.

    entity: of each pair, in ascending order.
    """
    if not len(odds):
        return odds
    first = np.flatnonzero(np.r_[True, entity[1:] != entity[:-1]])
    highest = none.copy()
    rows = entity[first]
    highest[rows] = np.maximum(highest[rows], np.maximum.reduceat(odds, first))
    shares = np.exp(odds - highest[entity])
    total = np.exp(none - highest)
    total[rows] += np.add.reduceat(shares, first)
    probabilities: np.ndarray = shares / total[entity]
    return probabilities


class LearnedScore:
    """``spacy-xproj.LearnedScore.v1``: the probability that a candidate is the entity's span.

    A log-linear model over the features of ``features.Features``: for each entity one of its
    candidates is right, or none is. Those that do not begin and end at words linked to the entity
    cannot be chosen. weights: a JSON file that ``python -m benchmarks train-score`` wrote; by
    default the one that the package brings, for links of the default aligner. Its card,
    ``README.md`` beside it, says on which data it was trained. Raises XProjError for a file that is
    not one.
    """

    def __init__(self, *, weights: str | None = None) -> None:
        self.weights = read_weights(SHIPPED if weights is None else Path(weights))

    @classmethod
    def of(cls, weights: Weights) -> "LearnedScore":
        """With weights that are at hand."""
        score = cls.__new__(cls)
        score.weights = weights
        return score

    def score(self, batch: Batch) -> np.ndarray:
        """The probability of each pair, 0 for one that cannot be chosen; shape (p,)."""
        values = np.zeros(len(batch.entity))
        features = extract(batch)
        probabilities = normalise(*log_odds(features, self.weights), features.entity)
        probabilities = probabilities * self.weights.ceiling
        values[features.pairs] = np.maximum(probabilities.round(_DIGITS), _LEAST)
        return values

    def evidence(self, batch: Batch) -> tuple[np.ndarray, Evidence, Evidence]:
        """Which pairs can be chosen, shape (n,), what speaks for and against each of them, and that
        nothing fits the entity; see ``gains``."""
        features = extract(batch)
        return features.pairs, *gains(features, self.weights)

    def describe(self) -> dict[str, Any]:
        return {"name": "learned_score", "weights": self.weights.name}
