"""A NER model of the target language: its spans as candidates, its probabilities as a score."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..abilities import check_all_ready, check_part
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..errors import Errors, XProjError
from .base import Candidates, ProbabilityTagger, SpanTagger
from .batch import Batch
from .candidates import as_candidates

EXAMPLE = '"@xproj_taggers": "spacy-xproj.HFTagger.v1"'
_FIRST = ("B", "S", "U")
_REST = ("I", "E", "L")


class NerSpans:
    """``spacy-xproj.NerSpans.v1``: the entities that a NER model finds in the target sentence.

    tagger: a block of ``xproj_taggers``, for the target language. sub_spans: also every part of
    each, of up to ``max_length`` words. No links are needed. Each distinct target of a batch is
    tagged once.
    """

    def __init__(self, *, tagger: Any, sub_spans: bool = False, max_length: int = 10) -> None:
        user = "spacy-xproj.NerSpans.v1"
        self.tagger: SpanTagger = check_part(
            tagger, SpanTagger, user=user, setting="tagger", example=EXAMPLE
        )
        if max_length < 1:
            raise XProjError(
                Errors.XP151.format(name="max_length", value=max_length, least=1, fix=10)
            )
        self.sub_spans = sub_spans
        self.max_length = max_length

    def find(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Candidates]:
        """The spans found in each target, in order."""
        distinct = list(dict.fromkeys(targets))
        # A tagger takes views; of which language the words are makes no difference to it.
        own = [SourceView("xx", target.words, target.spaces) for target in distinct]
        found = zip(distinct, self.tagger.tag(own) if own else (), strict=True)
        spans = {t: self._spans([(e.start, e.end) for e in entities]) for t, entities in found}
        return [spans[target] for target in targets]

    def _spans(self, found: Sequence[tuple[int, int]]) -> Candidates:
        spans = set(found)
        if self.sub_spans:
            spans |= {
                (first, last)
                for start, end in found
                for first in range(start, end)
                for last in range(first + 1, min(first + self.max_length, end) + 1)
            }
        return as_candidates(spans)

    def check_ready(self) -> None:
        """Raise XProjError where the tagger is not ready."""
        check_all_ready(self.tagger)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "ner_spans",
            "sub_spans": self.sub_spans,
            "max_length": self.max_length,
            "tagger": self.tagger.describe(),
        }


class NerScore:
    """``spacy-xproj.NerScore.v1``: what a NER model of the target thinks of a candidate: the mean
    probability of B-l at its first word and I-l at the rest, times alpha ** (words - 1), where l is
    the entity's label (docs/methods.md, "ner"). Below ``min_score`` it is 0. Each distinct target
    of a batch is tagged once.

    tagger: a block of ``xproj_taggers`` that gives probabilities, such as ``HFTagger``.
    any_label: the highest over all labels instead ("ner_spans": is it an entity at all?).
    label_map: new names of the tagger's labels; probabilities of labels that become one are added.
    An entity whose label the tagger does not have scores 0, unless ``any_label``.
    """

    def __init__(
        self,
        *,
        tagger: Any,
        any_label: bool = False,
        label_map: dict[str, str] = {},  # noqa: B006  (spaCy fills configs from it; it is copied)
        alpha: float = 1.15,
        min_score: float = 0.05,
    ) -> None:
        user = "spacy-xproj.NerScore.v1"
        self.tagger: ProbabilityTagger = check_part(
            tagger, ProbabilityTagger, user=user, setting="tagger", example=EXAMPLE
        )
        if alpha <= 0:
            raise XProjError(Errors.XP507.format(name="alpha", value=alpha))
        self.any_label = any_label
        self.label_map = dict(label_map)
        self.alpha = alpha
        self.min_score = min_score

    def score(self, batch: Batch) -> np.ndarray:
        """The score of each pair, shape (p,); NaN where a probability is not a finite number."""
        values = np.zeros(len(batch.entity))
        blocks = [(v, b) for v, b in enumerate(batch.blocks()) if b.pairs.start < b.pairs.stop]
        distinct = list(dict.fromkeys(batch.targets[v].words for v, _ in blocks))
        tagged = self.tagger.probabilities(distinct) if distinct else []
        probabilities = dict(zip(distinct, tagged, strict=True))
        for v, block in blocks:
            spans = batch.candidates[v]
            names, table = self._table(probabilities[batch.targets[v].words], spans)
            # row 0 is for labels that the tagger does not have
            table = np.concatenate([np.zeros((1, len(spans))), table])
            if self.any_label and names:
                best = table[1:].max(axis=0)
                rows = [best for _ in batch.entities[block.entities]]
            else:
                place = {name: i for i, name in enumerate(names, 1)}
                rows = [table[place.get(e.label, 0)] for e in batch.entities[block.entities]]
            values[block.pairs] = np.concatenate(rows)
        return values

    def _columns(self) -> dict[str, tuple[list[int], list[int]]]:
        """For each label, renamed, the tagger's outputs for its first word and for the others."""
        columns: dict[str, tuple[list[int], list[int]]] = {}
        for i, tag in enumerate(self.tagger.labels):
            prefix, _, name = tag.partition("-")
            if not name:
                continue
            first, rest = columns.setdefault(self.label_map.get(name, name), ([], []))
            if prefix in _FIRST:
                first.append(i)
            elif prefix in _REST:
                rest.append(i)
        # Some models (IOB1) begin an entity with I-; a label of single words only has no I-.
        return {name: (first or rest, rest) for name, (first, rest) in sorted(columns.items())}

    def _table(
        self, probabilities: np.ndarray, candidates: Candidates
    ) -> tuple[list[str], np.ndarray]:
        """The labels, and a score per label and candidate: shape (n_labels, n_candidates)."""
        columns = self._columns()
        shape = (len(columns), len(probabilities))
        first, rest = np.zeros(shape), np.zeros(shape)
        for row, (begin, inside) in enumerate(columns.values()):
            first[row] = probabilities[:, begin].sum(axis=1)
            rest[row] = probabilities[:, inside].sum(axis=1)
        # One word that is not finite would spoil the sums of all words behind it.
        bad = ~np.isfinite(first + rest)
        first[bad] = rest[bad] = 0.0

        def within(values: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
            sums = np.pad(values.cumsum(axis=1), ((0, 0), (1, 0)))
            return sums[:, ends] - sums[:, starts]

        starts, ends = candidates[:, 0], candidates[:, 1]
        lengths = ends - starts
        means = (first[:, starts] + within(rest, starts + 1, ends)) / lengths
        table = means * self.alpha ** (lengths - 1.0)
        table[table < self.min_score] = 0.0
        table[within(bad.astype(float), starts, ends) > 0] = np.nan
        return list(columns), table

    def check_ready(self) -> None:
        """Raise XProjError where the tagger is not ready."""
        check_all_ready(self.tagger)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "ner_score",
            "any_label": self.any_label,
            "label_map": dict(self.label_map),
            "alpha": self.alpha,
            "min_score": self.min_score,
            "tagger": self.tagger.describe(),
        }
