"""Files of lines: plain or gzipped, in UTF-8, with errors that name file and line."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..errors import Errors, XProjError
from ..files import write_aside

_BOM = "\ufeff"


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


def read_lines(path: str | Path) -> list[str]:
    """The lines of a UTF-8 file, without their ends (``\\n`` or ``\\r\\n``) and without a BOM.

    Other characters that some tools take for line ends (U+2028, U+0085 ...) belong to the text.
    Raises XProjError with the line that is not UTF-8.
    """
    data = read_bytes(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = place(path, data.count(b"\n", 0, error.start) + 1)
        raise XProjError(Errors.XP603.format(where=where, reason=error.reason)) from error
    lines = [line.removesuffix("\r") for line in text.removeprefix(_BOM).split("\n")]
    if not lines[-1]:
        lines.pop()
    return lines


def write_lines(path: str | Path, lines: Iterable[str]) -> None:
    """Write lines in UTF-8, each ended by ``\\n``."""
    text = "".join(f"{line}\n" for line in lines)
    # A first word that begins with U+FEFF would be read back as a BOM and lose it.
    if text.startswith(_BOM):
        text = _BOM + text
    write_bytes(path, text.encode("utf-8"))


def read_records(path: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON objects of a JSONL file, each with its place; blank lines are skipped.

    Raises XProjError for a line that is no JSON object.
    """
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        where = place(path, number)
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise XProjError(Errors.XP620.format(where=where, reason=error)) from error
        if not isinstance(record, dict):
            reason = f"it is a {type(record).__name__}"
            raise XProjError(Errors.XP620.format(where=where, reason=reason))
        yield where, record
