"""Reading and writing Docs by the suffix of a file."""

from collections.abc import Iterable
from pathlib import Path

from spacy.tokens import Doc

from ..errors import Errors, XProjError
from .columns import looks_like_columns, read_columns, write_columns
from .docbin import read_docbin, write_docbin
from .hf_dataset import read_parquet, write_parquet
from .jsonl import read_jsonl, write_jsonl
from .labelstudio import read_labelstudio, write_labelstudio
from .lines import read_bytes, read_lines
from .text import read_text

_COLUMNS = (".bio", ".conll", ".conll02", ".conll03", ".conllu", ".iob", ".iob2", ".tsv", ".txt")
_READERS = dict.fromkeys(_COLUMNS, read_columns) | {
    ".json": read_labelstudio,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
    ".spacy": read_docbin,
}
_WRITERS = dict.fromkeys(_COLUMNS, write_columns) | {
    ".json": write_labelstudio,
    ".jsonl": write_jsonl,
    ".parquet": write_parquet,
    ".spacy": write_docbin,
}


def read_docs(path: str | Path, *, lang: str, labelled: bool | None = None) -> list[Doc]:
    """All sentences of a file, in the format that its suffix names.

    Column files: ``.conll .conll02 .conll03 .iob .iob2 .bio .tsv .conllu .txt``; JSONL ``.jsonl``;
    Label Studio's ``.json``; ``.parquet``; DocBin ``.spacy``; each also with ``.gz``. A ``.txt``
    file whose first 50 lines do not end in IOB tags is raw text, one sentence a line. With
    ``labelled=True``, a file without labels is an error; otherwise its Docs have no entity
    annotation. Raises XProjError for a file that is missing, empty, a directory, of another suffix,
    or broken.
    """
    kind = _kind(path)
    if not read_bytes(path):
        raise XProjError(Errors.XP613.format(path=path))
    reason = ""
    if kind == ".txt":
        is_columns, first_broken = looks_like_columns(read_lines(path))
        docs = list((read_columns if is_columns else read_text)(path, lang=lang))
        if first_broken is not None:
            reason = f"It was read as raw text, since line {first_broken} has no IOB tag."
    else:
        docs = list(_READERS[kind](path, lang=lang))
    if not docs:
        raise XProjError(Errors.XP613.format(path=path))
    # A Doc without tokens counts as annotated, whatever it is.
    with_words = [doc for doc in docs if len(doc)]
    if labelled and with_words and not any(doc.has_annotation("ENT_IOB") for doc in with_words):
        raise XProjError(Errors.XP614.format(path=path, reason=reason))
    return docs


def write_docs(docs: Iterable[Doc], path: str | Path) -> None:
    """Write Docs in the format that the suffix names, as in ``read_docs``.

    Only ``.spacy`` keeps ``doc.user_data``, and so the source views; column
    files do not keep the exact text.
    """
    _WRITERS[_kind(path)](docs, path)


def check_writable(path: str | Path) -> None:
    """Raise XProjError where ``write_docs`` could not write ``path``: before hours of work."""
    _kind(path)


def _kind(path: str | Path) -> str:
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    suffix = suffixes[-1] if suffixes else ""
    if Path(path).is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    if suffix not in _READERS:
        known = " ".join(sorted(_READERS))
        raise XProjError(Errors.XP612.format(path=path, suffix=suffix, known=known))
    return suffix
