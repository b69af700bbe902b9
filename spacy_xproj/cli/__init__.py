"""``spacy xproj ...`` and ``python -m spacy_xproj ...``."""

from . import (
    align,
    annotate,
    convert,
    ensemble,
    export,
    export_encoder,
    info,
    predict,
    project,
    score,
    translate_train,
)
from .app import app

__all__ = [
    "align",
    "annotate",
    "app",
    "convert",
    "ensemble",
    "export",
    "export_encoder",
    "info",
    "main",
    "predict",
    "project",
    "score",
    "translate_train",
]


def main() -> None:
    """The entry point of ``python -m spacy_xproj`` and ``spacy-xproj``."""
    app(prog_name="spacy-xproj")
