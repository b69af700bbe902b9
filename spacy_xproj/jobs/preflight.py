"""Whether a config would run here: found out without loading a model, and on request how long it
would take and how much memory, from a few sentences."""

import importlib.util
import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.util import get_package_path, is_package

from ..components.models import locate
from ..errors import XProjError
from ..io.formats.files import CorpusFile, corpus_files, said_lang
from .checking import check_order
from .pipelines import Overrides, load_pipeline
from .run import annotate
from .source import Reader
from .worker import check_ready

OK, NOTE, WRONG = "ok", "note", "wrong"
SAMPLE = 8
_FROM = {
    "path": (OK, "a local folder"),
    "cache": (OK, "in the Hugging Face cache"),
    "bundle": (OK, "in the extra [offline]"),
    "hub": (NOTE, "on the Hugging Face hub only: the first use downloads it"),
}
# What a block needs besides this package: the module, and what installs it.
_PACKAGES = {
    "spacy-xproj.CTranslate2.v1": ("ctranslate2", "pip install 'spacy-xproj[ct2]'"),
    "spacy-xproj.Statistical.v1": ("thot", "pip install 'spacy-xproj[stat]'"),
    "spacy-xproj.GLiNERTagger.v1": ("gliner", "pip install 'spacy-xproj[gliner]'"),
}
_HUB_KEYS = {"model", "name"}  # of blocks whose value is a folder or a name on the hub
# Their ``model`` is elsewhere: on a server, or a file that is read when the part is made.
_NOT_OF_HUB = {"@xproj_clients", "@xproj_ensembles"}
_MADE = {"spacy-xproj.CachedTranslator.v1"}  # their file is made where there is none


class Finding(NamedTuple):
    """level: ``ok``, ``note`` (it may work) or ``wrong`` (it cannot). about: what was looked at.
    text: what was found, and for what is wrong what to do."""

    level: str
    about: str
    text: str


def check(
    config: Path, overrides: Overrides = None, source: Path | None = None, *, sample: int = SAMPLE
) -> list[Finding]:
    """What is found of a config, and of an input where one is given: then some of its sentences are
    run, unless anything is wrong. Never raises for what it is there to find."""
    found: list[Finding] = []
    try:
        nlp = load_pipeline(config, overrides)
    except XProjError as error:
        return [Finding(WRONG, "config", str(error))]
    names = " > ".join(nlp.pipe_names) or "no component"
    found.append(Finding(OK, "config", f"{nlp.lang}: {names}"))
    for work in (lambda: check_order(nlp, name=str(config)), lambda: check_ready(nlp)):
        try:
            work()
        except XProjError as error:
            found.append(Finding(WRONG, "pipeline", str(error)))
    settings = nlp.config.interpolate()["components"]
    for block, part in _blocks(settings, "components"):
        found.extend(_part(block, part))
    found.extend(_languages(nlp, settings))
    if source is not None:
        found.extend(_input(nlp, source, sample, run=all(one.level != WRONG for one in found)))
    return found


def _blocks(settings: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each block that names a registered part of this package, with its dotted path."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            inner = f"{path}.{key}"
            if any(k.startswith("@xproj_") for k in value):
                yield inner, value
            yield from _blocks(value, inner)


def _part(block: str, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """What one part needs: packages, files, models."""
    kind = next(value for key, value in settings.items() if key.startswith("@xproj_"))
    module, install = _PACKAGES.get(kind, ("", ""))
    if module and importlib.util.find_spec(module) is None:
        yield Finding(WRONG, block, f"{kind} needs {module}, which is not installed: {install}")
    path = settings.get("path")
    if isinstance(path, str) and kind not in _MADE:
        if Path(path).exists():
            yield Finding(OK, block, f"{path} is there")
        else:
            yield Finding(WRONG, block, f"there is no {path} (looked from {Path.cwd()})")
    for key in set() if _NOT_OF_HUB & settings.keys() else _HUB_KEYS & settings.keys():
        model = settings[key]
        if isinstance(model, str):
            yield _model(block, kind, model, settings.get("revision"))


def _model(block: str, kind: str, model: str, revision: str | None) -> Finding:
    if kind.startswith("spacy-xproj.SpacyTagger."):
        if is_package(model) or Path(model).is_dir():
            return Finding(OK, block, f"the spaCy pipeline {model} is there")
        fix = f"python -m spacy download {model}   (or give the folder of a trained pipeline)"
        return Finding(WRONG, block, f"the spaCy pipeline {model} is not installed: {fix}")
    where = locate(model, revision)
    level, what = _FROM[where]
    if where == "hub" and not re.fullmatch(r"[\w-][\w.-]*(/[\w.-]+)?", model):
        return Finding(WRONG, block, f"there is no folder {model} (looked from {Path.cwd()})")
    return Finding(level, block, f"the model {model} is {what}")


def _languages(nlp: Language, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Teachers of another language than the views that they are for."""
    by_factory: dict[str, Mapping[str, Any]] = {own["factory"]: own for own in settings.values()}
    translate = by_factory.get("xproj_translate", {})
    tagger = by_factory.get("xproj_source_ner", {})
    langs = translate.get("source_langs") or [translate.get("source_lang")]
    if not translate or langs == [None]:
        return
    if nlp.lang in langs:
        text = f"the text is {nlp.lang!r}, and so is a language that it is translated into"
        yield Finding(WRONG, "languages", f"{text}; correct nlp.lang or source_langs")
    own = tagger.get("taggers") or {}
    for lang in langs:
        block = own.get(lang) or tagger.get("tagger") or {}
        found = _lang_of(block.get("model")) if block else None
        if found not in (None, "xx", lang):
            text = f"the teacher {block['model']} is of {found!r}, the translations are {lang!r}"
            yield Finding(NOTE, "languages", text)


def _lang_of(model: str | None) -> str | None:
    """The language that the meta of a spaCy pipeline names; nothing is loaded."""
    if not isinstance(model, str):
        return None
    folder = get_package_path(model) if is_package(model) else Path(model)
    for meta in (folder / "meta.json", *folder.glob("*/meta.json")):
        try:
            lang = json.loads(meta.read_text(encoding="utf-8")).get("lang")
        except (OSError, ValueError, AttributeError):
            continue
        return lang if isinstance(lang, str) else None
    return None


def _input(nlp: Language, source: Path, sample: int, *, run: bool) -> Iterator[Finding]:
    try:
        files, said = corpus_files(source), said_lang(source)
        n = sum(CorpusFile(file, lang=nlp.lang or "xx").count() for file in files)
        reader = Reader(
            [str(file) for file in files], lang=nlp.lang or "xx", features=True, nlp=nlp
        )
        loaded = list(reader.read(0, min(sample, n)))
    except (XProjError, OSError) as error:
        yield Finding(WRONG, "input", str(error))
        return
    yield Finding(OK if n else WRONG, "input", f"{n} sentences in {len(files)} files")
    if said not in (None, nlp.lang):
        text = f"it says that it is {said!r}, the config says {nlp.lang!r}: --set nlp.lang={said}"
        yield Finding(NOTE, "input", text)
    broken = [one for one in loaded if one.error]
    for one in broken:
        yield Finding(WRONG, "input", one.error)
    docs = [one.doc for one in loaded if not one.error]
    if not run or not docs:
        return
    yield from _measured(nlp, docs, n)


def _measured(nlp: Language, docs: list[Any], n: int) -> Iterator[Finding]:
    """Time and memory, after one sentence has loaded the models."""
    start = time.perf_counter()
    try:
        first = annotate(nlp, docs[:1], progress=False)
        loaded = time.perf_counter()
        rest = annotate(nlp, docs[1:] or [docs[0].copy()], progress=False)
    except XProjError as error:
        yield Finding(WRONG, "trial", str(error))
        return
    each = (time.perf_counter() - loaded) / max(len(docs) - 1, 1)
    for failure in (*first.failures, *rest.failures)[:1]:
        yield Finding(WRONG, "trial", f"{failure.component}: {failure.reason}")
        return
    statuses = ", ".join(f"{k} {v}" for k, v in (first.statuses() + rest.statuses()).items())
    yield Finding(OK, "trial", f"{len(docs)} sentences: {statuses or 'no source entity'}")
    total = (loaded - start) + each * n
    text = (
        f"models in {loaded - start:.1f} s, then {each:.3f} s a sentence: about {_span(total)} for "
        f"{n}, one process; more of them with --workers"
    )
    yield Finding(OK, "time", text)
    peak = _peak()
    if peak:
        yield Finding(OK, "memory", f"{peak / 2**30:.1f} GiB so far, for each process")


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _peak() -> int:
    """The most memory that this process has had, in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    size: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024
