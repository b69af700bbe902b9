"""The folder of a run that can be resumed.

::

    run.json            what the output depends on
    parts/NAME.json     the manifest of a piece: checksums of its files, and what is kept about it
    ...                 the files of the pieces, as who runs them names them

A piece is what is computed and kept together. Each file is written aside and renamed, so that it is
complete or not there, and the manifest last: a piece counts if its manifest is whole and the
checksums that it has hold. There are no times in any of them: the same run gives the same bytes.
"""

import json
import logging
import os
import shutil
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from ..errors import Errors, XProjError, reason_of
from ..io.files import write_aside, write_bytes, write_text
from ..io.hashing import file_hash, sha256
from ..io.records import read_json, to_json
from ..io.shards import RUN
from .faults import fix_of
from .fingerprint import differences, differing
from .source import kind_of

PARTS = "parts"
LOCK, HOLDER = ".lock", ".holder.json"
# Seconds to wait for a lock: workers of a run that was killed may hold it until they notice.
GRACE = 2.0
_log = logging.getLogger(__name__)


class Piece(NamedTuple):
    """What was computed and is kept together: the content of its files, by their paths in the
    folder, and plain data about it."""

    name: str
    files: dict[str, bytes]
    about: dict[str, Any]


class CannotWrite(XProjError):
    """A file of the folder could not be written: why, and what to do."""

    def __init__(self, folder: str, reason: str, fix: str) -> None:
        super().__init__(folder, reason, fix)
        self.folder, self.reason, self.fix = folder, reason, fix

    def __str__(self) -> str:
        return Errors.XP871.format(out_dir=self.folder, reason=self.reason, fix=self.fix)


class OtherRun(XProjError):
    """The folder holds the output of a run that differs: how, a line for each difference."""

    def __init__(self, folder: str, differences: str) -> None:
        super().__init__(folder, differences)
        self.folder, self.differences = folder, differences

    def __str__(self) -> str:
        return Errors.XP850.format(out_dir=self.folder, differences=self.differences)


class RunFolder:
    """Reads and writes the folder of a run.

    outputs: patterns of the files that pieces have, and of what is made of them. finals: of these
    the names of what describes pieces that are all there; removed when one is written anew.
    """

    def __init__(
        self, path: str | Path, *, outputs: Sequence[str], finals: Sequence[str] = ()
    ) -> None:
        self.path = Path(path)
        self._outputs = outputs
        self._finals = finals
        self._run_hash = ""

    # before the run

    def check_place(self, source: str | Path) -> None:
        """Raise XProjError where the folder is no place for a run: before anything is made."""
        self.check_writable()
        kind = "it is a file" if self.path.is_file() else kind_of(self.path)
        if kind not in (None, "a folder"):
            raise XProjError(Errors.XP852.format(out_dir=self.path, names=f"({kind})"))
        root = Path(source).resolve()
        if root.is_dir() and self.path.resolve().is_relative_to(root):
            raise XProjError(Errors.XP853.format(out_dir=self.path, input=source))
        if self.path.is_dir() and not os.path.lexists(self.path / RUN) and not self._has_parts():
            names = sorted(one.name for one in self.path.iterdir() if not one.name.startswith("."))
            if names:
                shown = ", ".join(names[:5])
                raise XProjError(Errors.XP852.format(out_dir=self.path, names=shown))

    def check_writable(self) -> None:
        """Raise XProjError where nothing can be written to the folder, or it cannot be made."""
        there = self.path.absolute()
        while not os.path.lexists(there):
            there = there.parent
        if there != self.path.absolute() and not there.is_dir():
            raise CannotWrite(str(self.path), f"{there} is not a folder", "Choose another folder")
        for folder in (there, self.path / PARTS):
            if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
                reason = f"this user may not write in {folder}, or its disk is read-only"
                raise CannotWrite(str(self.path), reason, "Choose another folder, or change that")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process. Raises XProjError where another holds it.

        The system frees the lock when the process ends, however it ends.
        """
        with self._writing():
            self.path.mkdir(parents=True, exist_ok=True)
        for name in (LOCK, HOLDER, RUN):
            self._check_kind(name)
        lock = FileLock(self.path / LOCK, timeout=GRACE)
        with self._writing():
            try:
                lock.acquire()
            except Timeout as error:
                other = self._holder()
                raise XProjError(Errors.XP851.format(out_dir=self.path, holder=other)) from error
        try:
            self._write_json(HOLDER, {"pid": os.getpid(), "host": socket.gethostname()})
            yield
        finally:
            (self.path / HOLDER).unlink(missing_ok=True)
            lock.release()

    def _holder(self) -> str:
        try:
            holder = read_json(self.path / HOLDER)
            return f"process {holder['pid']} on {holder['host']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "a process that has only just started"

    def begin(
        self, run: dict[str, Any], *, overwrite: bool = False, counted_whole: Sequence[str] = ()
    ) -> None:
        """Make the folder that of this run, and remove what a killed run left half done.

        counted_whole: dotted names in ``run`` of own parts all of whose settings count.

        Raises XProjError where it has pieces of another run, unless these may be overwritten, and
        where something else than a file stands in the place of one of a run.
        """
        self._check_kinds()
        self._remove_left_over()
        text = _json(run)
        self._run_hash = sha256(text)
        path = self.path / RUN
        if path.is_file() and path.read_bytes() == text.encode("utf-8"):
            return
        if not overwrite and self._has_outputs():
            if path.exists():
                lines = "\n".join(self._differences(json.loads(text), counted_whole))
                raise OtherRun(str(self.path), lines)
            if not self._is_named_by_manifests():
                lines = f"  {RUN} is missing, and the manifests in {PARTS}/ are not of this run"
                raise OtherRun(str(self.path), lines)
            _log.warning("%s was missing; written anew, as the manifests are of this run", path)
        else:
            self._clear()
        with self._writing():
            write_text(path, text)

    def _differences(self, run: dict[str, Any], counted_whole: Sequence[str]) -> list[str]:
        """How ``run.json`` differs from this run, line by line."""
        try:
            old = read_json(self.path / RUN)
        except (OSError, ValueError, RecursionError):
            old = None
        if isinstance(old, dict) and old:
            names = differing(old, run)
            whole = [
                f"  All settings of {own} count, as it has no identity(). Give it one that leaves "
                "out what does not change its results (docs/annotate.md)."
                for own in counted_whole
                if any(name.rpartition(".")[0] == own for name in names)
            ]
            return [*differences(old, run), *whole]
        hint = f"delete it, and the manifests in {PARTS}/ tell whether the rest is of this run"
        return [f"  {RUN} is damaged ({hint})"]

    def _is_named_by_manifests(self) -> bool:
        manifests = sorted((self.path / PARTS).rglob("*.json"))
        read = [self._read_manifest(path) for path in manifests]
        return any(one is not None and one["run"] == self._run_hash for one in read)

    def _has_parts(self) -> bool:
        return any((self.path / PARTS).rglob("*"))

    def _has_outputs(self) -> bool:
        return self._has_parts() or any(self._found(self._outputs))

    def _found(self, patterns: Iterable[str]) -> Iterator[Path]:
        for pattern in patterns:
            yield from self.path.glob(pattern)

    def _check_kind(self, name: str) -> None:
        kind = kind_of(self.path / name)
        if kind is not None:
            raise XProjError(Errors.XP872.format(path=self.path / name, kind=kind))

    def _check_kinds(self) -> None:
        parts = self.path / PARTS
        if os.path.lexists(parts) and not parts.is_dir():
            kind = kind_of(parts) or "a file"
            raise XProjError(Errors.XP872.format(path=parts, kind=kind))
        own = [*self._found(self._outputs), *parts.rglob("*.json")]
        for path in own:
            self._check_kind(path.relative_to(self.path).as_posix())

    def _remove_left_over(self) -> None:
        """The folders in which ``write_aside`` prepared files when a run was killed."""
        patterns = (*self._outputs, RUN, HOLDER, f"{PARTS}/**/*.json")
        for pattern in patterns:
            folder, _, name = pattern.rpartition("/")
            for left in self.path.glob(f"{folder}/.{name}.*" if folder else f".{name}.*"):
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)

    def _clear(self) -> None:
        for path in [*self._found(self._outputs), *(self.path / PARTS).rglob("*")]:
            if path.is_file():
                path.unlink()
        (self.path / RUN).unlink(missing_ok=True)
        shutil.rmtree(self.path / PARTS, ignore_errors=True)

    # pieces

    def done(self, names: Sequence[str]) -> dict[str, Any]:
        """What is kept about those pieces that are there as they were written. One whose files
        are damaged is named in the log, and counts as not done."""
        found = {}
        for name in names:
            about = self._about(name)
            if about is not None:
                found[name] = about
        return found

    def _about(self, name: str) -> dict[str, Any] | None:
        path = self._manifest_path(name)
        if not path.exists():
            return None
        manifest = self._read_manifest(path)
        damaged = path.name if manifest is None else ""
        if manifest is not None:
            if manifest["run"] != self._run_hash:
                return None
            for file, digest in manifest["files"].items():
                if not (self.path / file).is_file() or file_hash(self.path / file) != digest:
                    damaged = file
        if damaged or manifest is None:
            _log.warning(
                "%s: %s is not what was written; this part of the run is computed again",
                self.path,
                damaged,
            )
            return None
        about: dict[str, Any] = manifest["about"]
        return about

    def _manifest_path(self, name: str) -> Path:
        return self.path / PARTS / f"{name}.json"

    def _read_manifest(self, path: Path) -> dict[str, Any] | None:
        """A manifest as it was written; else None."""
        try:
            manifest = read_json(path)
            digest = manifest.pop("manifest")
            whole = digest == sha256(_json(manifest)) and (
                isinstance(manifest["files"], dict)
                and isinstance(manifest["about"], dict)
                and isinstance(manifest["run"], str)
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return manifest if whole else None

    def write(self, piece: Piece) -> None:
        """Write the files of a piece and its manifest. Raises CannotWrite."""
        for name in self._finals:
            (self.path / name).unlink(missing_ok=True)
        with self._writing():
            for name, data in piece.files.items():
                write_bytes(self.path / name, data)
        digests = {name: sha256(data) for name, data in piece.files.items()}
        manifest = {"run": self._run_hash, "files": digests, "about": piece.about}
        own = sha256(_json(manifest))
        self._write_json(f"{PARTS}/{piece.name}.json", {**manifest, "manifest": own})

    def write_final(self, name: str, blocks: Iterable[bytes]) -> None:
        """Write what is made of all pieces, from blocks of bytes. Raises CannotWrite."""
        with self._writing(), write_aside(self.path / name) as aside:
            aside.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                file.writelines(blocks)

    @property
    def run_hash(self) -> str:
        """The checksum of what the output depends on, which names the run."""
        return self._run_hash

    def _write_json(self, name: str, value: Any) -> None:
        with self._writing():
            write_text(self.path / name, _json(value))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or reason_of(error)
            raise CannotWrite(str(self.path), reason, fix_of(error)) from error


def _json(value: Any) -> str:
    return to_json(value, indent=2) + "\n"
