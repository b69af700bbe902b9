"""What a part of the benchmark of speed is: a function of the settings that gives a result."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from spacy_xproj.hf.loading import DEFAULT_ENCODER

from ..names.europarl import LANGS
from .linking import Say, silent


@dataclasses.dataclass(frozen=True)
class SpeedSettings:
    """What every part is told; each uses what concerns it.

    folder: with the files of Europarl-NER. solvers: names, by default all. langs: target languages.
    limit: how much of the data to use; each part says what it counts, and has its own default.
    news: folder of the embedded corpus, whose texts are translated.
    """

    folder: Path
    solvers: tuple[str, ...] | None = None
    encoder: str = DEFAULT_ENCODER
    langs: tuple[str, ...] = LANGS
    limit: int | None = None
    news: Path = Path("assets/news")
    say: Say = silent


class Target(NamedTuple):
    """A figure, and what it should be: at least or at most ``bound``, or ``below`` it.

    ``aim`` is one of ">=", "<=" and "<".
    """

    name: str
    aim: str
    bound: float
    figure: float
    unit: str = ""

    @property
    def reached(self) -> bool:
        return {
            ">=": self.figure >= self.bound,
            "<=": self.figure <= self.bound,
            "<": self.figure < self.bound,
        }[self.aim]

    def to_json(self) -> dict[str, Any]:
        return {**self._asdict(), "reached": self.reached}


class PartResult(Protocol):
    """A table, a few lines that say what it is about, all of it as plain data, and those figures
    that there is a target for."""

    def table(self) -> str: ...

    def summary(self) -> str: ...

    def to_json(self) -> dict[str, Any]: ...

    def targets(self) -> list[Target]: ...


Part = Callable[[SpeedSettings], PartResult]
