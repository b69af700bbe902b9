"""Precomputed links in Pharaoh format: one line a sentence pair, ``0-0 1-2``, 0-indexed,
source word first. A strength may follow a pair: ``0-0:0.93``."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import srsly

from ..errors import Errors, XProjError
from ..files import write_text
from ..views import Links, Sentence, SourceView

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


def read_pharaoh(path: str | Path) -> list[Links]:
    """All lines of a file; an empty line is a pair without links."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as err:
        raise XProjError(Errors.XP405.format(path=path, reason=err.strerror)) from err
    except UnicodeDecodeError as err:
        raise XProjError(Errors.XP405.format(path=path, reason="it is not UTF-8")) from err
    # Not splitlines(): a form feed, say, would shift every line after it.
    lines = text.removesuffix("\n").split("\n") if text else []
    return [parse_line(line, where=f"{path}:{number}") for number, line in enumerate(lines, 1)]


def write_pharaoh(links: Iterable[Links], path: str | Path) -> None:
    """Write one line a pair, complete or not at all."""
    write_text(path, "".join(format_line(one) + "\n" for one in links))


def check_range(links: Links, n_source: int, n_target: int, *, where: str) -> Links:
    """The same links. Raises XProjError for an index beyond the words of its side."""
    for k, l, _ in links:
        if k >= n_source or l >= n_target:
            raise XProjError(
                Errors.XP406.format(
                    pair=f"{k}-{l}", where=where, n_source=n_source, n_target=n_target
                )
            )
    return links


class Pharaoh:
    """Links by the row of the parallel corpus that a view came from."""

    def __init__(self, path: str | None = None, lines: Sequence[Links] | None = None) -> None:
        self.path = path
        self._lines = None if lines is None else list(lines)

    @property
    def lines(self) -> list[Links]:
        if self._lines is None:
            if self.path is None:
                raise XProjError(Errors.XP407)
            self._lines = read_pharaoh(self.path)
        return self._lines

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
            if view.row >= len(self.lines):
                raise XProjError(Errors.XP409.format(where=where, n=len(self.lines)))
            links = self.lines[view.row]
            result.append(check_range(links, len(view.words), len(target), where=where))
        return result

    def describe(self) -> dict[str, Any]:
        return {"aligner": "pharaoh", "path": self.path}

    def to_bytes(self) -> bytes:
        """The links, so that ``from_bytes`` needs no file; nothing where none are given yet."""
        given = self._lines is not None or self.path is not None
        lines = [[list(t) for t in links] for links in self.lines] if given else None
        return bytes(srsly.msgpack_dumps(lines))

    def from_bytes(self, data: bytes) -> None:
        lines = srsly.msgpack_loads(data)
        self._lines = None if lines is None else [Links(triples) for triples in lines]


def make_pharaoh(path: str | None = None) -> Pharaoh:
    """``spacy-xproj.Pharaoh.v1``: links from a file, line by line with the parallel corpus."""
    return Pharaoh(path)
