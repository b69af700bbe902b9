"""Part ``solvers`` of the benchmark of speed: those of matching, on the links and scores of the
default system."""

import dataclasses
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.projection import ILP, Exact, Greedy, Matching
from spacy_xproj.projection.base import Projector, Solver

from ..names.europarl import SOURCE, read_europarl
from ..names.systems import ALIGNERS, SYSTEMS, Models, pick
from .encoding import SharedEncoder
from .linking import CHUNK, check_limit, peak_mib, rate, timed_links
from .parts import SpeedSettings, Target

SOLVERS: dict[str, Callable[[], Solver]] = {
    "greedy": Greedy,
    "exact": Exact,
    "ilp": ILP,
}
Pair = tuple[SourceView, Sentence]
SAMPLE = 40  # pairs of each language that the integer linear programme is run on


class SolverRun(NamedTuple):
    """Per chunk of pairs: seconds of the whole projection. Per pair: the total score of what was
    chosen."""

    seconds: list[float]
    totals: list[float]

    def add(
        self, projector: Projector, views: Sequence[SourceView], targets: Sequence[Sentence]
    ) -> None:
        """Project a chunk, as one batch."""
        start = time.perf_counter()
        projections = projector.project(views, targets)
        self.seconds.append(time.perf_counter() - start)
        self.totals.extend(sum(p.score for p in own if p.score is not None) for own in projections)


@dataclasses.dataclass(frozen=True)
class SolverResult:
    """Runs by solver, each over the same chunks of pairs in the same order, as far as it goes: the
    slow one stops after a sample of ``sample`` pairs."""

    pairs: int
    sample: int
    peak_mib: float | None
    runs: dict[str, SolverRun]

    def ratio(self, first: str, second: str) -> float:
        """Seconds of one over those of another, on the chunks that both did."""
        n = min(len(self.runs[name].seconds) for name in (first, second))
        own, other = (sum(self.runs[name].seconds[:n]) for name in (first, second))
        return own / max(other, 1e-9)

    def worse(self, first: str, second: str) -> int:
        """On how many pairs that both did the first found a lower total than the second."""
        both = zip(self.runs[first].totals, self.runs[second].totals, strict=False)
        return sum(a < b - 1e-5 for a, b in both)

    def rows(self) -> list[dict[str, Any]]:
        """Per solver, plain data; a ratio or count is None where the other solver did not run."""
        result = []
        for name, run in self.runs.items():
            n, seconds = len(run.totals), sum(run.seconds)
            greedy = self.ratio(name, "greedy") if "greedy" in self.runs else None
            below = self.worse(name, "exact") if "exact" in self.runs else None
            row = {"solver": name, "pairs": n, "seconds": round(seconds, 3)}
            row["pairs_per_second"] = rate(n, seconds)
            row["time_by_greedy"] = None if greedy is None else round(greedy, 3)
            row["below_exact"] = below
            result.append(row)
        return result

    def table(self) -> str:
        """One table, a row for each solver."""
        columns = ["solver", "pairs", "seconds", "pairs/s", "time / greedy", "below exact"]
        rows: list[list[Cell]] = [list(row.values()) for row in self.rows()]
        return format_table(columns, rows)

    def summary(self) -> str:
        """What the table is about, in a few lines."""
        peak = "not known" if self.peak_mib is None else f"{self.peak_mib:.0f} MiB"
        return (
            f"Projection alone, on given links: {self.pairs} sentence pairs of Europarl-NER, ilp "
            f"on {self.sample} of them; batches of {CHUNK}, each by every solver in turn.\n"
            "time / greedy: on the pairs that both did. below exact: pairs with a lower total "
            "score than the dynamic programme's.\n"
            f"Peak memory of the process, the encoder's included: {peak}."
        )

    def targets(self) -> list[Target]:
        """The dynamic programme beside both others, where these ran, and by itself."""
        result = []
        if "exact" in self.runs:
            if "ilp" in self.runs:
                result.append(Target("exact: times ilp", ">=", 50, self.ratio("ilp", "exact")))
            if "greedy" in self.runs:
                name = "exact: time by greedy's"
                result.append(Target(name, "<=", 2, self.ratio("exact", "greedy")))
            run = self.runs["exact"]
            speed = rate(len(run.totals), sum(run.seconds))
            result.append(Target("exact", ">=", 5000, speed, " sentences/s"))
        return result

    def to_json(self) -> dict[str, Any]:
        return {
            "pairs": self.pairs,
            "sample": self.sample,
            "peak_mib": self.peak_mib,
            "solvers": self.rows(),
        }


def run_solvers(settings: SpeedSettings) -> SolverResult:
    """Project the gold English entities of Europarl-NER by each solver, over the same links.

    settings: limit is the pairs of each language that the slow solver, ilp, is run on, by default
    40; the others do all.
    """
    names = pick(
        settings.solvers, dict.fromkeys(SOLVERS, SYSTEMS["default"].aligner), kind="solver"
    )
    sample = check_limit(settings.limit) or SAMPLE
    docs = read_europarl(settings.folder, settings.langs)
    sources = [SourceView.from_doc(d, lang=SOURCE, row=i) for i, d in enumerate(docs[SOURCE])]
    shared = SharedEncoder(settings.encoder)
    first: list[Pair] = []
    rest: list[Pair] = []
    for lang in settings.langs:
        targets = [Sentence.from_doc(doc) for doc in docs[lang]]
        aligner = ALIGNERS[SYSTEMS["default"].aligner].make(Models(shared, lang))
        links, seconds = timed_links(aligner, sources, targets)
        settings.say(f"{lang}: encoded and linked {len(targets)} pairs in {seconds:.1f} s")
        pairs = [
            (view.replace(links=own), target)
            for view, own, target in zip(sources, links, targets, strict=True)
        ]
        first += pairs[:sample]
        rest += pairs[sample:]
        shared.forget(target.words for target in targets)
    projectors = {name: Matching(solver=SOLVERS[name]()) for name in names}
    runs = {name: SolverRun([], []) for name in names}
    for projector in projectors.values():  # imports what it needs
        SolverRun([], []).add(projector, *_columns(first[:1]))
    # Else the collector goes through all vectors and links at hand in whichever run it comes up.
    gc.collect()
    gc.freeze()
    for pairs, solvers in ((first, names), (rest, [name for name in names if name != "ilp"])):
        for views, targets in _chunks(pairs):
            for name in solvers:
                runs[name].add(projectors[name], views, targets)
    gc.unfreeze()
    for name, run in runs.items():
        settings.say(f"{name}: {len(run.totals)} pairs in {sum(run.seconds):.1f} s")
    return SolverResult(len(first) + len(rest), len(first), peak_mib(), runs)


def _columns(pairs: Sequence[Pair]) -> tuple[list[SourceView], list[Sentence]]:
    return [view for view, _ in pairs], [target for _, target in pairs]


def _chunks(pairs: Sequence[Pair]) -> Iterator[tuple[list[SourceView], list[Sentence]]]:
    for i in range(0, len(pairs), CHUNK):
        yield _columns(pairs[i : i + CHUNK])
