"""Lists of terms, each with one thing that belongs to it: its label, or its translation."""

import csv
from collections.abc import Iterator
from pathlib import Path

from ..errors import Errors, XProjError
from .lines import good, iter_lines, place

COMMENT = "#"


def read_terms(path: str | Path) -> Iterator[tuple[str, str]]:
    """The terms of a file, a line each: a term, a tab, and what belongs to it; in a ``.csv`` file a
    comma. Blank lines, and those that begin with ``#``, are left out. Raises XProjError that names
    the line for what is not one."""
    for _, term, other in located_terms(path):
        yield term, other


def located_terms(path: str | Path) -> Iterator[tuple[str, str, str]]:
    """As ``read_terms``, each with its file and line before it."""
    path = Path(path)
    for number, line in enumerate(iter_lines(path), 1):
        text = good(line)
        if not text.strip() or text.startswith(COMMENT):
            continue
        cells = next(csv.reader([text])) if path.suffix == ".csv" else text.split("\t")
        where = place(path, number)
        if len(cells) != 2 or not all(map(str.strip, cells)):
            raise XProjError(Errors.XP629.format(where=where, line=text.strip()))
        yield where, cells[0].strip(), cells[1].strip()
