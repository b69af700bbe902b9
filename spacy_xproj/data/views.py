"""What one source language knows about a target document: a source sentence, its entities, the
links to the target's words, and what became of each entity. Views are immutable: change one with
``view.replace(...)``.
"""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import Errors, XProjError
from .links import Links
from .provenance import Provenance
from .rendering import to_html
from .sentence import Sentence
from .span_groups import SPANCAT, read_group
from .spans import Pieces, check_pieces
from .status import Status, ViewStatus

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


class Entity(NamedTuple):
    """An entity of the source sentence: words ``[start, end)``, its characters, and its label.

    pieces: of one that is discontinuous, the words ``[start, end)`` of each part, in order, the
    first from ``start`` and the last up to ``end``; else empty. Entities may overlap.
    """

    start: int
    end: int
    label: str
    start_char: int
    end_char: int
    score: float | None = None
    pieces: Pieces = ()

    @property
    def parts(self) -> Pieces:
        """The words of each part; of most there is one."""
        return self.pieces or ((self.start, self.end),)


class Projection(NamedTuple):
    """What became of source entity number ``entity``: a target span, or none and why not.

    runner_up: the target words ``[start, end)`` that scored best besides the span, where the method
    compares several. margin: the span's score less theirs; it is below 0 where they would have done
    better by themselves but the sentence as a whole would not. pieces: as those of ``Entity``, of
    the target's words.
    """

    entity: int
    label: str
    status: Status
    start: int | None = None
    end: int | None = None
    start_char: int | None = None
    end_char: int | None = None
    score: float | None = None
    reason: str = ""
    runner_up: tuple[int, int] | None = None
    margin: float | None = None
    pieces: Pieces = ()

    @property
    def parts(self) -> Pieces:
        """The target words of each part; none where nothing was found."""
        if self.start is None or self.end is None:
            return ()
        return self.pieces or ((self.start, self.end),)


_NOTHING: Mapping[str, int] = MappingProxyType({})
_NOWHERE = Provenance()
_UNSAID = (None, ())  # score and pieces
ROWS = 1 << 63  # what a file of documents can hold


@dataclasses.dataclass(frozen=True, repr=False)
class SourceView:
    """A target document as seen from one source language.

    ``entities`` is None until tagged, ``links`` until aligned, ``projections`` until projected.
    ``provenance`` says where each came from; it may be given as a dict. ``row`` is the line of the
    parallel corpus that the pair came from, where there is one. ``ignored`` counts tagged entities
    whose label the settings leave out.
    """

    lang: str
    words: tuple[str, ...] = ()
    spaces: tuple[bool, ...] = ()
    status: ViewStatus = ViewStatus.OK
    reason: str = ""
    entities: tuple[Entity, ...] | None = None
    links: Links | None = None
    projections: tuple[Projection, ...] | None = None
    ignored: Mapping[str, int] = dataclasses.field(default_factory=lambda: _NOTHING)
    provenance: Provenance = _NOWHERE
    row: int | None = None

    def __post_init__(self) -> None:
        self._check()
        self._freeze(self.__dict__)

    def _freeze(self, given: Mapping[str, Any]) -> None:
        """Let those fields that are given be read-only, as all others are."""
        own = self.__dict__
        if type(given.get("provenance", _NOWHERE)) is not Provenance:
            own["provenance"] = Provenance(given["provenance"])
        if type(given.get("ignored", _NOTHING)) is not MappingProxyType:
            own["ignored"] = (
                MappingProxyType(dict(given["ignored"])) if given["ignored"] else _NOTHING
            )

    def __getstate__(self) -> dict[str, Any]:
        state = {**self.__dict__, "ignored": dict(self.ignored)}
        state.pop(_SENTENCE, None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze(state)

    def __deepcopy__(self, memo: Any) -> SourceView:
        return self  # nothing in it can be changed

    def __repr__(self) -> str:
        parts = [repr(self.lang), repr(textwrap.shorten(self.text, 40, placeholder="..."))]
        if self.status is not ViewStatus.OK:
            parts.append(str(self.status))
        for name in ("entities", "links", "projections"):
            value = getattr(self, name)
            parts.append(f"no {name} yet" if value is None else f"{len(value)} {name}")
        return f"SourceView({', '.join(parts)})"

    def _repr_html_(self) -> str | None:
        return to_html("view", self)

    def to_doc(self, nlp: Language | None = None) -> Doc:
        """The source sentence as a ``Doc``, for displaCy say: all entities in ``doc.spans["sc"]``,
        and in ``doc.ents`` those that do not overlap (of two that do, the longer). nlp: whose
        vocabulary it gets; by default a new one."""
        from spacy.tokens import Doc, Span
        from spacy.util import filter_spans
        from spacy.vocab import Vocab

        vocab = Vocab() if nlp is None else nlp.vocab
        doc = Doc(vocab, words=list(self.words), spaces=list(self.spaces))
        spans = [
            Span(doc, start, end, label=entity.label)
            for entity in self.entities or ()
            for start, end in entity.parts
        ]
        doc.spans[SPANCAT] = spans
        doc.set_ents(filter_spans(spans))
        return doc

    def _check(self) -> None:
        if len(self.words) != len(self.spaces):
            why = f"{len(self.words)} words, {len(self.spaces)} spaces; the two must be as many."
            raise XProjError(Errors.XP105.format(what="words", lang=self.lang, why=why))
        for entity in self.entities or ():
            if not 0 <= entity.start < entity.end <= len(self.words):
                why = f"{entity} does not lie within the {len(self.words)} source words."
                raise XProjError(Errors.XP105.format(what="entities", lang=self.lang, why=why))
            if entity.pieces and not check_pieces(entity.start, entity.end, entity.pieces):
                why = f"the pieces of {entity} are not in order, or do not have words between."
                raise XProjError(Errors.XP105.format(what="entities", lang=self.lang, why=why))
        if self.row is not None and not 0 <= self.row < ROWS:
            why = f"rows of a parallel corpus are counted from 0 to {ROWS - 1}, got {self.row}."
            raise XProjError(Errors.XP105.format(what="row", lang=self.lang, why=why))

    @cached_property
    def sentence(self) -> Sentence:
        return Sentence(self.words, self.spaces)

    @property
    def text(self) -> str:
        return self.sentence.text

    def replace(self, **changes: Any) -> SourceView:
        """A copy with some fields changed."""
        if not changes.keys() <= _FIELD_SET:
            return dataclasses.replace(self, **changes)  # it names the field that there is not
        # The same without setting and checking again what stays as it is.
        copy = object.__new__(SourceView)
        copy.__dict__.update(self.__dict__, **changes)
        if not changes.keys().isdisjoint(_WORDS):
            copy.__dict__.pop(_SENTENCE, None)
        if not changes.keys().isdisjoint(_FROZEN):
            copy._freeze(changes)
        if not changes.keys().isdisjoint(_CHECKED):
            copy._check()
        return copy

    def with_entities(
        self,
        spans: Iterable[
            tuple[int, int, str]
            | tuple[int, int, str, float | None]
            | tuple[int, int, str, float | None, Pieces]
        ],
        **changes: Any,
    ) -> SourceView:
        """A copy with these entities, given as (start word, end word, label[, score[, pieces]]);
        changes: other fields, as of ``replace``."""
        full = [(*span, *_UNSAID[len(span) - 3 :]) for span in spans]
        if not full:
            return self.replace(entities=(), **changes)
        if self.entities is not None and full == [(*e[:3], *e[5:]) for e in self.entities]:
            return self.replace(**changes)
        starts = self.sentence.starts
        entities = []
        for start, end, label, score, pieces in full:
            if not 0 <= start < end <= len(starts):
                why = f"[{start}, {end}) {label} does not lie within the {len(starts)} words."
                raise XProjError(Errors.XP105.format(what="entities", lang=self.lang, why=why))
            end_char = starts[end - 1] + len(self.words[end - 1])
            entities.append(Entity(start, end, label, starts[start], end_char, score, pieces))
        return self.replace(
            entities=tuple(sorted(entities, key=lambda e: (e.start, e.end))), **changes
        )

    def entity_text(self, entity: Entity) -> str:
        """The characters of an entity, with `` ... `` between the parts of one in pieces."""
        if not entity.pieces:
            return self.text[entity.start_char : entity.end_char]
        return pieces_text(self.sentence, entity.pieces)

    @classmethod
    def from_doc(
        cls,
        doc: Doc,
        *,
        lang: str | None = None,
        row: int | None = None,
        spans_key: str | None = None,
    ) -> SourceView:
        """The view that a labelled source ``Doc`` gives: its words, and its ``doc.ents`` or, with
        ``spans_key``, the entities of every shape in that group of ``doc.spans``."""
        sentence = Sentence.from_doc(doc)
        view = cls(lang or doc.lang_, sentence.words, sentence.spaces, row=row)
        if spans_key is None:
            return view.with_entities((e.start, e.end, e.label_) for e in doc.ents)
        shapes = read_group(doc, spans_key)
        return view.with_entities((s.start, s.end, s.label, None, s.pieces) for s in shapes)


def pieces_text(sentence: Sentence, pieces: Pieces) -> str:
    """The text of the words of each piece, with `` ... `` between."""
    text, offsets = sentence.text, sentence.offsets
    return " ... ".join(text[offsets[start][0] : offsets[end - 1][1]] for start, end in pieces)


def links_of(view: SourceView, target: Sentence) -> Links:
    """The links of a view. Raises XProjError where it was not aligned, or not to this target."""
    if view.links is None:
        raise XProjError(
            Errors.XP106.format(
                lang=view.lang, what="links", component="xproj_aligner", this="xproj_projector"
            )
        )
    n_source, n_target = len(view.words), len(target)
    far_k, far_l = view.links.reach
    if far_k > n_source or far_l > n_target:
        k, l = next((k, l) for k, l, _ in view.links if k >= n_source or l >= n_target)
        sizes = {"n_source": n_source, "n_target": n_target}
        raise XProjError(Errors.XP501.format(pair=f"{k}-{l}", lang=view.lang, **sizes))
    return view.links


def linked_targets(entities: Sequence[Entity], links: Links) -> list[list[int]]:
    """For each entity the target words linked to any of its words, sorted."""
    return [
        sorted({l for start, end in e.parts for l in links.between(start, end).targets})
        for e in entities
    ]


_FIELD_SET = frozenset(field.name for field in dataclasses.fields(SourceView))
_WORDS, _SENTENCE = ("words", "spaces"), "sentence"  # what is kept once it was looked up
_CHECKED = ("words", "spaces", "entities", "row")
_FROZEN = ("ignored", "provenance")
