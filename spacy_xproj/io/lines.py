"""Files of lines: plain or gzipped, in UTF-8, with errors that name file and line."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

from ..errors import Errors, XProjError
from .files import write_aside

_BOM = "\ufeff"

# A line as it is read: its text, or the error that says why it is none.
Line: TypeAlias = str | XProjError


def place(path: str | Path, number: int) -> str:
    """How messages name a line; ``number`` counts from 1."""
    return f"{path}:{number}"


def read_bytes(path: str | Path) -> bytes:
    """The content of a file, decompressed when its name ends in ``.gz``.

    Raises XProjError when it is missing, a directory, or broken gzip.
    """
    path = Path(path)
    if path.is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    if not path.exists():
        raise XProjError(Errors.XP601.format(path=path, cwd=Path.cwd()))
    data = path.read_bytes()
    if path.suffix.lower() == ".gz":
        try:
            return gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise XProjError(Errors.XP611.format(path=path, reason=error)) from error
    return data


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file, complete or not at all; gzipped when its name ends in ``.gz``."""
    path = Path(path)
    if path.is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    if path.suffix.lower() == ".gz":
        data = gzip.compress(data, mtime=0)  # a time stamp would make each run's bytes differ
    with write_aside(path) as aside:
        aside.write_bytes(data)


def open_bytes(path: str | Path) -> BinaryIO:
    """A file opened for reading, decompressed when its name ends in ``.gz``.

    Raises XProjError when it is missing or a directory.
    """
    path = Path(path)
    if path.is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    if not path.exists():
        raise XProjError(Errors.XP601.format(path=path, cwd=Path.cwd()))
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def iter_lines(path: str | Path) -> Iterator[Line]:
    """The lines of a UTF-8 file one by one, without their ends (``\\n`` or ``\\r\\n``) and without
    a BOM; no more than a line is held in memory.

    Other characters that some tools take for line ends (U+2028, U+0085 ...) belong to the text. In
    place of a line that is not UTF-8 comes the error that names it. Raises XProjError when the file
    is missing, a directory, or broken gzip.
    """
    with open_bytes(path) as file:
        try:
            for number, raw in enumerate(file, 1):
                try:
                    line = raw.decode("utf-8")
                except UnicodeDecodeError as error:
                    where = place(path, number)
                    yield XProjError(Errors.XP603.format(where=where, reason=error.reason))
                    continue
                if number == 1:
                    line = line.removeprefix(_BOM)
                line = line.removesuffix("\n").removesuffix("\r")
                if line or raw.endswith(b"\n"):
                    yield line
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise XProjError(Errors.XP611.format(path=path, reason=error)) from error


def good(line: Line) -> str:
    """A line of ``iter_lines``. Raises the error that stands in its place."""
    if isinstance(line, XProjError):
        raise line
    return line


def read_lines(path: str | Path) -> list[str]:
    """All of ``iter_lines``. Raises XProjError with the line that is not UTF-8."""
    return [good(line) for line in iter_lines(path)]


def write_lines(path: str | Path, lines: Iterable[str]) -> None:
    """Write lines in UTF-8, each ended by ``\\n``."""
    text = "".join(f"{line}\n" for line in lines)
    # A first word that begins with U+FEFF would be read back as a BOM and lose it.
    if text.startswith(_BOM):
        text = _BOM + text
    write_bytes(path, text.encode("utf-8"))


def split_records(path: str | Path) -> Iterator[tuple[int, Line]]:
    """The lines of a JSONL file that are not blank, not parsed, each with its number from 1."""
    for number, line in enumerate(iter_lines(path), 1):
        if isinstance(line, XProjError) or line.strip():
            yield number, line


def parse_record(line: Line, where: str) -> dict[str, Any]:
    """The JSON object of a line. Raises XProjError naming ``where`` for what is none."""
    try:
        record = json.loads(good(line))
    except XProjError:
        raise
    except (ValueError, RecursionError) as error:
        raise XProjError(Errors.XP620.format(where=where, reason=error)) from error
    if not isinstance(record, dict):
        reason = f"it is a {type(record).__name__}"
        raise XProjError(Errors.XP620.format(where=where, reason=reason))
    return record


def read_records(path: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON objects of a JSONL file, each with its place; blank lines are skipped.

    Raises XProjError for a line that is no JSON object.
    """
    for number, line in split_records(path):
        where = place(path, number)
        yield where, parse_record(line, where)
