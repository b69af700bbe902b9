"""Signs that a file holds labelled words in a layout that is not read: it is not running text then.

Such a file is an error, as neither its labels nor its text would be read as they are meant.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ...errors import Errors, XProjError
from ..lines import iter_lines, place

DOCSTART = "-DOCSTART-"
# What says, in one kind of file or another, that a word is in no entity.
NONE = ("O", "o", "_", "-")
_TAG = r"(?:[BIESLUMW][-_][^\W\d_][\w.-]*|O)"
_LABEL = re.compile(r"[^\W\d_](?:[.:/&-]?\w+)*")
_OF_A_SCHEME = re.compile(r"[BILEUSMWbileusmw][-_].*|.*[-_][BILEUSMW]|[BILEUSMW]")
# A tag first, or after a mark that does not separate columns; or after each of the line's words.
_ELSEWHERE = re.compile(rf'"?(?P<first>{_TAG})"?[ \t,;|]+\S+|\S.*[,;|/\\]\s*"?(?P<last>{_TAG})"?')
_INLINE = re.compile(rf"\S+[/|_\\](?P<tag>{_TAG})")
_MOST = 2000  # lines that are looked at
_MANY_ROWS = 9  # of so many, words that return so often are not those of running text


class Row(NamedTuple):
    """A line that is not blank: its number from 1, and its fields."""

    number: int
    line: str
    fields: list[str]


def split_fields(line: str) -> list[str]:
    """The fields of a row: between tabs where there is one, else between blanks."""
    line = line.rstrip(" \t")
    # Only the blank separates: other spaces, as U+00A0, occur as words.
    return line.split("\t") if "\t" in line else [f for f in line.split(" ") if f]


def check_bare_labels(path: str | Path, rows: Sequence[Row], column: int) -> None:
    """Raise XProjError where all rows have, in this column, a label without what says where an
    entity begins (``PER`` and not ``B-PER``), or none (``O``), which one in four is."""
    values = [row.fields[column].strip() for row in rows if len(row.fields) > max(column, 1)]
    if len(values) < max(len(rows), 2) or len({len(row.fields) for row in rows}) > 1:
        return
    labels = {value for value in values if value not in NONE}
    outside = Counter(value for value in values if value in NONE)
    if not labels or outside.total() * 4 < len(values):
        return
    if not all(_LABEL.fullmatch(v) and not _OF_A_SCHEME.fullmatch(v) for v in labels):
        return
    row = next(row for row in rows if row.fields[column].strip() in labels)
    tabs = "-F'\\t' -v OFS='\\t' " if "\t" in row.line else ""
    name = "$NF" if column < 0 else f"${column + 1}"
    none = outside.most_common(1)[0][0]
    awk = f"""awk {tabs}'NF > 1 {{{name} = {name} == "{none}" ? "O" : "I-" {name}}} 1'"""
    said = {"tag": row.fields[column].strip(), "word": row.fields[0], "path": path, "awk": awk}
    raise XProjError(Errors.XP648.format(where=place(path, row.number), **said))


def check_not_labelled(path: str | Path) -> None:
    """Raise XProjError, naming a row, where most rows of a file have a tag elsewhere than as their
    last column, or where they are those of a table."""
    rows = [
        Row(number, line, split_fields(line))
        for number, line in enumerate(islice(iter_lines(path), _MOST), 1)
        if isinstance(line, str) and line.strip() and not line.startswith(("#", DOCSTART))
    ]
    for row, tag in (_tags_elsewhere(rows), _table(rows)):
        if row is not None:
            where = place(path, row.number)
            raise XProjError(Errors.XP649.format(where=where, line=row.line[:80], tag=tag))


def _tags_elsewhere(rows: Sequence[Row]) -> tuple[Row | None, str]:
    """The first row with a tag of an entity, and the tag, where most rows have a tag."""
    found = []
    for row in rows:
        line = row.line.strip()
        inline = [_INLINE.fullmatch(word) for word in line.split()]
        tags = [match["tag"] for match in inline if match]
        if len(tags) * 2 <= len(inline):
            match = _ELSEWHERE.fullmatch(line)
            tags = [match["first"] or match["last"]] if match else []
        found += [(row, tags)] if tags else []
    if len(found) * 2 <= len(rows):
        return None, ""
    return next(((row, t) for row, tags in found for t in tags if t != "O"), (None, ""))


def _table(rows: Sequence[Row]) -> tuple[Row | None, str]:
    """The first row that does not end in "none", and its end, where all rows have as many fields,
    and their last ones are such as few texts have."""
    widths = {len(row.fields) for row in rows}
    if len(rows) < 2 or len(widths) > 1 or widths == {1}:
        return None, ""
    last = Counter(row.fields[-1].strip() for row in rows)
    none = sum(last[value] for value in NONE)
    tabs = all("\t" in row.line for row in rows)
    return_often = len(last) * 3 <= len(rows) and len({row.fields[0] for row in rows}) > len(last)
    if (
        (none * 4 >= len(rows) and len(last) * 2 <= len(rows))
        or (tabs and not any(" " in value for value in last))
        or (widths == {2} and len(rows) >= _MANY_ROWS and return_often)
    ):
        row = next((row for row in rows if row.fields[-1].strip() not in NONE), rows[0])
        return row, row.fields[-1].strip()
    return None, ""
