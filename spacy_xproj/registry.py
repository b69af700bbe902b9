"""The plug points: one spaCy registry per kind of replaceable part.

Built-in entries are entry points (see ``setup.cfg``), so naming one in a config imports only the
module that defines it. Own code registers with a decorator, e.g.
``@spacy.registry.xproj_scores("my-project.Score.v1")``.
"""

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
)

for _name in NAMES:
    if not hasattr(registry, _name):
        # The namespace decides the entry-point group: "spacy" + "xproj_aligners".
        setattr(registry, _name, catalogue.create("spacy", _name, entry_points=True))

__all__ = ["NAMES", "registry"]
