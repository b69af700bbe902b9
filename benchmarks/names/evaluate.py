"""A NER model applied to a benchmark as it is, and scored with intervals."""

import dataclasses
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from spacy.tokens import Doc

from spacy_xproj.corpus.scoring import Scores, common_spans, score_docs
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.tagging import COMMON_LABELS, Tagger
from spacy_xproj.tagging.applying import tagged_copies

from ..datasets.base import Corpus
from ..pages.intervals import Interval, f1_interval, item_counts
from ..pages.mentions import MentionScores, score_mentions
from ..speed.linking import Say, silent


class EntityRun(NamedTuple):
    """Scores in one language, and the interval of F1."""

    scores: Scores
    f1: Interval

    def row(self) -> list[Cell]:
        all_labels = self.scores.overall
        accuracy = self.scores.token_accuracy
        return [
            *(all_labels.precision, all_labels.recall, all_labels.f1, self.f1.text(), accuracy),
            *(self.scores.sentences, all_labels.support),
        ]

    def to_json(self) -> dict[str, Any]:
        return {**self.scores.to_json(), "f1_interval": self.f1.to_json()}


class MentionRun(NamedTuple):
    """Scores on mentions in one language."""

    scores: MentionScores

    def row(self) -> list[Cell]:
        recall, accuracy = self.scores.recall, self.scores.accuracy
        return [
            *(recall.value, recall.text(), accuracy.value, accuracy.text()),
            *(self.scores.units, self.scores.mentions),
        ]

    def to_json(self) -> dict[str, Any]:
        return self.scores.to_json()


ENTITY_COLUMNS = ("precision", "recall", "f1", "95 % of f1", "accuracy", "sentences", "entities")
MENTION_COLUMNS = ("recall", "95 % of recall", "accuracy", "95 % of acc.", "units", "mentions")


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """The runs by language, and what was applied to what."""

    model: dict[str, Any]
    benchmark: str
    ignore_labels: tuple[str, ...]
    runs: dict[str, EntityRun] | dict[str, MentionRun]
    corpora: dict[str, dict[str, Any]]

    def table(self) -> str:
        """One row a language, and the mean of the scores."""
        rows: list[list[Cell]] = [[lang, *run.row()] for lang, run in self.runs.items()]
        mentions = any(isinstance(run, MentionRun) for run in self.runs.values())
        columns = ["language", *(MENTION_COLUMNS if mentions else ENTITY_COLUMNS)]
        if len(rows) > 1:
            rows.append(["mean", *(_mean(column) for column in list(zip(*rows, strict=True))[1:])])
        return format_table(columns, rows)

    def to_json(self) -> dict[str, Any]:
        return {
            "benchmark": self.benchmark,
            "model": self.model,
            "ignore_labels": list(self.ignore_labels),
            "languages": {
                lang: {"corpus": self.corpora[lang], **run.to_json()}
                for lang, run in self.runs.items()
            },
        }


def evaluate(
    tagger: Tagger,
    corpora: Mapping[str, Corpus],
    *,
    benchmark: str,
    mentions: bool = False,
    ignore_labels: Sequence[str] = (),
    label_map: Mapping[str, str] = COMMON_LABELS,
    say: Say = silent,
) -> Evaluation:
    """Apply the tagger to the words of each corpus, and score what it finds.

    mentions: the gold is a subset of all entities. ignore_labels: left out on both sides.
    label_map: names of the benchmark for the tagger's labels. say: called with a line of text as
    the run goes on.
    """
    # All files are read first, so that a broken one costs no time.
    golds = {lang: corpus() for lang, corpus in corpora.items()}
    runs: dict[str, Any] = {}
    for lang, gold in golds.items():
        start = time.perf_counter()
        pred = tagged_copies(tagger, gold, label_map=label_map, ignore_labels=ignore_labels)
        say(f"{lang}: {len(gold)} sentences tagged in {time.perf_counter() - start:.1f} s")
        if mentions:
            runs[lang] = MentionRun(score_mentions(gold, pred, ignore_labels=ignore_labels))
        else:
            scores = score_docs(gold, pred, ignore_labels=ignore_labels)
            runs[lang] = EntityRun(scores, _f1_interval(gold, pred, ignore_labels))
    return Evaluation(
        tagger.describe(),
        benchmark,
        tuple(ignore_labels),
        runs,
        {lang: corpus.describe() for lang, corpus in corpora.items()},
    )


def _f1_interval(gold: Sequence[Doc], pred: Sequence[Doc], ignore: Sequence[str]) -> Interval:
    golds, preds = [], []
    for i, (gold_doc, pred_doc) in enumerate(zip(gold, pred, strict=True), 1):
        gold_spans, pred_spans, _ = common_spans(gold_doc, pred_doc, i)
        golds.append([span for span in gold_spans if span.label not in ignore])
        preds.append([span for span in pred_spans if span.label not in ignore])
    return f1_interval(item_counts(golds, preds))


def _mean(column: Sequence[Cell]) -> Cell:
    """Of scores; none of texts and counts."""
    values = [value for value in column if isinstance(value, float)]
    return sum(values) / len(column) if len(values) == len(column) else None
