"""The input of a run: sentences of one or many files, numbered through."""

import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from ..errors import Errors, XProjError
from ..io.formats.files import CorpusFile, Raw, all_formats, corpus_files
from ..io.formats.reading import IGNORED, Reading, forget_labels
from ..io.hashing import file_hash

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


class Loaded(NamedTuple):
    """A sentence of the input: its place (file and line), and its Doc; an empty Doc and the reason
    where the sentence is broken, so that the others keep their rows. had: how many entities it had,
    which are not looked at."""

    place: str
    doc: Doc
    error: str = ""
    had: int = 0


def name_within(file: Path, source: str | Path) -> str:
    """The name of a file of the input within it."""
    root = Path(source)
    return file.relative_to(root).as_posix() if root.is_dir() else file.name


def input_files(path: str | Path) -> list[Path]:
    """The files of the input, and those that belong to them, as the text to a file of its labels.
    Raises XProjError where there is none."""
    files = corpus_files(path)
    parts = (part for file in files for part in CorpusFile(file, lang="xx").format.companions(file))
    return sorted({*files, *parts})


def identity(path: str | Path) -> dict[str, str]:
    """What each file of the input is: SHA-256 by name within the input."""
    return {name_within(file, path): file_hash(file) for file in input_files(path)}


def file_state(path: Path) -> tuple[int, ...] | None:
    """What differs where a file was written: size, times of change, and which file it is. None
    where it is gone."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def kind_of(path: str | Path) -> str | None:
    """What a path is that is neither a regular file nor missing: "a folder", "a named pipe"."""
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return "a link to nowhere" if Path(path).is_symlink() else None
    except OSError as error:
        return f"unreadable ({error.strerror})"
    return next((name for test, name in _KINDS if test(mode)), None)


def check_files(source: str | Path) -> None:
    """Raise XProjError for a named pipe or device, as which the input, or a file of its folder,
    would be read once and be empty then."""
    root = Path(source)
    suffixes = {suffix for one in all_formats() for suffix in one.suffixes}
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        if path != root and path.suffix not in suffixes:
            continue
        kind = kind_of(path)
        if kind not in (None, "a folder", "a link to nowhere"):
            raise XProjError(Errors.XP875.format(path=path, kind=kind))


def count_sentences(path: str | Path, *, lang: str, limit: int | None = None) -> int:
    """How many sentences the input has, at most ``limit``. Raises XProjError where it has none, or
    a file as a whole cannot be read."""
    total = 0
    for file in corpus_files(path):
        total += CorpusFile(file, lang=lang).count()
        if limit is not None and total >= limit:
            return limit
    if not total:
        raise XProjError(Errors.XP613.format(path=path))
    return total


class Reader:
    """Reads ranges of the input. Ranges that rise are read in one pass over the files.

    features, nlp: as of ``Blank``.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        lang: str,
        features: bool = True,
        nlp: Language | None = None,
    ) -> None:
        self._paths = [Path(path) for path in paths]
        # Labels are not looked at, so that of what shape they are does not matter.
        self._reading = Reading(lang, features=features, nlp=nlp, spans_key=IGNORED)
        self._lang = lang
        self._next = 0
        self._stream: Iterator[tuple[CorpusFile, Raw]] = iter(())
        self._parsed: CorpusFile | None = None

    def _all(self) -> Iterator[tuple[CorpusFile, Raw]]:
        for path in self._paths:
            file = CorpusFile(path, lang=self._lang)
            for raw in file.split():
                yield file, raw

    def read(self, start: int, stop: int) -> Iterator[Loaded]:
        """Sentences ``start`` (from 0) to before ``stop``, with no labels, and with views that know
        their row: the number of the sentence in the input, where the input does not say another.

        Raises XProjError where the input has fewer, or a file as a whole cannot be read.
        """
        reading = self._reading.renewed()
        if reading is not self._reading:
            self._reading, self._parsed = reading, None
        if start < self._next or not self._next:
            self._stream, self._next = self._all(), 0
        skipped = islice(self._stream, start - self._next)
        self._next += sum(1 for _ in skipped)
        for file, raw in islice(self._stream, stop - self._next):
            yield self._load(file, raw, self._next)
            self._next += 1
        if self._next < stop:
            path = self._paths[-1]
            raise XProjError(Errors.XP864.format(path=path, at=self._next, total=stop))

    def _load(self, file: CorpusFile, raw: Raw, row: int) -> Loaded:
        if self._parsed is not file:
            self._parsed, self._parse = file, file.parser(self._reading)
        try:
            doc = self._parse(raw, row)
        except XProjError as error:
            return Loaded(raw.place, Doc(self._reading.vocab), str(error))
        return Loaded(raw.place, doc, had=forget_labels(doc))
