"""Word links of a parallel corpus by a named aligner, with the time they take."""

import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from spacy_xproj.alignment import Aligner
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import Errors, XProjError

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
        raise XProjError(Errors.XP151.format(name="limit", value=limit, least=1, fix=40))
    return limit


def rate(n: int, seconds: float) -> int:
    """Items a second, as a whole number."""
    return round(n / max(seconds, 1e-9))


def peak_mib(*, children: bool = False) -> float | None:
    """The most memory that this process has held so far, in MiB; None where it cannot be told.

    children: that of the largest process that it started and that has ended, in its place.
    """
    # What getrusage gives on Linux includes the process that started this one, however large.
    status = Path("/proc/self/status")
    if status.is_file() and not children:
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))
        if found is not None:
            return round(int(found[1]) / 1024, 1)
    try:
        import resource
    except ImportError:  # Windows
        return None
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    peak = resource.getrusage(who).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024), 1)
