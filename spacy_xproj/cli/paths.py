"""The files that a command line names: those that a command is to write, and those it reads."""

import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# What parameters that name an output are called, in all commands.
WRITTEN = ("output", "output_path", "out_dir", "json", "merge", "export")
_STDOUT = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_DASH = Path("-")


def check_outputs(given: Mapping[str, Any]) -> None:
    """Raise XProjError where an output of a command would take the place of something that it
    reads, or of another output: by whatever path or link, and of all files of a folder.

    given: the parameters of the command, by name. Raises OSError where a file cannot be written.
    """
    from ..errors import Errors, XProjError
    from ..io.files import is_stream

    paths = {name: found for name, value in given.items() if (found := list(_paths(value)))}
    outputs = [(name, path) for name in paths if name in WRITTEN for path in paths[name]]
    for name, path in outputs:
        if path == _DASH:
            raise XProjError(Errors.XP928.format(name=_shown(name)))
        if path.is_dir():
            written = [path]
        elif is_stream(path):
            continue
        else:
            written = [path, *_companions(path)]
            if name != "out_dir":  # a run says more about its folder
                _check_place(path)
        if not path.exists():
            continue
        for other, its in paths.items():
            for one in its if other != name else ():
                files = [one] if other in WRITTEN else _files(one)
                if any(_same(file, own) for file in files for own in written):
                    raise XProjError(
                        Errors.XP926.format(
                            path=path, name=_shown(name), other=one, given=_shown(other)
                        )
                    )


def _check_place(path: Path) -> None:
    """Raise OSError where a file cannot come to be at a path: before hours of work."""
    there = Path(os.path.realpath(path)).parent
    while not os.path.lexists(there):
        there = there.parent
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{there} is not a folder", str(path))
    if not os.access(there, os.W_OK | os.X_OK):
        reason = f"this user may not write in {there}, or its disk is read-only"
        raise PermissionError(errno.EACCES, reason, str(path))


def to_stdout(given: Mapping[str, Any]) -> bool:
    """Whether an output is standard output, so that nothing else may come there."""
    found = (path for name in WRITTEN for path in _paths(given.get(name)))
    return any(os.path.abspath(path) in _STDOUT for path in found)


def _shown(name: str) -> str:
    """A parameter as help calls it."""
    if name in ("json", "merge", "export"):
        return f"--{name}"
    return name.removesuffix("_path").upper()


def _paths(value: Any) -> Iterator[Path]:
    for one in value if isinstance(value, list | tuple) else [value]:
        if isinstance(one, Path):
            yield one


def _files(path: Path) -> list[Path]:
    """A file with those that belong to it, as the text to a file of its labels; of a folder also
    those that would be read."""
    from ..errors import XProjError
    from ..io.formats.files import corpus_files

    try:
        files = [path, *corpus_files(path)]
    except XProjError:  # not a corpus
        files = [path]
    return [part for file in files for part in (file, *_companions(file))]


def _companions(path: Path) -> list[Path]:
    from ..io.formats.files import all_formats

    own = [one for one in all_formats() if path.name.lower().endswith(tuple(one.suffixes))]
    return [part for one in own for part in one.companions(path)]


def _same(one: Path, other: Path) -> bool:
    if os.path.realpath(one) == os.path.realpath(other):
        return one.is_file() or one.is_dir()
    return one.exists() and other.exists() and os.path.samefile(one, other)
