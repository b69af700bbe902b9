"""Leaving out sentences whose projection is not complete."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ..projection.filters import holding
from ..views import Sentence, Views

FAILED = "failed"


class Dropped(NamedTuple):
    """A document left out: its row (from 0) and text, the filters that do not hold (or "failed",
    where a component could not process it), and its source entities with what became of them."""

    row: int
    text: str
    reasons: list[str]
    projections: list[dict[str, Any]]


class Filtered(NamedTuple):
    """The documents that stay, in order, and those that do not."""

    kept: list[Doc]
    dropped: list[Dropped]

    def counts(self) -> dict[str, int]:
        """How many documents each reason dropped; one may have several."""
        counts = Counter(reason for one in self.dropped for reason in one.reasons)
        return dict(sorted(counts.items()))


def filter_docs(
    docs: Sequence[Doc], names: Sequence[str], *, failed: Collection[int] = ()
) -> Filtered:
    """Keep the documents of which every view passes every named filter.

    failed: places of documents that could not be processed; they cannot pass. Raises XProjError
    for a name of no filter, and where a view lacks what a filter looks at.
    """
    kept: list[Doc] = []
    dropped: list[Dropped] = []
    for row, doc in enumerate(docs):
        if row in failed:
            reasons = [FAILED]
        else:
            target = Sentence.from_doc(doc)
            held = [holding(view, target, names) for view in Views(doc).values()]
            reasons = [name for name in dict.fromkeys(names) if not all(h[name] for h in held)]
        if reasons:
            dropped.append(Dropped(row, doc.text, reasons, _plain(doc)))
        else:
            kept.append(doc)
    return Filtered(kept, dropped)


def _plain(doc: Doc) -> list[dict[str, Any]]:
    return [
        {
            "lang": view.lang,
            "text": view.entity_text((view.entities or ())[p.entity]),
            "label": p.label,
            "status": p.status.value,
            "reason": p.reason,
        }
        for view in Views(doc).values()
        for p in view.projections or ()
    ]
