"""What was projected, as spans of the document: one layer for each view, and ``doc.ents``."""

from collections.abc import Sequence

from spacy.tokens import Doc, Span

from .access import Views
from .views import SourceView

SPANS_KEY = "xproj"


def set_projected(doc: Doc, views: Sequence[SourceView], *, spans_key: str | None) -> None:
    """Store projected views, a layer of spans for each, and ``doc.ents`` of all: where they
    overlap, the view that comes first wins."""
    layers = []
    for view in views:
        Views(doc)[view.lang] = view
        layer = [
            Span(doc, p.start, p.end, label=p.label)
            for p in view.projections or ()
            if p.start is not None and p.end is not None
        ]
        layers.append(layer)
        if spans_key is not None:
            doc.spans[f"{spans_key}_{view.lang}"] = layer
    taken: set[int] = set()
    ents = []
    for span in (span for layer in layers for span in layer):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            ents.append(span)
    doc.set_ents(ents)
