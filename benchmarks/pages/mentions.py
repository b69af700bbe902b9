"""Scores on gold mentions that are a subset of all entities, as in XQuAD-NER.

Precision is undefined there: what is predicted elsewhere may be right. Recall is the share of
mentions with exact span and label; accuracy the share of mention tokens with the right IOB2 tag.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spacy_xproj.corpus.scoring import check_sentences, common_spans
from spacy_xproj.data.spans import Span, spans_to_iob
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.tables import Cell, format_table

from ..xquad.build import GROUP
from .intervals import Interval, ratio_interval

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclasses.dataclass(frozen=True)
class MentionCounts:
    """Counts per unit (a Doc), for ``pages.intervals``.

    mentions: int array of shape (n units, 2): mentions found, and all. tokens: of shape (n units,
    2): mention tokens with the right tag, and all. labels: ``mentions`` of each label.
    """

    mentions: np.ndarray
    tokens: np.ndarray
    labels: dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class MentionScores:
    """Recall and accuracy with their intervals, and recall and mentions of each label."""

    recall: Interval
    accuracy: Interval
    mentions: int
    units: int
    labels: dict[str, tuple[float, int]]

    def to_json(self) -> dict[str, Any]:
        """Plain data with stable keys; floats are rounded to 6 decimals."""
        return {
            "recall": self.recall.to_json(),
            "accuracy": self.accuracy.to_json(),
            "mentions": self.mentions,
            "units": self.units,
            "labels": {
                label: {"recall": round(recall, 6), "mentions": n}
                for label, (recall, n) in self.labels.items()
            },
        }

    def table(self) -> str:
        """A plain-text table: recall per label, then of all, with the interval."""
        rows: list[list[Cell]] = [
            [label, recall, n, None] for label, (recall, n) in self.labels.items()
        ]
        rows.append(["all", self.recall.value, self.mentions, self.recall.text()])
        return format_table(["label", "recall", "mentions", "95 % interval"], rows)


def mention_spans(doc: Doc, *, unit: int = 0, group: str = GROUP) -> list[Span]:
    """The gold mentions of a Doc, in words. Raises XProjError where it has no such span group."""
    if group not in doc.spans:
        have = ", ".join(sorted(doc.spans)) or "none"
        raise XProjError(Errors.XP741.format(sentence=unit + 1, group=group, have=have))
    return [Span(s.start, s.end, s.label_) for s in doc.spans[group]]


def count_mentions(
    gold: Sequence[Sequence[tuple[int, int, str]]], pred: Sequence[Sequence[tuple[int, int, str]]]
) -> MentionCounts:
    """Count per unit. gold, pred: ``[start, end)`` in the same words, and label; neither overlaps
    itself. Raises XProjError when the numbers of units differ."""
    check_sentences(gold, pred)
    names = sorted({label for own in gold for *_, label in own})
    labels = {name: np.zeros((len(gold), 2), dtype=np.int64) for name in names}
    tokens = np.zeros((len(gold), 2), dtype=np.int64)
    for i, (mentions, found) in enumerate(zip(gold, pred, strict=True)):
        predicted = {tuple(span) for span in found}
        n = max((end for _, end, _ in [*mentions, *found]), default=0)
        gold_tags, pred_tags = spans_to_iob(mentions, n), spans_to_iob(found, n)
        for start, end, label in mentions:
            labels[label][i] += ((start, end, label) in predicted, 1)
            right = sum(gold_tags[k] == pred_tags[k] for k in range(start, end))
            tokens[i] += (right, end - start)
    mentions_of_all = sum(labels.values(), np.zeros((len(gold), 2), dtype=np.int64))
    return MentionCounts(mentions_of_all, tokens, labels)


def score_counts(counts: MentionCounts, *, resamples: int = 1000, seed: int = 0) -> MentionScores:
    """The scores of counts, with 95 % intervals by bootstrap over the units."""
    sums = {label: own.sum(axis=0) for label, own in counts.labels.items()}
    return MentionScores(
        recall=ratio_interval(counts.mentions, resamples=resamples, seed=seed),
        accuracy=ratio_interval(counts.tokens, resamples=resamples, seed=seed),
        mentions=int(counts.mentions[:, 1].sum()),
        units=len(counts.mentions),
        labels={
            label: (float(right / total), int(total)) for label, (right, total) in sums.items()
        },
    )


def score_mentions(
    gold: Sequence[Doc],
    pred: Sequence[Doc],
    *,
    group: str = GROUP,
    ignore_labels: Collection[str] = (),
) -> MentionScores:
    """Score the ``doc.ents`` of predicted Docs on the mentions of gold Docs of the same texts.

    Other words of the same text are allowed, as in ``metrics.score_docs``. ``ignore_labels`` are
    left out on both sides. Raises XProjError when the numbers of Docs or the texts differ, or a
    gold Doc has no mentions.
    """
    gold_spans: list[list[Span]] = [[] for _ in gold]
    pred_spans: list[list[Span]] = [[] for _ in pred]
    for i, (gold_doc, pred_doc) in enumerate(zip(gold, pred, strict=False)):
        mention_spans(gold_doc, unit=i, group=group)
        mentions, found, _ = common_spans(gold_doc, pred_doc, i + 1, group=group)
        gold_spans[i] = [span for span in mentions if span.label not in ignore_labels]
        pred_spans[i] = [span for span in found if span.label not in ignore_labels]
    return score_counts(count_mentions(gold_spans, pred_spans))
