"""Making the views of each target once, and keeping them: K teachers cost K projections."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from spacy_xproj.data.views import SourceView, Views
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.docbin import read_docbin, write_docbin
from spacy_xproj.io.records import read_json, to_json, write_json
from spacy_xproj.jobs.run import annotate
from spacy_xproj.tagging.base import Tagger

from ..names.applying import apply_tagger
from ..pages.mentions import mention_spans

SETTINGS = "settings.json"
UNITS = 32  # that go through the aligner together, in all languages
BATCH = 256  # sentences that a teacher tags together


class Plan(NamedTuple):
    """What to make views of. corpus: a folder with LANG.spacy, unit by unit in parallel. output:
    where to keep them. limit: only about so many units, spread evenly; None for all. scored: only
    the units that hold a gold mention, on which alone the scores depend. stop: only this share of
    the corpus, from its start."""

    corpus: Path
    output: Path
    targets: tuple[str, ...]
    sources: tuple[str, ...]
    limit: int | None = None
    scored: bool = False
    stop: float = 1.0

    @property
    def langs(self) -> list[str]:
        return list(dict.fromkeys([*self.sources, *self.targets]))

    def views_path(self, target: str) -> Path:
        return self.output / "views" / f"{target}.spacy"

    def tagged_path(self, lang: str) -> Path:
        return self.output / "tagged" / f"{lang}.spacy"


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
    _check_settings(plan, tagger, nlp, ignore_labels)
    docs = _read_corpus(plan)
    n = len(docs[plan.langs[0]])
    tagged = {}
    for lang in plan.langs:
        path = plan.tagged_path(lang)
        if not path.is_file():
            say(f"tagging {n} units in {lang}")
            found = [
                doc
                for start in range(0, n, BATCH)
                for doc in apply_tagger(
                    tagger, docs[lang][start : start + BATCH], ignore_labels=ignore_labels
                )
            ]
            write_docbin(found, path)
        tagged[lang] = list(read_docbin(path, lang=lang))
    todo = [target for target in plan.targets if not plan.views_path(target).is_file()]
    if not todo:
        return
    shards = plan.output / "shards"
    starts = range(0, n, UNITS)
    for start in starts:
        paths = {target: shards / f"{start:06}" / f"{target}.spacy" for target in todo}
        if all(path.is_file() for path in paths.values()):
            continue
        say(f"projecting units {start + 1} to {min(start + UNITS, n)} of {n}, {len(todo)} targets")
        rows = range(start, min(start + UNITS, n))
        made = _project({t: docs[t] for t in todo}, tagged, rows, plan.sources, nlp)
        for target, own in made.items():
            write_docbin(own, paths[target])
    for target in todo:
        parts = (shards / f"{start:06}" / f"{target}.spacy" for start in starts)
        whole = (doc for path in parts for doc in read_docbin(path, lang=target))
        write_docbin(whole, plan.views_path(target))
    shutil.rmtree(shards, ignore_errors=True)


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


def _check_settings(
    plan: Plan, tagger: Tagger, nlp: Language, ignore_labels: Sequence[str]
) -> None:
    """Keep the settings in the folder, or raise XProjError where it was made with others."""
    from ..datasets.checksums import md5

    paths = {lang: plan.corpus / f"{lang}.spacy" for lang in plan.langs}
    for path in paths.values():
        if not path.is_file():
            raise XProjError(Errors.XP750.format(path=path))
    parts: dict[str, Any] = {name: nlp.get_pipe(name) for name in nlp.pipe_names}
    settings: dict[str, Any] = {
        "corpus": {lang: md5(path) for lang, path in paths.items()},
        "sources": list(plan.sources),
        "targets": list(plan.targets),
        "limit": plan.limit,
        "scored": plan.scored,
        "stop": plan.stop,
        "teacher": tagger.describe(),
        "ignore_labels": list(ignore_labels),
        **{name: part.backend.describe() for name, part in parts.items()},
    }
    path = plan.output / SETTINGS
    if path.is_file():
        before = read_json(path)
        now = json.loads(to_json(settings))
        differ = sorted(k for k in before.keys() | now.keys() if before.get(k) != now.get(k))
        if differ:
            first = differ[0]
            raise XProjError(
                Errors.XP751.format(
                    path=plan.output,
                    names=", ".join(differ),
                    first=first,
                    before=str(before.get(first))[:120],
                    now=str(now.get(first))[:120],
                )
            )
    else:
        write_json(path, settings, sort_keys=True)


def _read_corpus(plan: Plan) -> dict[str, list[Doc]]:
    """The units of each language that the plan asks for. Raises XProjError where the ids differ
    between languages."""
    docs = {
        lang: list(read_docbin(plan.corpus / f"{lang}.spacy", lang=lang)) for lang in plan.langs
    }
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
