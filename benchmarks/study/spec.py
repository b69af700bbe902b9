"""The description of a study: a YAML file with the parts ``full`` and ``small``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import srsly

from spacy_xproj.errors import Errors, XProjError

from .views import Plan

FULL, SMALL = "full", "small"


@dataclasses.dataclass(frozen=True)
class StudentSpec:
    """Students of some targets. sizes: K, the first so many sources, without that of the gold.
    limit: about so many training units. benchmarks: where a target has gold besides the corpus,
    with about ``benchmark_limit`` sentences of it."""

    targets: tuple[str, ...]
    sizes: tuple[int, ...]
    steps: int = 800
    limit: int | None = None
    benchmarks: dict[str, str] = dataclasses.field(default_factory=dict)
    benchmark_limit: int | None = None


@dataclasses.dataclass(frozen=True)
class Spec:
    """gold_lang: the language whose recogniser decided what is gold. scored, limit: see ``Plan``.
    max_sets: see ``choose_subsets``."""

    targets: tuple[str, ...]
    sources: tuple[str, ...]
    gold_lang: str | None = None
    ignore_labels: tuple[str, ...] = ()
    scored: bool = False
    limit: int | None = None
    max_sets: int = 127
    resamples: int = 1000
    seed: int = 0
    students: StudentSpec | None = None

    @property
    def gold_source(self) -> str | None:
        """The language of the gold, where it is a source."""
        return self.gold_lang if self.gold_lang in self.sources else None

    def plan(self, corpus: Path, output: Path) -> Plan:
        """Of the views that the study scores."""
        return Plan(corpus, output, self.targets, self.sources, self.limit, self.scored)


def read_spec(path: str | Path, *, small: bool = False) -> Spec:
    """The part of a description. Raises XProjError for what does not hold."""
    part, where = read_part(path, small=small)
    students = part.pop("students", None)
    spec = make_spec(Spec, part, where)
    if students is not None:
        own = make_spec(StudentSpec, students, f"{where}.students")
        spec = dataclasses.replace(spec, students=own)
    for target in spec.targets or ("",):
        others = [s for s in spec.sources if s not in (target, spec.gold_lang)]
        if not spec.targets or len(others) < 2:
            lists = {"targets": ", ".join(spec.targets), "sources": ", ".join(spec.sources)}
            raise XProjError(Errors.XP755.format(path=path, gold=spec.gold_lang, **lists))
    for which, langs in (("targets", spec.targets), ("sources", spec.sources)):
        if len(set(langs)) < len(langs):
            why = f"{where}: {which} names a language twice: {', '.join(langs)}"
            raise XProjError(Errors.XP756.format(path=path, why=why))
    return spec


def read_part(path: str | Path, *, small: bool = False) -> tuple[dict[str, Any], str]:
    """The part ``full`` or ``small`` of a description, and what errors call it. Raises XProjError
    where there is none."""
    try:
        whole = srsly.read_yaml(path)
    except (OSError, ValueError) as err:
        raise XProjError(Errors.XP756.format(path=path, why=err)) from err
    name = SMALL if small else FULL
    part = whole.get(name) if isinstance(whole, dict) else None
    if not isinstance(part, dict):
        raise XProjError(Errors.XP756.format(path=path, why=f"there is no part {name!r}"))
    return part, f"{path}: {name}"


def make_spec(kind: Any, values: Any, where: str) -> Any:
    """A dataclass of the values of a part; lists become tuples. Raises XProjError for values that
    it does not have, and those that it needs and are missing."""
    fields = {field.name: field for field in dataclasses.fields(kind)}
    needed = {n for n, f in fields.items() if f.default is f.default_factory is dataclasses.MISSING}
    if not isinstance(values, dict):
        raise XProjError(Errors.XP756.format(path=where, why="it is not a mapping"))
    unknown, missing = sorted(set(values) - set(fields)), sorted(needed - set(values))
    if unknown or missing:
        parts = [f"unknown: {', '.join(unknown)}"] if unknown else []
        parts += [f"missing: {', '.join(missing)}"] if missing else []
        why = "; ".join(parts) + f" (it may have {', '.join(fields)})"
        raise XProjError(Errors.XP756.format(path=where, why=why))
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
