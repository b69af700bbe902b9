"""A self-contained HTML page of result tables and of projections drawn with their word links."""

from __future__ import annotations

import base64
import dataclasses
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..data.access import Views
from ..data.spans import Span, overlap
from ..data.status import Status, ViewStatus
from ..data.views import Projection, SourceView
from ..errors import Errors, XProjError
from ..io.files import write_text
from ..io.tables import (
    Cell,
    check_rows,
    display_width,
    format_value,
    is_number,
    numeric_columns,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc

DASH = "–"


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


class Colours(NamedTuple):
    """Text and line colour (ink) on a background (tint), in the light and in the dark theme."""

    ink: str
    tint: str
    dark_ink: str
    dark_tint: str


LABEL_COLOURS = {
    "PER": Colours("#1d4ed8", "#e6edff", "#9dbaff", "#1c2848"),
    "ORG": Colours("#8f4a06", "#fcefdc", "#efb469", "#3a2b15"),
    "LOC": Colours("#17663a", "#e0f4e7", "#82d6a0", "#173324"),
    "MISC": Colours("#7a28c4", "#f2e8fd", "#cda8f7", "#2f2045"),
    "DATE": Colours("#b5173f", "#fde7ec", "#fb9bb0", "#431d28"),
}
OTHER_COLOURS = (
    Colours("#0d6370", "#dcf3f5", "#78d1db", "#14343b"),
    Colours("#596006", "#f1f3d8", "#c7ce70", "#2c3013"),
    Colours("#9c1f6c", "#fce6f3", "#f29fcd", "#3f1b33"),
    Colours("#475569", "#e8ecf2", "#b6c2d2", "#28303c"),
    Colours("#794831", "#f5eae3", "#dcb198", "#39291f"),
)


def colour_class(label: str) -> str:
    """The CSS class of a label: its own for the common labels, else one by a stable hash."""
    if label in LABEL_COLOURS:
        return f"c-{label.lower()}"
    return f"c-{zlib.crc32(label.encode('utf-8')) % len(OTHER_COLOURS)}"


# Layout of the drawing, in pixels. The page sets the same font size.
CELL = 9.0  # width of a character: monospaced fonts take about 0.6 of 15 px
LABEL_CELL = 7.0
GAP = 18.0  # between words
MAX_GAP = 44.0
MARGIN = 12.0
BOX_HEIGHT = 30.0
BOX_PAD = 6.0
LABEL_LINE = 15.0
LINK_HEIGHT = 84.0


class PlacedWord(NamedTuple):
    """A word centred at x, on a base line at y."""

    side: str
    text: str
    x: float
    y: float
    rtl: bool


class PlacedBox(NamedTuple):
    """The box behind an entity, and where its label is centred."""

    side: str
    label: str
    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float


class Curve(NamedTuple):
    """A link as an SVG path; ``label`` is that of the entity it belongs to, if any."""

    source: int
    target: int
    strength: float
    label: str | None
    path: str


class Layout(NamedTuple):
    width: float
    height: float
    words: tuple[PlacedWord, ...]
    boxes: tuple[PlacedBox, ...]
    curves: tuple[Curve, ...]


def layout_links(
    source: Sequence[str],
    target: Sequence[str],
    links: Iterable[tuple[int, int, float]],
    *,
    source_spans: Sequence[tuple[int, int, str]] = (),
    target_spans: Sequence[tuple[int, int, str]] = (),
    title: str = "",
) -> Layout:
    """Place source words above, target words below, boxes behind spans, and curves between words.

    Widths follow from the text alone, counting East Asian wide characters double. A row whose text
    runs from right to left starts at the right. The shorter row is spread, within limits, so that
    links stay steep. A link belongs to the first source span that holds its source word. Raises
    XProjError, naming ``title``, for a link or span outside the words.
    """
    sides = (
        ("source", source, [Span(*s) for s in source_spans]),
        ("target", target, [Span(*s) for s in target_spans]),
    )
    for side, words, spans in sides:
        for start, end, label in spans:
            if not 0 <= start < end <= len(words):
                raise XProjError(
                    Errors.XP708.format(
                        title=title, side=side, start=start, end=end, label=label, n=len(words)
                    )
                )
    widths = [_slot_widths(words, spans) for _, words, spans in sides]
    levels = [_levels(spans) for _, _, spans in sides]
    natural = [sum(w) + GAP * max(len(w) - 1, 0) for w in widths]
    room = max(natural)
    width = room + 2 * MARGIN
    source_top = 4 + LABEL_LINE * (1 + max(levels[0], default=0))
    target_top = source_top + BOX_HEIGHT + LINK_HEIGHT
    height = target_top + BOX_HEIGHT + LABEL_LINE * (1 + max(levels[1], default=0)) + 4

    placed: list[PlacedWord] = []
    boxes: list[PlacedBox] = []
    centres: list[list[float]] = []
    for s, (side, words, spans) in enumerate(sides):
        rtl = is_rtl("".join(words))
        top = source_top if s == 0 else target_top
        slots = _spread(widths[s], room)
        if rtl:
            slots = [(width - end, width - start) for start, end in slots]
        centres.append([round((start + end) / 2, 1) for start, end in slots])
        for word, x in zip(words, centres[s], strict=True):
            # A word of whitespace would leave a hole that reads as a mistake of the drawing.
            text = word if word.strip() else "␣"
            placed.append(PlacedWord(side, text, x, round(top + BOX_HEIGHT / 2 + 5, 1), rtl))
        for (start, end, label), level in zip(spans, levels[s], strict=True):
            left = min(a for a, _ in slots[start:end]) - BOX_PAD
            right = max(b for _, b in slots[start:end]) + BOX_PAD
            above = top - 6 - level * LABEL_LINE
            below = top + BOX_HEIGHT + 13 + level * LABEL_LINE
            boxes.append(
                PlacedBox(
                    side,
                    label,
                    round(left, 1),
                    round(top, 1),
                    round(right - left, 1),
                    BOX_HEIGHT,
                    round((left + right) / 2, 1),
                    round(above if s == 0 else below, 1),
                )
            )

    curves = []
    y0, y1 = source_top + BOX_HEIGHT, target_top
    middle = round((y0 + y1) / 2, 1)
    for k, l, strength in links:
        if not (0 <= k < len(source) and 0 <= l < len(target) and 0 < strength <= 1):
            raise XProjError(
                Errors.XP707.format(
                    title=title,
                    source=k,
                    target=l,
                    strength=strength,
                    n_source=len(source),
                    n_target=len(target),
                )
            )
        owner = next((span.label for span in sides[0][2] if span.start <= k < span.end), None)
        a, b = centres[0][k], centres[1][l]
        path = f"M{a:g} {y0:g}C{a:g} {middle:g} {b:g} {middle:g} {b:g} {y1:g}"
        curves.append(Curve(k, l, strength, owner, path))
    return Layout(round(width, 1), round(height, 1), tuple(placed), tuple(boxes), tuple(curves))


def is_rtl(text: str) -> bool:
    """Whether most letters of the text belong to a script written from right to left."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def _slot_widths(words: Sequence[str], spans: Sequence[Span]) -> list[float]:
    """Room for each word; words of a span narrower than its label get more."""
    widths = [max(display_width(word), 1) * CELL for word in words]
    for start, end, label in spans:
        have = sum(widths[start:end]) + GAP * (end - start - 1)
        missing = display_width(label) * LABEL_CELL - have
        for i in range(start, end):
            widths[i] += max(missing, 0.0) / (end - start)
    return widths


def _spread(widths: Sequence[float], room: float) -> list[tuple[float, float]]:
    """Left and right of each slot in a row, its gaps widened towards ``room``."""
    gap = GAP
    if len(widths) > 1:
        gap = min(max((room - sum(widths)) / (len(widths) - 1), GAP), MAX_GAP)
    slots, x = [], MARGIN
    for width in widths:
        slots.append((x, x + width))
        x += width + gap
    return slots


def _levels(spans: Sequence[Span]) -> list[int]:
    """A line for each span's label, so that the labels of overlapping spans do not collide."""
    levels: list[int] = []
    for i, span in enumerate(spans):
        taken = {
            levels[j]
            for j, other in enumerate(spans[:i])
            if overlap(span.start, span.end, other.start, other.end)
        }
        levels.append(next(n for n in range(i + 1) if n not in taken))
    return levels


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
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("spacy_xproj", "review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    colours = {colour_class(label): value for label, value in LABEL_COLOURS.items()}
    colours |= {f"c-{i}": value for i, value in enumerate(OTHER_COLOURS)}
    page = environment.get_template("page.html.jinja").render(
        title=title,
        paragraphs=[" ".join(part.split()) for part in summary.split("\n\n") if part.strip()],
        tables=[_table(table) for table in tables],
        examples=[_example(example) for example in examples],
        figures=[_figure(figure) for figure in figures],
        colours=colours,
        colour_class=colour_class,
        dash=DASH,
    )
    write_text(path, page)


def _figure(figure: ReportFigure) -> dict[str, str]:
    """As an image, so that the styles of the page and of the drawing do not meet."""
    data = base64.b64encode(figure.svg.encode("utf-8")).decode("ascii")
    return {"title": figure.title, "data": data, "note": figure.note}


def _number(value: Cell) -> str:
    """A cell for the page: None and not-a-number as a dash, a true minus sign."""
    if value is None or value != value:
        return DASH
    text = format_value(value)
    return text.replace("-", "−", 1) if is_number(value) else text


def _table(table: ReportTable) -> dict[str, Any]:
    check_rows(table.columns, table.rows, table.title)
    numeric = numeric_columns(table.columns, table.rows)
    best: list[str | None] = []
    for c, name in enumerate(table.columns):
        values = [row[c] for row in table.rows]
        # Integers are counts, which have no best. What is shown decides, so that ties stay ties.
        scores = [v for v in values if isinstance(v, float) and v == v]
        pick = min if name in table.lower_is_better else max
        shown = {_number(v) for v in scores}
        best.append(_number(pick(scores)) if numeric[c] and len(shown) > 1 else None)
    rows = [
        [
            {"text": _number(value), "number": numeric[c], "best": _number(value) == best[c]}
            for c, value in enumerate(row)
        ]
        for row in table.rows
    ]
    columns = [
        {"text": name, "number": right} for name, right in zip(table.columns, numeric, strict=True)
    ]
    return {"title": table.title, "columns": columns, "rows": rows, "note": table.note}


def _language_tag(lang: str) -> str:
    """A language code as HTML wants it; spaCy's "xx" names no language."""
    return "und" if lang in ("", "xx") else lang.replace("_", "-")


def _example(example: ReportExample) -> dict[str, Any]:
    views = Views(example.doc)
    if example.lang not in views:
        have = ", ".join(map(repr, views)) or "none"
        raise XProjError(Errors.XP104.format(lang=example.lang, have=have))
    view = views[example.lang]
    entities = view.entities or ()
    projections = view.projections or ()
    for p in projections:
        if not 0 <= p.entity < len(entities):
            raise XProjError(
                Errors.XP709.format(
                    title=example.title, entity=p.entity, lang=view.lang, n=len(entities)
                )
            )
    words = [token.text for token in example.doc]
    found = [
        Span(p.start, p.end, p.label)
        for p in projections
        if p.status is Status.PROJECTED and p.start is not None and p.end is not None
    ]
    gold = None if example.gold is None else [Span(*span) for span in example.gold]
    layout = layout_links(
        view.words,
        words,
        view.links or (),
        source_spans=[Span(*entity[:3]) for entity in entities],
        target_spans=found,
        title=example.title,
    )
    for start, end, label in gold or ():
        if not 0 <= start < end <= len(words):
            raise XProjError(
                Errors.XP708.format(
                    title=example.title,
                    side="gold",
                    start=start,
                    end=end,
                    label=label,
                    n=len(words),
                )
            )
    rows = _projection_rows(example.doc, view, gold)
    return {
        "title": example.title,
        "layout": layout,
        "source_words": view.words,
        "target_words": words,
        "source_text": view.text,
        "target_text": example.doc.text,
        "source_lang": view.lang,
        "target_lang": example.doc.lang_,
        "source_tag": _language_tag(view.lang),
        "target_tag": _language_tag(example.doc.lang_),
        "notes": _notes(view),
        "rows": rows,
        "reasons": any(row["reason"] for row in rows),
        "gold": None
        if gold is None
        else [
            {
                "text": example.doc[span.start : span.end].text,
                "label": span.label,
                "found": span in found,
            }
            for span in sorted(gold)
        ],
    }


def _notes(view: SourceView) -> list[str]:
    notes = []
    if view.status is not ViewStatus.OK:
        notes.append(f"Source view: {view.status}" + (f" ({view.reason})" if view.reason else ""))
    missing = [
        state
        for state, value in (
            ("tagged", view.entities),
            ("aligned", view.links),
            ("projected", view.projections),
        )
        if value is None
    ]
    if missing:
        notes.append(f"Not {', '.join(missing)} yet.")
    if view.ignored:
        counts = ", ".join(f"{label} {count}" for label, count in sorted(view.ignored.items()))
        notes.append(f"Entities left out by the settings: {counts}")
    return notes


def _projection_rows(
    doc: Doc, view: SourceView, gold: Collection[Span] | None
) -> list[dict[str, Any]]:
    """One row per projection, and one per entity that has none, in the order of the entities."""
    rows = []
    for number, entity in enumerate(view.entities or ()):
        own: list[Projection | None] = [p for p in view.projections or () if p.entity == number]
        for p in own or [None]:
            row: dict[str, Any] = {
                "source": view.entity_text(entity),
                "label": p.label if p else entity.label,
                "target": None,
                "score": _number(p.score if p else None),
                "status": str(p.status) if p else None,
                "projected": p is not None and p.status is Status.PROJECTED,
                "reason": p.reason if p else "",
                "match": None,
            }
            if p and p.start is not None and p.end is not None:
                row["target"] = doc[p.start : p.end].text
                if gold is not None and p.status is Status.PROJECTED:
                    row["match"] = Span(p.start, p.end, p.label) in gold
            rows.append(row)
    return rows
