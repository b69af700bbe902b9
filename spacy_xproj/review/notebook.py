"""What a notebook shows of a document's views: the sentence of the page, in a frame of its own so
that its styles and those of the notebook do not meet."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ..data.access import Views
from ..data.ensembled import Ensembled
from ..data.views import SourceView
from .browse import sentence
from .drawing import draw_view
from .templates import render

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ROW, _DRAWING = 40, 320  # pixels


def doc_html(doc: Doc) -> str:
    """A document with all its views, and what its ensemble decided."""
    shown = sentence(doc, title="", id="d").html
    rows = sum(len(view.entities or ()) for view in Views(doc).values())
    ensembled = Ensembled(doc)
    rows += len(ensembled.entities) + len(ensembled.outvoted)
    return _frame(shown, _DRAWING * max(len(Views(doc)), 1) + _ROW * rows)


def view_html(view: SourceView) -> str:
    """A view on its own: the source words with their entities. Its links and projections speak of
    words that only the document has."""
    shown = render("sentence.html.jinja", drawings=[draw_view(view)], id="v", ensemble=[], state="")
    return _frame(shown, _DRAWING // 2 + _ROW * len(view.entities or ()))


def _frame(body: str, height: int) -> str:
    page = render("cell.html.jinja", title="spacy-xproj", body=body)
    style = f"width:100%;height:{height}px;border:0"
    return f'<iframe sandbox srcdoc="{html.escape(page)}" style="{style}"></iframe>'
