"""Named entity recognition for languages without labelled data, by annotation projection.

Importing this package adds its registries to ``spacy.registry`` and ``doc._.xproj`` to ``Doc``;
of itself it loads neither torch nor transformers (spaCy's thinc loads torch where there is one).
"""

from typing import Any

from .about import __version__
from .data.access import Views, install_extensions
from .data.ensembled import install_extension
from .data.links import Links
from .data.rendering import set_renderer
from .data.status import Status
from .data.views import Entity, Projection, SourceView
from .registry import registry


def _doc_html(doc: Any) -> str:
    from .review.notebook import doc_html

    return doc_html(doc)


def _view_html(view: Any) -> str:
    from .review.notebook import view_html

    return view_html(view)


install_extensions()
install_extension()
set_renderer("doc", _doc_html)
set_renderer("view", _view_html)

__all__ = [
    "Entity",
    "Links",
    "Projection",
    "SourceView",
    "Status",
    "Views",
    "__version__",
    "registry",
]
