"""The whole study: views, scores of all sets of sources, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import srsly
from spacy.language import Language

from ..corpora.docbin import read_docbin
from ..errors import Errors, XProjError
from ..files import write_text
from ..tagging.base import Tagger
from .findings import find
from .plot import check_plots
from .report import summary_table, write_csv, write_page
from .results import Results
from .scoring import METHODS, TRANSFER, make_task, score_subsets, score_transfer
from .subsets import choose_subsets
from .views import Plan, make_views

Say = Callable[[str], None]


def score_views(
    plan: Plan, *, cap: int, resamples: int = 1000, seed: int = 0, say: Say = lambda line: None
) -> Results:
    """Score every target of a plan whose views are made; see ``choose_subsets`` for ``cap``."""
    results = Results(resamples=resamples, seed=seed)
    for target in plan.targets:
        docs = list(read_docbin(plan.views_path(target), lang=target))
        task = make_task(docs)
        subsets = choose_subsets(
            [lang for lang in plan.sources if lang in task.langs], cap=cap, seed=seed
        )
        say(f"scoring {len(subsets)} sets of sources for {target}")
        for method in METHODS:
            results.add(target, method, subsets, score_subsets(task, subsets, method))
        tagged = list(read_docbin(plan.tagged_path(target), lang=target))
        results.add(target, TRANSFER, [()], score_transfer(docs, tagged))
    return results


def run_study(
    plan: Plan,
    *,
    tagger: Tagger,
    nlp: Language,
    ignore_labels: Sequence[str] = (),
    gold_lang: str | None = "en",
    cap: int = 127,
    resamples: int = 1000,
    seed: int = 0,
    say: Say = lambda line: None,
) -> str:
    """Make what views are missing, score, and write ``study.csv``, ``study.json``, ``study.html``
    and a plot for each metric into ``plan.output``. Returns a table for the terminal."""
    check_plots()
    gold = gold_lang if gold_lang in plan.sources else None
    for target in plan.targets or ("",):
        others = [lang for lang in plan.sources if lang not in (target, gold)]
        if not plan.targets or len(others) < 2:
            raise XProjError(
                Errors.XP755.format(
                    targets=", ".join(plan.targets) or "none",
                    sources=", ".join(plan.sources) or "none",
                    target=target,
                    gold=gold or "the gold",
                )
            )
    make_views(plan, tagger=tagger, nlp=nlp, ignore_labels=ignore_labels, say=say)
    results = score_views(plan, cap=cap, resamples=resamples, seed=seed, say=say)
    findings = find(results, gold_lang=gold)
    path = Path(plan.output) / "study"
    write_csv(results, f"{path}.csv")
    text = srsly.json_dumps(_keys_as_text(findings), indent=2)
    write_text(f"{path}.json", text + "\n")
    write_page(results, findings, path, gold_lang=gold, note=_note(plan, tagger, cap, resamples))
    return summary_table(results, findings)


def _keys_as_text(value: object) -> object:
    """Numbers of sources are keys here, and JSON has only strings as keys."""
    if isinstance(value, dict):
        return {str(key): _keys_as_text(inner) for key, inner in value.items()}
    return value


def _note(plan: Plan, tagger: Tagger, cap: int, resamples: int) -> str:
    teacher = tagger.describe()
    return (
        f"Sources: {', '.join(plan.sources)}. Teacher of every source: {teacher.get('model')}. "
        f"At most {cap} sets of sources a target; {resamples} resamples of the units. Corpus, "
        "teacher, aligner and projector are recorded in settings.json beside this page."
    )
