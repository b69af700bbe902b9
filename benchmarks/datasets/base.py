"""A labelled file of a benchmark, as a part that a config can name."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from spacy.tokens import Doc

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.columns import read_columns
from spacy_xproj.registry import registry
from spacy_xproj.text.scripts import blanks_between
from spacy_xproj.text.segmentation import UNSPACED
from spacy_xproj.text.tokenizers import set_entities

from .checksums import check_md5

Make = TypeVar("Make", bound=Callable[..., Any])
FindFiles = Callable[[str, str], Sequence[str]]  # of a language and split: where its file may be


class Benchmark(NamedTuple):
    """folder: where a project has it. langs: those it is known to have. mentions: its gold is a
    subset of all entities, see ``pages.mentions``."""

    folder: str
    make: Callable[..., "Corpus"]
    files: FindFiles
    langs: tuple[str, ...]
    mentions: bool = False


DOWNLOADS = "assets/downloads"
# By the names that commands know them by; each module of this folder adds its own.
BENCHMARKS: dict[str, Benchmark] = {}


def reads(name: str) -> Callable[[Make], Make]:
    """A decorator that makes a reader known to configs under this name."""
    register: Callable[..., Callable[[Make], Make]] = getattr(registry, "xproj_corpora").register  # noqa: B009
    return register(name)


@dataclasses.dataclass(frozen=True)
class Corpus:
    """One language and split of a benchmark; calling it reads its Docs.

    name: of the benchmark. lang: the code in spaCy. ignore_labels: entities that are left out.
    limit: only the first sentences. checksum: the MD5 that the file must have.
    """

    name: str
    path: Path
    lang: str
    split: str = "test"
    ignore_labels: tuple[str, ...] = ()
    limit: int | None = None
    checksum: str | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise XProjError(Errors.XP151.format(name="limit", value=self.limit, least=1, fix=40))

    def __call__(self) -> list[Doc]:
        """The sentences with their entities as ``doc.ents``.

        Raises XProjError for a file that is missing, without sentences, or of another checksum,
        and, naming the line, for one that is broken.
        """
        if self.checksum is not None:
            check_md5(self.path, self.checksum)
        docs = list(self.read())[: self.limit]
        if not docs:
            raise XProjError(Errors.XP613.format(path=self.path))
        for doc in docs:
            self.leave_out(doc)
        return docs

    def read(self) -> Iterable[Doc]:
        """All sentences of the file, with all labels.

        In languages written without blanks, words and characters are joined without.
        """
        docs = read_columns(self.path, lang=self.lang)
        return map(without_blanks, docs) if self.lang in UNSPACED else docs

    def leave_out(self, doc: Doc) -> None:
        """Remove the entities of the labels to ignore."""
        if any(ent.label_ in self.ignore_labels for ent in doc.ents):
            spans = [(e.start, e.end, e.label_) for e in doc.ents]
            set_entities(doc, [span for span in spans if span[2] not in self.ignore_labels])

    def describe(self) -> dict[str, Any]:
        """What it is, as plain data."""
        plain = dataclasses.asdict(self)
        return {**plain, "path": str(self.path), "ignore_labels": list(self.ignore_labels)}


def without_blanks(doc: Doc) -> Doc:
    """The Doc with blanks only between words of scripts that have them."""
    words = [token.text for token in doc]
    spans = [(e.start, e.end, e.label_) for e in doc.ents]
    return set_entities(Doc(doc.vocab, words=words, spaces=blanks_between(words)), spans)


def first_file(folder: str | Path, names: Sequence[str]) -> Path | None:
    """The first of the names, relative to the folder, that is a file there."""
    return next((Path(folder) / name for name in names if (Path(folder) / name).is_file()), None)


def need_file(
    folder: str | Path, names: Sequence[str], *, benchmark: str, lang: str, split: str
) -> Path:
    """The first of the names that is a file. Raises XProjError where none is."""
    path = first_file(folder, names)
    if path is None:
        raise XProjError(
            Errors.XP688.format(
                benchmark=benchmark, lang=lang, split=split, folder=folder, names=", ".join(names)
            )
        )
    return path


def reader(
    benchmark: str,
    files: FindFiles,
    about: str,
    *,
    kind: type[Corpus] = Corpus,
    code: Callable[[str], str] = str,
) -> Callable[..., Corpus]:
    """The reader of a benchmark with a file a language, known to configs as
    ``spacy-xproj.BENCHMARK.v1``.

    about: what its languages and splits are. kind: the class of its corpora. code: of a language as
    it is asked for, that in spaCy.
    """
    name = f"spacy-xproj.{benchmark}.v1"

    def make(
        folder: str,
        lang: str,
        split: str = "test",
        ignore_labels: Sequence[str] = (),
        limit: int | None = None,
        checksum: str | None = None,
    ) -> Corpus:
        path = need_file(folder, files(lang, split), benchmark=benchmark, lang=lang, split=split)
        return kind(benchmark, path, code(lang), split, tuple(ignore_labels), limit, checksum)

    make.__doc__ = f"``{name}``: {about}"
    return reads(name)(make)
