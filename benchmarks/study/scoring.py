"""Scoring many sets of views at once: what each view projects is worked out a single time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_xproj.data.access import Views
from spacy_xproj.ensembling.ballots import Ballot, collect
from spacy_xproj.ensembling.base import Ensemble
from spacy_xproj.ensembling.best import BestView
from spacy_xproj.ensembling.joint import JointMatching
from spacy_xproj.ensembling.reliability import estimate, expected_f1, vote_weights, votes_of
from spacy_xproj.ensembling.votes import SpanVote

from ..pages.mentions import count_mentions, mention_spans
from .subsets import Subset

EQUAL, RELIABILITY, BEST = "equal", "reliability", "best"

# name: the ensemble, and where the weights of its views come from. The cost that is the default of
# joint matching trades recall for precision, and only recall and accuracy can be measured here.
METHODS: dict[str, tuple[Ensemble, str]] = {
    "joint": (JointMatching(cost=0.0), EQUAL),
    "joint, reliability": (JointMatching(cost=0.0), RELIABILITY),
    "joint, default cost": (JointMatching(), EQUAL),
    "vote": (SpanVote(), EQUAL),
    "best view": (BestView(), BEST),
}
TRANSFER = "model transfer"
BATCH = 64  # sets of views at a time, so that memory does not grow with their number


class Task(NamedTuple):
    """What the views of one target propose, and what of it is right.

    langs: of the views. ballot: of n proposals. hits: int (n,), 1 where the proposal is a mention
    with its label, else 0. tokens: int (n,), how many mention tokens it gives the right tag. gold:
    int (units, 2), mentions and their tokens.
    """

    langs: tuple[str, ...]
    ballot: Ballot
    hits: np.ndarray
    tokens: np.ndarray
    gold: np.ndarray


class Counts(NamedTuple):
    """For each of B sets of views: recall, int (units, B, 2), mentions found and all; accuracy, int
    (units, B, 2), mention tokens with the right tag and all; predicted, int (B,), entities."""

    recall: np.ndarray
    accuracy: np.ndarray
    predicted: np.ndarray


def make_task(docs: Sequence[Doc]) -> Task:
    """From target documents with projected views and gold mentions.

    Raises XProjError for a document without mentions' span group, or with a view not projected.
    """
    mentions = [mention_spans(doc, unit=i) for i, doc in enumerate(docs)]
    views = [list(Views(doc).values()) for doc in docs]
    langs = tuple(dict.fromkeys(view.lang for own in views for view in own))
    ballot = collect(views, langs)
    hits = np.zeros(len(ballot), dtype=np.int64)
    tokens = np.zeros(len(ballot), dtype=np.int64)
    for row, (unit, (start, end), code) in enumerate(
        zip(ballot.sentence.tolist(), ballot.spans.tolist(), ballot.label.tolist(), strict=True)
    ):
        label = ballot.labels[code]
        for m in mentions[unit]:
            if m.label == label:
                hits[row] += (m.start, m.end) == (start, end)
                shared = range(max(start, m.start), min(end, m.end))
                tokens[row] += sum((k == start) == (k == m.start) for k in shared)
    gold = [[len(own), sum(m.end - m.start for m in own)] for own in mentions]
    return Task(langs, ballot, hits, tokens, np.array(gold, dtype=np.int64).reshape(len(docs), 2))


def score_subsets(task: Task, subsets: Sequence[Subset], method: str) -> Counts:
    """Score a method (see ``METHODS``) with each set of views."""
    ensemble, weighting = METHODS[method]
    parts = []
    for first in range(0, len(subsets), BATCH):
        weights = _weights(task, subsets[first : first + BATCH], weighting)
        parts.append(_counts(task, ensemble.decide(task.ballot, weights).chosen))
    return Counts(
        np.concatenate([p.recall for p in parts], axis=1),
        np.concatenate([p.accuracy for p in parts], axis=1),
        np.concatenate([p.predicted for p in parts]),
    )


def _weights(task: Task, subsets: Sequence[Subset], weighting: str) -> np.ndarray:
    """Weights of the views, float (labels, V, B), 0 for those that are not in the set."""
    ballot = task.ballot
    n_labels = len(ballot.labels)
    weights = np.zeros((n_labels, len(task.langs), len(subsets)))
    votes = votes_of(ballot)
    for b, subset in enumerate(subsets):
        members = [task.langs.index(lang) for lang in subset]
        if weighting == EQUAL:
            weights[:, members, b] = 1.0
            continue
        # Only what the views of the set propose may tell how far these can be trusted.
        rows = ballot.proposed[:, members].any(axis=1)
        own, label = votes[rows][:, members], ballot.label[rows]
        found = estimate(own, label, n_labels)
        if weighting == RELIABILITY:
            weights[:, members, b] = vote_weights(found.sensitivity, found.specificity)
        else:
            weights[:, members, b] = expected_f1(own, found.posterior)
    return weights


def _counts(task: Task, chosen: np.ndarray) -> Counts:
    """Counts per unit of what was chosen, bool (n, B)."""
    units, columns = len(task.gold), chosen.shape[1]
    recall = np.zeros((units, columns, 2), dtype=np.int64)
    accuracy = np.zeros((units, columns, 2), dtype=np.int64)
    for counts, right, total in (
        (recall, task.hits, task.gold[:, 0]),
        (accuracy, task.tokens, task.gold[:, 1]),
    ):
        rows = np.flatnonzero(right)
        np.add.at(counts[:, :, 0], task.ballot.sentence[rows], chosen[rows] * right[rows, None])
        counts[:, :, 1] = total[:, None]
    return Counts(recall, accuracy, chosen.sum(axis=0))


def score_transfer(gold: Sequence[Doc], tagged: Sequence[Doc]) -> Counts:
    """The counts (B = 1) of a teacher applied to the target text itself, as ``doc.ents``."""
    counts = count_mentions(
        [mention_spans(doc, unit=i) for i, doc in enumerate(gold)],
        [[(e.start, e.end, e.label_) for e in doc.ents] for doc in tagged],
    )
    predicted = np.array([sum(len(doc.ents) for doc in tagged)])
    return Counts(counts.mentions[:, None], counts.tokens[:, None], predicted)
