"""A self-contained HTML page of result tables and of projections drawn with their word links."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..io.files import write_text
from ..io.tables import Cell, check_rows, numeric_columns
from .drawing import draw
from .templates import number_text, render

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclasses.dataclass(frozen=True)
class ReportTable:
    """A table of results; the best score (float) of each column is emphasised.

    The highest is the best, except in the columns named in ``lower_is_better``.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    lower_is_better: Collection[str] = ()


@dataclasses.dataclass(frozen=True)
class ReportExample:
    """A document to draw with its source view ``lang``.

    ``gold``: the true entities as (start word, end word, label) of ``doc``, where known.
    """

    title: str
    doc: Doc
    lang: str
    gold: Sequence[tuple[int, int, str]] | None = None


class ReportFigure(NamedTuple):
    """A drawing, as SVG text."""

    title: str
    svg: str
    note: str = ""


def write_report(
    path: str | Path,
    *,
    title: str,
    summary: str,
    tables: Sequence[ReportTable],
    examples: Sequence[ReportExample],
    figures: Sequence[ReportFigure] = (),
) -> None:
    """Write one HTML file that needs no script and requests nothing; equal input, equal bytes.

    Blank lines in ``summary`` part paragraphs. Raises XProjError for a table with ragged rows, and
    for an example without the view it names, or with links or spans outside its words.
    """
    page = render(
        "page.html.jinja",
        title=title,
        paragraphs=[" ".join(part.split()) for part in summary.split("\n\n") if part.strip()],
        tables=[_table(table) for table in tables],
        examples=[draw(e.doc, e.lang, title=e.title, gold=e.gold) for e in examples],
        figures=[_figure(figure) for figure in figures],
    )
    write_text(path, page)


def _figure(figure: ReportFigure) -> dict[str, str]:
    """As an image, so that the styles of the page and of the drawing do not meet."""
    data = base64.b64encode(figure.svg.encode("utf-8")).decode("ascii")
    return {"title": figure.title, "data": data, "note": figure.note}


def _table(table: ReportTable) -> dict[str, Any]:
    check_rows(table.columns, table.rows, table.title)
    numeric = numeric_columns(table.columns, table.rows)
    best: list[str | None] = []
    for c, name in enumerate(table.columns):
        values = [row[c] for row in table.rows]
        # Integers are counts, which have no best. What is shown decides, so that ties stay ties.
        scores = [v for v in values if isinstance(v, float) and v == v]
        pick = min if name in table.lower_is_better else max
        shown = {number_text(v) for v in scores}
        best.append(number_text(pick(scores)) if numeric[c] and len(shown) > 1 else None)
    rows = [
        [
            {
                "text": number_text(value),
                "number": numeric[c],
                "best": number_text(value) == best[c],
            }
            for c, value in enumerate(row)
        ]
        for row in table.rows
    ]
    columns = [
        {"text": name, "number": right} for name, right in zip(table.columns, numeric, strict=True)
    ]
    return {"title": table.title, "columns": columns, "rows": rows, "note": table.note}
