"""Part ``memory`` of the benchmark of speed: what ``annotate`` holds as the corpus grows."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.jobs.job import SHARD_SIZE

from .annotating import Measured, linked_pairs, measure, write_corpus
from .linking import check_limit
from .parts import SpeedSettings, Target

LARGEST = 200_000
PARTS_OF_LARGEST = (20, 4, 1)  # 10,000, 50,000 and 200,000
BOUND = 1.5  # GB


@dataclasses.dataclass(frozen=True)
class MemoryResult:
    """One run for each size, by one worker."""

    langs: tuple[str, str]
    shard_size: int
    runs: list[Measured]

    def rows(self) -> list[dict[str, Any]]:
        """Per size, plain data; growth is the peak by that of the smallest."""
        first = self.runs[0].peak_mib
        return [
            {
                "sentences": run.size,
                "seconds": round(run.seconds, 2),
                "sentences_per_second": run.rate,
                "peak_mib": run.peak_mib,
                "growth": run.peak_mib and first and round(run.peak_mib / first, 3),
            }
            for run in self.runs
        ]

    def table(self) -> str:
        """One table, a row for each size."""
        columns = ["sentences", "seconds", "sentences/s", "peak MiB", "x smallest"]
        rows: list[list[Cell]] = [list(row.values()) for row in self.rows()]
        return format_table(columns, rows)

    def summary(self) -> str:
        """What the table is about, in a few lines."""
        return (
            f"The same job as in part annotate ({'-'.join(self.langs)}, one worker, one thread), "
            f"shards of {self.shard_size}, one run and one new process for each size.\n"
            "peak MiB: the most memory that the process ever held."
        )

    def targets(self) -> list[Target]:
        """The largest peak of all sizes, where it is known."""
        peaks = [run.peak_mib for run in self.runs if run.peak_mib is not None]
        if not peaks:
            return []
        sizes = " / ".join(str(run.size) for run in self.runs)
        return [Target(f"peak at {sizes}", "<", BOUND, max(peaks) * 1024**2 / 1e9, " GB")]

    def to_json(self) -> dict[str, Any]:
        return {"langs": list(self.langs), "shard_size": self.shard_size, "sizes": self.rows()}


def run_memory(settings: SpeedSettings, *, shard_size: int = SHARD_SIZE) -> MemoryResult:
    """Annotate corpora of three sizes, each in a process of its own.

    settings: limit is the size of the largest, by default 200,000; the others are a quarter and a
    twentieth of it. The first of langs is the target.
    """
    largest = check_limit(settings.limit) or LARGEST
    lang = settings.langs[0]
    pairs = linked_pairs(settings)
    runs = []
    for part in PARTS_OF_LARGEST:
        size = max(1, largest // part)
        settings.say(f"{size} sentences ...")
        with tempfile.TemporaryDirectory() as folder:
            corpus = write_corpus(pairs, size, Path(folder) / "corpus", lang=lang)
            options = {"workers": 1, "shard_size": shard_size}
            run = measure(corpus, Path(folder) / "out", **options, say=settings.say)
        runs.append(run)
        settings.say(f"{size} sentences in {run.seconds:.1f} s, peak {run.peak_mib} MiB")
    return MemoryResult((pairs[0].source.lang, lang), shard_size, runs)
