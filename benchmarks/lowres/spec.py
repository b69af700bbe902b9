"""The description of a run: a YAML file with the parts ``full`` and ``small``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from spacy_xproj.errors import Errors, XProjError

from ..arbiters.methods import METHODS
from ..study.spec import make_spec, read_part
from .labelling import DOUBTS, OUTSIDE

TUNED, SPACY = "tuned", "spacy"


@dataclasses.dataclass(frozen=True)
class Students:
    """Students of one kind. kind: "tuned", the teacher itself fine-tuned on the labels; "spacy", a
    pipeline trained by a config of spaCy. sizes: K, the first so many sources. with_own: also all
    sources and the teacher's own view of the target as one more. only_own: also that view alone
    (self-training). ensembles: also all sources by each of these of ``arbiters.methods``, in place
    of joint matching. doubt: what becomes of words that only outvoted proposals cover, one of
    ``labelling.DOUBTS``. rounds: with 2 or more, what a student finds in the text is one more view
    (in place of the teacher's own) for the labels of the next, which starts from the teacher again,
    and so on; the last is scored. seeds: how many, from 0. settings: those of
    ``training.tagger.Tuning``, or values of the config by dotted name."""

    kind: str
    sizes: tuple[int, ...]
    with_own: bool = False
    only_own: bool = False
    ensembles: tuple[str, ...] = ()
    doubt: str = OUTSIDE
    rounds: int = 1
    seeds: int = 1
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Spec:
    """sources: in the order in which they are added. limit: only the first so many sentences of the
    parallel text. benchmark: where the gold is. test_limit: only the first so many sentences of it.
    ignore_labels: left out of what teachers find, and of the gold. unknown_labels: of the gold,
    that no teacher knows, left out too. split: of the benchmark; "dev" to choose settings on. cost:
    of ``JointMatching``. students: by name."""

    targets: tuple[str, ...]
    sources: tuple[str, ...]
    benchmark: str
    students: dict[str, Students]
    ignore_labels: tuple[str, ...] = ()
    unknown_labels: tuple[str, ...] = ()
    cost: float = 0.35
    limit: int | None = None
    test_limit: int | None = None
    split: str = "test"


def read_lowres(path: str | Path, *, small: bool = False) -> Spec:
    """The part of a description. Raises XProjError for what does not hold."""
    part, where = read_part(path, small=small)
    kinds = part.get("students")
    if not isinstance(kinds, dict) or not kinds:
        raise XProjError(Errors.XP756.format(path=where, why="students: names at least one kind"))
    part["students"] = {
        name: make_spec(Students, values, f"{where}.students.{name}")
        for name, values in kinds.items()
    }
    spec: Spec = make_spec(Spec, part, where)
    for name, own in spec.students.items():
        if own.kind not in (TUNED, SPACY):
            why = f"students.{name}.kind is {own.kind!r}, not {TUNED!r} or {SPACY!r}"
            raise XProjError(Errors.XP756.format(path=where, why=why))
        if not all(0 < k <= len(spec.sources) for k in own.sizes) or own.seeds < 1:
            why = f"students.{name} needs sizes from 1 to {len(spec.sources)}, and a seed"
            raise XProjError(Errors.XP756.format(path=where, why=why))
        if own.doubt not in DOUBTS or own.rounds < 1:
            why = f"students.{name} needs a doubt of {', '.join(DOUBTS)}, and at least one round"
            raise XProjError(Errors.XP756.format(path=where, why=why))
        for method in own.ensembles:
            if method not in METHODS:
                why = f"students.{name}.ensembles: {method!r} is none of {', '.join(METHODS)}"
                raise XProjError(Errors.XP756.format(path=where, why=why))
    return spec
