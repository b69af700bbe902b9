"""Labelled spans of characters as records write them, checked against their text."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ...data.span_groups import Shape, read_group, write_group
from ...data.spans import Pieces, chars_to_words, join_words, overlap, word_offsets
from ...errors import Errors, ShapeError, XProjError
from ...text.scripts import is_within_word
from ...text.tokenizers import cut_doc, set_entities
from ..notes import note
from .label_keys import fits

TRIMMED = "blanks at the edge of a span left out"
ONLY_BLANKS = "a span of nothing but blanks left out"
TWICE = "a span that is there twice left out"
WITHIN = "a span that begins or ends within a word, read as it is"
UNSEEN = "a span that begins or ends with a character that nobody sees (U+200B ...), read as it is"
LABEL = "blanks at the edge of a label left out"
# Zero-width blanks, marks of direction, the soft hyphen and the byte order mark: no white space.
_UNSEEN = frozenset(
    "\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
)
NAMES = {  # what the three are called by one tool or another
    "start": ("start", "start_offset"),
    "end": ("end", "end_offset"),
    "label": ("label", "labels"),
}
# Under which keys a span says its own text; those that may name something else, too, as the kind of
# an entity, what it stands for, or its id.
_OWN = re.compile(
    "(?:(?:span|entity|token|mention|covered|matched|selected)[_.]?)?text"
    "|(?:surface|mention|matched)(?:[_.]?(?:form|string))?|words?|quote|substring"
)
_PERHAPS_OWN = re.compile(
    "entity(?:[_.]?name)?|value|span|token|string|str|form|content|phrase|match|chars"
)


class CharShape(NamedTuple):
    """The characters ``[start, end)`` of each part, in order (of most there is one), and a
    label."""

    parts: Pieces
    label: str

    @property
    def start(self) -> int:
        return self.parts[0][0]

    @property
    def end(self) -> int:
        return self.parts[-1][1]


def check_spans(
    labels: Iterable[Any],
    text: str,
    where: str,
    *,
    offsets: Sequence[tuple[int, int]] | None = None,
) -> list[CharShape]:
    """The spans of a record, in order, each once, without blanks at their edges; they may overlap.

    labels: objects with ``start``, ``end`` and ``label`` (doccano: ``start_offset``,
    ``end_offset``), or lists ``[start, end, label]`` or ``[label, start, end]``. An object may have
    ``pieces``, a list of ``[start, end]``, of a span that is discontinuous; one that has the
    ``text`` of its span (``word``, ``surface``, ``span_text`` ...) must have that of the record
    there. offsets: of the words, where the record gives them, which are then not cut for a blank.
    Blanks that are left out are noted.
    Raises XProjError for what is not a span, lies outside the text, or has another text than it
    says.
    """
    shapes: set[CharShape] = set()
    for item in labels:
        shape = _read(item, where)
        if isinstance(item, dict):
            _check_own_texts(item, shape, text, where)
        trimmed = []
        for start, end in shape.parts:
            if not 0 <= start < end <= len(text):
                said = {"start": start, "end": end, "label": shape.label, "n": len(text)}
                raise XProjError(Errors.XP624.format(where=where, **said))
            first, last = _without_blanks(start, end, text, offsets)
            if first < last:
                trimmed.append((first, last))
        if not trimmed:
            note(ONLY_BLANKS, where)
            continue
        if tuple(trimmed) != shape.parts:
            note(TRIMMED, where)
        found = CharShape(_joined(trimmed, text), shape.label)
        if not _UNSEEN.isdisjoint((text[found.start], text[found.end - 1])):
            note(UNSEEN, where)
        if found in shapes:
            note(TWICE, where)
        shapes.add(found)
    return sorted(shapes)


def check_flat(shapes: Sequence[CharShape], where: str) -> list[tuple[int, int, str]]:
    """The spans as ``(start, end, label)``. Raises ShapeError where ``doc.ents`` cannot hold them:
    one is in pieces, or two overlap."""
    spans = sorted((shape.start, shape.end, shape.label) for shape in shapes)
    pieces = next((shape for shape in shapes if len(shape.parts) > 1), None)
    if pieces is not None:
        what = f"span {_name(pieces.parts, pieces.label)} is in pieces"
        raise ShapeError(Errors.XP626.format(where=where, what=what))
    for a, b in pairwise(spans):
        if overlap(*a[:2], *b[:2]):
            names = [_name(((start, end),), label) for start, end, label in (b, a)]
            what = f"span {names[0]} overlaps span {names[1]}"
            raise ShapeError(Errors.XP626.format(where=where, what=what))
    return spans


def _name(parts: Pieces, label: str) -> str:
    return f"{' '.join(f'[{start}, {end})' for start, end in parts)} {label}"


def cut_labelled(
    tokenize: Callable[[str], Doc],
    text: str,
    shapes: Sequence[CharShape],
    where: str,
    *,
    spans_key: str | None,
) -> Doc:
    """The text as a labelled Doc, cut into words so that every border of a span is one of a word.
    spans_key: as of ``Reading``. Spans that cut a word are noted. Raises ShapeError for what
    ``doc.ents`` cannot hold, where the entities are to go there."""
    if spans_key is None:
        check_flat(shapes, where)
    for shape in shapes:
        if any(is_within_word(text, border) for part in shape.parts for border in part):
            note(WITHIN, where)
    flat = [(start, end, "") for shape in shapes for start, end in shape.parts]
    doc, in_words = cut_doc(tokenize, text, flat)
    found = iter(in_words)
    return set_shapes(
        doc, [_of_parts([next(found)[:2] for _ in s.parts], s.label) for s in shapes], spans_key
    )


def word_shapes(
    shapes: Sequence[CharShape], words: Sequence[str], spaces: Sequence[bool], where: str
) -> list[Shape]:
    """The spans in words. Raises XProjError for one that cuts a word."""
    offsets = word_offsets(words, spaces)
    found = []
    for shape in shapes:
        parts = []
        for start, end in shape.parts:
            inside = chars_to_words(offsets, start, end)
            if inside is None:
                near = [
                    word
                    for word, (a, b) in zip(words, offsets, strict=True)
                    if overlap(a, b + 1, start, end)
                ]
                text = join_words(words, spaces)[start:end]
                said = {"start": start, "end": end, "label": shape.label, "text": text}
                raise XProjError(Errors.XP625.format(where=where, tokens=near, **said))
            parts.append(inside)
        found.append(_of_parts(parts, shape.label))
    return found


def _of_parts(parts: Iterable[tuple[int, int]], label: str) -> Shape:
    return Shape.of_words((word for a, b in parts for word in range(a, b)), label)


def set_shapes(doc: Doc, shapes: Iterable[Shape], spans_key: str | None) -> Doc:
    """The same Doc with these entities: in the group, or, where they neither overlap nor are in
    pieces (``check_flat``), in ``doc.ents``."""
    if spans_key is None:
        return set_entities(doc, [(one.start, one.end, one.label) for one in shapes])
    write_group(doc, spans_key, sorted(set(shapes)))
    return doc


def _without_blanks(
    start: int, end: int, text: str, offsets: Sequence[tuple[int, int]] | None
) -> tuple[int, int]:
    """The span without blanks at its edges; of words that begin or end with one, the whole."""
    inside = text[start:end]
    first, last = end - len(inside.lstrip()), start + len(inside.rstrip())
    if offsets is None or first >= last:
        return first, last
    # where both borders stand at words, they go from word to word
    starts = [s for s, _ in offsets if start <= s <= first]
    ends = [e for _, e in offsets if last <= e <= end]
    return (starts[-1] if starts else first), (ends[0] if ends else last)


def _joined(parts: Iterable[tuple[int, int]], text: str) -> Pieces:
    """The parts, those in one that have nothing but blanks between."""
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return tuple(joined)


def _read(item: Any, where: str) -> CharShape:
    if isinstance(item, dict):
        values = [_one_of(item, names, where) for names in NAMES.values()]
        pieces = item.get("pieces")
    else:
        pieces = None
        values = list(item) if isinstance(item, list) and len(item) == 3 else []
        if values and isinstance(values[0], str):  # Argilla's [label, start, end]
            values = [*values[1:], values[0]]
    if values and isinstance(values[2], list) and len(values[2]) == 1:
        values[2] = values[2][0]
    if not values or not isinstance(values[2], str) or not values[2].strip():
        raise XProjError(Errors.XP623.format(where=where, span=item))
    check_string(values[2], "label", where)
    if values[2] != values[2].strip():
        note(LABEL, where)
        values[2] = values[2].strip()
    parts = [values[:2]] if pieces is None else pieces
    if not isinstance(parts, list) or not all(_is_part(part) for part in parts) or not parts:
        raise XProjError(Errors.XP623.format(where=where, span=item))
    borders = [border for part in parts for border in part]
    given = [value for value in values[:2] if value is not None]
    reason = ""
    if any(a[1] > b[0] for a, b in pairwise(parts)):
        reason = f"{parts} overlap, or are not in the order of the text; write {_ordered(parts)}."
    elif given not in ([], [borders[0], borders[-1]]):
        reason = f"{parts} begin or end elsewhere than their span, {given}; correct one of the two."
    if reason:
        raise XProjError(Errors.XP622.format(where=where, key="pieces", reason=reason))
    return CharShape(tuple((start, end) for start, end in parts), values[2])


def _one_of(item: dict[str, Any], names: Sequence[str], where: str) -> Any:
    """What a span has under one of these keys; None where under none. Raises XProjError where two
    of them differ."""
    found = [item[name] for name in names if item.get(name) is not None]
    plain = [own[0] if isinstance(own, list) and len(own) == 1 else own for own in found]
    if len(plain) > 1 and plain[0] != plain[1]:
        reason = f"the span has {found[0]!r} there, and {found[1]!r} under {names[1]!r}; keep one."
        raise XProjError(Errors.XP622.format(where=where, key=names[0], reason=reason))
    return found[0] if found else None


def _ordered(parts: list[list[int]]) -> list[list[int]]:
    """Parts in order, those that overlap in one."""
    pieces: list[list[int]] = []
    for start, end in sorted(parts):
        if pieces and start < pieces[-1][1]:
            pieces[-1][1] = max(end, pieces[-1][1])
        else:
            pieces.append([start, end])
    return pieces


def _is_part(part: Any) -> bool:
    return isinstance(part, list) and len(part) == 2 and all(type(one) is int for one in part)


def own_texts(item: dict[str, Any]) -> list[tuple[str, str]]:
    """The texts that a span says it has, each with its key."""
    return _strings(item, _OWN)


def _strings(item: dict[str, Any], keys: re.Pattern[str]) -> list[tuple[str, str]]:
    return [(key, own) for key, own in item.items() if isinstance(own, str) and fits(keys, key)]


def says(key: str, own: str, there: str) -> bool:
    """Whether a text is that of a span. Tools may show, and return, another whitespace than the
    text has; pipelines give words in small letters."""
    one, other = ("".join(text.split()) for text in (own, there))
    return one == other or (key == "word" and one.casefold() == other.casefold())


def _check_own_texts(item: dict[str, Any], shape: CharShape, text: str, where: str) -> None:
    """Raise XProjError where a span says another text than it has. What may be something else is
    a text where it stands as words elsewhere."""
    for key, own in own_texts(item):
        check_own_text(own, shape, text, where, key=key)
    for _, perhaps in _strings(item, _PERHAPS_OWN):
        if perhaps.casefold() == shape.label.casefold():
            continue
        if perhaps[1:] and re.search(rf"(?<!\w){re.escape(perhaps)}(?!\w)", text):
            check_own_text(perhaps, shape, text, where)


def check_own_text(own: Any, shape: CharShape, text: str, where: str, *, key: str = "") -> None:
    """Raise XProjError where a span says another text than stands at its offsets."""
    if isinstance(own, str):
        there = " ".join(text[max(start, 0) : max(end, 0)] for start, end in shape.parts)
        if not says(key, own, there):
            said = {"start": shape.start, "end": shape.end, "own": own, "there": there}
            raise XProjError(Errors.XP659.format(where=where, **said))


def check_string(text: Any, key: str, where: str) -> None:
    """Raise XProjError for what is not a string, or is not text: half a surrogate pair."""
    if not isinstance(text, str):
        reason = f"it is not a string but {text!r}."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        reason = f"half a surrogate pair at character {error.start}; write the whole character."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason)) from error


def char_shapes(doc: Doc, spans_key: str | None) -> list[CharShape]:
    """The entities of a Doc in characters: those of ``doc.ents``, or of a group, of every shape."""
    if spans_key is None:
        return [CharShape(((e.start_char, e.end_char),), e.label_) for e in doc.ents]
    offsets = [(token.idx, token.idx + len(token)) for token in doc]
    return [
        CharShape(tuple((offsets[a][0], offsets[b - 1][1]) for a, b in shape.parts), shape.label)
        for shape in read_group(doc, spans_key)
    ]
