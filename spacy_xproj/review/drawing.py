"""A document and one of its views, drawn: two rows of words, entities as boxes, links as curves."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..data.access import Views
from ..data.links import Links
from ..data.sentence import Sentence
from ..data.spans import Span, overlap
from ..data.status import Status, ViewStatus
from ..data.views import Projection, SourceView, pieces_text
from ..errors import Errors, XProjError
from ..io.tables import display_width
from .templates import number_text

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Layout of the drawing, in pixels. The page sets the same font size.
CELL = 9.0  # width of a character: monospaced fonts take about 0.6 of 15 px
LABEL_CELL = 7.0
GAP = 18.0  # between words
MAX_GAP = 44.0
MARGIN = 12.0
BOX_HEIGHT = 30.0
BOX_PAD = 6.0
BOX_GROW, MOST_GROWTH = 2.0, 2
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
    if not target:
        height = source_top + BOX_HEIGHT + LABEL_LINE

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
            # The box of one that overlaps another is larger, so that both can be seen.
            grow = min(level, MOST_GROWTH) * BOX_GROW
            left = min(a for a, _ in slots[start:end]) - BOX_PAD - grow
            right = max(b for _, b in slots[start:end]) + BOX_PAD + grow
            above = top - 6 - level * LABEL_LINE
            below = top + BOX_HEIGHT + 13 + level * LABEL_LINE
            boxes.append(
                PlacedBox(
                    side,
                    label,
                    round(left, 1),
                    round(top - grow, 1),
                    round(right - left, 1),
                    BOX_HEIGHT + 2 * grow,
                    round((left + right) / 2, 1),
                    round(above if s == 0 else below, 1),
                )
            )

    boxes.sort(key=lambda box: (box.side, -box.width))  # the narrower on top
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


def _language_tag(lang: str) -> str:
    """A language code as HTML wants it; spaCy's "xx" names no language."""
    return "und" if lang in ("", "xx") else lang.replace("_", "-")


def draw(
    doc: Doc, lang: str, *, title: str, gold: Sequence[tuple[int, int, str]] | None = None
) -> dict[str, Any]:
    """What ``drawing.html.jinja`` needs to draw a document with its view ``lang``.

    gold: the true entities as (start word, end word, label), where known. Raises XProjError where
    there is no such view, or it has links or spans outside its words.
    """
    views = Views(doc)
    if lang not in views:
        have = ", ".join(map(repr, views)) or "none"
        raise XProjError(Errors.XP104.format(lang=lang, have=have))
    return draw_pair(views[lang], views.target, doc.lang_, title=title, gold=gold)


def draw_view(view: SourceView) -> dict[str, Any]:
    """The same for a view on its own: its links and projections, which speak of words that only
    the document has, are counted."""
    alone = view.replace(links=Links(()), projections=None)
    drawn = draw_pair(alone, Sentence((), ()), "", title="")
    counts = [
        f"{len(what)} {name}"
        for name, what in (("links", view.links), ("projections", view.projections))
        if what is not None
    ]
    notes = _notes(view)
    if counts:
        notes.append(f"{', '.join(counts)}: show the document, doc._.xproj, to see them.")
    return {**drawn, "notes": notes}


def draw_pair(
    view: SourceView,
    target: Sentence,
    target_lang: str,
    *,
    title: str,
    gold: Sequence[tuple[int, int, str]] | None = None,
) -> dict[str, Any]:
    """What ``draw`` gives, of a view and the target words that it speaks of."""
    entities = view.entities or ()
    projections = view.projections or ()
    for p in projections:
        if not 0 <= p.entity < len(entities):
            raise XProjError(
                Errors.XP709.format(title=title, entity=p.entity, lang=view.lang, n=len(entities))
            )
    words = target.words
    found = [
        Span(start, end, p.label)
        for p in projections
        if p.status is Status.PROJECTED
        for start, end in p.parts
    ]
    spans = None if gold is None else [Span(*span) for span in gold]
    layout = layout_links(
        view.words,
        words,
        view.links or (),
        source_spans=[Span(start, end, e.label) for e in entities for start, end in e.parts],
        target_spans=found,
        title=title,
    )
    for start, end, label in spans or ():
        if not 0 <= start < end <= len(words):
            raise XProjError(
                Errors.XP708.format(
                    title=title,
                    side="gold",
                    start=start,
                    end=end,
                    label=label,
                    n=len(words),
                )
            )
    rows = _projection_rows(target, view, spans)
    return {
        "title": title,
        "layout": layout,
        "source_words": view.words,
        "target_words": words,
        "source_text": view.text,
        "target_text": target.text,
        "source_lang": view.lang,
        "target_lang": target_lang,
        "source_tag": _language_tag(view.lang),
        "target_tag": _language_tag(target_lang),
        "notes": _notes(view),
        "rows": rows,
        "reasons": any(row["reason"] for row in rows),
        "gold": None
        if spans is None
        else [
            {
                "text": pieces_text(target, ((span.start, span.end),)),
                "label": span.label,
                "found": span in found,
            }
            for span in sorted(spans)
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
    target: Sentence, view: SourceView, gold: Collection[Span] | None
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
                "score": number_text(p.score if p else None),
                "next": _next(target, p),
                "status": str(p.status) if p else None,
                "projected": p is not None and p.status is Status.PROJECTED,
                "reason": p.reason if p else "",
                "match": None,
            }
            if p and p.start is not None and p.end is not None:
                row["target"] = pieces_text(target, p.parts)
                if gold is not None and p.status is Status.PROJECTED:
                    row["match"] = Span(p.start, p.end, p.label) in gold
            rows.append(row)
    return rows


def _next(target: Sentence, projection: Projection | None) -> str:
    """What scored best besides, for who asks."""
    if projection is None or projection.runner_up is None or projection.margin is None:
        return ""
    text = pieces_text(target, (projection.runner_up,))
    return f"next: {text} ({-projection.margin:+.2f})"
