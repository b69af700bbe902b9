"""Leaving out sentences whose projection is not complete, or whose entities are not sure.

Documents without source views have labels that nothing projected, gold ones for example: they pass
what looks at views, unless the settings say not to keep them.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span

from ..data.access import Views
from ..data.ensembled import Ensembled
from ..data.status import Status
from ..errors import Errors, XProjError
from .filters import check_names, holding

FAILED, LOW, NO_SCORE, NO_VIEWS = "failed", "low-confidence", "no-score", "no-views"
ON_LOW = ("drop", "missing", "outside")
WITHOUT_VIEWS = ("keep", "drop")


class Dropped(NamedTuple):
    """A document left out: its row (from 0) and text, the reasons (filters that do not hold;
    "failed", where a component could not process it; or others), its source entities with what
    became of them, its entities with their confidence, and the row that it repeats, if any."""

    row: int
    text: str
    reasons: list[str]
    projections: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    repeats: int | None = None

    @classmethod
    def from_doc(
        cls, row: int, doc: Doc, reasons: list[str], *, repeats: int | None = None
    ) -> "Dropped":
        return cls(row, doc.text, reasons, _projections(doc), _entities(doc), repeats)


class Unlabelled(NamedTuple):
    """An entity that its document lost: the document's row (from 0), where, what and why."""

    row: int
    start_char: int
    end_char: int
    text: str
    label: str
    score: float | None
    reason: str


class Filtered(NamedTuple):
    """The documents that stay, in order, and those that do not; the rows (from 0) of the former,
    and the entities that were taken from them."""

    kept: list[Doc]
    dropped: list[Dropped]
    rows: list[int]
    unlabelled: list[Unlabelled]

    def counts(self) -> dict[str, int]:
        """How many documents each reason dropped; one may have several."""
        counts = Counter(reason for one in self.dropped for reason in one.reasons)
        return dict(sorted(counts.items()))


def check_filters(
    names: Sequence[str], min_confidence: float | None, on_low: str, without_views: str
) -> None:
    """Raise XProjError for settings of ``filter_docs`` that do not hold."""
    check_names(names)
    for name, value, known in (
        ("on_low", on_low, ON_LOW),
        ("without_views", without_views, WITHOUT_VIEWS),
    ):
        if value not in known:
            raise XProjError(
                Errors.XP150.format(
                    kind=name, name=value, fix=f"{name} = {known[0]!r}", known=", ".join(known)
                )
            )
    if min_confidence is not None and not math.isfinite(min_confidence):
        raise XProjError(Errors.XP668.format(value=min_confidence))


def entity_scores(doc: Doc) -> list[float | None]:
    """The confidence of each of ``doc.ents``: what an ensemble that merged the views gave it, else
    the best score among the projections, of any view, onto exactly its words with its label. None
    where there is none, or none with a score (as of the heuristic)."""
    best: dict[tuple[int | None, int | None, str], float] = {}
    for view in Views(doc).values():
        for p in view.projections or ():
            if p.status is Status.PROJECTED and p.score is not None:
                key = (p.start, p.end, p.label)
                best[key] = max(p.score, best.get(key, p.score))
    best |= {(e.start, e.end, e.label): e.score for e in Ensembled(doc).entities}
    return [best.get((ent.start, ent.end, ent.label_)) for ent in doc.ents]


def filter_docs(
    docs: Sequence[Doc],
    names: Sequence[str],
    *,
    failed: Collection[int] = (),
    min_confidence: float | None = None,
    on_low: str = "drop",
    without_views: str = "keep",
) -> Filtered:
    """Keep the documents of which every view passes every named filter, and every entity is sure.

    failed: places of documents that could not be processed; they cannot pass, nor can those with a
    projection of status ``error``. min_confidence: the least score of an entity (see
    ``entity_scores``) where there are views. on_low: what becomes of an entity below it or without
    a score: ``drop`` its document; leave its words ``missing``, which spaCy does not train on; or
    ``outside``, which teaches that they are no entity. In the latter two cases the document is
    copied, not changed. without_views: ``keep`` or ``drop`` documents that nothing was projected
    onto. Raises XProjError for settings that do not hold, and where a view lacks what a filter
    looks at.
    """
    check_filters(names, min_confidence, on_low, without_views)
    result = Filtered([], [], [], [])
    for row, doc in enumerate(docs):
        unsure = [] if min_confidence is None else _unsure(doc, min_confidence)
        if row in failed or Views(doc).statuses()[Status.ERROR.value]:
            reasons = [FAILED]
        elif not len(Views(doc)):
            reasons = [NO_VIEWS] if without_views == "drop" else []
        else:
            reasons = _failing(doc, names)
            if on_low == "drop":
                reasons += sorted({reason for reason in unsure if reason})
        if reasons:
            result.dropped.append(Dropped.from_doc(row, doc, reasons))
            continue
        if any(unsure):
            result.unlabelled.extend(_unlabelled(row, doc, unsure))
            doc = _without(doc, unsure, on_low)
        result.kept.append(doc)
        result.rows.append(row)
    return result


def _failing(doc: Doc, names: Sequence[str]) -> list[str]:
    """The filters that not every view passes."""
    if not names:
        return []
    target = Views(doc).target
    held = [holding(view, target, names) for view in Views(doc).values()]
    return [name for name in dict.fromkeys(names) if not all(h[name] for h in held)]


def _unsure(doc: Doc, least: float) -> list[str]:
    """For each entity why it is not sure enough; empty where it is."""
    if not len(Views(doc)):
        return [""] * len(doc.ents)
    return [
        NO_SCORE if score is None else LOW if score < least else "" for score in entity_scores(doc)
    ]


def _unlabelled(row: int, doc: Doc, unsure: Sequence[str]) -> list[Unlabelled]:
    return [
        Unlabelled(row, ent.start_char, ent.end_char, ent.text, ent.label_, score, reason)
        for ent, score, reason in zip(doc.ents, entity_scores(doc), unsure, strict=True)
        if reason
    ]


def _without(doc: Doc, unsure: Sequence[str], on_low: str) -> Doc:
    """A copy without the entities that are not sure."""
    copy = doc.copy()
    gone = [Span(copy, e.start, e.end) for e, why in zip(doc.ents, unsure, strict=True) if why]
    if on_low == "missing":
        copy.set_ents([], missing=gone, default="unmodified")
    else:
        copy.set_ents([], outside=gone, default="unmodified")
    return copy


def _projections(doc: Doc) -> list[dict[str, Any]]:
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


def _entities(doc: Doc) -> list[dict[str, Any]]:
    return [
        {"start": ent.start_char, "end": ent.end_char, "label": ent.label_, "score": score}
        for ent, score in zip(doc.ents, entity_scores(doc), strict=True)
    ]
