"""Writing files so that a path either holds the complete output or was not touched."""

import ctypes
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME_BYTES = 255
_RANDOM = 10  # what mkdtemp adds, and the two dots
_OPENED = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def write_aside(path: str | Path) -> Iterator[Path]:
    """Yield a path beside ``path`` to write to; on success it is renamed to ``path``.

    The yielded path does not exist yet and keeps the suffix, so that a file or a directory may be
    made there. When the block raises, what was written is removed and ``path`` stays as it was.

    A new file gets the mode that the user's umask gives; what is replaced keeps its mode and, where
    the system lets us, its owner. A symbolic link stays one: what it points to is replaced. A
    device, a pipe or an open file (``/dev/stdout``) is written to, not replaced. A directory
    takes the place of another in one step.

    An OSError that names no file, or only what was to be renamed, is raised with the name ``path``.
    """
    given = Path(path)
    with _named(given):
        if is_stream(given):
            with tempfile.TemporaryDirectory() as folder:
                aside = Path(folder) / given.name
                yield aside
                _copy_into(aside, given)
        else:
            with _beside(given) as aside:
                yield aside


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Of the system, not of a server, whose kind others look at.
        if error.errno is None or isinstance(error, ConnectionError | TimeoutError):
            raise
        name = os.fspath(error.filename) if isinstance(error.filename, str | os.PathLike) else ""
        # What is made beside a path begins with a dot and the path's name.
        own = f".{_shortened(path.name)}." in name
        if name and not own:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def _beside(given: Path) -> Iterator[Path]:
    path = Path(os.path.realpath(given))
    path.parent.mkdir(parents=True, exist_ok=True)
    holder = Path(tempfile.mkdtemp(prefix=f".{_shortened(path.name)}.", dir=path.parent))
    aside = holder / path.name
    try:
        yield aside
        if path.exists():
            _take_over(path, aside)
        if aside.is_dir() and path.is_dir():
            _exchange(aside, path, holder)
        else:
            _replace(aside, path)
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write ``data`` to ``path``, complete or not at all."""
    with write_aside(path) as aside:
        aside.write_bytes(data)


def write_text(path: str | Path, text: str) -> None:
    """Write ``text`` to ``path`` in UTF-8 with ``\\n`` line ends, complete or not at all."""
    write_bytes(path, text.encode("utf-8"))


def is_stream(path: Path) -> bool:
    """Whether a path is a device, a pipe or an open file, which is written to, not replaced."""
    # /dev/stdout may be a regular file, which has to stay the one that the shell has opened.
    if os.path.abspath(path).startswith(_OPENED) and path.exists():
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _copy_into(aside: Path, path: Path) -> None:
    with aside.open("rb") as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)


def _shortened(name: str) -> str:
    """The name, cut so that a name made from it is not too long for the file system."""
    return os.fsencode(name)[: _NAME_BYTES - _RANDOM].decode("utf-8", errors="ignore")


def _take_over(old: Path, new: Path) -> None:
    """Give ``new`` the mode and, where that is allowed, the owner and group of ``old``."""
    was, now = old.stat(), new.stat()
    if stat.S_IFMT(was.st_mode) != stat.S_IFMT(now.st_mode):
        return
    if hasattr(os, "chown") and (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid):
        with suppress(PermissionError):
            os.chown(new, was.st_uid, was.st_gid)
    new.chmod(stat.S_IMODE(was.st_mode))


def _replace(aside: Path, path: Path) -> None:
    try:
        os.replace(aside, path)
    except OSError as error:
        # A file that is mounted by itself, as containers do, can be written to but not replaced.
        if error.errno != errno.EBUSY or not path.is_file():
            raise
        _copy_into(aside, path)


def _exchange(aside: Path, path: Path, holder: Path) -> None:
    """Put a directory in the place of another: in one step where the system has one (Linux), else
    by two renames, of which the first is undone when the second fails."""
    if _rename_exchange(aside, path):
        return
    old = holder / "old" if path.name != "old" else holder / "older"
    os.rename(path, old)
    try:
        os.rename(aside, path)
    except OSError:
        os.rename(old, path)
        raise


def _rename_exchange(first: Path, second: Path) -> bool:
    """renameat2(2) with RENAME_EXCHANGE; False where the C library or file system lacks it."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = os.fsencode(first), os.fsencode(second)
    return rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0


def user_cache() -> Path:
    """The folder for what can be made again: ``spacy-xproj`` in the user's cache folder
    (``$XDG_CACHE_HOME``, else ``~/.cache``). It need not exist yet.

    platformdirs would name the same folder on Linux; no other package here brings it.
    """
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "spacy-xproj"


def make_private(folder: str | Path) -> None:
    """Make a folder, and those above it that there are not yet, for this user alone: what is in a
    cache tells what was worked on."""
    folder = Path(folder)
    if not folder.is_dir():
        if folder.parent != folder:
            make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
