"""Whether a model with integers for weights translates as with floats, on this machine: tried once,
and kept with the converted model."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..hf.machine import cpu_kind
from ..io.records import read_json, write_json

# Toy translators agree by .99 and more where the arithmetic is right, by .83 to .95 where products
# saturate (8 bits on AVX2 and AVX-512 without VNNI).
LEAST = 0.97
SENTENCES = (
    "The president visited Dodoma on Monday.",
    "Maria Silva moved from Lisbon to São Paulo in 1998.",
    "Rais alizuru Dodoma siku ya Jumatatu.",
    "It rained yesterday.",
)
_CHECKS = "checks.json"  # in the folder of the model: agreement by kind of machine
_LONGEST = 32  # tokens of an output

_log = logging.getLogger(__name__)


def agreement(model: Any, reference: Any, rows: Sequence[list[str]], prefix: list[str]) -> float:
    """How alike two translators (of CTranslate2) find the outputs of the second: 1 less the mean
    difference of the probabilities that they give to each token. rows: sentences as tokens."""
    outputs = reference.translate_batch(
        rows,
        [prefix] * len(rows) if prefix else None,
        beam_size=1,
        max_decoding_length=_LONGEST,
        max_input_length=0,
    )
    targets = [output.hypotheses[0] for output in outputs]
    first, second = (
        np.exp(np.concatenate([s.log_probs for s in t.score_batch(rows, targets)]))
        for t in (model, reference)
    )
    return 1.0 - float(np.abs(first - second).mean())


def read_checks(folder: Path) -> dict[str, float]:
    """Agreement by kind of machine; empty where there is none, or it cannot be read."""
    try:
        checks: dict[str, float] = read_json(folder / _CHECKS)
    except (OSError, ValueError):
        return {}
    return checks if isinstance(checks, dict) else {}


def keep_check(folder: Path, kind: str, value: float) -> None:
    """A folder that cannot be written to is left as it is: each process then tries anew."""
    try:
        write_json(folder / _CHECKS, {**read_checks(folder), kind: round(value, 4)})
    except OSError as err:
        _log.debug("The check of %s could not be kept: %s", folder, err)


def kind_of_machine() -> str:
    from ctranslate2 import __version__

    return f"{cpu_kind()} ctranslate2={__version__}"
