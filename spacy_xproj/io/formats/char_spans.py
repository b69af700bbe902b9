"""Labelled spans of characters as records write them, checked against their text."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ...data.spans import chars_to_words, join_words, overlap, word_offsets
from ...errors import Errors, XProjError
from ..notes import note

CharSpan = tuple[int, int, str]  # first character, the one after the last, label

TRIMMED = "blanks at the edge of a span left out"
ONLY_BLANKS = "a span of nothing but blanks left out"
_NAMES = {  # what the three are called by one tool or another
    "start": ("start", "start_offset"),
    "end": ("end", "end_offset"),
    "label": ("label", "labels"),
}


def check_spans(
    labels: Sequence[Any],
    text: str,
    where: str,
    *,
    offsets: Sequence[tuple[int, int]] | None = None,
) -> list[CharSpan]:
    """The spans of a record, in order, without blanks at their edges.

    labels: objects with ``start``, ``end`` and ``label`` (doccano: ``start_offset``,
    ``end_offset``), or lists ``[start, end, label]`` or ``[label, start, end]``. An object that has
    the ``text`` of its span must have that of the record there. offsets: of the words, where the
    record gives them, which are then not cut for a blank. Blanks that are left out are noted.
    Raises XProjError for what is not a span, lies outside the text, has another text than it says,
    or overlaps another span.
    """
    spans: list[CharSpan] = []
    for item in labels:
        start, end, label = _read(item, where)
        if isinstance(item, dict):
            check_own_text(item.get("text"), start, end, text, where)
        if not 0 <= start < end <= len(text):
            raise XProjError(
                Errors.XP624.format(where=where, start=start, end=end, label=label, n=len(text))
            )
        first, last = _without_blanks(start, end, text, offsets)
        if first >= last:
            note(ONLY_BLANKS, where)
            continue
        if (first, last) != (start, end):
            note(TRIMMED, where)
        spans.append((first, last, label))
    spans.sort()
    for a, b in pairwise(spans):
        if overlap(*a[:2], *b[:2]):
            raise XProjError(
                Errors.XP626.format(
                    where=where,
                    start=b[0],
                    end=b[1],
                    label=b[2],
                    other_start=a[0],
                    other_end=a[1],
                    other_label=a[2],
                )
            )
    return spans


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


def _read(item: Any, where: str) -> CharSpan:
    if isinstance(item, dict):
        values = [
            next((item[name] for name in names if item.get(name) is not None), None)
            for names in _NAMES.values()
        ]
    else:
        values = list(item) if isinstance(item, list) and len(item) == 3 else []
        if values and isinstance(values[0], str):  # Argilla's [label, start, end]
            values = [*values[1:], values[0]]
    if values and isinstance(values[2], list) and len(values[2]) == 1:
        values[2] = values[2][0]
    if (
        not values
        or type(values[0]) is not int
        or type(values[1]) is not int
        or not isinstance(values[2], str)
        or not values[2]
    ):
        raise XProjError(Errors.XP623.format(where=where, span=item))
    check_string(values[2], "label", where)
    return values[0], values[1], values[2]


def check_own_text(own: Any, start: int, end: int, text: str, where: str) -> None:
    """Raise XProjError where a span says another text than stands at its offsets. Tools may show,
    and return, another whitespace than the text has."""
    if isinstance(own, str):
        there = text[max(start, 0) : max(end, 0)]
        if "".join(own.split()) != "".join(there.split()):
            raise XProjError(
                Errors.XP659.format(where=where, start=start, end=end, own=own, there=there)
            )


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


def word_spans(
    spans: Sequence[CharSpan], words: Sequence[str], spaces: Sequence[bool], where: str
) -> list[tuple[int, int, str]]:
    """The same spans in words. Raises XProjError for one that cuts a word."""
    offsets = word_offsets(words, spaces)
    found = []
    for start, end, label in spans:
        inside = chars_to_words(offsets, start, end)
        if inside is None:
            near = [
                word
                for word, (a, b) in zip(words, offsets, strict=True)
                if overlap(a, b + 1, start, end)
            ]
            text = join_words(words, spaces)[start:end]
            raise XProjError(
                Errors.XP625.format(
                    where=where, start=start, end=end, label=label, text=text, tokens=near
                )
            )
        found.append((*inside, label))
    return found
