"""Translation that runs here: translate-test by Apertium, or by the output of a system that is
given, beside a NER model applied to the text itself, both in one ensemble, and students of it."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import srsly
from spacy.tokens import Doc

from spacy_xproj.alignment.from_translator import FromTranslator
from spacy_xproj.components.aligner import AlignerPipe
from spacy_xproj.components.base import XProjPipe
from spacy_xproj.components.ensemble import EnsemblePipe
from spacy_xproj.components.projector import ProjectorPipe
from spacy_xproj.components.source_ner import SourceNerPipe
from spacy_xproj.components.translate import TranslatePipe
from spacy_xproj.data.access import Views
from spacy_xproj.data.views import SourceView
from spacy_xproj.ensembling.ballots import proposals
from spacy_xproj.ensembling.joint import JointMatching
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.columns import read_columns
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.tables import Cell, format_table, write_csv
from spacy_xproj.projection import Matching
from spacy_xproj.tagging.applying import load_tagger, tagged_copies
from spacy_xproj.tagging.base import Tagger
from spacy_xproj.tagging.gold import GoldTagger
from spacy_xproj.text.tokenizers import bare_copy
from spacy_xproj.translation.apertium import Apertium
from spacy_xproj.translation.apertium_pairs import package_of
from spacy_xproj.translation.itself import Itself

from ..pages.intervals import f1_difference, f1_interval, item_counts
from ..study.spec import make_spec
from ..study.students import with_entities
from ..training.tagger import Tuning, tune_tagger
from .labelling import add_own_views, process_all

Say = Callable[[str], None]
# Makes a student of labelled sentences, in a folder that it may use.
Learn: TypeAlias = Callable[[Sequence[Doc], Path], Tagger]
TRANSFER, SINGLE = "model transfer", "translate-test"


@dataclasses.dataclass(frozen=True)
class Case:
    """A language with gold. sources: translated into by Apertium, in the order in which they are
    added. given: in place of that one file of columns of the only source, sentence by sentence as
    the gold, with the teacher's tags. text: in the language, without labels, for a student to learn
    from. ignore_labels: left out of teachers and gold."""

    lang: str
    gold: str
    sources: tuple[str, ...]
    given: str | None = None
    text: str | None = None
    ignore_labels: tuple[str, ...] = ()


class Description(NamedTuple):
    """cases: by name. ensemble: of all of them. student: how students are tuned; None for none."""

    cases: dict[str, Case]
    ensemble: JointMatching
    student: Tuning | None


class Score(NamedTuple):
    """What a system found in a case: counts per sentence, int (n, 3), see ``item_counts``."""

    case: str
    system: str
    counts: np.ndarray

    @property
    def is_single(self) -> bool:
        """Whether it is the teacher's work alone: model transfer, or one translate-test."""
        return self.system == TRANSFER or self.system.startswith(SINGLE)

    @property
    def f1(self) -> float:
        right, gold, found = self.counts.sum(axis=0)
        return float(2 * right / max(gold + found, 1))


def read_cases(path: Path) -> Description:
    """The cases of a description, their ensemble, and how students learn. Raises XProjError for
    what does not hold."""
    try:
        whole = srsly.read_yaml(path)
    except (OSError, ValueError) as err:
        raise XProjError(Errors.XP756.format(path=path, why=err)) from err
    if not isinstance(whole, dict) or {*whole, "student"} != {"cases", "ensemble", "student"}:
        why = "its parts are cases, ensemble and, if students are to learn, student"
        raise XProjError(Errors.XP756.format(path=path, why=why))
    cases = {name: make_spec(Case, v, f"{path}: {name}") for name, v in whole["cases"].items()}
    student = whole.get("student")
    if student is not None and (not isinstance(student, dict) or student.keys() - Tuning._fields):
        why = f"student: it may have {', '.join(Tuning._fields)}"
        raise XProjError(Errors.XP756.format(path=path, why=why))
    tuning = None if student is None else Tuning(**student)
    return Description(cases, JointMatching(**whole["ensemble"]), tuning)


def lacking(cases: Mapping[str, Case], apertium: Apertium) -> dict[str, list[str]]:
    """The sources of each case that cannot be translated into here, by the name of the case."""
    missing: dict[str, list[str]] = {}
    for name, case in cases.items():
        for source in case.sources if case.given is None else ():
            try:
                apertium.mode(case.lang, source)
            except XProjError:
                missing.setdefault(name, []).append(source)
    return missing


def how_to_install(cases: Mapping[str, Case], missing: Mapping[str, Sequence[str]]) -> str:
    """The one command that installs what is missing."""
    pairs = {
        package_of(cases[name].lang, source) or f"(none for {cases[name].lang}-{source})"
        for name, sources in missing.items()
        for source in sources
    }
    return f"sudo apt-get install -y apertium {' '.join(sorted(pairs))}"


def run_cases(
    cases: Mapping[str, Case],
    ensemble: JointMatching,
    folder: Path,
    *,
    tagger: Tagger,
    aligner: Any,
    apertium: Apertium,
    learn: Learn | None = None,
    limit: int | None = None,
    say: Say = lambda _: None,
) -> list[Score]:
    """Score all systems of all cases that can be run here; says at the start what is missing.

    folder: of the files that the cases name. tagger: the NER model, of every language. aligner: for
    translations that are given; Apertium gives its own links. learn: None for no students. limit:
    of sentences.
    """
    missing = lacking(cases, apertium)
    if missing:
        what = "; ".join(f"{name}: {', '.join(langs)}" for name, langs in missing.items())
        say(f"Not installed: {what}. Install: {how_to_install(cases, missing)}")
    scores: list[Score] = []
    for name, case in cases.items():
        sources = [s for s in case.sources if s not in missing.get(name, ())]
        files = [folder / file for file in (case.gold, case.given) if file is not None]
        absent = ", ".join(str(path) for path in files if not path.is_file())
        if not sources or absent:
            why = f"there is no {absent}" if absent else "nothing translates it here"
            say(f"{name} is left out: {why}")
            continue
        gold = list(read_columns(folder / case.gold, lang=case.lang))[:limit]
        say(f"{name}: {len(gold)} sentences, from {', '.join(sources)}")
        docs = [bare_copy(doc) for doc in gold]
        pipes = _pipes(case, sources, tagger, aligner, apertium, folder, limit)
        process_all(pipes, docs)
        work = _Work(name, case, sources, ensemble, gold, docs)
        tagged = tagged_copies(tagger, gold, ignore_labels=case.ignore_labels)
        scores += work.score(tagged)
        path = None if case.text is None else folder / case.text
        if learn is None or path is None or case.given is not None:
            continue
        if not path.is_file():
            say(f"{name} has no student: there is no {path}")
            continue
        text = [bare_copy(doc) for doc in read_docs(path, lang=case.lang)[:limit]]
        say(f"{name}: a student of {len(text)} sentences")
        process_all(_pipes(case, sources, tagger, aligner, apertium, folder, limit), text)
        labelled = [with_entities(doc) for doc in work.decided(text, (*sources, case.lang))]
        with tempfile.TemporaryDirectory(prefix="xproj-student-") as room:
            student = learn(labelled, Path(room) / "model")
            found = tagged_copies(student, gold, ignore_labels=case.ignore_labels)
        scores += work.score_student(found)
    return scores


def tuning(start: str, how: Tuning, say: Say) -> Learn:
    """Makes a student of the model ``start``, see ``tune_tagger``."""

    def learn(docs: Sequence[Doc], model: Path) -> Tagger:
        return load_tagger(str(tune_tagger(docs, start, model, how=how, say=say)))

    return learn


class _Given:
    """Puts the views of a file into documents, as ``xproj_translate`` does."""

    def __init__(self, views: Iterable[SourceView]) -> None:
        self._views = iter(views)

    def process(self, docs: list[Doc]) -> None:
        for doc in docs:
            view = next(self._views)
            Views(doc)[view.lang] = view


def _pipes(
    case: Case,
    sources: Sequence[str],
    tagger: Tagger,
    aligner: Any,
    apertium: Apertium,
    folder: Path,
    limit: int | None,
) -> list[Any]:
    own = case.lang
    common: dict[str, Any] = {"ignore_labels": list(case.ignore_labels)}
    itself = TranslatePipe(translator=Itself(), source_langs=[own], target_lang=own)
    first: list[Any]
    if case.given is None:
        translate = TranslatePipe(
            translator=apertium, source_langs=list(sources), target_lang=case.lang
        )
        first = [translate, itself, SourceNerPipe(tagger=tagger, **common)]
        links: XProjPipe = AlignerPipe(aligner=FromTranslator())
    else:
        docs = list(read_columns(folder / case.given, lang=sources[0]))[:limit]
        views = [SourceView.from_doc(doc, lang=sources[0]) for doc in docs]
        ner = SourceNerPipe(tagger=tagger, taggers={sources[0]: GoldTagger()}, **common)
        first = [_Given(views), itself, ner]
        links = AlignerPipe(aligner=aligner, aligners={own: FromTranslator()})
    return [*first, links, ProjectorPipe(projector=Matching(), spans_key=None)]


class _Work(NamedTuple):
    """A case that is run. docs: the gold's words with the views of all sources and of itself."""

    name: str
    case: Case
    sources: Sequence[str]
    ensemble: JointMatching
    gold: Sequence[Doc]
    docs: Sequence[Doc]

    def score(self, tagged: Sequence[Doc]) -> list[Score]:
        """What needs no student. tagged: by the teacher itself."""
        scores = [self._counted(TRANSFER, self._entities(tagged))]
        scores += [
            self._counted(f"{SINGLE}, {lang}", [_projected(doc, lang) for doc in self.docs])
            for lang in self.sources
        ]
        for k in range(1, len(self.sources) + 1):
            some = self.sources[:k]
            if k > 1:
                scores.append(self._ensemble(self.docs, some, ""))
            scores.append(self._ensemble(self.docs, some, " + the teacher itself"))
        return scores

    def score_student(self, found: Sequence[Doc]) -> list[Score]:
        """What a student of the widest ensemble finds, and that beside the translations."""
        docs = [doc.copy() for doc in self.docs]
        add_own_views(docs, found, self.case.lang)
        name = f"student of {'+'.join(self.sources)} + the teacher itself"
        return [
            self._counted(name, self._entities(found)),
            self._ensemble(docs, self.sources, " + the student"),
        ]

    def decided(self, docs: Sequence[Doc], views: Sequence[str]) -> list[Doc]:
        """Copies with what an ensemble of these views decides."""
        copies = [doc.copy() for doc in docs]
        pipe = EnsemblePipe(ensemble=self.ensemble, source_langs=list(views), spans_key=None)
        pipe.fit(copies)
        process_all([pipe], copies)
        return copies

    def _ensemble(self, docs: Sequence[Doc], sources: Sequence[str], own: str) -> Score:
        views = (*sources, self.case.lang) if own else sources
        found = self._entities(self.decided(docs, views))
        return self._counted(f"ensemble, {'+'.join(sources)}{own}", found)

    def _entities(self, docs: Sequence[Doc]) -> list[list[tuple[int, int, str]]]:
        return [_spans(doc, self.case.ignore_labels) for doc in docs]

    def _counted(self, system: str, found: Sequence[Sequence[tuple[int, int, str]]]) -> Score:
        return Score(self.name, system, item_counts(self._entities(self.gold), found))


def _spans(doc: Doc, ignore: Sequence[str]) -> list[tuple[int, int, str]]:
    return [(e.start, e.end, e.label_) for e in doc.ents if e.label_ not in ignore]


def _projected(doc: Doc, lang: str) -> list[tuple[int, int, str]]:
    return [(p.start, p.end, p.label) for p in proposals(Views(doc)[lang])]


COLUMNS = (
    *("case", "system", "precision", "recall", "F1", "95 %"),
    *("less the best single", "95 % of that", "p"),
)


def table(scores: Sequence[Score]) -> list[list[Cell]]:
    """A row a system; an ensemble or a student is compared with the best of model transfer and the
    translate-tests of its case."""
    rows: list[list[Cell]] = []
    for score in scores:
        singles = [s for s in scores if s.case == score.case and s.is_single]
        right, gold, found = score.counts.sum(axis=0)
        against: list[Cell] = [None, None, None]
        if not score.is_single:
            best = max(singles, key=lambda s: s.f1)
            against = [*f1_difference(score.counts, best.counts).cells()]
        rows.append(
            [
                *(score.case, score.system),
                *(float(right / max(found, 1)), float(right / max(gold, 1)), score.f1),
                f1_interval(score.counts).text(),
                *against,
            ]
        )
    return rows


def write_scores(scores: Sequence[Score], path: Path) -> str:
    """Write the rows as CSV; the same as a table for the terminal."""
    rows = table(scores)
    write_csv(path, COLUMNS, rows)
    return format_table(COLUMNS, rows)
