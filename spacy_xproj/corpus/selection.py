"""Which documents to train on or to hand on: complete, sure, no repeats, few without entities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from ..data.labels import is_labelled
from ..data.span_groups import entity_labels
from ..io.formats.files import NO_LABELS
from .dedup import check_kind, duplicates, text_key
from .filtering import Dropped, Filtered, check_filters, filter_docs
from .splits import check_share, too_many

EMPTY = "empty"
DUPLICATE = {"exact": "duplicate", "near": "near-duplicate"}


@dataclass(frozen=True)
class Criteria:
    """What a document must fulfil to be kept.

    filters, min_confidence, on_low, without_views: see ``filter_docs``. dedup: leave out texts that
    repeat an earlier one, ``exact`` or ``near``. max_empty_share: of the kept documents at most
    this share has no entity; which of them stay follows from seed and text. spans_key: entities are
    those of this group of ``doc.spans``; None for ``doc.ents``.
    """

    filters: Sequence[str] = ()
    min_confidence: float | None = None
    on_low: str = "drop"
    without_views: str = "keep"
    dedup: str | None = None
    max_empty_share: float = 1.0
    seed: int = 0
    spans_key: str | None = None

    def check(self) -> None:
        """Raise XProjError for a value that does not hold."""
        check_filters(self.filters, self.min_confidence, self.on_low, self.without_views)
        check_share("max_empty_share", self.max_empty_share)
        if self.dedup is not None:
            check_kind(self.dedup)


def select_docs(docs: Sequence[Doc], criteria: Criteria, *, known: Iterable[str] = ()) -> Filtered:
    """Keep the documents that fulfil the criteria; what is left out is listed with its reasons.

    First each document is looked at on its own (one that was never labelled, with or without
    success, does not stay); of those that stay, repeats are left out, and then empty ones. known:
    texts that count as earlier ones. Raises XProjError for criteria that do not hold, and where a
    view lacks what a filter looks at.
    """
    criteria.check()
    filtered = filter_docs(
        docs,
        criteria.filters,
        min_confidence=criteria.min_confidence,
        on_low=criteria.on_low,
        without_views=criteria.without_views,
    )
    kept = dict(zip(filtered.rows, filtered.kept, strict=True))
    dropped = list(filtered.dropped)
    key = criteria.spans_key
    for row in [row for row, doc in kept.items() if not is_labelled(doc, key)]:
        dropped.append(Dropped.from_doc(row, kept.pop(row), [NO_LABELS]))
    for row, first in _repeats(kept, criteria, known).items():
        reasons = [DUPLICATE[criteria.dedup or ""]]
        dropped.append(Dropped.from_doc(row, kept.pop(row), reasons, repeats=first))
    for row in _empty(kept, criteria):
        dropped.append(Dropped.from_doc(row, kept.pop(row), [EMPTY]))
    return Filtered(
        list(kept.values()),
        sorted(dropped, key=lambda one: one.row),
        list(kept),
        [one for one in filtered.unlabelled if one.row in kept],
    )


def _repeats(
    kept: dict[int, Doc], criteria: Criteria, known: Iterable[str]
) -> dict[int, int | None]:
    """The rows that repeat an earlier one, and which."""
    if criteria.dedup is None:
        return {}
    rows = list(kept)
    found = duplicates([doc.text for doc in kept.values()], criteria.dedup, known=known)
    return {rows[i]: None if first is None else rows[first] for i, first in found.items()}


def _empty(kept: dict[int, Doc], criteria: Criteria) -> list[int]:
    """The rows without entities that are too many."""
    rows = list(kept)
    flags = [not entity_labels(doc, criteria.spans_key) for doc in kept.values()]
    keys = [text_key(doc.text) for doc in kept.values()]
    found = too_many(flags, keys, criteria.max_empty_share, seed=criteria.seed)
    return [rows[i] for i in sorted(found)]
