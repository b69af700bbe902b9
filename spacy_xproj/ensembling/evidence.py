"""What all views together say of each proposal, as numbers from which to tell whether it is right.

They speak of shares of the views, so that a model of them holds for any number of views and any
languages.
"""

from __future__ import annotations

import numpy as np

from .ballots import Ballot
from .scheduling import groups

# share: of the (weighted) views that have a source sentence, those that propose just this; spoken:
# those that propose anything on its words. score: the mean score of its projections over the views,
# where a view that does not propose it counts 0; best: the highest of them; mean: of those that
# propose it. heard: share as a part of spoken. rival, rival_score: the highest share and score of a
# proposal that overlaps it; margin: how far share is above rival. relabelled: the highest share of
# the same span with another label; reshaped: the share that proposes its label with another span;
# wider, narrower: the highest share of a span of its label that contains it, or that it contains.
# rivals: log(1 + their number). single: only one view proposes it. length: log of its words; word:
# it is one word. first, last: the share of the views that begin, or end, a span where it does.
FEATURES = (
    *("share", "spoken", "score", "best", "mean", "heard", "rival", "rival_score", "margin"),
    *("relabelled", "reshaped", "wider", "narrower", "rivals", "single", "length", "word"),
    *("first", "last", "share_squared", "share_score"),
)


def evidence(ballot: Ballot, weights: np.ndarray) -> np.ndarray:
    """Float (n, features), in the order of ``FEATURES``. weights: of the views, float (labels, V);
    one of weight 0 is not heard. A sentence's features depend on nothing but its own views."""
    n = len(ballot)
    columns = {name: np.zeros(n) for name in FEATURES}
    if not n:
        return np.zeros((0, len(FEATURES)))
    weight = weights[ballot.label]
    everyone = (weight * ballot.usable).sum(axis=1)
    everyone = np.where(everyone > 0, everyone, 1.0)
    share = (weight * ballot.proposed).sum(axis=1) / everyone
    spoken = (weight * ballot.speaks).sum(axis=1) / everyone
    score = (weight * ballot.scores).sum(axis=1) / everyone
    counts = weight > 0
    given = ballot.scores * counts
    voices = (ballot.proposed & counts).sum(axis=1)
    length = ballot.spans[:, 1] - ballot.spans[:, 0]
    columns.update(share=share, spoken=spoken, score=score, best=given.max(axis=1))
    columns["mean"] = given.sum(axis=1) / np.maximum(voices, 1)
    columns["heard"] = share / np.where(spoken > 0, spoken, 1.0)
    columns["single"] = (voices == 1).astype(float)
    columns["length"], columns["word"] = np.log(length), (length == 1).astype(float)
    columns["share_squared"], columns["share_score"] = share**2, share * columns["mean"]
    columns["first"], columns["last"] = share.copy(), share.copy()
    for first, last in groups(ballot.sentence, ballot.spans):
        if last - first > 1:
            _compare(ballot, slice(first, last), share, score, columns)
    columns["margin"] = share - columns["rival"]
    return np.stack([columns[name] for name in FEATURES], axis=1)


def _compare(
    ballot: Ballot,
    rows: slice,
    share: np.ndarray,
    score: np.ndarray,
    columns: dict[str, np.ndarray],
) -> None:
    """What the proposals of a conflict say of one another."""
    start, end = ballot.spans[rows].T
    label, own, strength = ballot.label[rows], share[rows], score[rows]
    other = ~np.eye(len(own), dtype=bool)
    rival = other & (start[:, None] < end) & (start < end[:, None])
    same_span = rival & (start[:, None] == start) & (end[:, None] == end)
    same_label = rival & (label[:, None] == label)
    contained = (start <= start[:, None]) & (end[:, None] <= end)  # the row, in the column

    def highest(which: np.ndarray, values: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.where(which, values, 0.0).max(axis=1)
        return found

    columns["rival"][rows] = highest(rival, own)
    columns["rival_score"][rows] = highest(rival, strength)
    columns["relabelled"][rows] = highest(same_span, own)
    columns["reshaped"][rows] = np.where(same_label, own, 0.0).sum(axis=1)
    columns["wider"][rows] = highest(same_label & contained, own)
    columns["narrower"][rows] = highest(same_label & contained.T, own)
    columns["rivals"][rows] = np.log1p((rival & (own > 0)).sum(axis=1))
    begins, ends = start[:, None] == start, end[:, None] == end
    columns["first"][rows] = np.where(begins, own, 0.0).sum(axis=1)
    columns["last"][rows] = np.where(ends, own, 0.0).sum(axis=1)
