"""The folder that a run writes: shards, their manifests, statuses, and the summary.

::

    run.json               what the output depends on (see ``fingerprint``)
    shard-00000.spacy      a DocBin with the documents and their views
    parts/shard-00000.json        manifest: counts and checksums; written last
    parts/shard-00000.jsonl.gz    the statuses of that shard
    statuses.jsonl         those of all shards, written when all are there
    summary.json           counts of the whole run, written last

Each file is written aside and renamed, so that it is complete or not there. A shard counts if its
manifest is there and its checksums hold. There are no times in any of them: the same run gives the
same bytes.
"""

import gzip
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ..errors import Errors, XProjError
from ..io.files import write_aside, write_bytes
from ..io.hashing import file_hash, sha256
from ..io.records import read_json, to_json, write_json
from ..io.shards import RUN, SUMMARY, shard_name
from .fingerprint import differences
from .statuses import SHOWN_FAILURES, Counts
from .worker import ShardResult

STATUSES = "statuses.jsonl"
PARTS = "parts"
LOCK, HOLDER = ".lock", ".holder.json"
# Seconds to wait for a lock: workers of a run that was killed may hold it until they notice.
GRACE = 2.0
# The folders in which ``write_aside`` prepares files; a killed run leaves them.
_LEFT_OVER = (".shard-*", f".{STATUSES}.*", f".{SUMMARY}.*", f".{RUN}.*", f"{HOLDER}.*")


class OutDir:
    """Reads and writes the folder of a run."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process. Raises XProjError where another holds it.

        The system frees the lock when the process ends, however it ends.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / LOCK, timeout=GRACE)
        try:
            lock.acquire()
        except Timeout as error:
            other = self._holder()
            raise XProjError(Errors.XP851.format(out_dir=self.path, holder=other)) from error
        try:
            holder = {"pid": os.getpid(), "host": socket.gethostname()}
            write_json(self.path / HOLDER, holder)
            yield
        finally:
            (self.path / HOLDER).unlink(missing_ok=True)
            lock.release()

    def _holder(self) -> str:
        try:
            holder = read_json(self.path / HOLDER)
            return f"process {holder['pid']} on {holder['host']}"
        except (OSError, ValueError, KeyError):
            return "a process that has only just started"

    def check(self, source: str | Path) -> None:
        """Raise XProjError where the folder is no place for a run: before anything is made."""
        if self.path.is_file():
            raise XProjError(Errors.XP852.format(out_dir=self.path, names="(it is a file)"))
        root = Path(source).resolve()
        if root.is_dir() and self.path.resolve().is_relative_to(root):
            raise XProjError(Errors.XP853.format(out_dir=self.path, input=source))
        if self.path.is_dir() and not (self.path / RUN).is_file():
            names = sorted(one.name for one in self.path.iterdir() if not one.name.startswith("."))
            if names:
                shown = ", ".join(names[:5])
                raise XProjError(Errors.XP852.format(out_dir=self.path, names=shown))

    def begin(self, run: dict[str, Any], *, overwrite: bool) -> None:
        """Make the folder that of this run, and remove what a killed run left half done.

        Raises XProjError where it has shards of another run, unless these may be overwritten.
        """
        for pattern in _LEFT_OVER:
            for folder in (self.path, self.path / PARTS):
                for left in folder.glob(pattern):
                    shutil.rmtree(left, ignore_errors=True)
        run = json.loads(to_json(run))
        try:
            old = read_json(self.path / RUN) if (self.path / RUN).is_file() else None
        except ValueError:
            old = {"run.json": "(broken)"}
        if old != run:
            shards = self.path.glob("shard-*.spacy")
            if old is not None and not overwrite and next(shards, None) is not None:
                lines = "\n".join(differences(old, run))
                raise XProjError(Errors.XP850.format(out_dir=self.path, differences=lines))
            self._clear()
            write_json(self.path / RUN, run)
        self._run_hash = file_hash(self.path / RUN)

    def _clear(self) -> None:
        for name in (SUMMARY, STATUSES, RUN):
            (self.path / name).unlink(missing_ok=True)
        shutil.rmtree(self.path / PARTS, ignore_errors=True)
        for shard in self.path.glob("shard-*.spacy"):
            shard.unlink()

    def _part(self, number: int, suffix: str) -> Path:
        return self.path / PARTS / Path(shard_name(number)).with_suffix(suffix)

    def _manifest(self, number: int) -> dict[str, Any]:
        return dict(read_json(self._part(number, ".json")))

    def counts(self, number: int) -> Counts | None:
        """Those of a shard that is there as it was written; else None."""
        try:
            manifest = self._manifest(number)
            whole = (
                manifest["run"] == self._run_hash
                and manifest["docs"] == file_hash(self.path / shard_name(number))
                and manifest["statuses"] == file_hash(self._part(number, ".jsonl.gz"))
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Counts(manifest["counts"]) if whole else None

    def write_shard(self, result: ShardResult) -> None:
        """Write a shard and its manifest."""
        # A summary describes shards that are all there.
        (self.path / SUMMARY).unlink(missing_ok=True)
        statuses = gzip.compress(result.statuses, compresslevel=1, mtime=0)
        write_bytes(self.path / shard_name(result.number), result.docs)
        write_bytes(self._part(result.number, ".jsonl.gz"), statuses)
        manifest = {
            "run": self._run_hash,
            "docs": sha256(result.docs),
            "statuses": sha256(statuses),
            "counts": result.counts,
            "failures": [failure._asdict() for failure in result.failures],
        }
        write_json(self._part(result.number, ".json"), manifest)

    def finish(self, run: dict[str, Any], n_shards: int) -> dict[str, Any]:
        """Write the statuses of all shards and the summary, and give the summary."""
        with write_aside(self.path / STATUSES) as aside, aside.open("wb") as file:
            for number in range(n_shards):
                with gzip.open(self._part(number, ".jsonl.gz"), "rb") as part:
                    shutil.copyfileobj(part, file)
        counts = Counts()
        failures: list[dict[str, Any]] = []
        for manifest in map(self._manifest, range(n_shards)):
            counts += Counts(manifest["counts"])
            failures += manifest["failures"][: SHOWN_FAILURES - len(failures)]
        summary = {
            **counts.to_plain(),
            "failures": failures,
            "shards": n_shards,
            "shard_size": run["options"]["shard_size"],
            "run": self._run_hash,
            "versions": run["versions"],
        }
        write_json(self.path / SUMMARY, summary)
        return summary
