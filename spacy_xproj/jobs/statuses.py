"""What became of each sentence and source entity of a shard: lines of JSON, and counts.

One line is about one thing, as its key ``kind`` says:

- ``entity``: a source entity. ``lang``, ``source`` (its text), ``source_start`` and ``source_end``
  (characters of the source sentence), ``label``, ``status``, ``reason``, ``score``; and where it
  was projected ``text``, ``start`` and ``end`` (characters of the target sentence, end exclusive);
  ``source_label`` is the entity's own label, where the corpus agrees on another.
- ``ensemble``: what views proposed, where they are merged. ``text``, ``start``, ``end``, ``label``,
  ``score``; ``support``, the views that propose it, each with the score of its projection;
  ``status`` ``kept``, or why it was outvoted, and ``reason``.
- ``view``: a source sentence that is not usable as it is (``no_translation``, ``truncated`` ...):
  ``lang``, ``status``, ``reason``.
- ``unplaced``: an entity that a teacher named and that is not in the source sentence: ``lang``,
  ``source`` (its text, of a long one the beginning), ``label``, ``status`` (``unplaced``),
  ``reason``.
- ``sentence``: a sentence that could not be read or processed: ``status`` (``failed``),
  ``component`` (``read`` for a malformed line), ``reason``. It is an empty or unlabelled document.
  So is one that has no source sentence in any language: ``status`` (``no_source``), ``reason``.

All have ``row``, the number of the sentence in the input and of its document in the shards (from
0), and ``place``, its file and line.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ..data.access import Views
from ..data.ensembled import Ensembled, Merged, Outvoted
from ..data.status import ViewStatus
from ..data.unplaced import unplaced
from ..data.views import SourceView

encode_line = json.JSONEncoder(ensure_ascii=False).encode
SHOWN_FAILURES = 100
KEPT = "kept"
NO_SOURCE = "no_source"
_NO_SOURCE = "the input gives no source sentence with it, and no component makes one"


class SentenceFailure(NamedTuple):
    """A sentence that could not be read or processed."""

    row: int
    place: str
    component: str
    reason: str


class Counts:
    """How many sentences, entities, statuses ... there are; two can be added. kept, outvoted: the
    proposals of an ensemble, by how many views support them. rulings: conflicts that were put to
    an arbiter; unruled: those that the vote decided in its place, by reason. replaced_entities,
    replaced_documents: of the input, which had labels."""

    NUMBERS = (
        *("documents", "source_sentences", "projected_entities"),
        *("replaced_entities", "replaced_documents", "rulings"),
    )
    FIELDS = ("statuses", "view_statuses", "ignored", "failed", "kept", "outvoted", "unruled")

    def __init__(self, plain: dict[str, Any] | None = None) -> None:
        plain = plain or {}
        self.documents: int = plain.get("documents", 0)
        self.source_sentences: int = plain.get("source_sentences", 0)
        self.projected_entities: int = plain.get("projected_entities", 0)
        self.replaced_entities: int = plain.get("replaced_entities", 0)
        self.replaced_documents: int = plain.get("replaced_documents", 0)
        self.rulings: int = plain.get("rulings", 0)
        self.statuses, self.view_statuses, self.ignored, self.failed, *votes = (
            Counter[str](plain.get(field, {})) for field in self.FIELDS
        )
        self.kept, self.outvoted, self.unruled = votes

    def __iadd__(self, other: "Counts") -> "Counts":
        for number in self.NUMBERS:
            setattr(self, number, getattr(self, number) + getattr(other, number))
        for field in self.FIELDS:
            getattr(self, field).update(getattr(other, field))
        return self

    @property
    def all_failed(self) -> bool:
        return sum(self.failed.values()) == self.documents

    def to_plain(self) -> dict[str, Any]:
        """By name; statuses, labels and components in alphabetical order."""
        return {
            "documents": self.documents,
            "failed_documents": sum(self.failed.values()),
            "source_sentences": self.source_sentences,
            "source_entities": sum(self.statuses.values()),
            "projected_entities": self.projected_entities,
            "replaced_entities": self.replaced_entities,
            "replaced_documents": self.replaced_documents,
            "rulings": self.rulings,
            **{field: dict(sorted(getattr(self, field).items())) for field in self.FIELDS},
        }


def describe_docs(
    docs: Sequence[Doc],
    places: Sequence[str],
    failures: Sequence[SentenceFailure],
    *,
    start: int,
    had: Sequence[int] = (),
    needs_source: bool = False,
) -> tuple[bytes, Counts]:
    """The lines of statuses of documents whose first has the row ``start``, and their counts. had:
    how many entities each had in the input. needs_source: whether one without a view of any
    language could not be labelled."""
    failed = {failure.row: failure for failure in failures}
    counts = Counts()
    counts.replaced_entities, counts.replaced_documents = sum(had), sum(map(bool, had))
    lines = []
    for row, (doc, place) in enumerate(zip(docs, places, strict=True), start):
        counts.documents += 1
        counts.projected_entities += len(doc.ents)
        head = {"row": row, "place": place}
        for line in _lines(doc, failed.get(row), counts, needs_source):
            lines.append(encode_line({**head, **line}) + "\n")
    return "".join(lines).encode("utf-8"), counts


def _lines(
    doc: Doc, failure: SentenceFailure | None, counts: Counts, needs_source: bool
) -> Iterator[dict[str, Any]]:
    if failure is not None:
        counts.failed[failure.component] += 1
        about = {"component": failure.component, "reason": failure.reason}
        yield {"kind": "sentence", "status": "failed", **about}
    views = Views(doc, steady=True)
    counts.source_sentences += len(views)
    if needs_source and not len(views) and len(doc) and failure is None:
        counts.view_statuses[NO_SOURCE] += 1
        yield {"kind": "sentence", "status": NO_SOURCE, "reason": _NO_SOURCE}
    for lang in views:
        view = views[lang]
        if view.ignored:
            counts.ignored.update(view.ignored)
        if view.status is not ViewStatus.OK:
            counts.view_statuses[view.status.value] += 1
            yield {
                "kind": "view",
                "lang": lang,
                "status": view.status.value,
                "reason": view.reason,
            }
        if view.projections:
            for p in view.projections:
                counts.statuses[p.status.value] += 1
            yield from _entities(views.target.text, view)
    for lang, lost in unplaced(doc):
        about = {"lang": lang, "source": lost.text, "label": lost.label}
        yield {"kind": "unplaced", **about, "status": "unplaced", "reason": lost.reason}
    merged = Ensembled(doc)
    counts.kept.update(str(len(one.support)) for one in merged.entities)
    counts.outvoted.update(str(len(one.support)) for one in merged.outvoted)
    counts.rulings += len(merged.rulings)
    counts.unruled.update(one.why for one in merged.rulings if one.answer is None)
    proposals: list[Merged | Outvoted] = [*merged.entities, *merged.outvoted]
    for one in sorted(proposals, key=lambda p: (p.start, p.end, p.label)):
        yield {
            "kind": "ensemble",
            "text": doc.text[one.start_char : one.end_char],
            "start": one.start_char,
            "end": one.end_char,
            "label": one.label,
            "status": one.status.value if isinstance(one, Outvoted) else KEPT,
            "reason": one.reason if isinstance(one, Outvoted) else "",
            "score": one.score,
            "support": dict(one.support),
        }


def _entities(text: str, view: SourceView) -> Iterator[dict[str, Any]]:
    """text: of the target."""
    for p in view.projections or ():
        entity = (view.entities or ())[p.entity]
        line = {
            "kind": "entity",
            "lang": view.lang,
            "source": view.entity_text(entity),
            "source_start": entity.start_char,
            "source_end": entity.end_char,
            "label": p.label,
            "status": p.status.value,
            "reason": p.reason,
            "score": p.score,
        }
        if p.start_char is not None and p.end_char is not None:
            line["text"] = text[p.start_char : p.end_char]
            line["start"], line["end"] = p.start_char, p.end_char
        yield line
