"""``spacy xproj ...`` and ``python -m spacy_xproj ...``: each module here is a command."""

from .app import app, load_commands

load_commands(__name__, __path__)

__all__ = ["app", "main"]


def main() -> None:
    """The entry point of ``python -m spacy_xproj`` and ``spacy-xproj``."""
    app(prog_name="spacy-xproj")
