"""The data that flows: what one source language knows about a target document.

A target ``Doc`` carries its source views as plain data in ``doc.user_data["xproj"]`` (lists, dicts,
strings and numbers only), so that they survive ``to_bytes``, ``DocBin(store_user_data=True)`` and
worker processes. ``doc._.xproj`` is the typed access to them. Views are immutable: change one with
``view.replace(...)`` and store it again, ``doc._.xproj["en"] = view``.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from enum import Enum
from functools import cached_property
from itertools import islice
from operator import lt
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

import numpy as np

from ..errors import Errors, XProjError
from .spans import join_words, word_offsets, word_starts

if TYPE_CHECKING:
    from spacy.tokens import Doc

KEY = "xproj"
_SENTENCE_ATTRS: list[str | int] = ["ORTH", "SPACY"]


class Status(str, Enum):
    """What became of a source entity; every source entity ends with one."""

    PROJECTED = "projected"
    UNALIGNED = "unaligned"  # no word of the entity has a link
    NO_CANDIDATE = "no_candidate"  # links, but no span in the target may be chosen
    BELOW_THRESHOLD = "below_threshold"  # the best candidate scores too low
    OVERLAP = "overlap"  # its candidates lost to those of other entities
    INFEASIBLE = "infeasible"  # the constraints of the sentence cannot all hold
    INVALID_SCORE = "invalid_score"  # a score is not a finite number
    IGNORED_LABEL = "ignored_label"  # the settings say not to project this label
    ERROR = "error"  # the reason says which

    def __str__(self) -> str:
        return self.value


class ViewStatus(str, Enum):
    """Whether a view holds a usable source sentence."""

    OK = "ok"
    TRUNCATED = "truncated"  # longer than the translation model takes; the rest is missing
    EMPTY_TARGET = "empty_target"  # nothing to translate
    EMPTY_TRANSLATION = "empty_translation"  # the translator gave nothing back
    NO_TRANSLATION = "no_translation"  # the bitext does not have this sentence

    def __str__(self) -> str:
        return self.value


class Entity(NamedTuple):
    """An entity of the source sentence: words ``[start, end)``, its characters, and its label."""

    start: int
    end: int
    label: str
    start_char: int
    end_char: int
    score: float | None = None


class Projection(NamedTuple):
    """What became of source entity number ``entity``: a target span, or none and why not.

    runner_up: the target words ``[start, end)`` that scored best besides the span, where the method
    compares several. margin: the span's score less theirs; it is below 0 where they would have done
    better by themselves but the sentence as a whole would not.
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

    def to_plain(self) -> list[Any]:
        """Lists, strings and numbers only."""
        status, second = self.status.value, self.runner_up
        return list(self._replace(status=status, runner_up=second and list(second)))  # type: ignore[arg-type]

    @classmethod
    def from_plain(cls, data: Sequence[Any]) -> Projection:
        """From what ``to_plain`` gave, of this version or of one with fewer fields."""
        found = cls(*data)
        second = found.runner_up
        return found._replace(
            status=Status(found.status), runner_up=second and (second[0], second[1])
        )


def _rising(sources: Sequence[int], targets: Sequence[int]) -> bool:
    """Whether pairs of indices are sorted and unique."""
    pairs = list(zip(sources, targets, strict=True))
    return all(map(lt, pairs, islice(pairs, 1, None)))


class Links:
    """Word links (source word k, target word l, strength a_kl in (0, 1]), sorted and unique.

    They are held, and stored in documents, as three columns of one length: ``sources``,
    ``targets`` and ``strengths``. Iterating gives triples.
    """

    __slots__ = ("sources", "strengths", "targets")
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    strengths: tuple[float, ...]

    def __init__(self, triples: Iterable[Sequence[float]] = ()) -> None:
        """``triples``: (k, l) or (k, l, strength); of repeated pairs the strongest is kept.

        Raises XProjError for a negative index or a strength outside (0, 1].
        """
        best: dict[tuple[int, int], float] = {}
        for triple in triples:
            k, l, a = int(triple[0]), int(triple[1]), float(triple[2]) if len(triple) > 2 else 1.0
            if k < 0 or l < 0 or not 0.0 < a <= 1.0:
                raise XProjError(Errors.XP107.format(link=list(triple)))
            best[k, l] = max(a, best.get((k, l), 0.0))
        pairs = sorted(best)
        self.sources = tuple([k for k, _ in pairs])
        self.targets = tuple([l for _, l in pairs])
        self.strengths = tuple([best[pair] for pair in pairs])

    @classmethod
    def _checked(
        cls, sources: Iterable[int], targets: Iterable[int], strengths: Iterable[float]
    ) -> Links:
        """From columns that hold what a ``Links`` must."""
        links = cls.__new__(cls)
        links.sources, links.targets = tuple(sources), tuple(targets)
        links.strengths = tuple(strengths)
        return links

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        return zip(self.sources, self.targets, self.strengths, strict=True)

    def __len__(self) -> int:
        return len(self.sources)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Links)
            and self.sources == other.sources
            and self.targets == other.targets
            and self.strengths == other.strengths
        )

    def __hash__(self) -> int:
        return hash((self.sources, self.targets, self.strengths))

    def __repr__(self) -> str:
        return f"Links({[list(t) for t in self]})"

    @property
    def triples(self) -> tuple[tuple[int, int, float], ...]:
        return tuple(self)

    @property
    def pairs(self) -> set[tuple[int, int]]:
        return set(zip(self.sources, self.targets, strict=True))

    @property
    def reach(self) -> tuple[int, int]:
        """How many source and target words there must at least be."""
        return (self.sources[-1] + 1, max(self.targets) + 1) if self.sources else (0, 0)

    def between(self, start: int, end: int) -> Links:
        """The links of source words [start, end)."""
        first, last = bisect_left(self.sources, start), bisect_left(self.sources, end)
        own = slice(first, last)
        return Links._checked(self.sources[own], self.targets[own], self.strengths[own])

    def to_matrix(self, n_source: int, n_target: int) -> np.ndarray:
        """Strengths as a float array of shape (n_source, n_target), 0 where there is no link."""
        matrix = np.zeros((n_source, n_target))
        if self.sources:
            matrix[list(self.sources), list(self.targets)] = self.strengths
        return matrix

    @classmethod
    def from_sorted(cls, k: np.ndarray, l: np.ndarray, a: np.ndarray) -> Links:
        """From three arrays of one length that already hold what a ``Links`` must: pairs sorted and
        unique, indices >= 0, strengths in (0, 1]. Nothing is checked, for it is on a hot path."""
        return cls._checked(k.tolist(), l.tolist(), a.tolist())

    @classmethod
    def binary(cls, k: np.ndarray, l: np.ndarray) -> Links:
        """All of strength 1, from two int64 arrays of indices from 0 to 2 ** 31, in any order, for
        hot paths."""
        places = (k << 32) + l
        sources, targets = k.tolist(), l.tolist()
        if (places[1:] > places[:-1]).all():
            return cls._checked(sources, targets, (1.0,) * len(sources))
        return cls(zip(sources, targets, strict=True))

    @classmethod
    def from_matrix(cls, matrix: np.ndarray, threshold: float = 0.0) -> Links:
        """Links where a matrix of shape (n_source, n_target) exceeds ``threshold``."""
        k, l = np.nonzero(matrix > threshold)
        values = np.minimum(matrix[k, l], 1.0)
        return cls(zip(k.tolist(), l.tolist(), values.tolist(), strict=True))

    def to_plain(self) -> dict[str, list[Any]]:
        """The columns as lists, by name."""
        return {name: list(getattr(self, name)) for name in _COLUMNS}

    @classmethod
    def from_plain(cls, data: dict[str, Sequence[Any]] | Iterable[Sequence[float]]) -> Links:
        """From what ``to_plain`` gave, or from triples, as documents written by 0.1 have them.

        Raises XProjError as ``Links``.
        """
        if not isinstance(data, dict):
            return cls(data)
        k, l, a = (data[name] for name in _COLUMNS)
        # Most were written by this class, so that there is nothing to sort.
        if (
            len(k) == len(l) == len(a)
            and set(map(type, k)) | set(map(type, l)) <= {int}
            and set(map(type, a)) <= {float}
            and _rising(k, l)
            and (not k or (k[0] >= 0 and min(l) >= 0 and min(a) > 0.0 and max(a) <= 1.0))
        ):
            return cls._checked(k, l, a)
        return cls(zip(k, l, a, strict=True))


_COLUMNS = ("sources", "targets", "strengths")


@dataclasses.dataclass(frozen=True)
class Sentence:
    """Words, each followed by a space or not: one side of an aligned pair."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]

    @property
    def text(self) -> str:
        return join_words(self.words, self.spaces)

    @property
    def offsets(self) -> list[tuple[int, int]]:
        return word_offsets(self.words, self.spaces)

    @cached_property
    def starts(self) -> list[int]:
        """The first character of each word."""
        return word_starts(self.words, self.spaces)

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def from_doc(cls, doc: Doc) -> Sentence:
        """The words of a document. As long as they stay the same, they are looked up once."""
        array = doc.to_array(_SENTENCE_ATTRS)
        key, work = array.tobytes(), _work(doc)
        if work.sentence is None or work.key != key:
            orths, spaces = array.T.tolist() if len(doc) else ((), ())
            strings = doc.vocab.strings
            words = tuple([strings[orth] for orth in orths])
            work.key, work.sentence = key, cls(words, tuple(map(bool, spaces)))
        return work.sentence

    def keep(self, doc: Doc) -> None:
        """Let ``from_doc`` give this for a document that was made of the same words and spaces."""
        work = _work(doc)
        work.key, work.sentence = doc.to_array(_SENTENCE_ATTRS).tobytes(), self


@dataclasses.dataclass(frozen=True)
class SourceView:
    """A target document as seen from one source language.

    ``entities`` is None until tagged, ``links`` until aligned, ``projections`` until projected.
    ``provenance`` says where each came from (plain data). ``row`` is the line of the parallel
    corpus that the pair came from, where there is one. ``ignored`` counts tagged entities whose
    label the settings leave out.
    """

    lang: str
    words: tuple[str, ...] = ()
    spaces: tuple[bool, ...] = ()
    status: ViewStatus = ViewStatus.OK
    reason: str = ""
    entities: tuple[Entity, ...] | None = None
    links: Links | None = None
    projections: tuple[Projection, ...] | None = None
    ignored: dict[str, int] = dataclasses.field(default_factory=dict)
    provenance: dict[str, Any] = dataclasses.field(default_factory=dict)
    row: int | None = None

    def __post_init__(self) -> None:
        self._check()

    def _check(self) -> None:
        if len(self.words) != len(self.spaces):
            why = f"{len(self.words)} words, {len(self.spaces)} spaces; the two must be as many."
            raise XProjError(Errors.XP105.format(what="words", lang=self.lang, why=why))
        for entity in self.entities or ():
            if not 0 <= entity.start < entity.end <= len(self.words):
                why = f"{entity} does not lie within the {len(self.words)} source words."
                raise XProjError(Errors.XP105.format(what="entities", lang=self.lang, why=why))
        if self.row is not None and self.row < 0:
            why = f"rows of a parallel corpus are counted from 0, got {self.row}."
            raise XProjError(Errors.XP105.format(what="row", lang=self.lang, why=why))

    @property
    def sentence(self) -> Sentence:
        return Sentence(self.words, self.spaces)

    @property
    def text(self) -> str:
        return join_words(self.words, self.spaces)

    def replace(self, **changes: Any) -> SourceView:
        """A copy with some fields changed."""
        if not changes.keys() <= _FIELD_SET:
            return dataclasses.replace(self, **changes)  # it names the field that there is not
        # The same without setting and checking again what stays as it is.
        copy = object.__new__(SourceView)
        copy.__dict__.update(self.__dict__, **changes)
        if not changes.keys().isdisjoint(_CHECKED):
            copy._check()
        return copy

    def with_entities(
        self,
        spans: Iterable[tuple[int, int, str] | tuple[int, int, str, float | None]],
        **changes: Any,
    ) -> SourceView:
        """A copy with these entities, given as (start word, end word, label[, score]); changes:
        other fields, as of ``replace``."""
        spans = list(spans)
        if not spans:
            return self.replace(entities=(), **changes)
        if self.entities is not None and spans == [(*e[:3], e.score) for e in self.entities]:
            return self.replace(**changes)
        starts = word_starts(self.words, self.spaces)
        entities = []
        for span in spans:
            start, end, label = span[0], span[1], span[2]
            if not 0 <= start < end <= len(starts):
                why = f"[{start}, {end}) {label} does not lie within the {len(starts)} words."
                raise XProjError(Errors.XP105.format(what="entities", lang=self.lang, why=why))
            score = span[3] if len(span) > 3 else None
            end_char = starts[end - 1] + len(self.words[end - 1])
            entities.append(Entity(start, end, label, starts[start], end_char, score))
        return self.replace(
            entities=tuple(sorted(entities, key=lambda e: (e.start, e.end))), **changes
        )

    def entity_text(self, entity: Entity) -> str:
        return self.text[entity.start_char : entity.end_char]

    def to_plain(self) -> dict[str, Any]:
        """Lists, dicts, strings and numbers only."""
        return {name: _plain_field(name, getattr(self, name)) for name in _FIELDS}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> SourceView:
        return cls._from_plain(data, _copy_plain)

    @classmethod
    def _from_plain(cls, data: dict[str, Any], copy: Callable[[Any], Any]) -> SourceView:
        entities, links, projections = data["entities"], data["links"], data["projections"]
        return cls(
            lang=data["lang"],
            words=tuple(data["words"]),
            spaces=tuple(data["spaces"]),
            status=ViewStatus(data["status"]),
            reason=data["reason"],
            entities=None if entities is None else tuple([Entity(*e) for e in entities]),
            links=None if links is None else Links.from_plain(links),
            projections=None
            if projections is None
            else tuple([Projection.from_plain(p) for p in projections]),
            ignored=dict(data["ignored"]),
            provenance=copy(data["provenance"]),
            row=data["row"],
        )

    @classmethod
    def from_doc(cls, doc: Doc, *, lang: str | None = None, row: int | None = None) -> SourceView:
        """The view that a labelled source ``Doc`` gives: its words and its ``doc.ents``."""
        sentence = Sentence.from_doc(doc)
        view = cls(lang or doc.lang_, sentence.words, sentence.spaces, row=row)
        return view.with_entities((e.start, e.end, e.label_) for e in doc.ents)


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
    return [sorted(set(links.between(e.start, e.end).targets)) for e in entities]


_FIELDS = tuple(field.name for field in dataclasses.fields(SourceView))
_FIELD_SET = frozenset(_FIELDS)
_CHECKED = ("words", "spaces", "entities")


def _plain_field(name: str, value: Any) -> Any:
    """The plain form of one field of a view."""
    if value is None:
        return None
    if name in ("words", "spaces"):
        return list(value)
    if name == "entities":
        return list(map(list, value))
    if name == "links":
        return value.to_plain()
    if name == "projections":
        return [projection.to_plain() for projection in value]
    if name == "status":
        return value.value
    return _copy_plain(value) if name in ("ignored", "provenance") else value


def _copy_plain(value: Any) -> Any:
    """A copy that shares nothing; sequences become lists, as DocBin reads lists back as tuples."""
    if isinstance(value, dict):
        return {key: _copy_plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copy_plain(inner) for inner in value]
    return value


def _copy_new(new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """A copy of ``new`` that shares with ``old``, which is plain, what is the same object."""
    return {
        key: value if value is old.get(key, _copy_new) else _copy_plain(value)
        for key, value in new.items()
    }


class _Kept(NamedTuple):
    """A view beside the plain form that is in the document."""

    plain: dict[str, Any]
    view: SourceView


class _Work:
    """What is known of a document in work, so that each component need not make it anew: its words,
    with the numbers they were made of, and its typed views. The document is what counts: what was
    changed there, or replaced, is not looked up here."""

    __slots__ = ("doc", "key", "sentence", "views")

    def __init__(self, doc: ref[Doc]) -> None:
        self.doc = doc
        self.key = b""
        self.sentence: Sentence | None = None
        self.views: dict[str, _Kept] = {}


_WORK: dict[int, _Work] = {}  # by id of the Doc, which is several times as fast as by weak key


def _work(doc: Doc) -> _Work:
    number = id(doc)
    work = _WORK.get(number)
    if work is None:
        forget = _WORK.pop
        work = _WORK[number] = _Work(ref(doc, lambda _: forget(number, None)))
    return work


class Views(MutableMapping[str, SourceView]):
    """Typed access to the source views of one ``Doc``, keyed by source language."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc

    @property
    def _plain(self) -> dict[str, Any]:
        return self._doc.user_data.get(KEY, {})

    def __getitem__(self, lang: str) -> SourceView:
        try:
            return SourceView.from_plain(self._plain[lang])
        except KeyError:
            if lang in self._plain:
                raise
            raise self._missing(lang) from None

    def peek(self, lang: str) -> SourceView:
        """The view, for components: quicker than ``[lang]``, and only to read, since its provenance
        and ignored labels may be shared with other documents. ``view.replace`` is fine."""
        plain = self._plain.get(lang)
        if plain is None:
            raise self._missing(lang)
        views = _work(self._doc).views
        kept = views.get(lang)
        if kept is None or kept.plain is not plain:
            view = SourceView._from_plain(plain, lambda provenance: provenance)
            kept = views[lang] = _Kept(plain, view)
        return kept.view

    def __setitem__(self, lang: str, view: SourceView) -> None:
        self._store(lang, view, copy=True)

    def put(self, view: SourceView) -> None:
        """Store a view under its language, for components: quicker than ``[lang] = view``, since
        what its provenance and ignored labels hold is not copied but shared with the documents of
        the batch. It must be plain data, and not changed afterwards."""
        self._store(view.lang, view, copy=False)

    def _store(self, lang: str, view: SourceView, *, copy: bool) -> None:
        if view.lang != lang:
            view = view.replace(lang=lang)
        views = _work(self._doc).views
        kept = views.get(lang)
        if kept is None or kept.plain is not self._plain.get(lang):
            plain = view.to_plain()
        else:
            # What a component did not change is plain already.
            new, old, plain = view.__dict__, kept.view.__dict__, dict(kept.plain)
            for name in _FIELDS:
                if new[name] is old[name]:
                    continue
                if not copy and name in ("provenance", "ignored"):
                    plain[name] = new[name]
                elif name == "provenance":
                    plain[name] = _copy_new(new[name], old[name])
                else:
                    plain[name] = _plain_field(name, new[name])
        self._doc.user_data.setdefault(KEY, {})[lang] = plain
        if copy:  # the view given may be changed in its dicts; the one that is kept may not
            view = view.replace(ignored=plain["ignored"], provenance=plain["provenance"])
        views[lang] = _Kept(plain, view)

    def __delitem__(self, lang: str) -> None:
        if lang not in self._plain:
            raise self._missing(lang)
        del self._doc.user_data[KEY][lang]

    def _missing(self, lang: str) -> KeyError:
        have = ", ".join(map(repr, self._plain)) or "none"
        return KeyError(Errors.XP104.format(lang=lang, have=have))

    def __contains__(self, lang: object) -> bool:
        return lang in self._plain

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)

    def __repr__(self) -> str:
        return f"Views({', '.join(self._plain) or 'none'})"

    def statuses(self) -> Counter[str]:
        """How many source entities ended with which status, over all views."""
        return Counter(
            projection.status.value
            for view in self.values()
            for projection in view.projections or ()
        )

    def _next(self, projection: Projection) -> str:
        if projection.runner_up is None or projection.margin is None:
            return ""
        start, end = projection.runner_up
        return f"  next: {self._doc[start:end].text!r} {-projection.margin:+.2f}"

    def report(self) -> str:
        """A readable table: each source entity, where it went, its score, its status and why, and
        the span that came second with its score relative to the first's."""
        text = self._doc.text
        lines = []
        for lang, view in self.items():
            lines.append(f"{lang}: {view.text or '(no source sentence)'}")
            if view.status is not ViewStatus.OK:
                lines.append(f"  {view.status}: {view.reason}")
            if view.entities is None:
                lines.append("  (not tagged)")
            elif view.projections is None:
                lines.extend(f"  {e.label}  {view.entity_text(e)}" for e in view.entities)
            for p in view.projections or ():
                entity = (view.entities or ())[p.entity]
                where = "-" if p.start_char is None else repr(text[p.start_char : p.end_char])
                score = "" if p.score is None else f"{p.score:.2f}"
                lines.append(
                    f"  {p.label:<5} {view.entity_text(entity)!r} -> {where}  {score}  {p.status}"
                    + (f" ({p.reason})" if p.reason else "")
                    + self._next(p)
                )
        return "\n".join(lines) or "(no source view)"


def get_views(doc: Doc) -> Views:
    """The source views of a document; what ``doc._.xproj`` gives."""
    return Views(doc)


def _stage(field: str) -> Any:
    def getter(doc: Doc) -> dict[str, Any]:
        return {lang: getattr(view, field) for lang, view in Views(doc).items()}

    return getter


def install_extensions() -> None:
    """Add ``doc._.xproj``, and one attribute per stage so that ``nlp.analyze_pipes()`` can tell
    a wrong order: ``doc._.xproj_entities``, ``_links``, ``_projections``, each keyed by language.
    """
    from spacy.tokens import Doc

    Doc.set_extension(KEY, getter=get_views, force=True)
    for field in ("entities", "links", "projections"):
        Doc.set_extension(f"{KEY}_{field}", getter=_stage(field), force=True)
