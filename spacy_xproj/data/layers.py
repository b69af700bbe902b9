"""What was projected, as spans of the document: one layer for each view, and ``doc.ents``."""

from collections.abc import Sequence

from spacy.tokens import Doc, Span

from .access import Views
from .labels import clear_labels
from .span_groups import Shape, write_group
from .status import ViewStatus
from .views import SourceView

SPANS_KEY = "xproj"
# Views that say something of their document; of one without words that there is nothing in it.
_USABLE = (ViewStatus.OK, ViewStatus.TRUNCATED, ViewStatus.EMPTY_TARGET)


def set_projected(
    doc: Doc, views: Sequence[SourceView], *, spans_key: str | None, group: str | None = None
) -> None:
    """Store projected views, a layer of spans for each, and what all of them say.

    spans_key: the layers are ``doc.spans[spans_key + "_" + lang]``; None for none. group: the
    projections of all views, of every shape, go into ``doc.spans[group]``, and ``doc.ents`` is left
    without labels; else they go into ``doc.ents``: where they overlap, the view that comes first
    wins, and those in pieces stay in the layers. Where no view is usable (its source sentence was
    not translated, say), nothing is known of the document, and it is not labelled.
    """
    layers, stored = [], Views(doc, steady=True)
    for view in views:
        stored[view.lang] = view
        layer = [
            Shape(p.start, p.end, p.label, p.pieces)
            for p in view.projections or ()
            if p.start is not None and p.end is not None
        ]
        layers.append(layer)
        if spans_key is not None:
            write_group(doc, f"{spans_key}_{view.lang}", layer)
    shapes = [shape for layer in layers for shape in layer]
    if not any(view.status in _USABLE for view in views):
        clear_labels(clear_labels(doc), group)
        return
    if group is not None:
        write_group(doc, group, sorted(set(shapes)))
        clear_labels(doc)
        return
    taken: set[int] = set()
    ents = []
    for shape in shapes:
        words = range(shape.start, shape.end)
        if not shape.pieces and taken.isdisjoint(words):
            taken.update(words)
            ents.append(Span(doc, shape.start, shape.end, label=shape.label))
    doc.set_ents(ents)
