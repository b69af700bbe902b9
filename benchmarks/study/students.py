"""Students trained on what ensembles of K sources project, all with the same budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from spacy_xproj.components.ensemble import EnsemblePipe
from spacy_xproj.ensembling.joint import JointMatching
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.files import write_aside
from spacy_xproj.io.formats.docbin import read_docbin, write_docbin
from spacy_xproj.io.tables import Cell, format_table, write_csv
from spacy_xproj.review.page import ReportTable, write_report
from spacy_xproj.tagging.applying import load_tagger, tagged_copies
from spacy_xproj.tagging.base import Tagger
from spacy_xproj.text.tokenizers import bare_copy, set_entities

from ..datasets.catalogue import load_benchmark
from ..names.evaluate import evaluate
from ..pages.intervals import Interval, ratio_draws
from ..pages.mentions import MentionCounts, count_mentions, mention_spans
from .spec import Spec, StudentSpec
from .subsets import Subset
from .views import Plan, make_views

Say = Callable[[str], None]
TRAINING = 0.6  # share of the corpus, from its start, that students learn from
DEV = 0.15  # share of that, from its end, that chooses the best step
TEACHER = "the teacher itself"
COLUMNS = (
    *("target", "k", "sources", "entities", "recall", "recall_low", "recall_high"),
    *("accuracy", "accuracy_low", "accuracy_high", "benchmark", "f1", "f1_low", "f1_high"),
)


class Row(NamedTuple):
    """A student (or the teacher, k = 0) on the held-out units of the corpus, and on a benchmark."""

    target: str
    k: int
    sources: Subset
    entities: int | None
    counts: MentionCounts
    benchmark: str
    f1: Interval | None

    def interval(self, metric: str) -> Interval:
        counts = self.counts.mentions if metric == "recall" else self.counts.tokens
        return ratio_draws(counts[:, None]).interval()


def run_students(
    corpus: Path,
    output: Path,
    spec: Spec,
    *,
    tagger: Tagger,
    nlp: Language,
    config: Path,
    say: Say = lambda line: None,
) -> str:
    """Train and score the students of a study; write ``students.csv`` and ``students.html``.

    They learn from the first part of the corpus (``TRAINING``) with the labels that joint matching
    of K sources gives, and are scored on the mentions of the rest, and on a benchmark where the
    spec names one. config: a training config of spaCy. Views and models that are there are kept.
    Returns a table for the terminal.
    """
    if spec.students is None:
        raise XProjError(Errors.XP757)
    own = spec.students
    folder = output / "students"
    plan = Plan(corpus, folder, own.targets, _sources(spec), own.limit, scored=False, stop=TRAINING)
    make_views(plan, tagger=tagger, nlp=nlp, ignore_labels=spec.ignore_labels, say=say)
    rows = []
    for target in own.targets:
        held_out = _held_out(corpus, target)
        rows.append(_score(tagger, target, (), None, held_out, spec, own))
        sources = [lang for lang in _sources(spec) if lang != target]
        for k in own.sizes:
            if k > len(sources):
                continue
            subset = tuple(sources[:k])
            model = folder / f"{target}-{k}"
            labelled = _label(plan, target, subset)
            if not model.is_dir():
                say(f"training a student for {target} on {k} sources")
                steps = {
                    "training.max_steps": own.steps,
                    "training.eval_frequency": max(1, own.steps // 5),
                }
                train_pipeline(labelled, target, model, config, steps)
            entities = sum(len(doc.ents) for doc in labelled)
            student = load_tagger(str(model))
            rows.append(_score(student, target, subset, entities, held_out, spec, own))
    _write_csv(rows, output / "students.csv")
    table = _table(rows)
    write_report(
        output / "students.html",
        title="Students of teacher ensembles",
        summary=_summary(rows, own),
        tables=[table],
        examples=[],
    )
    return format_table(table.columns, table.rows)


def _sources(spec: Spec) -> tuple[str, ...]:
    """Without the language of the gold, whose teacher is judged by its like."""
    return tuple(lang for lang in spec.sources if lang != spec.gold_lang)


def _held_out(corpus: Path, target: str) -> list[Doc]:
    docs = list(read_docbin(corpus / f"{target}.spacy", lang=target))
    rest = docs[round(TRAINING * len(docs)) :]
    return [doc for i, doc in enumerate(rest) if mention_spans(doc, unit=i)]


def _label(plan: Plan, target: str, subset: Subset) -> list[Doc]:
    """The training units with the entities of the ensemble, words and entities only."""
    docs = list(read_docbin(plan.views_path(target), lang=target))
    pipe = EnsemblePipe(
        name="ensemble",
        ensemble=JointMatching(),
        source_langs=list(subset),
        spans_key=None,
    )
    return [with_entities(doc) for doc in pipe.pipe(docs)]


def with_entities(doc: Doc) -> Doc:
    """The words and entities of a document, and nothing else."""
    return set_entities(bare_copy(doc), [(e.start, e.end, e.label_) for e in doc.ents])


def train_pipeline(
    docs: Sequence[Doc], target: str, model: Path, config: Path, overrides: Mapping[str, Any]
) -> None:
    """Train a pipeline by a training config of spaCy; the last ``DEV`` of the sentences choose the
    best step. overrides: values of the config by dotted name."""
    from spacy.cli.train import train

    cut = len(docs) - max(1, round(DEV * len(docs)))
    with write_aside(model) as aside:
        work = aside.parent / "work"
        write_docbin(docs[:cut], work / "train.spacy")
        write_docbin(docs[cut:], work / "dev.spacy")
        train(
            config,
            work / "out",
            overrides={
                "nlp.lang": target,
                "paths.train": str(work / "train.spacy"),
                "paths.dev": str(work / "dev.spacy"),
                **overrides,
            },
        )
        (work / "out" / "model-best").rename(aside)


def _score(
    tagger: Tagger,
    target: str,
    subset: Subset,
    entities: int | None,
    held_out: Sequence[Doc],
    spec: Spec,
    own: StudentSpec,
) -> Row:
    tagged = tagged_copies(tagger, held_out, ignore_labels=spec.ignore_labels)
    counts = count_mentions(
        [mention_spans(doc, unit=i) for i, doc in enumerate(held_out)],
        [[(e.start, e.end, e.label_) for e in doc.ents] for doc in tagged],
    )
    name, f1 = own.benchmarks.get(target, ""), None
    if name:
        gold = load_benchmark(name, langs=[target], limit=own.benchmark_limit)
        runs: dict[str, Any] = dict(
            evaluate(tagger, gold, benchmark=name, ignore_labels=spec.ignore_labels).runs
        )
        f1 = runs[target].f1
    return Row(target, len(subset), subset, entities, counts, name, f1)


def _write_csv(rows: Sequence[Row], path: Path) -> None:
    cells: list[list[Cell]] = []
    for row in rows:
        scores = [*row.interval("recall"), *row.interval("accuracy")]
        cells.append(
            [
                *(row.target, row.k, "+".join(row.sources), row.entities),
                *(f"{value:.6f}" for value in scores),
                row.benchmark,
                *(["", "", ""] if row.f1 is None else [f"{value:.6f}" for value in row.f1]),
            ]
        )
    write_csv(path, COLUMNS, cells)


def _table(rows: Sequence[Row]) -> ReportTable:
    cells: list[list[Cell]] = []
    for row in rows:
        recall, accuracy = row.interval("recall"), row.interval("accuracy")
        cells.append(
            [
                *(row.target, str(row.k or TEACHER), "+".join(row.sources) or None, row.entities),
                *(recall.value, recall.text(), accuracy.value, accuracy.text()),
                None if row.f1 is None else row.f1.value,
                None if row.f1 is None else row.f1.text(),
            ]
        )
    columns = [
        *("target", "sources", "which", "training entities", "recall", "95 % of recall"),
        *("accuracy", "95 % of acc.", "benchmark F1", "95 % of F1"),
    ]
    return ReportTable("Students by number of source languages", columns, cells)


def _summary(rows: Sequence[Row], own: StudentSpec) -> str:
    sentences = []
    for target in own.targets:
        students = [row for row in rows if row.target == target and row.k]
        if len(students) > 1:
            first, last = students[0], students[-1]
            gain = ratio_draws(last.counts.mentions[:, None]).less(
                ratio_draws(first.counts.mentions[:, None])
            )
            d = gain.difference()
            sentences.append(
                f"{target}: a student of {last.k} sources has a recall {d.value:+.3f} against one "
                f"of {first.k} (95 % interval {d.low:+.3f} to {d.high:+.3f}, p = {d.p_value:.3f})."
            )
    names = sorted(set(own.benchmarks.values()))
    gold = f", and by F1 on {', '.join(names)} where it has the language" if names else ""
    return (
        f"Each student is trained for {own.steps} steps on the first {TRAINING:.0%} of the units, "
        "with the labels that joint matching of K sources gives, and scored on the gold mentions "
        f"of the rest{gold}.\n\n" + " ".join(sentences)
    )
