"""brat's standoff: a text (``.txt``), and beside it its annotations (``.ann``).

A sentence is a line of the text, as in raw text; lines that an annotation goes across are one
sentence. Read are the text-bound annotations, ``T1<tab>LOC 0 5;10 15<tab>text``, triggers of events
among them; offsets count the characters of the text as it is in the file, and the text that an
annotation says must stand there. Relations, events, attributes, normalisations and notes are
counted and not read. An ``.ann`` file without any text-bound annotation is how brat begins, so that
its text is not labelled.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ...errors import Errors, XProjError
from ..lines import good, iter_lines, place, read_file, write_lines
from ..notes import note
from .base import Format, Parse
from .char_spans import char_shapes, check_spans, cut_labelled
from .reading import Reading

_SPAN = re.compile(r"(T\S*)\t(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)\t(.*)")
_KINDS = {  # by the first letter of a line
    "R": "relation", "E": "event", "A": "attribute", "M": "modification", "N": "normalisation",
    "#": "note", "*": "equivalence",
}  # fmt: skip
_LABEL = re.compile(r"\S+")
_BREAKS = re.compile(r"[\r\n]")
_BOM = "\ufeff"
_RULE = "and neither blank nor line break"


class Annotation(NamedTuple):
    """A text-bound annotation: its place, the characters ``[start, end)`` of its parts in the file,
    its label, and the text that it says."""

    where: str
    parts: list[list[int]]
    label: str
    text: str


class Part(NamedTuple):
    """A sentence: its text, which begins at character ``start`` of the file, and its annotations;
    None where the file has none. broken: why the annotations of the file cannot be read."""

    text: str
    start: int
    annotations: list[Annotation] | None
    broken: str = ""


class Brat(Format):
    """``spacy-xproj.Brat.v1``: brat's standoff (see ``brat``)."""

    name = "brat standoff"
    suffixes = (".ann",)
    written = suffixes
    holds_spans = True
    holds_pieces = True
    holds_empty = False

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return split_brat(path)

    def parser(self, reading: Reading) -> Parse:
        return lambda part, where, row: parse_brat(part, where, reading)

    def explain(self, content: Any) -> str:
        return "its .ann file holds no text-bound annotation (T1 ...), which is how brat begins"

    def companions(self, path: str | Path) -> list[Path]:
        return [text_path(path)]

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        write_brat(docs, path, spans_key=spans_key)


def text_path(path: str | Path) -> Path:
    """The text that belongs to an ``.ann`` file."""
    path = Path(path)
    stem, dot, rest = path.name.rpartition(".ann")
    return path.with_name(f"{stem}.txt{rest}" if dot else f"{path.stem}.txt")


def split_brat(path: str | Path) -> Iterator[tuple[int, Part]]:
    """The sentences, not parsed, each with the number of its first line in the text."""
    whole = _read_text(path)
    lines = _lines(whole)
    annotations, broken = _annotations(path, lines)
    if broken:
        # Which words lack a label is not known, so that none of them can be told to be outside.
        yield 1, Part("", 0, None, broken)
        return
    ends = [start + len(text) for start, text in lines]
    starts = [start for start, _ in lines]
    owners: dict[int, list[Annotation]] = {}
    last_of = list(range(len(lines)))
    for one in annotations:
        first = _line_at(starts, one.parts[0][0])
        last = _line_at(starts, max(one.parts[-1][1] - 1, one.parts[0][0]))
        owners.setdefault(first, []).append(one)
        last_of[first] = max(last_of[first], last)
        if last > first:
            note("lines kept together, as an annotation goes across them", one.where)
    number = 0
    while number < len(lines):
        first, last = number, last_of[number]
        own: list[Annotation] = []
        while number <= last:
            last = max(last, last_of[number])
            own += owners.get(number, [])
            number += 1
        text = whole[starts[first] : ends[number - 1]]
        yield first + 1, Part(text, starts[first], own if annotations else None)


def _read_text(path: str | Path) -> str:
    text = text_path(path)
    if not text.is_file():
        raise XProjError(Errors.XP635.format(path=path, text=text))
    try:
        return read_file(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise XProjError(Errors.XP603.format(where=text, reason=error.reason)) from error


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines of a text, each with its first character; the mark at its beginning, which brat
    counts, is of none of them."""
    start = int(text.startswith(_BOM))
    found = []
    for match in re.finditer("\r?\n" if "\n" in text else "\r", text):
        found.append((start, text[start : match.start()]))
        start = match.end()
    return found if start >= len(text) else [*found, (start, text[start:])]


def _line_at(starts: Sequence[int], char: int) -> int:
    return max(bisect_right(starts, char) - 1, 0)


def _annotations(path: str | Path, lines: list[tuple[int, str]]) -> tuple[list[Annotation], str]:
    """The text-bound annotations of a file, and what is wrong with those that belong to no
    sentence."""
    size = lines[-1][0] + len(lines[-1][1]) if lines else 0
    found, broken = [], []
    ids: dict[str, str] = {}
    for number, raw in enumerate(iter_lines(path), 1):
        line, where = good(raw), place(path, number)
        if not line.strip():
            continue
        if line[0] in _KINDS:
            note(f"a brat {_KINDS[line[0]]} not read", where)
            continue
        match = _SPAN.fullmatch(line)
        parts = [[int(n) for n in part.split()] for part in match[3].split(";")] if match else []
        if not match or max(max(part) for part in parts) > size:
            text = text_path(path).name
            broken.append(Errors.XP637.format(where=where, line=line[:80], text=text))
            continue
        if match[1] in ids:
            said = {
                "id": match[1],
                "first": ids[match[1]],
                "other": f"T{len(ids) + len(broken) + 1}",
            }
            broken.append(Errors.XP644.format(where=where, **said))
            continue
        ids[match[1]] = where
        found.append(Annotation(where, parts, match[2], match[4]))
    more = f"\nand {len(broken) - 20} more lines" if len(broken) > 20 else ""
    return found, "\n".join(broken[:20]) + more


def parse_brat(part: Part, where: str, reading: Reading) -> Doc:
    """A sentence as a Doc. Raises XProjError, naming the line of the annotation, for one whose
    offsets or text do not hold."""
    if part.broken:
        raise XProjError(part.broken)
    if part.annotations is None:
        return reading.tokenize(part.text)
    shapes = []
    for one in part.annotations:
        pieces = [[border - part.start for border in own] for own in one.parts]
        item = {"pieces": pieces, "label": one.label, "text": one.text}
        shapes += check_spans([item], part.text, one.where)
    shapes = check_spans(
        [{"pieces": list(map(list, s.parts)), "label": s.label} for s in shapes], part.text, where
    )
    return cut_labelled(reading.tokenize, part.text, shapes, where, spans_key=reading.spans_key)


def write_brat(docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
    """Write each Doc as a line of the text, and its entities as text-bound annotations, both files
    complete or not at all.

    A line break in a text is written as a blank, and noted. spans_key: write this group of
    ``doc.spans`` in place of ``doc.ents``. How the text is cut into words is not written, nor
    ``doc.user_data``. Raises XProjError for a label that the format cannot hold.
    """
    texts: list[str] = []
    rows: list[str] = []
    start = 0
    for number, doc in enumerate(docs, 1):
        text = _BREAKS.sub(" ", doc.text)
        if text != doc.text:
            note("a line break in a text written as a blank", f"{path}, document {number}")
        start += int(number == 1 and text.startswith(_BOM))  # which gets another one before it
        for shape in char_shapes(doc, spans_key):
            if not _LABEL.fullmatch(shape.label):
                said = {"kind": "a brat file", "rule": _RULE}
                raise XProjError(Errors.XP609.format(label=shape.label, **said))
            offsets = ";".join(f"{start + a} {start + b}" for a, b in shape.parts)
            own = " ".join(text[a:b] for a, b in shape.parts)
            rows.append(f"T{len(rows) + 1}\t{shape.label} {offsets}\t{own}")
        texts.append(text)
        start += len(text) + 1
    write_lines(text_path(path), texts)
    write_lines(path, rows)
