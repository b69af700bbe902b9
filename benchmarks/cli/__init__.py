"""``python -m benchmarks COMMAND``, from the project's root: each module here is a command."""

from spacy_xproj.cli.app import load_commands

from .app import app

load_commands(__name__, __path__)

__all__ = ["app"]
