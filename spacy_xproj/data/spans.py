"""Intervals over words, their IOB encodings, and their character offsets. Pure Python."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from operator import add
from typing import NamedTuple, TypeAlias

from ..errors import Errors, XProjError

# The words [start, end) of each part of a discontinuous span, in order.
Pieces: TypeAlias = tuple[tuple[int, int], ...]


class Span(NamedTuple):
    """A labelled half-open interval ``[start, end)`` of words."""

    start: int
    end: int
    label: str


def overlap(a_start: int, a_end: int, b_start: int, b_end: int) -> bool:
    """Whether two half-open intervals share a position."""
    return a_start < b_end and b_start < a_end


def check_pieces(start: int, end: int, pieces: Pieces) -> bool:
    """Whether pieces are those of a discontinuous span ``[start, end)``: at least two, in order,
    none empty, with words between."""
    borders = [border for piece in pieces for border in piece]
    return (
        len(pieces) > 1
        and borders[0] == start
        and borders[-1] == end
        and all(a < b for a, b in pairwise(borders))
    )


def iob_to_spans(tags: Sequence[str]) -> list[Span]:
    """Decode IOB1, IOB2 or BILUO/BIOES tags; the schemes may be mixed.

    A span ends before ``O``, before a ``B-``/``U-``/``S-`` tag, before another label, and after
    ``L-``/``E-``. An ``I-`` tag that continues nothing starts a span, as in IOB1 (and as in the
    output of taggers that break IOB2). Raises XProjError for a tag of no scheme.
    """
    spans: list[Span] = []
    start, label = -1, ""
    for i, tag in enumerate(tags):
        if tag == "O":
            if start >= 0:
                spans.append(Span(start, i, label))
                start = -1
            continue
        prefix, _, name = tag.partition("-")
        if prefix not in ("B", "I", "L", "E", "U", "S") or not name:
            raise XProjError(Errors.XP101.format(tag=tag, position=i))
        goes_on = start >= 0 and prefix in ("I", "L", "E") and name == label
        if start >= 0 and not goes_on:
            spans.append(Span(start, i, label))
            start = -1
        if start < 0:
            start, label = i, name
        if prefix in ("L", "E", "U", "S"):
            spans.append(Span(start, i + 1, label))
            start = -1
    if start >= 0:
        spans.append(Span(start, len(tags), label))
    return spans


def spans_to_iob(spans: Iterable[tuple[int, int, str]], n: int) -> list[str]:
    """Encode non-overlapping spans over ``n`` words as IOB2 tags. Raises XProjError on overlap."""
    tags = ["O"] * n
    for start, end, label in spans:
        if not 0 <= start < end <= n:
            raise XProjError(Errors.XP102.format(start=start, end=end, n=n))
        if any(tag != "O" for tag in tags[start:end]):
            raise XProjError(Errors.XP103.format(start=start, end=end, label=label))
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def word_starts(words: Sequence[str], spaces: Sequence[bool]) -> list[int]:
    """The first character of each word in the text that words and spaces make."""
    if len(words) != len(spaces):
        raise ValueError(f"{len(words)} words but {len(spaces)} spaces; each needs one")
    return list(accumulate(map(add, map(len, words), spaces), initial=0))[:-1]


def word_offsets(words: Sequence[str], spaces: Sequence[bool]) -> list[tuple[int, int]]:
    """Character ``(start, end)`` of each word in the text that words and spaces make."""
    starts = word_starts(words, spaces)
    return list(zip(starts, map(add, starts, map(len, words)), strict=True))


def join_words(words: Sequence[str], spaces: Sequence[bool]) -> str:
    """The text that words, each followed by a space or not, make."""
    return "".join([w + " " if s else w for w, s in zip(words, spaces, strict=True)])


def cut_at(
    words: Sequence[str], spaces: Sequence[bool], borders: Iterable[int]
) -> tuple[list[str], list[bool]]:
    """Cut words further, so that each character offset in ``borders`` falls on a word border.

    Character offsets are canonical: where a labelled span cuts a token, the token gives way.
    """
    wanted = sorted(set(borders))
    new_words: list[str] = []
    new_spaces: list[bool] = []
    for word, space, (start, end) in zip(words, spaces, word_offsets(words, spaces), strict=True):
        cuts = [start, *(b for b in wanted if start < b < end), end]
        pieces = [word[a - start : b - start] for a, b in pairwise(cuts)]
        new_words.extend(pieces)
        new_spaces.extend([False] * (len(pieces) - 1) + [space])
    return new_words, new_spaces


def chars_to_words(
    offsets: Sequence[tuple[int, int]], start_char: int, end_char: int
) -> tuple[int, int] | None:
    """The words ``[start, end)`` that exactly cover the characters; None if a border cuts one."""
    start = next((i for i, (a, _) in enumerate(offsets) if a == start_char), None)
    end = next((i + 1 for i, (_, b) in enumerate(offsets) if b == end_char), None)
    if start is None or end is None or start >= end:
        return None
    return start, end
