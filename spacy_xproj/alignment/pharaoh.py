"""Precomputed links in Pharaoh format: one line a sentence pair, ``0-0 1-2``, 0-indexed,
source word first. A strength may follow a pair: ``0-0:0.93``."""

import codecs
import operator
import os
import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import srsly

from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..io.files import write_text
from .counting import Pair, blank_words, in_tokens, read_words

# The usual line, quick to read; numbers that no sentence has are left to the slow way.
_BINARY = re.compile(rb"[0-9]{1,9}-[0-9]{1,9}(?: [0-9]{1,9}-[0-9]{1,9})*\s*")
_PAIR = re.compile(r"(\d+)-(\d+)(?::([0-9.eE+-]+))?")


def parse_line(line: str, *, where: str) -> Links:
    """The links of one line. Raises XProjError naming ``where`` for what is no pair."""
    triples = []
    for item in line.split():
        match = _PAIR.fullmatch(item)
        if not match:
            raise XProjError(Errors.XP404.format(item=item, where=where))
        k, l, strength = match.groups()
        try:
            value = 1.0 if strength is None else float(strength)
        except ValueError:
            raise XProjError(Errors.XP404.format(item=item, where=where)) from None
        if not 0.0 < value <= 1.0:
            raise XProjError(Errors.XP404.format(item=item, where=where))
        triples.append((int(k), int(l), value))
    return Links(triples)


def format_line(links: Links) -> str:
    """A line of the file; a strength is written only where it is not 1."""
    return " ".join(f"{k}-{l}" if a == 1.0 else f"{k}-{l}:{a:.6g}" for k, l, a in links)


class PharaohFile(Sequence[Links]):
    """The lines of a file, read one by one as they are asked for; an empty line is a pair without
    links. In memory is only where each begins.

    Raises XProjError where the file cannot be read, and for a line that is broken when it is asked
    for.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self._starts = array("q", [0])
        try:
            self._file = open(path, "rb")  # noqa: SIM115 - open as long as this object lives
            start = len(codecs.BOM_UTF8) if self._file.read(3) == codecs.BOM_UTF8 else 0
            self._file.seek(start)
            # Lines end with \n only: a form feed, say, would shift every line after it.
            self._starts = array("q", accumulate(map(len, self._file), initial=start))
        except OSError as err:
            raise XProjError(Errors.XP405.format(path=path, reason=err.strerror)) from err

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        row = operator.index(row)
        row += len(self) if row < 0 else 0
        if not 0 <= row < len(self):
            raise IndexError(row)
        raw = self._read(self._starts[row], self._starts[row + 1])
        if _BINARY.fullmatch(raw):
            numbers = np.fromstring(raw.replace(b"-", b" "), dtype=np.int64, sep=" ")
            return Links.binary(numbers[::2], numbers[1::2])
        try:
            line = raw.decode("utf-8").rstrip()
        except UnicodeDecodeError as err:
            reason = f"it is not UTF-8 (line {row + 1})"
            raise XProjError(Errors.XP405.format(path=self.path, reason=reason)) from err
        return parse_line(line, where=f"{self.path}:{row + 1}")

    def _read(self, start: int, end: int) -> bytes:
        # Not seek and read: processes that were forked share the position in an open file.
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), end - start, start)
        with open(self.path, "rb") as file:
            file.seek(start)
            return file.read(end - start)

    def __reduce__(self) -> tuple[Any, ...]:
        return PharaohFile, (self.path,)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


def read_pharaoh(path: str | Path) -> list[Links]:
    """All lines of a file; an empty line is a pair without links."""
    return list(PharaohFile(path))


def write_pharaoh(links: Iterable[Links], path: str | Path) -> None:
    """Write one line a pair, complete or not at all."""
    write_text(path, "".join(format_line(one) + "\n" for one in links))


def check_range(links: Links, n_source: int, n_target: int, *, where: str) -> Links:
    """The same links. Raises XProjError for an index beyond the words of its side."""
    far_k, far_l = links.reach
    if far_k <= n_source and far_l <= n_target:
        return links
    for k, l, _ in links:
        if k >= n_source or l >= n_target:
            raise XProjError(
                Errors.XP406.format(
                    pair=f"{k}-{l}", where=where, n_source=n_source, n_target=n_target
                )
            )
    return links


class Pharaoh:
    """``spacy-xproj.Pharaoh.v1``: links from a file, line by line with the parallel corpus: those
    of the row that a view came from.

    by_blanks: its numbers count words between blanks, as those of other aligners do on raw text;
    by default the tokens of view and document, or the words that ``spacy xproj align`` wrote beside
    the file (see ``counting``). ``spacy xproj project`` finds out by itself.
    """

    def __init__(self, *, path: str | None = None, by_blanks: bool = False) -> None:
        self.path = path
        self.by_blanks = by_blanks
        self._lines: Sequence[Links] | None = None
        self._words: list[Pair] | None = None
        self._raw: list[tuple[bool, bool]] | None = None

    @classmethod
    def of(cls, lines: Sequence[Links]) -> "Pharaoh":
        """An aligner with the given links, without a file."""
        aligner = cls()
        aligner._lines = list(lines)
        return aligner

    @property
    def lines(self) -> Sequence[Links]:
        if self._lines is None:
            if self.path is None:
                raise XProjError(Errors.XP407)
            self._lines = PharaohFile(self.path)
            self._words = read_words(self.path)
            if self._words is not None and len(self._words) != len(self._lines):
                raise XProjError(
                    Errors.XP421.format(
                        path=self.path, n=len(self._lines), m=len(self._words), other="words beside"
                    )
                )
        return self._lines

    def check_ready(self) -> None:
        """Raise XProjError where there are no links, or their file cannot be read."""
        _ = self.lines

    def fit_corpus(self, raw: Sequence[tuple[bool, bool]]) -> None:
        """Say what the links are of: a corpus of as many pairs, of each of which source and target
        came as raw text, so that its links count words between blanks, or in words. Raises
        XProjError where there are more or fewer lines of links."""
        if len(raw) != len(self.lines):
            raise XProjError(
                Errors.XP421.format(
                    path=self.path or "links", n=len(self.lines), m=len(raw), other="sentence pairs"
                )
            )
        self._raw = list(raw)

    def _counted(self, row: int, view: SourceView, target: Sentence) -> Pair:
        """The words of both sides that the links of a row count."""
        if self._words is not None:
            return self._words[row]
        raw = (self.by_blanks, self.by_blanks) if self._raw is None else self._raw[row]
        source = blank_words(view.sentence) if raw[0] else view.words
        other = blank_words(target) if raw[1] else target.words
        return source, other

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """The links of line ``view.row``. Raises XProjError where there is no such line or row,
        or where an index lies beyond the words of its side."""
        result = []
        for view, target in zip(views, targets, strict=True):
            if not view.words or not len(target):
                result.append(Links())
                continue
            if view.row is None:
                raise XProjError(Errors.XP408.format(text=view.text[:60]))
            where = f"{self.path or 'links'}:{view.row + 1}"
            if not 0 <= view.row < len(self.lines):
                raise XProjError(Errors.XP409.format(where=where, n=len(self.lines)))
            links, counted = self.lines[view.row], self._counted(view.row, view, target)
            check_range(links, *map(len, counted), where=where)
            if counted != (view.words, target.words):
                links = in_tokens(links, counted, view.sentence, target, where=where)
            result.append(links)
        return result

    def describe(self) -> dict[str, Any]:
        return {"aligner": "pharaoh", "path": self.path}

    def to_bytes(self) -> bytes:
        """The links, so that ``from_bytes`` needs no file; nothing where none are given yet."""
        given = self._lines is not None or self.path is not None
        lines = [[list(t) for t in links] for links in self.lines] if given else None
        return bytes(srsly.msgpack_dumps({"lines": lines, "words": self._words}))

    def from_bytes(self, data: bytes) -> None:
        saved = srsly.msgpack_loads(data)
        lines, self._words = saved["lines"], saved["words"]
        self._lines = None if lines is None else [Links(triples) for triples in lines]
