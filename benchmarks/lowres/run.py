"""From parallel text to students and their scores; goes on where an earlier run stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from spacy.language import Language
from spacy.tokens import Doc

from spacy_xproj.components.identity import part_identity, pipeline_identity
from spacy_xproj.data.spans import spans_to_iob
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.files import write_aside
from spacy_xproj.io.formats.docbin import read_docbin, write_docbin
from spacy_xproj.io.hashing import file_hash
from spacy_xproj.jobs.folder import OtherRun, Piece, RunFolder
from spacy_xproj.jobs.resumable import Pieces, Resumable
from spacy_xproj.jobs.stopping import stoppable
from spacy_xproj.tagging.applying import load_tagger, tagged_copies
from spacy_xproj.tagging.base import Tagger

from ..arbiters.methods import METHODS
from ..datasets.base import Corpus
from ..datasets.catalogue import load_benchmark
from ..datasets.ntrex import ntrex_docs
from ..pages.intervals import item_counts
from ..study.students import train_pipeline
from ..study.views import Plan, make_views
from ..training.frozen import LowerOutputs
from ..training.tagger import Tuning, tune_tagger
from .labelling import add_own_views, label
from .spec import SPACY, Spec, Students

Say = Callable[[str], None]
TRANSFER = "transfer"
OWN, ONLY_OWN = "own", "only own"


class Task(NamedTuple):
    """One student, or the teacher itself (kind ""). views: what its labels came from."""

    target: str
    kind: str
    system: str
    views: tuple[str, ...]
    seed: int

    @property
    def name(self) -> str:
        return "/".join(
            part.replace(" ", "-")
            for part in (self.target, self.kind or TRANSFER, self.system, str(self.seed))
        )


Results: TypeAlias = dict[Task, dict[str, Any]]


class Inputs(NamedTuple):
    """text: the folder of the parallel text. teacher: a model, which tuned students start from.
    nlp: aligner and projector. student: a training config of spaCy."""

    text: Path
    teacher: str
    nlp: Language
    student: Path
    gold: Path | None = None


def tasks(spec: Spec) -> list[Task]:
    """All of a run, those of the first seed first."""
    made = [Task(target, "", TRANSFER, (), 0) for target in spec.targets]
    seeds = max(own.seeds for own in spec.students.values())
    for seed in range(seeds):
        for kind, own in spec.students.items():
            if seed < own.seeds:
                made += [
                    Task(target, kind, system, views, seed)
                    for target in spec.targets
                    for system, views in systems(spec, own, target).items()
                ]
    return made


def systems(spec: Spec, own: Students, target: str) -> dict[str, tuple[str, ...]]:
    """The views that each student of a kind learns from."""
    found = {f"{k} sources": spec.sources[:k] for k in own.sizes}
    if own.with_own:
        found[OWN] = (*spec.sources, target)
    if own.only_own:
        found[ONLY_OWN] = (target,)
    found.update(dict.fromkeys(own.ensembles, spec.sources))
    return found


def run_lowres(
    spec: Spec,
    inputs: Inputs,
    output: Path,
    *,
    say: Say = lambda _: None,
    after: Callable[[Results], None] = lambda _: None,
) -> Results:
    """Tag and project the parallel text, train the students, and score them and the teacher.

    Keeps, under ``output``, the text (``corpus/``), the views (``views/``), and each student's
    counts (``students/``). after: called with all that there is each time one more seed is
    complete. Gives for each task ``counts``, for each test sentence how many entities are
    right, in the gold, and found, and of the gold's words how many have the right tag, and how many
    there are; and ``entities``, those it learnt from. Raises XProjError for a folder that was made
    with other settings.
    """
    golds = load_benchmark(
        spec.benchmark,
        folder=inputs.gold,
        langs=spec.targets,
        ignore_labels=(*spec.ignore_labels, *spec.unknown_labels),
        limit=spec.test_limit,
        split=spec.split,
    )
    corpus = _corpus(spec, inputs, output)
    plan = Plan(corpus, output / "views", spec.targets, spec.sources)
    teacher = load_tagger(inputs.teacher)
    make_views(plan, tagger=teacher, nlp=inputs.nlp, ignore_labels=spec.ignore_labels, say=say)
    folder = RunFolder(output / "students", outputs=())
    folder.check_writable()
    todo = tasks(spec)
    school = _School(spec, inputs, plan, teacher, LowerOutputs(), say)
    with stoppable(), folder.locked():
        try:
            folder.begin(_settings(spec, inputs, golds, teacher))
        except OtherRun as error:
            raise XProjError(
                Errors.XP751.format(path=folder.path, differences=error.differences)
            ) from error
        results: Results = {}
        for _, group in groupby(todo, key=lambda task: task.seed):
            by_name = {task.name: task for task in group}

            def compute(names: list[str], own: dict[str, Task] = by_name) -> Pieces:
                for left, name in zip(range(len(names), 0, -1), names, strict=True):
                    say(f"{name.replace('/', ', ')} ({left} to do)")
                    task = own[name]
                    yield _score(task, school, golds[task.target]())

            done = Resumable(folder, list(by_name)).complete(compute)
            results.update((by_name[name], about) for name, about in done.items())
            after(results)
    return results


def _corpus(spec: Spec, inputs: Inputs, output: Path) -> Path:
    """The parallel text as LANG.spacy, made once."""
    folder = output / "corpus"
    if not folder.is_dir():
        langs = list(dict.fromkeys([*spec.sources, *spec.targets]))
        with write_aside(folder) as aside:
            aside.mkdir()
            for lang, docs in ntrex_docs(inputs.text, langs, limit=spec.limit).items():
                write_docbin(docs, aside / f"{lang}.spacy")
    return folder


def _settings(
    spec: Spec, inputs: Inputs, golds: Mapping[str, Corpus], teacher: Tagger
) -> dict[str, Any]:
    """What the scores depend on; more targets, sizes and seeds may be asked for later."""
    return {
        "sources": list(spec.sources),
        "limit": spec.limit,
        "test_limit": spec.test_limit,
        "split": spec.split,
        "cost": spec.cost,
        "ignore_labels": list(spec.ignore_labels),
        "unknown_labels": list(spec.unknown_labels),
        "students": {
            name: [own.kind, own.doubt, own.rounds, own.settings]
            for name, own in spec.students.items()
        },
        "gold": {lang: file_hash(gold.path) for lang, gold in golds.items()},
        "teacher": part_identity(teacher),
        "pipeline": pipeline_identity(inputs.nlp),
        "student": file_hash(inputs.student),
    }


class _School(NamedTuple):
    """What all students of a run share."""

    spec: Spec
    inputs: Inputs
    plan: Plan
    teacher: Tagger
    lower: LowerOutputs
    say: Say


def _score(task: Task, school: _School, gold: Sequence[Doc]) -> Piece:
    spec = school.spec
    if not task.kind:
        counts = _counts(gold, school.teacher, spec)
        return Piece(task.name, {}, {"counts": counts, "entities": None})
    views, own = task.views, None
    if task.target in views:
        own = list(read_docbin(school.plan.tagged_path(task.target), lang=task.target))
    with tempfile.TemporaryDirectory(prefix="xproj-student-") as work:
        student, labelled = _train(task, school, views, own, Path(work) / "1")
        for number in range(2, spec.students[task.kind].rounds + 1):
            text = list(read_docbin(school.plan.views_path(task.target), lang=task.target))
            own = tagged_copies(student, text, ignore_labels=spec.ignore_labels)
            views = tuple(dict.fromkeys([*views, task.target]))
            student, labelled = _train(task, school, views, own, Path(work) / str(number))
        counts = _counts(gold, student, spec)
    entities = sum(len(doc.ents) for doc in labelled)
    return Piece(task.name, {}, {"counts": counts, "entities": entities})


def _train(
    task: Task, school: _School, views: Sequence[str], own: Sequence[Doc] | None, model: Path
) -> tuple[Tagger, list[Doc]]:
    """A student and the labels that it has learnt. own: what a tagger of the target finds in the
    text itself, where it is one of the views."""
    students = school.spec.students[task.kind]
    docs = list(read_docbin(school.plan.views_path(task.target), lang=task.target))
    if own is not None:
        add_own_views(docs, own, task.target)
    labelled = label(
        docs,
        views,
        cost=school.spec.cost,
        method=task.system if task.system in METHODS else None,
        doubt=students.doubt,
    )
    if students.kind == SPACY:
        overrides = {"training.seed": task.seed, **students.settings}
        train_pipeline(labelled, task.target, model, school.inputs.student, overrides)
    else:
        how = Tuning(**{**students.settings, "seed": task.seed})
        start = school.inputs.teacher
        tune_tagger(labelled, start, model, how=how, lower=school.lower, say=school.say)
    return load_tagger(str(model)), labelled


def _counts(gold: Sequence[Doc], tagger: Tagger, spec: Spec) -> list[list[int]]:
    found = tagged_copies(tagger, gold, ignore_labels=spec.ignore_labels)
    spans = [[[(e.start, e.end, e.label_) for e in d.ents] for d in side] for side in (gold, found)]
    entities = item_counts(*spans)
    rows = []
    for own, doc, wanted, have in zip(entities.tolist(), gold, *spans, strict=True):
        tags, given = (spans_to_iob(side, len(doc)) for side in (wanted, have))
        inside = [i for i, tag in enumerate(tags) if tag != "O"]
        rows.append([*own, sum(tags[i] == given[i] for i in inside), len(inside)])
    return rows
