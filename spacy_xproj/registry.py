"""The plug points: one spaCy registry per kind of replaceable part.

Built-in entries are entry points (see ``setup.cfg``), so naming one in a config imports only the
module that defines it. Own code registers with a decorator, e.g.
``@spacy.registry.xproj_scores("my-project.Score.v1")``.
"""

from typing import Any

import catalogue
from spacy import registry

NAMES = (
    "xproj_translators",
    "xproj_taggers",
    "xproj_aligners",
    "xproj_encoders",
    "xproj_candidates",
    "xproj_scores",
    "xproj_solvers",
    "xproj_projectors",
    "xproj_ensembles",
    "xproj_corpora",
    "xproj_formats",
    "xproj_clients",
)

for _name in NAMES:
    if not hasattr(registry, _name):
        # The namespace decides the entry-point group: "spacy" + "xproj_aligners".
        setattr(registry, _name, catalogue.create("spacy", _name, entry_points=True))


def registered(name: str) -> dict[str, Any]:
    """All entries of one of the registries, by name; those of entry points are imported."""
    return dict(getattr(registry, name).get_all())


__all__ = ["NAMES", "registered", "registry"]
