"""Plain-text tables for the terminal, and what they share with the report page.

wasabi's ``table`` pads by the number of characters: a column with Chinese names stands out of line
by a space a character. It also passes on control characters.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import Errors, XProjError
from .files import write_text
from .terminal import harmless

Cell = str | int | float | None


def display_width(text: str) -> int:
    """Columns that ``text`` takes in a monospaced font.

    East Asian wide characters take two; combining marks and format characters none.
    """
    width = 0
    for char in text:
        if unicodedata.category(char) not in ("Mn", "Me", "Cf"):
            width += 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
    return width


def format_value(value: Cell, *, missing: str = "-") -> str:
    """A cell as text: floats with 3 decimals, None as ``missing``; ``harmless``."""
    if value is None:
        return missing
    return harmless(f"{value:.3f}" if isinstance(value, float) else str(value))


def is_number(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_rows(columns: Sequence[str], rows: Sequence[Sequence[Cell]], title: str = "") -> None:
    """Raise XProjError where a row has not one cell per column."""
    for i, row in enumerate(rows, 1):
        if len(row) != len(columns):
            raise XProjError(
                Errors.XP706.format(row=i, title=title, cells=len(row), columns=len(columns))
            )


def numeric_columns(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[bool]:
    """Per column, whether it holds numbers only (None aside), and at least one."""
    filled = [[row[c] for row in rows if row[c] is not None] for c in range(len(columns))]
    return [bool(values) and all(map(is_number, values)) for values in filled]


def format_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Lines of aligned columns under a header; numbers to the right, floats with 3 decimals.

    None is shown as ``-``. Raises XProjError where a row has not one cell per column.
    """
    check_rows(columns, rows)
    numeric = numeric_columns(columns, rows)
    cells = [[format_value(name) for name in columns]]
    cells += [[format_value(value) for value in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * width for width in widths])
    lines = []
    for row in cells:
        padded = []
        for text, width, right in zip(row, widths, numeric, strict=True):
            pad = " " * (width - display_width(text))
            padded.append(pad + text if right else text + pad)
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def write_csv(path: str | Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table as CSV, complete or not at all. Text that a spreadsheet would take for a
    formula (it begins with one of ``= + - @`` and is not a number) gets an apostrophe before it.
    Raises XProjError where a row has not one cell per column."""
    rows = [list(row) for row in rows]
    check_rows(columns, rows, str(path))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([[_no_formula(cell) for cell in row] for row in [columns, *rows]])
    write_text(path, file.getvalue())


def _no_formula(cell: Cell) -> Cell:
    if not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
