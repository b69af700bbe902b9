"""Hooks the commands into spaCy's own: importing this module adds ``spacy xproj``."""

from spacy.cli._util import app as spacy_app

from . import app

spacy_app.add_typer(app, name="xproj")
