"""What a part of the benchmark of speed is: a function of the settings that gives a result."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from ..hf.loading import DEFAULT_ENCODER
from .europarl import LANGS
from .linking import Say, silent


@dataclasses.dataclass(frozen=True)
class SpeedSettings:
    """What every part is told; each uses what concerns it.

    folder: with the files of Europarl-NER. solvers: names, by default all. langs: target languages.
    limit: how much of the data to use; each part says what it counts, and has its own default.
    """

    folder: Path
    solvers: tuple[str, ...] | None = None
    encoder: str = DEFAULT_ENCODER
    langs: tuple[str, ...] = LANGS
    limit: int | None = None
    say: Say = silent


class PartResult(Protocol):
    """A table, a few lines that say what it is about, and all of it as plain data."""

    def table(self) -> str: ...

    def summary(self) -> str: ...

    def to_json(self) -> dict[str, Any]: ...


Part = Callable[[SpeedSettings], PartResult]
