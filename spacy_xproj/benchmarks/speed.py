"""How fast the pieces are beside what they replace, measured side by side in one run."""

import dataclasses
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import Errors, XProjError
from .linking import check_limit
from .parts import Part, PartResult, SpeedSettings
from .speed_aligner import run_aligner
from .speed_solvers import run_solvers

# To add a part, add its function here.
PARTS: dict[str, Part] = {
    "aligner": run_aligner,
    "solvers": run_solvers,
}


@dataclasses.dataclass(frozen=True)
class SpeedResult:
    """The results by part. cores: of this machine."""

    cores: int
    parts: dict[str, PartResult]

    def summary(self) -> str:
        """What all parts have in common."""
        return f"Speed on {self.cores} CPU cores ({platform.machine()}), parts side by side."

    def table(self) -> str:
        """What each part found, one after the other."""
        return "\n\n".join(
            f"== {name}\n{part.summary()}\n{part.table()}" for name, part in self.parts.items()
        )

    def to_json(self) -> dict[str, Any]:
        parts = {name: part.to_json() for name, part in self.parts.items()}
        return {"benchmark": "speed", "cores": self.cores, "parts": parts}


def run_speed(
    folder: str | Path, *, parts: Sequence[str] | None = None, **settings: Any
) -> SpeedResult:
    """Run the named parts, by default all, in the order of ``PARTS``.

    folder: as in ``run_europarl``. settings: fields of ``SpeedSettings``. Raises XProjError for a
    part, file, model or solver that is not there.
    """
    for name in parts or ():
        if name not in PARTS and name != "all":
            known = ", ".join(PARTS)
            raise XProjError(Errors.XP723.format(kind="part", name=name, known=known))
    check_limit(settings.get("limit"))
    given = SpeedSettings(Path(folder), **settings)
    chosen = [name for name in PARTS if not parts or "all" in parts or name in parts]
    return SpeedResult(os.cpu_count() or 1, {name: PARTS[name](given) for name in chosen})
