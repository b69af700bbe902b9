"""The folder that ``annotate`` writes: shards, their statuses, and the summary.

::

    run.json               what the output depends on (see ``fingerprint``)
    shard-00000.spacy      a DocBin with the documents and their views
    parts/shard-00000.json        manifest: counts and checksums; written last
    parts/shard-00000.jsonl.gz    the statuses of that shard
    statuses.jsonl         those of all shards, written when all are there
    summary.json           counts of the whole run, written last
    cost.json              seconds, calls, tokens ... of the shards, as they were computed
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..io.records import read_json, to_json
from ..io.shards import SUMMARY, shard_name
from .cost import Cost, added
from .folder import PARTS, Piece, RunFolder
from .statuses import SHOWN_FAILURES, Counts
from .worker import ShardResult

STATUSES = "statuses.jsonl"
COST = "cost.json"
_BLOCK = 1 << 20


class OutDir(RunFolder):
    """The folder of a run in shards, each of which is a piece."""

    def __init__(self, path: str | Path) -> None:
        outputs = ("shard-*.spacy", f"{PARTS}/shard-*.jsonl.gz", STATUSES, SUMMARY, COST)
        super().__init__(path, outputs=outputs, finals=(SUMMARY,))

    def finish(
        self, run: dict[str, Any], shards: dict[str, Any], *, consensus: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Write the statuses of all shards and the summary, and give the summary. shards: what is
        kept about each piece, in order. consensus: what became of labels that the corpus agrees on;
        None where it was not asked."""
        self.write_final(STATUSES, self._statuses(shards))
        counts = Counts()
        failures: list[dict[str, Any]] = []
        for about in shards.values():
            counts += Counts(about["counts"])
            failures += about["failures"][: SHOWN_FAILURES - len(failures)]
        summary = {
            **counts.to_plain(),
            "failures": failures,
            "consensus": consensus,
            "shards": len(shards),
            "shard_size": run["options"]["shard_size"],
            "run": self.run_hash,
            "versions": run["versions"],
        }
        self.write_final(SUMMARY, [f"{to_json(summary, indent=2)}\n".encode()])
        return summary

    def add_cost(self, cost: Cost) -> None:
        """Keep what a shard has cost, with what those before it have."""
        whole = {"run": self.run_hash, "components": added(read_cost(self.path), cost)}
        self.write_final(COST, [f"{to_json(whole, indent=2)}\n".encode()])

    def _statuses(self, names: dict[str, Any]) -> Iterator[bytes]:
        for name in names:
            with gzip.open(self.path / statuses_path(name), "rb") as part:
                while block := part.read(_BLOCK):
                    yield block


def read_cost(folder: Path) -> Cost:
    """What the shards in a folder have cost; nothing where that was not kept, or is damaged."""
    try:
        components = read_json(folder / COST)["components"]
        return added({}, components)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def piece_name(number: int) -> str:
    """The name of the piece that shard ``number`` is, from 0."""
    return Path(shard_name(number)).stem


def statuses_path(name: str) -> str:
    return f"{PARTS}/{name}.jsonl.gz"


def piece_of(result: ShardResult) -> Piece:
    """A shard as it is kept."""
    name = piece_name(result.number)
    statuses = gzip.compress(result.statuses, compresslevel=1, mtime=0)
    files = {shard_name(result.number): result.docs, statuses_path(name): statuses}
    failures = [failure._asdict() for failure in result.failures]
    return Piece(name, files, {"counts": result.counts, "failures": failures})
