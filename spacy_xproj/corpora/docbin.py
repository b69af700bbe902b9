"""``.spacy`` files: spaCy's DocBin, with ``doc.user_data`` and so with the source views."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from ..errors import Errors, XProjError
from .docs import blank_vocab
from .lines import read_bytes, write_bytes

# What spaCy raises for a file that it did not write.
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError)


class Packed(NamedTuple):
    """Document number ``index`` of a DocBin, not yet made."""

    docs: DocBin
    index: int
    vocab: Vocab
    path: str


def read_docbin(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The Docs of a ``.spacy`` file, in a vocabulary of ``lang``.

    Raises XProjError when spaCy cannot read the file.
    """
    for _, packed in split_docbin(path, lang=lang):
        yield parse_docbin(packed)


def split_docbin(path: str | Path, *, lang: str) -> Iterator[tuple[int, Packed]]:
    """The documents of a file, not yet made, each with its number from 1. The file is in memory
    as long as one of them is."""
    data = read_bytes(path)
    if not data:
        return
    vocab = blank_vocab(lang)
    try:
        docs = DocBin().from_bytes(data)
        for string in docs.strings:
            vocab[string]
    except _BROKEN as error:
        raise XProjError(Errors.XP615.format(path=path, reason=error)) from error
    for index in range(len(docs)):
        yield index + 1, Packed(docs, index, vocab, str(path))


def parse_docbin(packed: Packed) -> Doc:
    """The Doc. Raises XProjError where spaCy cannot make it."""
    docs, i = packed.docs, packed.index
    # spaCy makes all Docs of a DocBin or none, so each is given to it on its own.
    one = DocBin()
    one.attrs = docs.attrs
    one.tokens, one.spaces = docs.tokens[i : i + 1], docs.spaces[i : i + 1]
    one.cats, one.flags = docs.cats[i : i + 1], docs.flags[i : i + 1]
    one.span_groups, one.user_data = docs.span_groups[i : i + 1], docs.user_data[i : i + 1]
    try:
        return next(one.get_docs(packed.vocab))
    except _BROKEN as error:
        raise XProjError(Errors.XP615.format(path=packed.path, reason=error)) from error


def write_docbin(docs: Iterable[Doc], path: str | Path) -> None:
    """Write Docs with their ``user_data``; the same Docs give the same bytes."""
    write_bytes(path, DocBin(docs=docs, store_user_data=True).to_bytes())
