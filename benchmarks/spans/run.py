"""Projection of spans of several kinds by several systems, in one run."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spacy_xproj.corpus.consensus import LabelConsensus
from spacy_xproj.data.views import Projection
from spacy_xproj.hf.loading import DEFAULT_ENCODER
from spacy_xproj.io.tables import Cell, format_table

from ..datasets.pairs import Pair, match_gold
from ..names.systems import ALIGNERS, SYSTEMS, Models, pick
from ..speed.encoding import SharedEncoder
from ..speed.linking import Say, check_limit, silent, timed_links
from .errors import Example, errors_of, write_errors
from .judging import CONFIDENT, Judged, judge_projections, project_pairs
from .sets import PUBLISHED, SpanSet

BASE = "default"  # the system whose probabilities and errors are shown
SYSTEMS_RUN = (
    *("heuristic-inter", "ngrams-itermax", "min-max", "ngrams-awesome", "plain", "hand-set"),
    *("default-greedy", "default", "default-consensus"),
)


@dataclasses.dataclass(frozen=True)
class SpansResult:
    """All runs by system and data set (``SpanSet.name``)."""

    encoder: dict[str, Any]
    sets: tuple[SpanSet, ...]
    runs: dict[str, dict[str, Judged]]

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(one.kind for one in self.sets))

    def mean(self, system: str, kind: str) -> float:
        """Mean F1 over the languages of a kind."""
        own = [self.runs[system][one.name].f1.value for one in self.sets if one.kind == kind]
        return float(np.mean(own))

    def table(self) -> str:
        """F1 of all systems, beside the published figures; then more of the default's."""
        several = [kind for kind in self.kinds if sum(s.kind == kind for s in self.sets) > 1]
        columns = ["F1", *(one.name for one in self.sets), *(f"mean {kind}" for kind in several)]
        rows: list[list[Cell]] = []
        for name, by_set in self.runs.items():
            own = [by_set[one.name].f1.value for one in self.sets]
            rows.append([name, *own, *(self.mean(name, kind) for kind in several)])
        for published in PUBLISHED:
            single: list[Cell] = [
                None if one.kind in several else published.f1.get(one.kind) for one in self.sets
            ]
            means = [published.f1.get(kind) for kind in several]
            if any(cell is not None for cell in (*single, *means)):
                rows.append([published.name, *single, *means])
        tables = [format_table(columns, rows)]
        if BASE in self.runs:
            sure = [f"P at {bound:g}" for bound in CONFIDENT]
            columns = [BASE, "split", "sentences", "F1", "95 %", "ECE", *sure]
            columns += ["precision", "recall", "missed"]
            rows = []
            for one in self.sets:
                run = self.runs[BASE][one.name]
                head: list[Cell] = [one.name, one.split, len(run.counts)]
                rows.append([*head, *run.row(), run.precision, run.recall, run.missed])
            tables.append(format_table(columns, rows))
        return "\n".join(tables)

    def summary(self) -> str:
        return (
            "Spans of English sentences projected; strict F1 (exact span and label), 95 % "
            "intervals by bootstrap over sentences.\n"
            f"Encoder {self.encoder['model']}, layers {self.encoder['layers']}. The default's "
            "weights were trained on names de and es, the embedded corpus and XQuAD; settings were "
            "chosen on these, on opinion targets es (train) and on arguments es (dev).\n"
            "ECE: expected calibration error of the scores, ten bins; P at .5, .9: precision of "
            "projections that score at least so much. missed: source spans without a projection.\n"
            "[TP] García-Ferrero et al. 2023, its chart: means over names de es it, opinion "
            "targets es fr ru, arguments es."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "benchmark": "spans",
            "encoder": self.encoder,
            "systems": [
                {"name": name, "sets": {key: run.to_json() for key, run in by_set.items()}}
                for name, by_set in self.runs.items()
            ],
            "published": [published._asdict() for published in PUBLISHED],
        }


def run_spans(
    sets: Sequence[SpanSet],
    *,
    systems: Sequence[str] | None = None,
    encoder: str = DEFAULT_ENCODER,
    limit: int | None = None,
    page: str | Path | None = None,
    say: Say = silent,
) -> SpansResult:
    """Project the spans of each data set by each system.

    systems: names of ``names.systems.SYSTEMS``, by default ``SYSTEMS_RUN``. encoder: a model by
    path or name. limit: only the first sentences of each. page: an HTML file of the default's
    errors, by kind. say: called with a line of text as the run goes on. Raises XProjError for a
    system, file or model that is not there.
    """
    aligner_of = {name: system.aligner for name, system in SYSTEMS.items() if not system.model}
    names = pick(systems or SYSTEMS_RUN, aligner_of, kind="system")
    shared = SharedEncoder(encoder)
    shared.load()
    runs: dict[str, dict[str, Judged]] = {name: {} for name in names}
    errors: dict[str, list[Example]] = {}
    for one in sets:
        pairs = one.read()[: check_limit(limit)]
        start = time.perf_counter()
        words = [side for pair in pairs for side in (pair.view.words, pair.target.words)]
        shared.add(words)
        say(f"{one.name}: {len(pairs)} pairs encoded in {time.perf_counter() - start:.1f} s")
        for aligner in dict.fromkeys(aligner_of[name] for name in names):
            made = ALIGNERS[aligner].make(Models(shared, one.lang))
            links, _ = timed_links(made, [p.view for p in pairs], [p.target for p in pairs])
            for name in (name for name in names if aligner_of[name] == aligner):
                system = SYSTEMS[name]
                projector = system.projector(Models(shared, one.lang))
                projections = project_pairs(pairs, links, projector)
                if system.consensus:
                    projections = _agree(projections, pairs)
                run = judge_projections(pairs, projections)
                runs[name][one.name] = run
                say(f"{one.name} {name}: F1 {run.f1.value:.3f}")
                if name == BASE:
                    matched = [match_gold(p, own) for p, own in zip(pairs, links, strict=True)]
                    errors[one.name] = errors_of(matched, projections)
        shared.forget(words)
    result = SpansResult(shared.describe(), tuple(sets), runs)
    if page is not None:
        write_errors(page, errors, runs.get(BASE, {}), summary=result.summary())
    return result


def _agree(
    projections: Sequence[Sequence[Projection]], pairs: Sequence[Pair]
) -> list[list[Projection]]:
    consensus = LabelConsensus()
    for pair, own in zip(pairs, projections, strict=True):
        consensus.learn(pair.target, own)
    return [consensus.apply(p.target, own) for p, own in zip(pairs, projections, strict=True)]
