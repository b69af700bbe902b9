"""Who decides best where views conflict, how often they do, and what could be reached."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from spacy.language import Language

from spacy_xproj.abilities import Counted
from spacy_xproj.ensembling.base import Ensemble
from spacy_xproj.ensembling.conflicts import conflicts
from spacy_xproj.io.formats.docbin import read_docbin
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.tagging.base import Tagger

from ..pages.intervals import Difference, Interval, f1_difference, f1_interval
from ..study.views import Plan, make_views, read_corpus
from .methods import BASELINE, METHODS, choose, oracles
from .tasks import Task, make_task


@dataclasses.dataclass(frozen=True)
class Score:
    """Means over the targets. difference: of F1 from that of the baseline."""

    f1: Interval
    precision: float
    recall: float
    difference: Difference
    by_target: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return {
            "f1": self.f1.to_json(),
            "precision": round(self.precision, 6),
            "recall": round(self.recall, 6),
            "difference": self.difference.to_json(),
            "by_target": {lang: round(value, 6) for lang, value in self.by_target.items()},
        }


@dataclasses.dataclass(frozen=True)
class Result:
    """scores: by method, oracles last. conflicts: by target how many conflicts there are, how many
    proposals are in one, all proposals, and sentences. cost: of asking a language model."""

    scores: dict[str, Score]
    conflicts: dict[str, dict[str, int]]
    sources: tuple[str, ...]
    cost: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return {
            "scores": {name: score.to_json() for name, score in self.scores.items()},
            "conflicts": self.conflicts,
            "sources": list(self.sources),
            "cost": self.cost,
        }

    def summary(self) -> str:
        n, inside, proposals, sentences = (
            sum(own[key] for own in self.conflicts.values())
            for key in ("conflicts", "proposals_in_conflict", "proposals", "sentences")
        )
        return (
            f"targets {', '.join(self.conflicts)}; views {', '.join(self.sources)}; {n} conflicts "
            f"in {sentences} sentences, with {inside} of {proposals} proposals"
        )

    def table(self) -> str:
        rows: list[list[Cell]] = [
            [
                *(name, score.f1.value, score.f1.text(), score.precision, score.recall),
                *score.difference.cells()[:2],
                *score.by_target.values(),
            ]
            for name, score in self.scores.items()
        ]
        head = ["method", "F1", "95 %", "P", "R", f"less {BASELINE}", "95 % of that"]
        return format_table([*head, *self.conflicts], rows)


def run_arbiters(
    plan: Plan,
    *,
    tagger: Tagger,
    nlp: Language,
    ignore_labels: Sequence[str] = (),
    without: Collection[str] = (),
    more: dict[str, Callable[[], Ensemble]] | None = None,
    resamples: int = 1000,
    say: Callable[[str], None] = lambda line: None,
) -> Result:
    """Make what views are missing, and score every method on all targets.

    without: languages whose views are not heard. more: methods beside ``METHODS``.
    """
    make_views(plan, tagger=tagger, nlp=nlp, ignore_labels=ignore_labels, say=say)
    gold = read_corpus(plan)
    tasks = [
        make_task(
            target,
            gold[target],
            list(read_docbin(plan.views_path(target), lang=target)),
            without=without,
        )
        for target in plan.targets
    ]
    return score_tasks(tasks, more=more, resamples=resamples, say=say)


def score_tasks(
    tasks: Sequence[Task],
    *,
    more: dict[str, Callable[[], Ensemble]] | None = None,
    resamples: int = 1000,
    say: Callable[[str], None] = lambda line: None,
) -> Result:
    """Score every method on tasks with the same sentences, each in its language."""
    counts: dict[str, list[np.ndarray]] = {}
    cost: dict[str, float] = {}
    for name, make in {**METHODS, **(more or {})}.items():
        say(f"scoring {name}")
        for task in tasks:
            ensemble = make()
            counts.setdefault(name, []).append(task.counts(choose(ensemble, task)))
            if isinstance(ensemble, Counted):
                for key, value in ensemble.usage().items():
                    cost[key] = round(cost.get(key, 0) + value, 3)
    for task in tasks:
        for name, chosen in oracles(task).items():
            counts.setdefault(name, []).append(task.counts(chosen))
    stacked = {name: np.stack(own, axis=1) for name, own in counts.items()}
    langs = [task.lang for task in tasks]
    scores = {
        name: _score(own, stacked[BASELINE], langs, resamples) for name, own in stacked.items()
    }
    sources = tuple(sorted({lang for task in tasks for lang in task.ballot.langs}))
    return Result(scores, {task.lang: _conflicts(task) for task in tasks}, sources, cost)


def _score(counts: np.ndarray, baseline: np.ndarray, langs: Sequence[str], resamples: int) -> Score:
    """Of counts (sentences, targets, 3)."""
    sums = counts.sum(axis=0)
    f1 = 2 * sums[:, 0] / np.maximum(sums[:, 1] + sums[:, 2], 1)
    return Score(
        f1_interval(counts, resamples=resamples),
        float((sums[:, 0] / np.maximum(sums[:, 2], 1)).mean()),
        float((sums[:, 0] / np.maximum(sums[:, 1], 1)).mean()),
        f1_difference(counts, baseline, resamples=resamples),
        dict(zip(langs, f1.tolist(), strict=True)),
    )


def _conflicts(task: Task) -> dict[str, int]:
    found = conflicts(task.ballot)
    return {
        "conflicts": len(found),
        "conflicts_with_silence": len(conflicts(task.ballot, silence=True)),
        "proposals_in_conflict": sum(map(len, found)),
        "proposals": len(task.ballot),
        "sentences": len(task.gold),
    }
