"""Fair times of things that do the same work."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .linking import Say, silent

RUNS = 5


class Timing(NamedTuple):
    """Seconds of each run of one contender, and what its last run gave back."""

    seconds: list[float]
    result: Any

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def interleave(
    contenders: Mapping[str, Callable[[], Any]], *, runs: int = RUNS, say: Say = silent
) -> dict[str, Timing]:
    """Run each contender in turn, ``runs`` times over, so that what else the machine does meets
    all of them alike. Compare their medians."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    results: dict[str, Any] = {}
    for run in range(1, runs + 1):
        for name, contender in contenders.items():
            start = time.perf_counter()
            results[name] = contender()
            seconds[name].append(time.perf_counter() - start)
            say(f"{name}, run {run} of {runs}: {seconds[name][-1]:.2f} s")
    return {name: Timing(seconds[name], results[name]) for name in contenders}
