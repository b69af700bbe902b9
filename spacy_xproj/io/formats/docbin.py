"""``.spacy`` files: spaCy's DocBin, with ``doc.user_data`` and so with the source views."""

import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import catalogue
import numpy as np
import srsly.msgpack
from spacy.attrs import (
    DEP,
    ENT_ID,
    ENT_KB_ID,
    ENT_TYPE,
    HEAD,
    LEMMA,
    MORPH,
    NORM,
    ORTH,
    POS,
    SENT_START,
    SPACY,
    TAG,
)
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from ...data.access import Views
from ...data.provenance import SETTINGS, packed_once
from ...errors import Errors, XProjError
from ...text.languages import ANY, language_code
from ...text.tokenizers import Blank, blank_vocab
from ..limits import check_zlib
from ..lines import read_file, write_file
from .base import Format, Parse

_log = logging.getLogger(__name__)

# A shard is a tenth smaller than with the quickest, 1; that takes 3 % of a run of ``annotate``.
COMPRESSION = 5
_SETTINGS = SETTINGS.encode("ascii")
# What spaCy raises for a file that it did not write.
_BROKEN = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError),
    *(RecursionError, AssertionError, MemoryError, zlib.error),
)


_STRINGS = {ORTH, NORM, TAG, DEP, ENT_TYPE, ENT_KB_ID, ENT_ID, LEMMA, MORPH}
_TREE = {HEAD, DEP, SENT_START}
_DROPPED_IF_EMPTY = {NORM, TAG, ENT_KB_ID, ENT_ID, LEMMA, MORPH, POS, *_TREE}


class Packed(NamedTuple):
    """Document ``number`` (from 0) of a DocBin, not yet made."""

    docs: DocBin
    number: int
    path: str


class DocBinFormat(Format):
    """``spacy-xproj.DocBin.v1``: spaCy's binary files, with the source views (see ``docbin``)."""

    name = "spaCy's DocBin"
    suffixes = (".spacy",)
    written = suffixes
    holds_unlabelled = True
    holds_open_words = True
    holds_spans = True
    holds_pieces = True
    holds_all = True

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return split_docbin(path)

    def langs(self, path: str | Path) -> set[str]:
        return {lang for flags in _unpacked(path).flags if (lang := _lang_of(flags, path))}

    def parser(self, blank: Blank) -> Parse:
        parse = DocBinParser(blank.lang)
        return lambda packed, where, row: _number(parse(packed), row)

    def explain(self, content: Any) -> str:
        doc = DocBinParser("xx")(content)
        if any(token.ent_type for token in doc):
            return "its words have labels (ENT_TYPE), but not where entities begin (ENT_IOB)"
        if not doc.spans:
            return ""
        named = ", ".join(doc.spans)
        return f"it has labels in doc.spans only: {named}; read them with --spans-key"

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        write_docbin(docs, path)  # with all groups


def _flags(doc: Doc) -> dict[str, Any]:
    """What spaCy keeps of a Doc beside its words, and the language, which it does not keep. Its
    readers look at their own flag only; merging DocBins keeps all."""
    flags: dict[str, Any] = {"has_unknown_spaces": doc.has_unknown_spaces}
    return flags if doc.lang_ in ("", ANY) else {**flags, "lang": doc.lang_}


def _lang_of(flags: Any, path: str | Path) -> str | None:
    """The language that a document says it is in. Raises XProjError where it is not one."""
    try:
        lang = flags.get("lang")
        return None if lang is None else language_code(lang)
    except _BROKEN as error:
        if isinstance(error, XProjError):
            raise
        raise XProjError(Errors.XP615.format(path=path, reason=error)) from error


def _number(doc: Doc, row: int | None) -> Doc:
    """The same Doc; its views without a row have this one."""
    views = Views(doc)
    for lang in views:
        view = views[lang]
        if view.row is None and row is not None:
            views[lang] = view.replace(row=row)
    return doc


def read_docbin(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The Docs of a ``.spacy`` file, in a vocabulary of ``lang``.

    Raises XProjError when spaCy cannot read the file.
    """
    parse = DocBinParser(lang)
    for _, packed in split_docbin(path):
        yield parse(packed)


def split_docbin(path: str | Path) -> Iterator[tuple[int, Packed]]:
    """The documents of a file, not yet made, each with its number from 1. The file is in memory
    as long as one of them is."""
    docs = _unpacked(path)
    for index in range(len(docs)):
        yield index + 1, Packed(docs, index, str(path))


def _unpacked(path: str | Path) -> DocBin:
    """What a file holds; an empty file holds nothing."""
    data = read_file(path)
    docs = DocBin()
    if not data:
        return docs
    try:
        check_zlib(path, data)
        docs.from_bytes(data)
        # Any document may hold the settings that others name, and each is made on its own.
        for held in docs.user_data:
            if isinstance(held, bytes) and _SETTINGS in held:
                with suppress(*_BROKEN):  # which is said where the document is made
                    srsly.msgpack_loads(held)
    except _BROKEN as error:
        if isinstance(error, XProjError):
            raise
        raise XProjError(Errors.XP615.format(path=path, reason=error)) from error
    return docs


class DocBinParser:
    """Makes the Docs, in a vocabulary of ``lang`` of its own."""

    def __init__(self, lang: str) -> None:
        self._vocab = blank_vocab(lang)
        self._known: DocBin | None = None

    def __call__(self, packed: Packed) -> Doc:
        """The Doc. Raises XProjError where spaCy cannot make it."""
        docs, i = packed.docs, packed.number
        # spaCy makes all Docs of a DocBin or none, so each is given to it on its own.
        one = DocBin()
        try:
            one.attrs = docs.attrs
            one.tokens, one.spaces = docs.tokens[i : i + 1], docs.spaces[i : i + 1]
            one.cats, one.flags = docs.cats[i : i + 1], docs.flags[i : i + 1]
            one.span_groups, one.user_data = docs.span_groups[i : i + 1], docs.user_data[i : i + 1]
            if self._known is not docs:
                add = self._vocab.strings.add
                for string in docs.strings:
                    add(string)
                self._known = docs
            with quick_msgpack():
                doc = next(one.get_docs(self._vocab))
                self._check(doc, docs.attrs)
        except _BROKEN as error:
            raise XProjError(Errors.XP615.format(path=packed.path, reason=error)) from error
        return doc

    def _check(self, doc: Doc, attrs: list[Any]) -> None:
        """Look at what spaCy looks at only when it is asked for. Raises what it raises then."""
        strings = [attr for attr in attrs if attr in _STRINGS]
        for number in np.unique(doc.to_array(strings) if strings and len(doc) else ()).tolist():
            self._vocab.strings[int(number)]
        for group in (doc.ents, *doc.spans.values()):
            for span in group:
                _ = span.label_, span.kb_id_, span.id_, span.text
        len(Views(doc))  # reads them


def pack_docs(docs: Iterable[Doc]) -> bytes:
    """Docs with their ``user_data`` as a DocBin; the same Docs give the same bytes."""
    if not _is_quick():
        plain = list(docs)
        with packed_once():
            packed = DocBin(docs=plain, store_user_data=True)
            packed.flags = [_flags(doc) for doc in plain]
            return bytes(packed.to_bytes())
    return _pack_quickly(docs)


def pack_changed(
    path: str | Path, change: Mapping[int, Callable[[Doc], None]], *, lang: str
) -> bytes:
    """The documents of a file as a DocBin, some of them changed; the others are not even made.

    change: by the number of a document, from 0, what changes it in place.
    """
    if not _is_quick():
        made = list(read_docbin(path, lang=lang))
        for number in sorted(change):
            change[number](made[number])
        return pack_docs(made)
    docs = _unpacked(path)
    parse = DocBinParser(lang)
    with quick_msgpack(), packed_once():
        for number in sorted(change):
            doc = parse(Packed(docs, number, str(path)))
            change[number](doc)
            one = DocBin(attrs=[], store_user_data=True)
            one.attrs = docs.attrs
            one.add(doc)
            for name in ("tokens", "spaces", "cats", "flags", "user_data", "span_groups"):
                getattr(docs, name)[number] = getattr(one, name)[0]
            docs.strings |= one.strings
        return _to_bytes(docs, np.vstack(docs.tokens), np.vstack(docs.spaces))


def _pack_quickly(docs: Iterable[Doc]) -> bytes:
    packed = _QuickDocBin(store_user_data=True)
    with quick_msgpack(), packed_once():
        for doc in docs:
            packed.add(doc)
        packed.finish()
        return packed.to_bytes()


@cache
def _is_quick() -> bool:
    """Whether the quick way gives what spaCy gives. It uses what is spaCy's own affair, and another
    version may have it otherwise."""
    vocab = Vocab()
    doc = Doc(vocab, words=["a", "b"], tags=["X", "Y"], heads=[1, 1], deps=["d", "ROOT"])
    doc.ents = [Span(doc, 0, 1, label="L", kb_id="Q1")]
    doc.spans["s"] = [Span(doc, 0, 2, label="M")]
    doc.user_data["k"] = [1, "v"]
    public = DocBin(docs=[doc], store_user_data=True).to_bytes()
    try:
        ours, theirs = (
            next(DocBin().from_bytes(data).get_docs(Vocab())).to_bytes()
            for data in (_pack_quickly([doc]), public)
        )
        why = "what it gives differs"
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        ours, theirs, why = b"", public, repr(error)
    if ours != theirs:
        _log.warning("DocBins are written in spaCy's own way, which is slower: %s", why)
    return bool(ours == theirs)


def write_docbin(docs: Iterable[Doc], path: str | Path) -> None:
    """Write Docs with their ``user_data``; the same Docs give the same bytes."""
    write_file(path, pack_docs(docs))


class _QuickDocBin(DocBin):
    """A DocBin that is made about ten times as fast: it looks each string up once, not once a token
    and attribute, and leaves out attributes that no token has. What is read back is the same."""

    def add(self, doc: Doc) -> None:
        array = doc.to_array(self._columns)
        self.tokens.append(array)
        self.flags.append(_flags(doc))
        self.cats.append(doc.cats)
        self.user_data.append(self._packer.pack(doc.user_data))
        self.span_groups.append(self._pack_groups(doc))
        self._by_vocab.setdefault(doc.vocab, []).append(array)

    def _pack_groups(self, doc: Doc) -> bytes:
        groups = doc.spans
        if not any(len(group) or group.attrs for group in groups.values()):
            # Many documents have the same empty ones.
            names = tuple((key, group.name) for key, group in groups.items())
            if names not in self._empty_groups:
                self._empty_groups[names] = groups.to_bytes()
            return self._empty_groups[names]
        strings = doc.vocab.strings
        for group in groups.values():
            for span in group:
                known = (n for n in (span.label, span.kb_id, span.id) if n in strings)
                self.strings.update(strings[n] for n in known)
        return bytes(groups.to_bytes())

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._by_vocab: dict[Vocab, list[np.ndarray]] = {}
        self._empty_groups: dict[tuple[tuple[str, str], ...], bytes] = {}
        self._columns = [*self.attrs, SPACY]
        self._table = self._spaces = np.zeros(0)
        self._packer = srsly.msgpack.Packer(use_bin_type=True)  # as srsly.msgpack_dumps

    def finish(self) -> None:
        """Add the strings of the tokens, and drop columns without values."""
        if not self.tokens:
            return
        table = np.vstack(self.tokens)
        kept = np.array([attr not in _DROPPED_IF_EMPTY for attr in self._columns])
        used: np.ndarray = table.any(axis=0) | kept
        # Together they say how sentences and trees are: all of them or none. That the first word
        # of a document begins a sentence goes without saying.
        place = self._columns.index(SENT_START)
        starts = table[:, place].copy()
        starts[self._begins()] -= 1
        used[place] = starts.any()
        in_tree = np.array([attr in _TREE for attr in self._columns])
        used[in_tree] = used[in_tree].any()
        is_string = used & np.array([attr in _STRINGS for attr in self._columns])
        for vocab, arrays in self._by_vocab.items():
            for number in np.unique(np.vstack(arrays)[:, is_string]).tolist():
                self.strings.add(vocab.strings[number])
        self._by_vocab = {}
        used[-1] = False
        self.attrs = [attr for attr, keep in zip(self._columns, used, strict=True) if keep]
        self._table, self._spaces = table[:, used], table[:, -1].astype(bool)

    def _begins(self) -> list[int]:
        """The row of the first word of each document that has words."""
        lengths = [len(tokens) for tokens in self.tokens]
        rows = accumulate(lengths, initial=0)
        return [row for row, length in zip(rows, lengths, strict=False) if length]

    def to_bytes(self) -> bytes:
        """As ``DocBin.to_bytes``, with less compression, which is quicker."""
        return _to_bytes(self, self._table, self._spaces)


def _to_bytes(docs: DocBin, tokens: np.ndarray, spaces: np.ndarray) -> bytes:
    """tokens: (words of all documents, attributes); spaces: of each of these words."""
    content = {
        "version": docs.version,
        "attrs": docs.attrs,
        "tokens": tokens.tobytes("C"),
        "spaces": spaces.tobytes("C"),
        "lengths": np.asarray(list(map(len, docs.tokens)), dtype="int32").tobytes("C"),
        "strings": sorted(docs.strings),
        "cats": docs.cats,
        "flags": docs.flags,
        "span_groups": docs.span_groups,
        "user_data": docs.user_data,
    }
    return zlib.compress(srsly.msgpack_dumps(content), COMPRESSION)


class _Registered:
    """The functions that srsly's msgpack is extended by, looked up once."""

    def __init__(self, registry: Any) -> None:
        self._functions = registry.get_all()

    def get_all(self) -> dict[str, Any]:
        return self._functions


@cache
def _looked_up(encoders: Any, decoders: Any, n_registered: int) -> tuple[_Registered, _Registered]:
    """n_registered: of functions of all kinds; what is registered later is looked up, too."""
    return _Registered(encoders), _Registered(decoders)


@contextmanager
def quick_msgpack() -> Iterator[None]:
    """Let srsly look up the extensions of msgpack once, not at each call: that takes 20 times as
    long as packing a document."""
    module = srsly.msgpack
    before = module.msgpack_encoders, module.msgpack_decoders
    if isinstance(before[0], _Registered):
        yield
        return
    known = _looked_up(*before, len(catalogue.REGISTRY))
    module.msgpack_encoders, module.msgpack_decoders = known
    try:
        yield
    finally:
        module.msgpack_encoders, module.msgpack_decoders = before
