"""Reading and writing Docs by the suffix of a file, in any of the registered formats."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from ...data.labels import is_labelled, open_words
from ...errors import Errors, XProjError
from ...registry import registered
from ...text.tokenizers import Blank
from ..lines import place
from ..shards import is_annotated, shard_paths
from .base import Format


def all_formats() -> list[Format]:
    """Those that are registered, by name of their entry."""
    return [make() for _, make in sorted(registered("xproj_formats").items())]


_SHOWN = 5


class Raw(NamedTuple):
    """A sentence of a file as it stands there, not parsed, and its place: file and line, or file
    and number of the document."""

    place: str
    content: Any


class CorpusFile:
    """The sentences of a file, one by one, in the format that its suffix names; where several
    formats have it, in the one that its content looks like.

    Memory is bounded by a sentence; of a format that is not made of lines by the file. Raises
    XProjError for a file that is missing, a directory, or of another suffix.
    """

    def __init__(self, path: str | Path, *, lang: str) -> None:
        self.path = path
        self.lang = lang
        self.format, self.why_unlabelled = _find_format(path)

    def split(self) -> Iterator[Raw]:
        """All sentences, not parsed. Raises XProjError where the file as a whole is broken."""
        for number, content in self.format.split(self.path):
            yield Raw(place(self.path, number), content)

    def count(self) -> int:
        """How many sentences the file has, whole or broken."""
        return self.format.count(self.path)

    def parser(self, blank: Blank) -> Callable[..., Doc]:
        """What makes a Doc of a sentence in the vocabulary of ``blank`` (those of a DocBin have one
        of their own): ``parse(raw, row=None)``. row: the number of the sentence in the input, for
        those of its views that have none. It raises XProjError, naming the line, for a sentence
        that is broken."""
        parse = self.format.parser(blank)
        return lambda raw, row=None: parse(raw.content, raw.place, row)


def _find_format(path: str | Path) -> tuple[Format, str]:
    """The format of a file to read, and where it is not the one that the suffix usually stands
    for, why not."""
    formats = [one for one in all_formats() if one.reads]
    suffix = _checked_suffix(path, [suffix for one in formats for suffix in one.suffixes])
    formats = [one for one in formats if suffix in one.suffixes]
    if len(formats) == 1:
        return formats[0], ""
    sniffed = [one.sniff(path) for one in formats]
    best = max(one.fit for one in sniffed)
    fitting = [one for one, found in zip(formats, sniffed, strict=True) if found.fit == best]
    if not best:
        fitting = [one for one in formats if one.fallback]
    usual = [one for one in formats if suffix in one.written]
    if len(fitting) != 1:
        fitting = [one for one in usual if one in fitting or not fitting]
    if len(fitting) != 1:
        names = ", ".join(one.name for one in formats)
        suffixes = "; ".join(f"{one.name}: {' '.join(one.suffixes)}" for one in formats)
        raise XProjError(Errors.XP694.format(path=path, names=names, suffixes=suffixes))
    reasons = " and ".join(one.reason for one in sniffed if one.reason)
    if not fitting[0].fallback or not reasons:
        return fitting[0], ""
    return fitting[0], f"It was read as {fitting[0].name}, since {reasons}."


def corpus_files(path: str | Path) -> list[Path]:
    """A file, or those of a folder and its subfolders whose suffix is known, sorted by path.

    Of a folder that ``spacy xproj annotate`` wrote these are the shards. Raises XProjError for a
    folder without such files, and for one that ``annotate`` has not completed.
    """
    path = Path(path)
    if not path.is_dir():
        return [path]
    if is_annotated(path):
        return shard_paths(path)
    by_suffix: dict[str, list[Format]] = {}
    for one in all_formats():
        for suffix in one.suffixes if one.reads else ():
            by_suffix.setdefault(suffix, []).append(one)
    files = sorted(
        file
        for file in path.rglob("*")
        if _suffix(file) in by_suffix and file.is_file() and not _is_hidden(file, path)
    )
    if not files:
        raise XProjError(Errors.XP616.format(path=path, known=" ".join(sorted(by_suffix))))
    parts = {part for f in files for one in by_suffix[_suffix(f)] for part in one.companions(f)}
    return [file for file in files if file not in parts]


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


class NotLabelled(NamedTuple):
    """A sentence with words but without labels: its number (from 0), its place, and what it has
    instead, where that is known."""

    number: int
    place: str
    why: str


class Corpus(NamedTuple):
    """The sentences of an input with their places, which of them are not labelled, and whether each
    came as a text that was cut into words here."""

    path: str | Path
    docs: list[Doc]
    places: list[str]
    not_labelled: list[NotLabelled]
    cut: list[bool]

    def notice(self, *, shown: int = 3) -> str:
        """A line that names the sentences that are not labelled; empty where all are."""
        if not self.not_labelled:
            return ""
        named = [f"{one.place}{f': {one.why}' if one.why else ''}" for one in self.not_labelled]
        more = f"; and {len(named) - shown} more" if len(named) > shown else ""
        counts = f"{len(named)} of {len(self.docs)} sentences of {self.path} are not labelled"
        return f"{counts} ({'; '.join(named[:shown])}{more})"


def read_docs(
    path: str | Path, *, lang: str, labelled: bool | None = None, nlp: Language | None = None
) -> list[Doc]:
    """The documents of ``read_corpus``."""
    return read_corpus(path, lang=lang, labelled=labelled, nlp=nlp).docs


def read_corpus(
    path: str | Path, *, lang: str, labelled: bool | None = None, nlp: Language | None = None
) -> Corpus:
    """All sentences of a file, in the format that its suffix names, or of the shards in a folder
    that ``spacy xproj annotate`` wrote.

    The formats are those of the registry ``xproj_formats`` (``docs/formats.md`` lists them); each
    also with ``.gz``. A ``.txt`` file whose first 50 lines do not end in IOB tags is raw text, one
    sentence a line. A sentence without labels is a Doc without entity annotation. With
    ``labelled=True``, an input without any labels is an error. nlp: a pipeline whose tokenizer cuts
    what is not cut into words yet, in place of the language's. Raises XProjError for a file that is
    missing, empty, another directory, of another suffix, or broken.
    """
    result = Corpus(path, [], [], [], [])
    reason = ""
    for one in corpus_files(path) if is_annotated(path) else [Path(path)]:
        file, blank = CorpusFile(one, lang=lang), Blank(lang, nlp=nlp)
        parse = file.parser(blank)
        for raw in file.split():
            before = blank.asked
            doc = parse(raw)
            result.cut.append(blank.asked > before)
            if not is_labelled(doc):
                why = file.format.explain(raw.content)
                result.not_labelled.append(NotLabelled(len(result.docs), raw.place, why))
            result.docs.append(doc)
            result.places.append(raw.place)
        reason = file.why_unlabelled
    if not result.docs:
        raise XProjError(Errors.XP613.format(path=path))
    with_words = sum(map(bool, map(len, result.docs)))
    if labelled and with_words and with_words == len(result.not_labelled):
        first = result.not_labelled[0]
        reason = reason or (f"{first.place}: {first.why}." if first.why else "")
        raise XProjError(Errors.XP614.format(path=path, reason=reason))
    return result


def can_hold(docs: Iterable[Doc], path: str | Path) -> list[bool]:
    """For each Doc, whether the format that ``path`` names can say what it leaves open."""
    format = _written_format(path)
    return [
        (format.holds_open_words or not open_words(doc))
        if is_labelled(doc)
        else format.holds_unlabelled
        for doc in docs
    ]


def write_docs(
    docs: Iterable[Doc], path: str | Path, *, places: Sequence[str] | None = None
) -> None:
    """Write Docs in the format that the suffix names, as in ``read_docs``.

    Only ``.spacy`` keeps ``doc.user_data``, and so the source views; column files do not keep the
    exact text. places: what to call the Docs in an error, by default by number. Raises XProjError
    for Docs that are not labelled, or not wholly, where the format would say that their words are
    in no entity.
    """
    docs = list(docs)
    check_held(docs, path, places=places)
    _written_format(path).write(docs, path)


def check_held(
    docs: Sequence[Doc], path: str | Path, *, places: Sequence[str] | None = None
) -> None:
    """Raise XProjError, as ``write_docs`` does, where it could not write all of these Docs."""
    wrong = [number for number, held in enumerate(can_hold(docs, path)) if not held]
    if wrong:
        names = [f"number {i + 1}" if places is None else places[i] for i in wrong[:_SHOWN]]
        shown = ", ".join(names) + (" ..." if len(wrong) > _SHOWN else "")
        kind = _written_format(path).name
        counts = {"n": len(wrong), "of": len(docs)}
        raise XProjError(Errors.XP666.format(path=path, kind=kind, rows=shown, **counts))


def check_writable(path: str | Path, *, spans_key: str | None = None) -> None:
    """Raise XProjError where ``write_docs`` could not write ``path``: before hours of work.
    spans_key: a group of ``doc.spans`` that the format must be able to hold."""
    format = _written_format(path)
    if spans_key is not None and not format.holds_spans:
        known = ", ".join(s for one in all_formats() if one.holds_spans for s in one.written)
        raise XProjError(Errors.XP527.format(path=path, key=spans_key, known=known))


def _suffix(path: str | Path) -> str:
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _checked_suffix(path: str | Path, known: Iterable[str]) -> str:
    if Path(path).is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    suffix = _suffix(path)
    known = sorted(set(known))
    if suffix not in known:
        raise XProjError(Errors.XP612.format(path=path, suffix=suffix, known=" ".join(known)))
    return suffix


def _written_format(path: str | Path) -> Format:
    formats = all_formats()
    suffix = _checked_suffix(path, [suffix for one in formats for suffix in one.written])
    found = [one for one in formats if suffix in one.written]
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise XProjError(Errors.XP696.format(path=path, suffix=suffix, names=names))
    return found[0]
