"""``spacy xproj ...`` and ``python -m spacy_xproj ...``."""

from . import (
    align,
    annotate,
    benchmark,
    benchmark_data,
    check_assets,
    compare,
    convert,
    corpus,
    ensemble,
    evaluate,
    export,
    export_encoder,
    info,
    predict,
    project,
    score,
    study,
    translate_train,
    xquad_ner,
)
from .app import app

__all__ = [
    "align",
    "annotate",
    "app",
    "benchmark",
    "benchmark_data",
    "check_assets",
    "compare",
    "convert",
    "corpus",
    "ensemble",
    "evaluate",
    "export",
    "export_encoder",
    "info",
    "main",
    "predict",
    "project",
    "score",
    "study",
    "translate_train",
    "xquad_ner",
]


def main() -> None:
    """The entry point of ``python -m spacy_xproj`` and ``spacy-xproj``."""
    app(prog_name="spacy-xproj")
