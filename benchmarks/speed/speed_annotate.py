"""Part ``annotate`` of the benchmark of speed: labels projected along given links, by one worker
and by two."""

import dataclasses
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from spacy_xproj.io.tables import Cell, format_table

from .annotating import Measured, linked_pairs, measure, write_corpus
from .linking import check_limit
from .parts import SpeedSettings, Target

SENTENCES = 20_000
SHARDS = 20  # of a run, so that two workers have enough to share
WORKERS = (1, 2)
RUNS = 3


@dataclasses.dataclass(frozen=True)
class AnnotateResult:
    """Runs by number of workers, over the same ``sentences`` in shards of ``shard_size``."""

    langs: tuple[str, str]
    sentences: int
    shard_size: int
    runs: dict[int, list[Measured]]

    def median(self, workers: int) -> Measured:
        """The run of the median time."""
        ordered = sorted(self.runs[workers], key=lambda run: run.seconds)
        return ordered[len(ordered) // 2]

    def rows(self) -> list[dict[str, Any]]:
        """Per number of workers: figures of the median run; the ratio is to one worker."""
        one = self.median(1)
        result = []
        for workers in self.runs:
            run = self.median(workers)
            per_worker = None if run.steady is None else round(run.steady / workers)
            peaks = [r.peak_mib for r in self.runs[workers] if r.peak_mib is not None]
            result.append(
                {
                    "workers": workers,
                    "seconds": round(run.seconds, 2),
                    "sentences_per_second": run.rate,
                    "times_one_worker": round(one.seconds / max(run.seconds, 1e-9), 2),
                    "steady_per_worker": per_worker,
                    "peak_mib": max(peaks, default=None),
                }
            )
        return result

    def table(self) -> str:
        """One table, a row for each number of workers."""
        columns = ["workers", "seconds", "sentences/s", "x 1 worker", "steady/s each", "peak MiB"]
        rows: list[list[Cell]] = [list(row.values()) for row in self.rows()]
        return format_table(columns, rows)

    def summary(self) -> str:
        """What the table is about, in a few lines."""
        runs = statistics.median(map(len, self.runs.values()))
        return (
            f"annotate with gold labels and given links: {self.sentences} sentences, those of "
            f"Europarl-NER {'-'.join(self.langs)} over and over, each with a word of its own; "
            f"shards of {self.shard_size}, a new process for each run, one thread a worker; the "
            f"median of {runs:.0f} runs in turns.\n"
            "seconds: all of a run but the imports of its first process: reading and hashing the "
            "input, loading the pipeline, starting workers (where processes cannot be forked with "
            "their imports), shards, summary.\n"
            "steady/s each: sentences a second and worker between the first shard that is written "
            "and the last, so without any start.\n"
            "peak MiB: of the process, with several workers of the largest one."
        )

    def targets(self) -> list[Target]:
        """How fast one core is, with all of a run, and without its start and end."""
        one = self.median(1)
        figures = {"1 worker, whole run": one.rate, "1 worker, steady": one.steady}
        return [
            Target(name, ">=", 3000, round(figure), " sentences/s")
            for name, figure in figures.items()
            if figure is not None
        ]

    def to_json(self) -> dict[str, Any]:
        return {
            "langs": list(self.langs),
            "sentences": self.sentences,
            "shard_size": self.shard_size,
            "workers": [
                {**row, "runs": [round(run.seconds, 3) for run in self.runs[row["workers"]]]}
                for row in self.rows()
            ],
        }


def run_annotate(settings: SpeedSettings, *, runs: int = RUNS) -> AnnotateResult:
    """Annotate a corpus made of Europarl-NER by one worker and by two, in turn.

    settings: limit is the number of sentences, by default 20,000; the first of langs is the target.
    """
    size = check_limit(settings.limit) or SENTENCES
    lang, shard_size = settings.langs[0], max(1, size // SHARDS)
    pairs = linked_pairs(settings)
    done: dict[int, list[Measured]] = {workers: [] for workers in WORKERS}
    with tempfile.TemporaryDirectory() as folder:
        corpus = write_corpus(pairs, size, Path(folder) / "corpus", lang=lang)
        for run in range(1, runs + 1):
            for workers in WORKERS:
                out = Path(folder) / f"out-{workers}"
                options = {"workers": workers, "shard_size": shard_size}
                measured = measure(corpus, out, **options, say=settings.say)
                done[workers].append(measured)
                shutil.rmtree(out)
                settings.say(
                    f"{workers} workers, run {run} of {runs}: {size} sentences in "
                    f"{measured.seconds:.1f} s"
                )
    return AnnotateResult((pairs[0].source.lang, lang), size, shard_size, done)
