"""Word links of a parallel corpus by a named aligner, with the time they take."""

import sys
import time
from collections.abc import Callable, Sequence

from ..alignment import Aligner
from ..errors import Errors, XProjError
from ..views import Links, Sentence, SourceView

Say = Callable[[str], None]  # takes a line about how far a run is
CHUNK = 128  # pairs at a time: copies of vectors, and results of models, are of these only


def silent(line: str) -> None:
    """Say nothing."""


def timed_links(
    aligner: Aligner, views: Sequence[SourceView], targets: Sequence[Sentence]
) -> tuple[list[Links], float]:
    """The links of all pairs, and seconds; an aligner that learns is trained on these pairs."""
    start = time.perf_counter()
    if hasattr(aligner, "train"):
        aligner.train(views, targets)
    links: list[Links] = []
    for i in range(0, len(views), CHUNK):
        links += aligner.align(views[i : i + CHUNK], targets[i : i + CHUNK])
    return links, time.perf_counter() - start


def check_limit(limit: int | None) -> int | None:
    """The same number of sentences. Raises XProjError below 1."""
    if limit is not None and limit < 1:
        raise XProjError(Errors.XP728.format(name="limit", value=limit))
    return limit


def rate(n: int, seconds: float) -> int:
    """Items a second, as a whole number."""
    return round(n / max(seconds, 1e-9))


def peak_mib() -> float | None:
    """The most memory that this process has held so far, in MiB; None where it cannot be told."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024), 1)
