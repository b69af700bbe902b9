"""``python -m benchmarks COMMAND``, from the project's root."""

from . import (
    benchmark_data,
    check_assets,
    compare,
    corpus,
    europarl,
    evaluate,
    fuzz,
    score_mentions,
    spans,
    speed,
    study,
    train_head,
    train_score,
    uner,
    xl_wa,
    xquad_ner,
)
from .app import app

__all__ = [
    "app",
    "benchmark_data",
    "check_assets",
    "compare",
    "corpus",
    "europarl",
    "evaluate",
    "fuzz",
    "score_mentions",
    "spans",
    "speed",
    "study",
    "train_head",
    "train_score",
    "uner",
    "xl_wa",
    "xquad_ner",
]
