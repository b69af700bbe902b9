"""What the views of one target propose, and what of it is right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_xproj.data.access import Views
from spacy_xproj.data.spans import overlap
from spacy_xproj.ensembling.ballots import Ballot, collect
from spacy_xproj.ensembling.base import Case

from ..xquad.build import GROUP


class Task(NamedTuple):
    """ballot: of n proposals. right: bool (n,), the proposal is gold, exactly. judged: bool (n,),
    it counts as predicted where it is chosen. gold: int (sentences,), how many there are to find.
    touched: int (sentences,), how many of these are in a conflict. cases: what may be read."""

    lang: str
    ballot: Ballot
    right: np.ndarray
    judged: np.ndarray
    gold: np.ndarray
    cases: list[Case]

    def counts(self, chosen: np.ndarray) -> np.ndarray:
        """Of what was chosen, bool (n,), for each sentence: correct, gold, predicted."""
        n = len(self.gold)
        correct, predicted = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        np.add.at(correct, self.ballot.sentence[chosen & self.right], 1)
        np.add.at(predicted, self.ballot.sentence[chosen & self.judged], 1)
        return np.stack([correct, self.gold, predicted], axis=1)


def make_task(
    lang: str, gold: Sequence[Doc], docs: Sequence[Doc], *, without: Collection[str] = ()
) -> Task:
    """From documents with projected views, and the same with their gold.

    Gold are a document's entities; or, where it has XQuAD-NER's mentions, these: they are a subset
    of all entities, so that only proposals that share a word with one count as predicted, and an
    overlapping span that is not exactly it is wrong for certain. without: languages whose views are
    not heard.
    """
    spans = [_gold(doc) for doc in gold]
    views = [[view for view in Views(doc).values() if view.lang not in without] for doc in docs]
    langs = list(dict.fromkeys(view.lang for own in views for view in own))
    ballot = collect(views, langs)
    subset = any(GROUP in doc.spans for doc in gold)
    right, judged = np.zeros(len(ballot), dtype=bool), np.ones(len(ballot), dtype=bool)
    rows = zip(ballot.sentence.tolist(), ballot.spans.tolist(), ballot.label.tolist(), strict=True)
    for row, (number, (start, end), label) in enumerate(rows):
        own = spans[number]
        right[row] = (start, end, ballot.labels[label]) in own
        if subset:
            judged[row] = any(overlap(start, end, a, b) for a, b, _ in own)
    cases = [Case(lang, Views(doc).target, own) for doc, own in zip(docs, views, strict=True)]
    sizes = np.array([len(own) for own in spans], dtype=np.int64)
    return Task(lang, ballot, right, judged, sizes, cases)


def _gold(doc: Doc) -> set[tuple[int, int, str]]:
    spans = doc.spans.get(GROUP, doc.ents)
    return {(span.start, span.end, span.label_) for span in spans}
