"""Reading and writing Docs by the suffix of a file."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ...data.views import Views
from ...errors import Errors, XProjError
from ...text.tokenizers import Blank
from ..lines import place, split_records
from ..shards import is_annotated, shard_paths
from .columns import looks_like_columns_file, parse_columns, split_columns, write_columns
from .docbin import parse_docbin, split_docbin, write_docbin
from .hf_dataset import read_parquet, write_parquet
from .jsonl import JsonlParser, write_jsonl
from .labelstudio import read_labelstudio, write_labelstudio
from .text import parse_text, split_text

_COLUMNS = (".bio", ".conll", ".conll02", ".conll03", ".conllu", ".iob", ".iob2", ".tsv", ".txt")
_WRITERS = dict.fromkeys(_COLUMNS, write_columns) | {
    ".json": write_labelstudio,
    ".jsonl": write_jsonl,
    ".parquet": write_parquet,
    ".spacy": write_docbin,
}
# Read as a whole, since one document of them cannot be told from the next without parsing.
_WHOLE = {".json": read_labelstudio, ".parquet": read_parquet}


class Raw(NamedTuple):
    """A sentence of a file as it stands there, not parsed, and its place: file and line, or file
    and number of the document."""

    place: str
    content: Any


class CorpusFile:
    """The sentences of a file, one by one, in the format that its suffix names.

    Memory is bounded by a sentence; of a DocBin by the file. Raises XProjError for a file that is
    missing, a directory, or of another suffix.
    """

    def __init__(self, path: str | Path, *, lang: str) -> None:
        self.path = path
        self.lang = lang
        self.kind = _kind(path)
        self.why_unlabelled = ""
        if self.kind == ".txt":
            is_columns, first_broken = looks_like_columns_file(path)
            if not is_columns:
                self.kind = "text"
            if first_broken is not None:
                self.why_unlabelled = (
                    f"It was read as raw text, since line {first_broken} has no IOB tag."
                )

    def split(self) -> Iterator[Raw]:
        """All sentences, not parsed. Raises XProjError where the file as a whole is broken."""
        for number, content in self._split():
            yield Raw(place(self.path, number), content)

    def count(self) -> int:
        """How many sentences the file has, whole or broken."""
        return sum(1 for _ in self._split())

    def _split(self) -> Iterator[tuple[int, Any]]:
        if self.kind in _WHOLE:
            return enumerate(_WHOLE[self.kind](self.path, lang=self.lang), 1)
        if self.kind == ".spacy":
            return split_docbin(self.path, lang=self.lang)
        splits = {"text": split_text, ".jsonl": split_records}
        return splits.get(self.kind, split_columns)(self.path)

    def parser(self, blank: Blank) -> Callable[..., Doc]:
        """What makes a Doc of a sentence in the vocabulary of ``blank`` (those of a DocBin have one
        of their own): ``parse(raw, row=None)``. row: the number of the sentence in the input, for
        those of its views that have none. It raises XProjError, naming the line, for a sentence
        that is broken."""
        if self.kind == ".jsonl":
            parse_jsonl = JsonlParser(blank)
            return lambda raw, row=None: parse_jsonl(raw.content, raw.place, row)
        parse = self._parser(blank)
        return lambda raw, row=None: parse(raw) if row is None else _number(parse(raw), row)

    def _parser(self, blank: Blank) -> Callable[[Raw], Doc]:
        if self.kind in _WHOLE:
            return lambda raw: raw.content
        if self.kind == ".spacy":
            return lambda raw: parse_docbin(raw.content)
        parse = parse_text if self.kind == "text" else parse_columns
        return lambda raw: parse(raw.content, raw.place, blank)


def _number(doc: Doc, row: int) -> Doc:
    """The same Doc; its views without a row have this one."""
    views = Views(doc)
    for lang in views:
        view = views.peek(lang)
        if view.row is None:
            views[lang] = view.replace(row=row)
    return doc


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
    files = sorted(
        file
        for file in path.rglob("*")
        if _suffix(file) in _WRITERS and file.is_file() and not _is_hidden(file, path)
    )
    if not files:
        raise XProjError(Errors.XP616.format(path=path, known=" ".join(sorted(_WRITERS))))
    return files


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def read_docs(path: str | Path, *, lang: str, labelled: bool | None = None) -> list[Doc]:
    """All sentences of a file, in the format that its suffix names, or of the shards in a folder
    that ``spacy xproj annotate`` wrote.

    Column files: ``.conll .conll02 .conll03 .iob .iob2 .bio .tsv .conllu .txt``; JSONL ``.jsonl``;
    Label Studio's ``.json``; ``.parquet``; DocBin ``.spacy``; each also with ``.gz``. A ``.txt``
    file whose first 50 lines do not end in IOB tags is raw text, one sentence a line. With
    ``labelled=True``, a file without labels is an error; otherwise its Docs have no entity
    annotation. Raises XProjError for a file that is missing, empty, another directory, of another
    suffix, or broken.
    """
    docs: list[Doc] = []
    reason = ""
    for one in corpus_files(path) if is_annotated(path) else [Path(path)]:
        file = CorpusFile(one, lang=lang)
        parse = file.parser(Blank(lang))
        docs += map(parse, file.split())
        reason = file.why_unlabelled
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


def _suffix(path: str | Path) -> str:
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _kind(path: str | Path) -> str:
    suffix = _suffix(path)
    if Path(path).is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    if suffix not in _WRITERS:
        known = " ".join(sorted(_WRITERS))
        raise XProjError(Errors.XP612.format(path=path, suffix=suffix, known=known))
    return suffix
