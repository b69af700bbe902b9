"""The engine ``ray``: shards computed by Ray Data, on this machine or a cluster.

Only numbers of shards go out, and shards come back to be written by the process that started the
run. Each worker is an actor that loads the pipeline once and reads its shards from the input, which
must lie at the same path on all nodes, as must the models and files that the config names.
"""

import json
import logging
import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import Errors, XProjError
from ..io.records import to_json
from .faults import Fault, fault
from .local import ShardFailed, Shards
from .statuses import SentenceFailure
from .worker import FirstFailure, Job, ShardResult, Worker


class RayWorker:
    """The actor: a worker that is made when its first shard comes."""

    def __init__(self, job: tuple[Any, ...], cwd: str) -> None:
        # Paths in a config count from where the command was given.
        if Path(cwd).is_dir():
            os.chdir(cwd)
        self._job = Job(*job)
        self._worker: Worker | None = None

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Shard ``batch["number"][0]``: its DocBin, its statuses, and the rest as JSON."""
        (number,) = (int(n) for n in batch["number"])
        docs = statuses = b""
        try:
            self._worker = self._worker or Worker(self._job)
            result = self._worker.compute(number)
            docs, statuses = result.docs, result.statuses
            about: dict[str, Any] = {
                "counts": result.counts,
                "failures": result.failures,
                "cost": result.cost,
            }
        except FirstFailure as error:
            about = {"first": error.failure}
        except Fault as error:
            about = {"fault": error.args}
        except XProjError as error:
            about = {"error": str(error)}
        # Whatever else it is, the user must see it.
        except Exception as error:
            found = fault(error, component="an actor", place=f"shard {number}")
            about = {"crash": traceback.format_exc()} if found is None else {"fault": found.args}
        row = {"number": number, "docs": docs, "statuses": statuses, "about": to_json(about)}
        return {name: [value] for name, value in row.items()}


def _result(row: dict[str, Any]) -> ShardResult:
    number, about = int(row["number"]), json.loads(row["about"])
    if "first" in about:
        raise FirstFailure(SentenceFailure(*about["first"]))
    if "fault" in about:
        raise Fault(*about["fault"])
    if "error" in about:
        raise XProjError(about["error"])
    if "crash" in about:
        raise ShardFailed(number, about["crash"])
    failures = [SentenceFailure(*failure) for failure in about["failures"]]
    return ShardResult(
        number, row["docs"], row["statuses"], about["counts"], failures, about["cost"]
    )


def compute_with_ray(
    job: Job, numbers: Sequence[int], n_workers: int, *, address: str | None, gpus: float
) -> Shards:
    """Shards as they are done. address: of a cluster; None for one on this machine, which ends with
    the run. gpus: how many each worker has, or what share of one.

    Raises XProjError where Ray is not installed or cannot be reached, and what a worker raises.
    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise XProjError(Errors.XP859) from error
    ours = not ray.is_initialized()
    if ours:
        _connect(ray, address, n_workers)
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        # One shard a block, so that each comes back when it is done.
        items = [{"number": number} for number in numbers]
        shards = ray.data.from_items(items, override_num_blocks=len(items)).map_batches(
            RayWorker,
            fn_constructor_args=(tuple(job), str(Path.cwd())),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=min(n_workers, len(items))),
            num_gpus=gpus,
        )
        for row in shards.iter_rows():
            yield _result(row)
    finally:
        if ours:
            ray.shutdown()


def _connect(ray: Any, address: str | None, n_workers: int) -> None:
    # Nothing is reported to Ray's makers unless the user's environment says so.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Actors wait for CPUs; on this machine each worker may have one, even if they share it.
    here = {"num_cpus": max(n_workers, os.cpu_count() or 1), "include_dashboard": False}
    try:
        ray.init(address, logging_level="ERROR", log_to_driver=False, **({} if address else here))
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = address or "on this machine"
        raise XProjError(Errors.XP862.format(address=where, reason=error)) from error
