"""How fast the pieces are beside what they replace, measured side by side in one run."""

import dataclasses
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.tables import Cell, format_table

from .linking import check_limit
from .parts import Part, PartResult, SpeedSettings, Target
from .speed_aligner import run_aligner
from .speed_annotate import run_annotate
from .speed_memory import run_memory
from .speed_solvers import run_solvers
from .speed_translation import run_speed_translation

# To add a part, add its function here.
PARTS: dict[str, Part] = {
    "aligner": run_aligner,
    "solvers": run_solvers,
    "translation": run_speed_translation,
    "annotate": run_annotate,
    "memory": run_memory,
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
        """What each part found, one after the other, and what that is beside the targets."""
        sections = [
            f"== {name}\n{part.summary()}\n{part.table()}" for name, part in self.parts.items()
        ]
        if any(self.targets().values()):
            sections.append(f"== targets\n{self.target_table()}")
        return "\n\n".join(sections)

    def targets(self) -> dict[str, list[Target]]:
        """By part, in their order."""
        return {name: part.targets() for name, part in self.parts.items()}

    def target_table(self) -> str:
        """A row for each target: its aim, the figure of this run, and whether that reaches it."""
        columns = ["part", "target", "aim", "figure", "reached"]
        rows: list[list[Cell]] = [
            [
                *(name, target.name, f"{target.aim} {target.bound:g}{target.unit}"),
                *(f"{target.figure:,.6g}{target.unit}", "yes" if target.reached else "no"),
            ]
            for name, targets in self.targets().items()
            for target in targets
        ]
        return format_table(columns, rows)

    def to_json(self) -> dict[str, Any]:
        targets = [
            {"part": name, **target.to_json()}
            for name, own in self.targets().items()
            for target in own
        ]
        parts = {name: part.to_json() for name, part in self.parts.items()}
        return {"benchmark": "speed", "cores": self.cores, "parts": parts, "targets": targets}


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
            raise XProjError(
                Errors.XP150.format(kind="part", name=name, known=known, fix="--parts all")
            )
    check_limit(settings.get("limit"))
    given = SpeedSettings(Path(folder), **settings)
    chosen = [name for name in PARTS if not parts or "all" in parts or name in parts]
    return SpeedResult(os.cpu_count() or 1, {name: PARTS[name](given) for name in chosen})
