"""Reading and writing Docs by the suffix of a file, in any of the registered formats."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from ...data.labels import is_labelled, open_words
from ...data.span_groups import check_group, entity_labels, move_entities, read_group
from ...errors import Errors, XProjError
from ...registry import registered
from ...text.languages import ANY
from ..lines import place
from ..notes import collected, tell
from ..shards import is_annotated, shard_paths
from .base import Fit, Format, Sniffed
from .corpus import Corpus, NotLabelled, check_left_out
from .decisions import REJECTED
from .faults import Faults
from .reading import IGNORED, Reading, forget_labels
from .tag_labels import check_labels


def all_formats() -> list[Format]:
    """Those that are registered, by name of their entry."""
    return [make() for _, make in sorted(registered("xproj_formats").items())]


_SHOWN = 5
NO_LABELS, OPEN_WORDS, PIECES = "no-labels", "open-words", "pieces"


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
        self.format, self.read_as = _find_format(path)

    def split(self) -> Iterator[Raw]:
        """All sentences, not parsed. Raises XProjError where the file as a whole is broken."""
        for number, content in self.format.split(self.path):
            yield Raw(place(self.path, number), content)

    def count(self) -> int:
        """How many sentences the file has, whole or broken."""
        return self.format.count(self.path)

    def parser(self, reading: Reading) -> Callable[..., Doc]:
        """What makes a Doc of a sentence in the vocabulary of ``reading`` (those of a DocBin have
        one of their own): ``parse(raw, row=None)``. row: the number of the sentence in the input,
        for those of its views that have none. It raises XProjError, naming the line, for a sentence
        that is broken. Raises XProjError where what to read of the file is not certain."""
        self.format.check(self.path, reading)
        parse = self.format.parser(reading)
        key = reading.spans_key
        if key is None or self.format.holds_spans:
            return lambda raw, row=None: parse(raw.content, raw.place, row)
        return lambda raw, row=None: move_entities(parse(raw.content, raw.place, row), key)


def _find_format(path: str | Path) -> tuple[Format, str]:
    """The format of a file to read, and where it is not the one that the suffix usually stands
    for, why not."""
    formats = [one for one in all_formats() if one.reads]
    suffix = _checked_suffix(path, [suffix for one in formats for suffix in one.suffixes])
    formats = [one for one in formats if suffix in one.suffixes]
    if len(formats) == 1:
        return formats[0], ""
    sniffed, errors = [], []
    for one in formats:
        try:
            sniffed.append(one.sniff(path))
        except XProjError as error:  # which may be of a format that the file is not in
            sniffed.append(Sniffed(Fit.NONE))
            errors.append(error)
    best = max(one.fit for one in sniffed)
    if errors and best < Fit.SURE:
        raise errors[0]
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
        if _suffix(file, by_suffix) in by_suffix and file.is_file() and not _is_hidden(file, path)
    )
    if not files:
        raise XProjError(Errors.XP616.format(path=path, known=" ".join(sorted(by_suffix))))
    formats = {file: by_suffix[_suffix(file, by_suffix)] for file in files}
    parts = {part for file in files for one in formats[file] for part in one.companions(file)}
    return [file for file in files if file not in parts]


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def drop_faulty(corpora: Sequence[Corpus]) -> list[Corpus]:
    """Corpora that belong together line by line, without the lines that are faulty in any. Raises
    XProjError where people rejected other records of one than of another."""
    check_left_out(corpora)
    faulty = {number for one in corpora for number in one.faulty}
    return [one.drop(faulty) for one in corpora] if faulty else list(corpora)


def said_lang(path: str | Path) -> str | None:
    """The language that a corpus says all its sentences are in; None where it does not say, or
    names several. Raises XProjError as ``read_corpus``."""
    langs: set[str] = set()
    for file in _files_of(path):
        langs |= _find_format(file)[0].langs(file)
    return langs.pop() if len(langs) == 1 else None


def needed_lang(path: str | Path, lang: str | None, *, option: str = "--lang") -> str:
    """The language that was given, else the one that the corpus says. Raises XProjError, naming
    the option that gives it, where neither says."""
    found = lang or said_lang(path)
    if found is None:
        raise XProjError(Errors.XP669.format(path=path, option=option))
    return found


def read_docs(path: str | Path, *, lang: str | None, **settings: Any) -> list[Doc]:
    """The documents of ``read_corpus``; with ``skip_bad`` without those that are faulty."""
    return drop_faulty([read_corpus(path, lang=lang, **settings)])[0].docs


def read_corpus(
    path: str | Path,
    *,
    lang: str | None,
    labelled: bool | None = None,
    nlp: Language | None = None,
    spans_key: str | None = None,
    other_key: str | None = None,
    layer: str | None = None,
    skip_bad: bool = False,
    ignore_labels: bool = False,
) -> Corpus:
    """All sentences of a file, in the format that its suffix names, of the files of one format in a
    folder, or of the shards in a folder that ``spacy xproj annotate`` wrote.

    lang: None for the language that the input says (``said_lang``); where it does not say, text is
    cut into words by general rules, and that is told.

    The formats are those of the registry ``xproj_formats`` (``docs/formats.md`` lists them); each
    also with ``.gz``. A ``.txt`` file is raw text, one sentence a line, unless more than half of
    its first 50 lines end in IOB tags. A sentence without labels is a Doc without entity
    annotation. With ``labelled=True``, an input without any labels is an error. nlp: a pipeline
    whose tokenizer cuts what is not cut into words yet, in place of the language's. spans_key: read
    the entities, of every shape, into this group of ``doc.spans`` in place of ``doc.ents``;
    other_key: the same, but only where ``doc.ents`` cannot hold those of all sentences. layer: of a
    file with several layers of labels the one to read. skip_bad: leave sentences out that are
    faulty, and list them (see ``Corpus.faulty``), in place of an error that names them.
    ignore_labels: let the Docs be not labelled, and count the entities that they had, with
    ``spans_key`` those of that group, too (see ``Corpus.replaced``). Raises XProjError for a file
    that is missing, empty, a folder of several formats, of another suffix, or broken.
    """
    key = IGNORED if ignore_labels else spans_key
    known = lang or said_lang(path)
    lang = known or ANY
    with collected(REJECTED) as notes:
        result, faults = _read(
            path, Reading(lang, nlp=nlp, spans_key=key, layer=layer), spans_key, ignore_labels
        )
    if faults.of_shape and spans_key is None and other_key is not None:
        tell(
            f"spans of {path} overlap or are in pieces, so all are read into "
            f"doc.spans[{other_key!r}]; into another group: --spans-key KEY"
        )
        again: dict[str, Any] = {"nlp": nlp, "layer": layer}
        again |= {"skip_bad": skip_bad, "labelled": labelled}
        return read_corpus(path, lang=lang, spans_key=other_key, **again)
    notes.hand_on()
    left_out = tuple(where.removeprefix(str(path)) for where in notes.places)
    result = result._replace(rejected="; ".join(notes.lines(REJECTED)), left_out=left_out)
    if known is None and any(result.cut):
        tell(f"{path} is cut into words by general rules; by those of a language: --lang CODE")
    if not result.docs:
        raise XProjError(Errors.XP613.format(path=path))
    if faults.numbers:
        if not skip_bad or len(faults.numbers) == len(result.docs):
            raise faults.error(path)
        n = len(faults.numbers)
        tell(f"{n} of {len(result.docs)} sentences of {path} left out as faulty:\n{faults.lines()}")
    if not ignore_labels:
        _check_labels(result)
    with_words = sum(map(bool, map(len, result.docs)))
    if labelled and with_words and with_words == len(result.not_labelled):
        first = result.not_labelled[0]
        if spans_key is not None:
            check_group(
                result.docs[first.number], spans_key, path=str(path), sentence=first.number + 1
            )
        reason = result.read_as or (f"{first.place}: {first.why}." if first.why else "")
        raise XProjError(Errors.XP614.format(path=path, reason=reason))
    return result


def _check_labels(corpus: Corpus) -> None:
    """Raise XProjError where the labels are tags."""
    places: dict[str, str] = {}
    for doc, place_of in zip(corpus.docs, corpus.places, strict=True):
        for label in entity_labels(doc, corpus.spans_key):
            places.setdefault(label, place_of)
    check_labels(corpus.path, places)


def _read(
    path: str | Path, reading: Reading, spans_key: str | None, ignore_labels: bool
) -> tuple[Corpus, Faults]:
    """All sentences, and which of them are faulty."""
    faults = Faults()
    had: list[int] = []
    result = Corpus(path, [], [], [], [], faults.numbers, spans_key, had=had)
    read_as = ""
    for one in _files_of(path):
        file = CorpusFile(one, lang=reading.lang)
        parse = file.parser(reading)
        for raw in file.split():
            before = reading.asked
            try:
                doc = parse(raw)
            except XProjError as error:
                faults.add(len(result.docs), error)
                doc = Doc(reading.vocab)
            result.cut.append(reading.asked > before)
            if ignore_labels:
                had.append(forget_labels(doc, spans_key))
            elif not is_labelled(doc, spans_key):
                why = file.format.explain(raw.content)
                result.not_labelled.append(NotLabelled(len(result.docs), raw.place, why))
            result.docs.append(doc)
            result.places.append(raw.place)
        read_as = read_as or file.read_as
    return result._replace(read_as=read_as), faults


def _files_of(path: str | Path) -> list[Path]:
    """A file, or those of a folder, all of one format."""
    if not Path(path).is_dir():
        return [Path(path)]
    files = corpus_files(path)
    firsts = {_suffix(file): file for file in reversed(files)}
    if len(firsts) > 1:
        names = ", ".join(file.relative_to(path).as_posix() for file in sorted(firsts.values()))
        unpaired = _unpaired(files)
        raise XProjError(Errors.XP631.format(path=path, names=names, unpaired=unpaired))
    return files


def _unpaired(files: Sequence[Path]) -> str:
    """Of a folder of pairs, which text lacks the file that has its labels."""
    for format in all_formats():
        whole = [f for f in files if f.suffix in format.suffixes and format.companions(f)]
        kinds = {part.suffix for file in whole for part in format.companions(file)}
        for file in files:
            if file.suffix in kinds:
                return (
                    f" To {file.name} belongs {file.stem}{whole[0].suffix}, which is not there; an "
                    "empty one says that nobody has looked at it yet."
                )
    return ""


def why_not_held(
    docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None
) -> list[str]:
    """For each Doc why the format that ``path`` names cannot say what it says: "no-labels" (it is
    not labelled), "open-words", "pieces" (it has spans in pieces); empty where it can. spans_key:
    the group of ``doc.spans`` to be written in place of ``doc.ents``."""
    format = _written_format(path)
    return [_why_not_held(format, doc, spans_key) for doc in docs]


def _why_not_held(format: Format, doc: Doc, spans_key: str | None) -> str:
    if not is_labelled(doc, spans_key):
        return "" if format.holds_unlabelled else NO_LABELS
    if spans_key is None:
        return OPEN_WORDS if not format.holds_open_words and open_words(doc) else ""
    if not format.holds_pieces and any(shape.pieces for shape in read_group(doc, spans_key)):
        return PIECES
    return ""


def can_hold(docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> list[bool]:
    """For each Doc, whether the format that ``path`` names can say what it says."""
    return [not why for why in why_not_held(docs, path, spans_key=spans_key)]


def write_docs(
    docs: Iterable[Doc],
    path: str | Path,
    *,
    places: Sequence[str] | None = None,
    spans_key: str | None = None,
) -> None:
    """Write Docs in the format that the suffix names, as in ``read_docs``.

    Only ``.spacy`` keeps ``doc.user_data``, and so the source views; column files do not keep the
    exact text. places: what to call the Docs in an error, by default by number. spans_key: write
    this group of ``doc.spans`` in place of ``doc.ents``. Raises XProjError for Docs that are not
    labelled, or not wholly, where the format would say that their words are in no entity, and for
    spans that the format cannot hold.
    """
    docs = list(docs)
    check_writable(path, spans_key=spans_key)
    check_held(docs, path, places=places, spans_key=spans_key)
    # A format that does not hold spans need not know of them.
    _written_format(path).write(docs, path, **({"spans_key": spans_key} if spans_key else {}))


def check_held(
    docs: Sequence[Doc],
    path: str | Path,
    *,
    places: Sequence[str] | None = None,
    spans_key: str | None = None,
) -> None:
    """Raise XProjError, as ``write_docs`` does, where it could not write all of these Docs."""
    reasons = why_not_held(docs, path, spans_key=spans_key)
    wrong = [number for number, why in enumerate(reasons) if why]
    if not wrong:
        format = _written_format(path)
        if not format.holds_empty and not any(entity_labels(doc, spans_key) for doc in docs):
            raise XProjError(Errors.XP636.format(path=path, kind=format.name, n=len(docs)))
        return
    names = [f"number {i + 1}" if places is None else places[i] for i in wrong[:_SHOWN]]
    shown = ", ".join(names) + (" ..." if len(wrong) > _SHOWN else "")
    said = {"path": path, "kind": _written_format(path).name, "rows": shown}
    counts = {"n": len(wrong), "of": len(docs)}
    if PIECES in reasons:
        known = ", ".join(s for one in all_formats() if one.holds_pieces for s in one.written)
        raise XProjError(Errors.XP528.format(**said, **counts, known=known))
    raise XProjError(Errors.XP666.format(**said, **counts))


def other_groups(docs: Iterable[Doc], path: str | Path, *, spans_key: str | None) -> str:
    """The groups of ``doc.spans`` that are not written to ``path``, with the number of spans of
    each; empty where there are none."""
    if _written_format(path).holds_all:
        return ""
    counts: Counter[str] = Counter()
    for doc in docs:
        counts.update({k: len(group) for k, group in doc.spans.items() if k != spans_key})
    return ", ".join(f"{key!r} {n}" for key, n in sorted(counts.items()) if n)


def holds_spans(path: str | Path) -> bool:
    """Whether the format that ``path`` names can hold a group of ``doc.spans``."""
    return _written_format(path).holds_spans


def check_writable(path: str | Path, *, spans_key: str | None = None) -> None:
    """Raise XProjError where ``write_docs`` could not write ``path``: before hours of work.
    spans_key: a group of ``doc.spans`` that the format must be able to hold."""
    format = _written_format(path)
    if spans_key is not None and not format.holds_spans:
        known = ", ".join(s for one in all_formats() if one.holds_spans for s in one.written)
        raise XProjError(Errors.XP527.format(path=path, key=spans_key, known=known))
    for part in format.companions(path):
        if part.exists() and not Path(path).exists():
            raise XProjError(Errors.XP643.format(path=path, part=part))


def _suffix(path: str | Path, known: Iterable[str] = ()) -> str:
    """The suffix of a file, without ``.gz``; of those that are known the longest, which may have
    several dots."""
    name = Path(path).name.lower().removesuffix(".gz")
    fitting = [suffix for suffix in known if name.endswith(suffix) and name != suffix]
    return max(fitting, key=len) if fitting else Path(name).suffix


def _checked_suffix(path: str | Path, known: Iterable[str]) -> str:
    if Path(path).is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    known = sorted(set(known))
    suffix = _suffix(path, known)
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
