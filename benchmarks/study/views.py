"""Making the views of each target once, and keeping them: K teachers cost K projections."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from spacy_xproj.components.identity import part_identity, pipeline_identity
from spacy_xproj.data.access import Views
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.docbin import pack_docs, read_docbin
from spacy_xproj.io.hashing import file_hash
from spacy_xproj.jobs.folder import PARTS, OtherRun, Piece, RunFolder
from spacy_xproj.jobs.resumable import Pieces, Resumable
from spacy_xproj.jobs.run import annotate
from spacy_xproj.jobs.stopping import stoppable
from spacy_xproj.tagging.applying import tagged_copies
from spacy_xproj.tagging.base import Tagger

from ..pages.mentions import mention_spans

SHARDS = "shards"
OUTPUTS = ("tagged/*.spacy", "views/*.spacy", f"{SHARDS}/*/*.spacy")
UNITS = 32  # that go through the aligner together, in all languages
BATCH = 256  # sentences that a teacher tags together


class Plan(NamedTuple):
    """What to make views of. corpus: a folder with LANG.spacy, unit by unit in parallel. output:
    where to keep them. limit: only about so many units, spread evenly; None for all. scored: only
    the units that hold a gold mention, on which alone the scores depend. stop: only this share of
    the corpus, from its start. split: read LANG-SPLIT.spacy in place of LANG.spacy."""

    corpus: Path
    output: Path
    targets: tuple[str, ...]
    sources: tuple[str, ...]
    limit: int | None = None
    scored: bool = False
    stop: float = 1.0
    split: str = ""

    def corpus_path(self, lang: str) -> Path:
        return self.corpus / f"{lang}{'-' if self.split else ''}{self.split}.spacy"

    @property
    def langs(self) -> list[str]:
        return list(dict.fromkeys([*self.sources, *self.targets]))

    def views_path(self, target: str) -> Path:
        return self.output / _file(_views_piece(target))

    def tagged_path(self, lang: str) -> Path:
        return self.output / _file(_tagged_piece(lang))


def make_views(
    plan: Plan,
    *,
    tagger: Tagger,
    nlp: Language,
    ignore_labels: Sequence[str] = (),
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Write, under ``plan.output``, ``tagged/LANG.spacy``, what the teacher finds in each language,
    and ``views/TARGET.spacy``, the target's units with a projected view from each other source.

    tagger: the teacher of every source language. nlp: aligner and projector. Each sentence is
    tagged once and, within a run, encoded once for all targets. Goes on where an earlier run
    stopped. Raises XProjError for a corpus that is not parallel, and for an output folder that was
    made with other settings.
    """
    run = _settings(plan, tagger, nlp, ignore_labels)
    folder = RunFolder(plan.output, outputs=OUTPUTS)
    folder.check_writable()
    with stoppable(), folder.locked():
        try:
            folder.begin(run)
        except OtherRun as error:
            raise XProjError(
                Errors.XP751.format(path=plan.output, differences=error.differences)
            ) from error
        docs = read_corpus(plan)
        tags = Resumable(folder, [_tagged_piece(lang) for lang in plan.langs])
        tags.complete(
            lambda names: _tag(names, docs, tagger=tagger, ignore_labels=ignore_labels, say=say)
        )
        views = Resumable(folder, [_views_piece(target) for target in plan.targets])
        todo = [t for t in plan.targets if _views_piece(t) not in views.done]
        if not todo:
            return
        starts = range(0, len(docs[plan.langs[0]]), UNITS)
        units = Resumable(folder, [_units_piece(start) for start in starts])
        units.complete(lambda names: _units(names, plan, docs, todo, nlp=nlp, say=say))
        views.complete(lambda names: _join(names, plan, starts))
    shutil.rmtree(plan.output / SHARDS, ignore_errors=True)
    shutil.rmtree(plan.output / PARTS / SHARDS, ignore_errors=True)


def _tagged_piece(lang: str) -> str:
    return f"tagged/{lang}"


def _views_piece(target: str) -> str:
    return f"views/{target}"


def _units_piece(start: int) -> str:
    return f"{SHARDS}/{start:06}"


def _file(piece: str) -> str:
    return f"{piece}.spacy"


def _tag(
    names: Sequence[str],
    docs: Mapping[str, Sequence[Doc]],
    *,
    tagger: Tagger,
    ignore_labels: Sequence[str],
    say: Callable[[str], None],
) -> Pieces:
    """What the teacher finds in all units of a language."""
    for name in names:
        lang = name.rpartition("/")[2]
        own = docs[lang]
        say(f"tagging {len(own)} units in {lang}")
        found = [
            doc
            for start in range(0, len(own), BATCH)
            for doc in tagged_copies(
                tagger, own[start : start + BATCH], ignore_labels=ignore_labels
            )
        ]
        yield Piece(name, {_file(name): pack_docs(found)}, {})


def _units(
    names: Sequence[str],
    plan: Plan,
    docs: Mapping[str, Sequence[Doc]],
    targets: Sequence[str],
    *,
    nlp: Language,
    say: Callable[[str], None],
) -> Pieces:
    """Some units of each target, with a projected view from each other source."""
    tagged = {lang: list(read_docbin(plan.tagged_path(lang), lang=lang)) for lang in plan.langs}
    n = len(docs[plan.langs[0]])
    for name in names:
        start = int(name.rpartition("/")[2])
        rows = range(start, min(start + UNITS, n))
        say(f"projecting units {start + 1} to {rows.stop} of {n}, {len(targets)} targets")
        made = _project({t: docs[t] for t in targets}, tagged, rows, plan.sources, nlp)
        files = {_file(f"{name}/{target}"): pack_docs(own) for target, own in made.items()}
        yield Piece(name, files, {})


def _join(names: Sequence[str], plan: Plan, starts: Sequence[int]) -> Pieces:
    """All units of a target."""
    for name in names:
        target = name.rpartition("/")[2]
        parts = [plan.output / _file(f"{_units_piece(start)}/{target}") for start in starts]
        whole = [doc for path in parts for doc in read_docbin(path, lang=target)]
        yield Piece(name, {_file(name): pack_docs(whole)}, {})


def _project(
    docs: Mapping[str, Sequence[Doc]],
    tagged: Mapping[str, Sequence[Doc]],
    rows: range,
    sources: Sequence[str],
    nlp: Language,
) -> dict[str, list[Doc]]:
    """Some units of each target with their projected views, through ``nlp`` in one batch."""
    made: dict[str, list[Doc]] = {}
    for target, own in docs.items():
        made[target] = [own[row].copy() for row in rows]
        for row, doc in zip(rows, made[target], strict=True):
            for lang in sources:
                if lang != target:
                    Views(doc)[lang] = SourceView.from_doc(tagged[lang][row], lang=lang, row=row)
    together = [doc for own in made.values() for doc in own]
    result = annotate(nlp, together, batch_size=len(together), progress=False)
    if result.failures:
        first = result.failures[0]
        raise XProjError(
            Errors.XP752.format(
                n=len(result.failures),
                unit=together[first.place].user_data.get("id", first.place),
                component=first.component,
                reason=first.reason,
            )
        )
    return made


def _settings(
    plan: Plan, tagger: Tagger, nlp: Language, ignore_labels: Sequence[str]
) -> dict[str, Any]:
    """What the views depend on."""
    paths = {lang: plan.corpus_path(lang) for lang in plan.langs}
    for path in paths.values():
        if not path.is_file():
            raise XProjError(Errors.XP750.format(path=path))
    return {
        "corpus": {lang: file_hash(path) for lang, path in paths.items()},
        "sources": list(plan.sources),
        "targets": list(plan.targets),
        "limit": plan.limit,
        "scored": plan.scored,
        "stop": plan.stop,
        "teacher": part_identity(tagger),
        "ignore_labels": list(ignore_labels),
        "pipeline": pipeline_identity(nlp),
    }


def read_corpus(plan: Plan) -> dict[str, list[Doc]]:
    """The units of each language that the plan asks for. Raises XProjError where the ids differ
    between languages."""
    docs = {lang: list(read_docbin(plan.corpus_path(lang), lang=lang)) for lang in plan.langs}
    first = plan.langs[0]
    wanted = [doc.user_data.get("id") for doc in docs[first]]
    for lang, own in docs.items():
        if [doc.user_data.get("id") for doc in own] != wanted:
            raise XProjError(Errors.XP753.format(first=first, second=lang, path=plan.corpus))
    rows = list(range(round(plan.stop * len(wanted))))
    if plan.scored:
        rows = [i for i in rows if any(mention_spans(docs[t][i], unit=i) for t in plan.targets)]
    if plan.limit is not None:
        rows = rows[:: max(1, -(-len(rows) // plan.limit))]
    return {lang: [own[i] for i in rows] for lang, own in docs.items()}
