"""Marks around parts of a text that survive translation (EasyProject, Chen et al. 2023). No model.

Used where entities travel with the text instead of by word links: by the translation room to make
labelled text, by the alignment room for back-translation.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Square brackets survive best [E]; the others are for texts with brackets of their own.
MARKS = (("[", "]"), ("{", "}"), ("<", ">"))

Marks = tuple[str, str]


class Match(NamedTuple):
    """A bracketed piece and the entity that it translates, with how alike they are, 0 to 1."""

    piece: int
    entity: int
    ratio: float


def pick_marks(text: str) -> Marks | None:
    """The first pair of marks of which the text has neither; None where it has all."""
    for marks in MARKS:
        if marks[0] not in text and marks[1] not in text:
            return marks
    return None


def mark(text: str, spans: Iterable[tuple[int, int]], marks: Marks) -> str:
    """The text with marks around its spans, ``[start, end)`` in characters. Of two that overlap
    the first is marked."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start < done:
            continue
        parts += [text[done:start], marks[0], text[start:end], marks[1]]
        done = end
    return "".join([*parts, text[done:]])


def unmark(text: str, marks: Marks) -> tuple[str, list[tuple[int, int]]]:
    """The text without marks, and what stood between them as ``[start, end)`` in its characters.

    All marks are removed, those without a partner too, with blanks that only they had asked for
    ("in [ Dodoma ] ." gives "in Dodoma ."). Spans do not begin or end with a blank and are not
    empty; of nested marks both spans are given. Sorted by position.
    """
    out = ""
    opened: list[int] = []
    spans: set[tuple[int, int]] = set()
    skip_blanks = False
    for i, character in enumerate(text):
        if character == marks[0]:
            skip_blanks = not out[-1:].isalnum()
            opened.append(len(out))
        elif character == marks[1]:
            if opened:
                start = opened.pop()
                inner = out[start:]
                left = start + len(inner) - len(inner.lstrip())
                if inner.strip():
                    spans.add((left, left + len(inner.strip())))
            skip_blanks = False
            if not text[i + 1 : i + 2].isalnum():
                out = out.rstrip()
                opened = [min(start, len(out)) for start in opened]
        elif not (skip_blanks and character.isspace()):
            out += character
            skip_blanks = False
    shift = len(out) - len(out.lstrip())
    return out.strip(), sorted((start - shift, end - shift) for start, end in spans)


def similarity(a: str, b: str) -> float:
    """How alike two strings are, 0 to 1: rapidfuzz's normalised indel similarity."""
    from rapidfuzz import fuzz

    return float(fuzz.ratio(a, b)) / 100.0


def match_pieces(
    pieces: Sequence[str], entities: Sequence[str], *, threshold: float = 0.5
) -> list[Match]:
    """Match bracketed pieces of a translation with the translations of the entities on their own.

    The most similar pair goes first, each piece and each entity is used once, and of equal ones
    (a name that occurs twice) the first goes to the first. A ratio must be above ``threshold``.
    Sorted by entity.
    """
    ranked = sorted(
        (-similarity(piece, entity), i, j)
        for i, piece in enumerate(pieces)
        for j, entity in enumerate(entities)
        if piece and entity
    )
    matches: dict[int, Match] = {}
    used: set[int] = set()
    for negative, i, j in ranked:
        if -negative > threshold and i not in used and j not in matches:
            matches[j] = Match(i, j, -negative)
            used.add(i)
    return [matches[j] for j in sorted(matches)]
