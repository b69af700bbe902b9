"""Named entity recognition for languages without labelled data, by annotation projection.

Importing this package adds its registries to ``spacy.registry`` and ``doc._.xproj`` to ``Doc``;
of itself it loads neither torch nor transformers (spaCy's thinc loads torch where there is one).
"""

from .about import __version__
from .data.access import Views, install_extensions
from .data.ensembled import install_extension
from .data.links import Links
from .data.status import Status
from .data.views import Entity, Projection, SourceView
from .registry import registry

install_extensions()
install_extension()

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
