"""A NER model of the target language: its spans as candidates, its probabilities as a score."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..data.views import Sentence, SourceView
from ..errors import Errors, XProjError
from .base import Candidates, ProbabilityTagger, Scores, SpanTagger, check_part
from .batch import BatchCache
from .candidates import as_candidates

_FIRST = ("B", "S", "U")
_REST = ("I", "E", "L")


class NerSpans:
    """What ``make_ner_spans`` describes."""

    def __init__(self, *, tagger: SpanTagger, sub_spans: bool, max_length: int) -> None:
        self.tagger = tagger
        self.sub_spans = sub_spans
        self.max_length = max_length
        self._found = BatchCache(self._tag)

    def _tag(self, targets: list[Sentence]) -> list[list[tuple[int, int]]]:
        # A tagger takes views; of which language the words are makes no difference to it.
        views = [SourceView("xx", t.words, t.spaces) for t in targets]
        return [[(e.start, e.end) for e in found] for found in self.tagger.tag(views)]

    def prepare(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> None:
        """Tag each distinct target of a batch once."""
        self._found.prepare(targets)

    def __call__(self, view: SourceView, target: Sentence) -> Candidates:
        spans = set(self._found.get([target])[target])
        if self.sub_spans:
            spans |= {
                (first, last)
                for start, end in spans
                for first in range(start, end)
                for last in range(first + 1, min(first + self.max_length, end) + 1)
            }
        return as_candidates(spans)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "ner_spans",
            "sub_spans": self.sub_spans,
            "max_length": self.max_length,
            "tagger": self.tagger.describe(),
        }


def make_ner_spans(tagger: Any, sub_spans: bool = False, max_length: int = 10) -> NerSpans:
    """``spacy-xproj.NerSpans.v1``: the entities that a NER model finds in the target sentence.

    tagger: a block of ``xproj_taggers``, for the target language. sub_spans: also every part of
    each, of up to ``max_length`` words. No links are needed. The tagger runs once per batch.
    """
    check_part("spacy-xproj.NerSpans.v1", "tagger", tagger, "tag")
    if max_length < 1:
        raise XProjError(Errors.XP503.format(name="max_length", value=max_length))
    return NerSpans(tagger=tagger, sub_spans=sub_spans, max_length=max_length)


class NerScore:
    """What ``make_ner_score`` describes."""

    def __init__(
        self,
        *,
        tagger: ProbabilityTagger,
        any_label: bool,
        label_map: Mapping[str, str],
        alpha: float,
        min_score: float,
    ) -> None:
        self.tagger = tagger
        self.any_label = any_label
        self.label_map = dict(label_map)
        self.alpha = alpha
        self.min_score = min_score
        self._probabilities = BatchCache(self._run)

    def _run(self, sentences: list[tuple[str, ...]]) -> list[np.ndarray]:
        return self.tagger.probabilities(sentences)

    def prepare(
        self,
        views: Sequence[SourceView],
        targets: Sequence[Sentence],
        candidates: Sequence[Candidates],
    ) -> None:
        """Run the tagger over each distinct target of a batch once."""
        self._probabilities.prepare(target.words for target in targets)

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

    def __call__(self, view: SourceView, target: Sentence, candidates: Candidates) -> Scores:
        entities = view.entities or ()
        dense = np.zeros((len(entities), len(candidates)))
        if not dense.size:
            return Scores.from_dense(dense)
        names, table = self._table(
            self._probabilities.get([target.words])[target.words], candidates
        )
        for i, entity in enumerate(entities):
            if self.any_label and names:
                dense[i] = table.max(axis=0)
            elif entity.label in names:
                dense[i] = table[names.index(entity.label)]
        return Scores.from_dense(dense)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "ner_score",
            "any_label": self.any_label,
            "label_map": dict(self.label_map),
            "alpha": self.alpha,
            "min_score": self.min_score,
            "tagger": self.tagger.describe(),
        }


def make_ner_score(
    tagger: Any,
    any_label: bool = False,
    label_map: dict[str, str] = {},  # noqa: B006  (spaCy fills configs from it; it is copied)
    alpha: float = 1.15,
    min_score: float = 0.05,
) -> NerScore:
    """``spacy-xproj.NerScore.v1``: what a NER model of the target thinks of a candidate: the mean
    probability of B-l at its first word and I-l at the rest, times alpha ** (words - 1), where l is
    the entity's label (METHODS, "ner"). Below ``min_score`` it is 0. The tagger runs once per
    batch.

    tagger: a block of ``xproj_taggers`` that gives probabilities, such as ``HFTagger``.
    any_label: the highest over all labels instead ("ner_spans": is it an entity at all?).
    label_map: new names of the tagger's labels; probabilities of labels that become one are added.
    An entity whose label the tagger does not have scores 0, unless ``any_label``.
    """
    user = "spacy-xproj.NerScore.v1"
    check_part(user, "tagger", tagger, "probabilities")
    if alpha <= 0:
        raise XProjError(Errors.XP507.format(name="alpha", value=alpha))
    return NerScore(
        tagger=tagger, any_label=any_label, label_map=label_map, alpha=alpha, min_score=min_score
    )
