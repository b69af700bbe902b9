"""Published benchmarks, run with all systems at once: entity projection, word links, speed."""

from .europarl import EuroparlResult, run_europarl
from .parts import Part, PartResult, SpeedSettings, Target
from .speed import PARTS, SpeedResult, run_speed
from .systems import ALIGNERS, SYSTEMS, System
from .xl_wa import XLWAResult, run_xl_wa

__all__ = [
    "ALIGNERS",
    "PARTS",
    "SYSTEMS",
    "EuroparlResult",
    "Part",
    "PartResult",
    "SpeedResult",
    "SpeedSettings",
    "System",
    "Target",
    "XLWAResult",
    "run_europarl",
    "run_speed",
    "run_xl_wa",
]
