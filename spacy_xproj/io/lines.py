"""Files of lines: plain or gzipped, in UTF-8, with errors that name file and line."""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias, TypeVar, cast

from ..errors import Errors, XProjError
from .files import write_bytes
from .limits import check_unpacked, unpack_limit

_BOM = "\ufeff"
_HEAD = 1 << 16
_BROKEN_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)

# A line as it is read: its text, or the error that says why it is not one.
Line: TypeAlias = str | XProjError
Good = TypeVar("Good")


def place(path: str | Path, number: int) -> str:
    """How messages name a line; ``number`` counts from 1."""
    return f"{path}:{number}"


def is_gzip_name(path: str | Path) -> bool:
    """Whether the name says that the content is packed."""
    return Path(path).suffix.lower() == ".gz"


class _Unpacked(io.RawIOBase):
    """What a gzip file unpacks to; an error where that is more than is allowed."""

    def __init__(self, path: Path) -> None:
        self._path, self._limit, self._size = path, unpack_limit(path), 0
        self._file = gzip.GzipFile(path, "rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        n = self._file.readinto(buffer)
        self._size += n
        check_unpacked(self._path, self._size, self._limit)
        return n

    def close(self) -> None:
        self._file.close()
        super().close()


def open_bytes(path: str | Path) -> BinaryIO:
    """A file opened for reading, unpacked when its name ends in ``.gz``.

    Raises XProjError when it is missing or a directory, and in reading, where it unpacks to more
    than ``limits`` allows.
    """
    path = Path(path)
    if path.is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    if not path.exists():
        raise XProjError(Errors.XP601.format(path=path, cwd=Path.cwd()))
    if is_gzip_name(path):
        return cast(BinaryIO, io.BufferedReader(_Unpacked(path), _HEAD))
    return path.open("rb", buffering=_HEAD)


def read_file(path: str | Path, size: int = -1) -> bytes:
    """The content of a file, or its first ``size`` bytes, unpacked when its name ends in ``.gz``.

    Raises XProjError when it is missing, a directory, broken gzip, or more than is allowed.
    """
    with open_bytes(path) as file:
        try:
            return file.read(size)
        except _BROKEN_GZIP as error:
            raise XProjError(Errors.XP611.format(path=path, reason=error)) from error


def write_file(path: str | Path, data: bytes) -> None:
    """Write a file, complete or not at all; gzipped when its name ends in ``.gz``."""
    if Path(path).is_dir():
        raise XProjError(Errors.XP602.format(path=path))
    if is_gzip_name(path):
        data = gzip.compress(data, mtime=0)  # a time stamp would make each run's bytes differ
    write_bytes(path, data)


def iter_lines(path: str | Path) -> Iterator[Line]:
    """The lines of a UTF-8 file one by one, without their ends and without a BOM; no more than a
    line is held in memory.

    Lines end with ``\\n`` or ``\\r\\n``; with ``\\r`` alone in a file that begins without any
    ``\\n``: elsewhere a stray ``\\r`` belongs to the text, as it would shift all lines after it.
    So do other characters that some tools take for line ends (U+2028, U+0085 ...). In place of a
    line that is not UTF-8 comes the error that names it. Raises XProjError when the file is
    missing, a directory, or broken gzip.
    """
    with open_bytes(path) as file:
        try:
            for number, raw in enumerate(_raw_lines(file), 1):
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
        except _BROKEN_GZIP as error:
            raise XProjError(Errors.XP611.format(path=path, reason=error)) from error


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    head = cast(io.BufferedReader, file).peek(_HEAD)
    # The last byte may be half of "\r\n".
    if b"\n" in head or b"\r" not in head[:-1]:
        yield from file
        return
    # In latin-1 a character is a byte, so this splits bytes at ends of every kind.
    for line in io.TextIOWrapper(file, encoding="latin-1", newline=None):
        yield line.encode("latin-1")


def good(line: Good | XProjError) -> Good:
    """A line of ``iter_lines``, or another thing. Raises the error that stands in its place."""
    if isinstance(line, XProjError):
        raise line
    return line


def read_lines(path: str | Path) -> list[str]:
    """All of ``iter_lines``. Raises XProjError with the line that is not UTF-8."""
    return [good(line) for line in iter_lines(path)]


def write_lines(path: str | Path, lines: Iterable[str]) -> None:
    """Write lines in UTF-8, each ended by ``\\n``; complete or not at all."""
    text = "".join(f"{line}\n" for line in lines)
    # A first word that begins with U+FEFF would be read back as a BOM and lose it.
    if text.startswith(_BOM):
        text = _BOM + text
    write_file(path, text.encode("utf-8"))
