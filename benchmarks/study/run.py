"""The whole study: views, scores of all sets of sources, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from spacy.language import Language

from spacy_xproj.io.formats.docbin import read_docbin
from spacy_xproj.io.records import write_json
from spacy_xproj.tagging.base import Tagger

from .findings import find
from .plot import check_plots
from .report import summary_table, write_csv, write_page
from .results import Results
from .scoring import METHODS, TRANSFER, make_task, score_subsets, score_transfer
from .spec import Spec
from .subsets import choose_subsets
from .views import Plan, make_views

Say = Callable[[str], None]


def score_views(plan: Plan, spec: Spec, *, say: Say = lambda line: None) -> Results:
    """Score every target of a plan whose views are made."""
    results = Results(resamples=spec.resamples, seed=spec.seed)
    for target in plan.targets:
        docs = list(read_docbin(plan.views_path(target), lang=target))
        task = make_task(docs)
        langs = [lang for lang in plan.sources if lang in task.langs]
        subsets = choose_subsets(langs, cap=spec.max_sets, seed=spec.seed)
        say(f"scoring {len(subsets)} sets of sources for {target}")
        for method in METHODS:
            results.add(target, method, subsets, score_subsets(task, subsets, method))
        tagged = list(read_docbin(plan.tagged_path(target), lang=target))
        results.add(target, TRANSFER, [()], score_transfer(docs, tagged))
    return results


def run_study(
    corpus: Path,
    output: Path,
    spec: Spec,
    *,
    tagger: Tagger,
    nlp: Language,
    say: Say = lambda line: None,
) -> str:
    """Make what views are missing, score, and write ``study.csv``, ``study.json``, ``study.html``
    and a plot for each metric into ``output``. Returns a table for the terminal."""
    check_plots()
    plan = spec.plan(corpus, output)
    make_views(plan, tagger=tagger, nlp=nlp, ignore_labels=spec.ignore_labels, say=say)
    results = score_views(plan, spec, say=say)
    findings = find(results, gold_lang=spec.gold_source)
    path = output / "study"
    write_csv(results, f"{path}.csv")
    write_json(f"{path}.json", _keys_as_text(findings))
    write_page(results, findings, path, gold_lang=spec.gold_source, note=_note(spec, tagger))
    return summary_table(results, findings)


def _keys_as_text(value: object) -> object:
    """Numbers of sources are keys here, and JSON has only strings as keys."""
    if isinstance(value, dict):
        return {str(key): _keys_as_text(inner) for key, inner in value.items()}
    return value


def _note(spec: Spec, tagger: Tagger) -> str:
    return (
        f"Sources: {', '.join(spec.sources)}. Teacher of every source: "
        f"{tagger.describe().get('model')}. At most {spec.max_sets} sets of sources a target; "
        f"{spec.resamples} resamples of the units. Corpus, teacher, aligner and projector are "
        "recorded in run.json beside this page."
    )
