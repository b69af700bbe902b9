"""``.spacy`` files: spaCy's DocBin, with ``doc.user_data`` and so with the source views."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.tokens import Doc, DocBin

from ..errors import Errors, XProjError
from .docs import blank_vocab
from .lines import read_bytes, write_bytes


def read_docbin(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The Docs of a ``.spacy`` file, in a vocabulary of ``lang``.

    Raises XProjError when spaCy cannot read the file.
    """
    data = read_bytes(path)
    vocab = blank_vocab(lang)
    try:
        yield from DocBin().from_bytes(data).get_docs(vocab)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise XProjError(Errors.XP615.format(path=path, reason=error)) from error


def write_docbin(docs: Iterable[Doc], path: str | Path) -> None:
    """Write Docs with their ``user_data``; the same Docs give the same bytes."""
    write_bytes(path, DocBin(docs=docs, store_user_data=True).to_bytes())
