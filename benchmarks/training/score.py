"""Training the score over candidates that the package brings, and how it does on data left out."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

import numpy as np

from spacy_xproj.alignment import Aligner
from spacy_xproj.data.links import Links
from spacy_xproj.data.views import Projection
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.files import write_text
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.projection import Matching, Ngrams
from spacy_xproj.projection.batch import Batch
from spacy_xproj.projection.features import NONE, extract
from spacy_xproj.projection.learned import LearnedScore, Weights

from ..datasets.pairs import Pair, match_gold
from ..spans.judging import (
    Judged,
    bins_of,
    calibration_error,
    judge_projections,
    project_pairs,
    scored,
)
from ..speed.linking import CHUNK, Say, silent, timed_links
from .clauses import clauses
from .examples import CLAUSES, FREE, KINDS
from .loglinear import Choices, fit, join, matrix

T = TypeVar("T")
SHORTLIST = 100  # candidates of an entity that are trained on: the best by their links
# Chosen on Europarl-NER de and es, opinion targets (es, train) and arguments (dev).
L2 = 2e-4
CEILINGS = (1.0, 0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.91, 0.9)


class Linked(NamedTuple):
    """Pairs of one kind, with the gold of each entity, and their links."""

    pairs: list[Pair]
    links: list[Links]


def link(pairs: Sequence[Pair], aligner: Aligner) -> Linked:
    """Align pairs, and find which gold span belongs to which entity."""
    links, _ = timed_links(aligner, [p.view for p in pairs], [p.target for p in pairs])
    matched = [match_gold(pair, own) for pair, own in zip(pairs, links, strict=True)]
    return Linked(matched, links)


def _draw(items: Sequence[T], most: int | None, *, seed: int) -> list[T]:
    """So many at most, drawn at random, in order."""
    if most is None or len(items) <= most:
        return list(items)
    return [items[i] for i in sorted(Random(seed).sample(range(len(items)), most))]


def choices_of(linked: Linked) -> Choices:
    """What there is to choose from for each entity that has candidates."""
    parts = []
    with_entities = [i for i, pair in enumerate(linked.pairs) if pair.view.entities]
    for at in range(0, len(with_entities), CHUNK):
        chunk = with_entities[at : at + CHUNK]
        parts.append(
            _choices_of([linked.pairs[i] for i in chunk], [linked.links[i] for i in chunk])
        )
    return join(parts)


def _choices_of(pairs: Sequence[Pair], links: Sequence[Links]) -> Choices:
    views = [pair.view.replace(links=own) for pair, own in zip(pairs, links, strict=True)]
    targets = [pair.target for pair in pairs]
    features = extract(Batch(views, targets, Ngrams().find(views, targets)))
    gold = np.array(
        [pair.gold[m][:2] if m >= 0 else (-1, -1) for pair in pairs for m in pair.matched or ()]
    ).reshape(-1, 2)
    spans = np.stack([features.starts, features.ends], axis=1)
    right = (gold[features.entity] == spans).all(axis=1)
    x = matrix(features)
    purity, share = features.spans["purity"], np.exp(features.spans["log_share"])
    keep = _shortlist(features.entity, purity * share / (purity + share) + right)
    entity, x, right = features.entity[keep], x[keep], right[keep]
    first = np.flatnonzero(np.r_[True, entity[1:] != entity[:-1]]) if len(entity) else entity
    rows = entity[first]
    number = np.full(len(first), -1)
    at = np.flatnonzero(right)
    number[np.searchsorted(rows, entity[at])] = at
    none = np.stack([features.none[name] for name in NONE], axis=1)[rows]
    return Choices(x, first, number, none, features.long[rows], np.ones(len(first)))


def _shortlist(entity: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The places of the best of each entity, in order."""
    order = np.lexsort((-value, entity))
    ranked = entity[order]
    first = np.searchsorted(ranked, ranked)
    best: np.ndarray = np.sort(order[np.arange(len(order)) - first < SHORTLIST])
    return best


def train(choices: dict[str, Choices], *, l2: float = L2) -> Weights:
    """Weights from some kinds, each of the weight that ``KINDS`` gives it."""
    parts = []
    for name, own in choices.items():
        n = len(own.first)
        parts.append(own._replace(weight=np.full(n, KINDS[name].weight / n)))
    return fit(join(parts), l2=l2)


def choose_ceiling(found: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """The ceiling of probabilities with which the kind that is calibrated worst is so best.

    found: of each kind that was left out, and whose spans people marked, the probabilities without
    a ceiling and what of it is right (``scored``). 1 where there is none.
    """

    def worst(ceiling: float) -> float:
        return max(
            (calibration_error(bins_of(scores * ceiling, right)) for scores, right in found),
            default=0.0,
        )

    return min(CEILINGS, key=worst)


def _below(projection: Projection, ceiling: float) -> Projection:
    if projection.score is None:
        return projection
    return projection._replace(score=projection.score * ceiling)


@dataclasses.dataclass(frozen=True)
class TrainedScore:
    """weights: trained on ``kinds``. left_out: for each kind how weights do on it that were trained
    on the others of ``kinds``. spans: how many of each kind."""

    weights: Weights
    kinds: tuple[str, ...]
    spans: dict[str, int]
    left_out: dict[str, Judged]
    aligner: dict[str, Any]

    def table(self) -> str:
        columns = ["left out", "spans", "F1", "95 %", "ECE", "P at .5", "P at .9"]
        rows: list[list[Cell]] = []
        for name, judged in self.left_out.items():
            rows.append([name, self.spans[name], *judged.row()])
        return format_table(columns, rows)

    def summary(self) -> str:
        return (
            f"Trained on {', '.join(self.kinds)}. Each row: weights trained on the others of "
            "these, on a kind that is left out.\nF1: exact span and label. ECE: expected "
            "calibration error of the probabilities, ten bins. P at .5, .9: precision of "
            "projections of at least that."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "trained_on": list(self.kinds),
            "spans": self.spans,
            "aligner": self.aligner,
            "left_out": {name: judged.to_json() for name, judged in self.left_out.items()},
            "ceiling": self.weights.ceiling,
            "weights": plain_weights(self.weights),
        }


def plain_weights(weights: Weights) -> dict[str, dict[str, list[float]]]:
    return {
        place: {name: list(pair) for name, pair in own.items()}
        for place, own in weights.values.items()
    }


def run_train_score(
    data: str | Path,
    aligner: Aligner,
    *,
    output: str | Path | None = None,
    kinds: Sequence[str] = FREE,
    judge_on: Sequence[str] | None = None,
    seed: int = 0,
    say: Say = silent,
) -> TrainedScore:
    """Train on ``kinds``, and judge each of ``judge_on`` (by default all) by weights trained
    without it.

    data: the folder ``assets``: with ``news`` and, under ``downloads``, ``europarl-ner``, ``xquad``
    and, where asked for, ``ote`` and ``abstrct``. output: a JSON file for
    ``spacy-xproj.LearnedScore.v1``. The same data, links and seed give the same
    weights. Raises XProjError for a kind that is not known or a missing file.
    """
    folder = Path(data)
    judge_on = tuple(KINDS) if judge_on is None else tuple(judge_on)
    for kind in (*kinds, *judge_on):
        if kind not in KINDS:
            raise XProjError(
                Errors.XP150.format(
                    kind="kind of training data",
                    name=kind,
                    fix="--data names",
                    known=", ".join(KINDS),
                )
            )
    linked: dict[str, Linked] = {}
    needed = dict.fromkeys((*kinds, *judge_on))
    for kind in needed:
        if kind != CLAUSES:
            pairs = _draw(KINDS[kind].read(folder), KINDS[kind].most, seed=seed)
            linked[kind] = link(pairs, aligner)
            say(f"{kind}: {len(linked[kind].pairs)} pairs linked")
    if CLAUSES in needed:
        sources = [own for kind, own in linked.items() if KINDS[kind].free]
        made = [found for own in sources for found in clauses(*own, seed=seed)]
        drawn = _draw(made, KINDS[CLAUSES].most, seed=seed)
        linked[CLAUSES] = Linked([pair for pair, _ in drawn], [own for _, own in drawn])
    choices = {kind: choices_of(own) for kind, own in linked.items()}
    weights = train({kind: choices[kind] for kind in kinds})
    projected = {}
    for kind in dict.fromkeys((*kinds, *judge_on)):
        others = {other: choices[other] for other in kinds if other != kind}
        own_weights = train(others) if kind in kinds and others else weights
        projected[kind] = project_pairs(*linked[kind], Matching(score=LearnedScore.of(own_weights)))
    ceiling = choose_ceiling(
        [scored(linked[kind].pairs, projected[kind]) for kind in kinds if kind != CLAUSES]
    )
    weights = weights._replace(ceiling=ceiling)
    left_out = {}
    for kind in judge_on:
        below = [[_below(p, ceiling) for p in own] for own in projected[kind]]
        left_out[kind] = judge_projections(linked[kind].pairs, below)
        say(f"{kind} left out: F1 {left_out[kind].f1.value:.3f}")
    spans = {kind: len(choices[kind].first) for kind in needed}
    described = aligner.describe() if hasattr(aligner, "describe") else {}
    trained = TrainedScore(weights, tuple(kinds), spans, left_out, described)
    if output is not None:
        write_text(output, json.dumps(trained.to_json(), indent=1) + "\n")
    return trained
