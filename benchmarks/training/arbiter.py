"""Training the model of an arbiter on gold, and how it does on folds left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language

from spacy_xproj.ensembling.ballots import Ballot
from spacy_xproj.ensembling.evidence import evidence
from spacy_xproj.ensembling.scheduling import schedule
from spacy_xproj.ensembling.span_model import L2, SpanModel, learn_from_gold
from spacy_xproj.ensembling.votes import WeightedVote
from spacy_xproj.ensembling.weights import EQUAL, LEARNT, Weighted
from spacy_xproj.io.formats.docbin import read_docbin
from spacy_xproj.io.records import write_json
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.tagging.base import Tagger

from ..arbiters.tasks import Task, make_task
from ..pages.intervals import Interval, f1_interval
from ..study.views import Plan, make_views, read_corpus

FOLDS = 6


@dataclasses.dataclass(frozen=True)
class Trained:
    """models: by the weighting of views in the evidence. scores: F1, mean over the targets, of each
    sentence by a model that has not seen it."""

    models: dict[str, SpanModel]
    scores: dict[str, Interval]
    proposals: int
    right: int

    def to_json(self) -> dict[str, Any]:
        return {
            "models": {name: model.to_plain() for name, model in self.models.items()},
            "scores": {name: score.to_json() for name, score in self.scores.items()},
        }

    def summary(self) -> str:
        return f"{self.proposals} proposals, {self.right} of them right; {FOLDS} folds left out"

    def table(self) -> str:
        rows: list[list[Cell]] = [
            [name, score.value, score.text()] for name, score in self.scores.items()
        ]
        return format_table(["weights of the views", "F1", "95 %"], rows)


def run_train_arbiter(
    plan: Plan,
    *,
    tagger: Tagger,
    nlp: Language,
    ignore_labels: Sequence[str] = (),
    output: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Trained:
    """Make what views are missing, train, judge, and write the models."""
    make_views(plan, tagger=tagger, nlp=nlp, ignore_labels=ignore_labels, say=say)
    gold = read_corpus(plan)
    tasks = [
        make_task(lang, gold[lang], list(read_docbin(plan.views_path(lang), lang=lang)))
        for lang in plan.targets
    ]
    result = train(tasks)
    if output is not None:
        write_json(output, {name: model.to_plain() for name, model in result.models.items()})
    return result


def train(tasks: Sequence[Task], *, l2: float = L2) -> Trained:
    """Train on all tasks, and judge on folds of the sentences, the same in all of them."""
    models, scores = {}, {}
    vote = WeightedVote(weights=LEARNT)
    counts = []
    for task in tasks:
        vote.fit(task.ballot)
        counts.append(task.counts(vote.decide(task.ballot).chosen[:, 0]))
    scores["(the weighted vote, learnt)"] = f1_interval(np.stack(counts, axis=1))
    for weighting in (EQUAL, LEARNT):
        rows = [
            (task, evidence(task.ballot, view_weights(task.ballot, weighting))) for task in tasks
        ]
        models[weighting] = _learn(rows, [np.ones(len(x), dtype=bool) for _, x in rows], l2)
        chosen = [np.zeros(len(x), dtype=bool) for _, x in rows]
        for fold in range(FOLDS):
            inside = [task.ballot.sentence % FOLDS == fold for task in tasks]
            model = _learn(rows, [~own for own in inside], l2)
            for (task, x), own, taken in zip(rows, inside, chosen, strict=True):
                values = (model.probabilities(x) - model.threshold)[:, None]
                values[~own] = 0.0
                taken |= schedule(task.ballot.sentence, task.ballot.spans, values)[:, 0]
        judged = [task.counts(own) for task, own in zip(tasks, chosen, strict=True)]
        scores[weighting] = f1_interval(np.stack(judged, axis=1))
    right = sum(int(task.right.sum()) for task in tasks)
    return Trained(models, scores, sum(len(task.ballot) for task in tasks), right)


def view_weights(ballot: Ballot, weighting: str) -> np.ndarray:
    """Weights of the views, float (labels, V)."""
    weighted = Weighted(weighting)
    weighted.fit(ballot)
    return weighted.weights_for(ballot)[:, :, 0]


def _learn(
    rows: Sequence[tuple[Task, np.ndarray]], seen: Sequence[np.ndarray], l2: float
) -> SpanModel:
    """From those proposals that are seen. Gold that nothing proposes counts as far as its
    sentences do."""
    x = np.concatenate([own[which] for (_, own), which in zip(rows, seen, strict=True)])
    right = np.concatenate([task.right[which] for (task, _), which in zip(rows, seen, strict=True)])
    share = len(x) / max(1, sum(len(own) for _, own in rows))
    missed = sum(int(task.gold.sum() - task.right.sum()) for task, _ in rows)
    return learn_from_gold(x, right, missed=round(share * missed), name="gold", l2=l2)
