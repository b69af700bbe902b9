"""The engine ``local``: shards computed in this process, or in several on this machine."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias

from spacy.language import Language

from ..components.processes import use_threads
from ..errors import XProjError
from .faults import fault
from .worker import Job, ShardResult, Worker

Shards: TypeAlias = Generator[ShardResult, None, None]

POLL = 0.3  # seconds between two looks at how far workers are
TRIES = 2
STOP = 5.0  # seconds that a worker has to stop
THREADS = "OMP_NUM_THREADS"  # which torch reads when it is imported


def compute_here(
    job: Job, nlp: Language, numbers: Sequence[int], report: Callable[[int], Any]
) -> Shards:
    """Shards one after another, in this process. nlp: the pipeline of the job. report: called with
    the number of sentences of the present shard that are done."""
    worker = Worker(job, nlp)
    for number in numbers:
        done = 0

        def count(n: int) -> None:
            nonlocal done
            done += n
            report(done)

        yield worker.compute(number, count)


def may_fork() -> bool:
    """Whether copies of this process can work: on Linux, without other threads of Python, which may
    hold a lock just then, and without a GPU in use. Those of numpy know how to be forked; those
    that torch starts when it first computes do not, so that a caller has to know of these."""
    torch = sys.modules.get("torch")
    in_use = torch is not None and torch.cuda.is_initialized()
    return sys.platform == "linux" and threading.active_count() == 1 and not in_use


def compute_in_processes(
    job: Job,
    numbers: Sequence[int],
    n_workers: int,
    report: Callable[[int], Any],
    *,
    forked: Language | None = None,
) -> Shards:
    """Shards as they are done, in several processes that start now, each with a pipeline.

    forked: the pipeline of the job, where workers are to be copies of this process, which have all
    that it has imported; else each starts anew, which takes seconds, and loads its own.

    The shard of a worker that dies is tried once more, by a new one. Raises XProjError where that
    dies too, and what a worker raises.
    """
    n_workers = min(n_workers, len(numbers))
    slots = [_Slot(job, share, forked) for share in shares_of_cores(n_workers)]
    return _results(job, numbers, slots, report)


def _results(
    job: Job, numbers: Sequence[int], slots: list["_Slot"], report: Callable[[int], Any]
) -> Shards:
    todo = list(reversed(numbers))
    tries = dict.fromkeys(numbers, 0)
    try:
        for slot in slots:
            slot.give(todo.pop())
        while busy := [slot for slot in slots if slot.number is not None]:
            ready = wait([slot.connection for slot in busy], timeout=POLL)
            report(sum(slot.done.value for slot in busy))
            for slot in busy:
                if slot.connection not in ready:
                    continue
                result = slot.take()
                if result is None:
                    number = slot.number
                    assert number is not None
                    tries[number] += 1
                    if tries[number] == TRIES:
                        raise _died(job, number, slot.how())
                    todo.append(number)
                    slot.renew()
                else:
                    yield result
                slot.give(todo.pop() if todo else None)
    finally:
        for slot in slots:
            slot.stop()


def _died(job: Job, number: int, how: str) -> "WorkerDied":
    start, stop = job.span(number)
    return WorkerDied(number, start + 1, stop, how)


class WorkerDied(XProjError):
    """A shard on which two workers died, with the numbers of its sentences, from 1, and how."""

    def __init__(self, number: int, first: int, last: int, how: str) -> None:
        super().__init__(number, first, last, how)
        self.number, self.first, self.last, self.how = number, first, last, how


class ShardFailed(XProjError):
    """An error in a worker that is no matter of a sentence; with the shard and the reason."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(number, reason)
        self.number, self.reason = number, reason


def shares_of_cores(n: int) -> list[int]:
    """How many threads each of n workers uses: together as many as there are cores, or one each
    where there are fewer. Workers that use all cores each would be in each other's way."""
    cores = os.cpu_count() or 1
    return [max(1, cores // n + (place < cores % n)) for place in range(n)]


@contextlib.contextmanager
def _threads(share: int) -> Iterator[None]:
    """Let processes that are started within use so many threads, unless the user has said how
    many."""
    if THREADS in os.environ:
        yield
        return
    os.environ[THREADS] = str(share)
    try:
        yield
    finally:
        del os.environ[THREADS]


class _Slot:
    """A place for a worker process, which computes one shard at a time."""

    def __init__(self, job: Job, share: int, forked: Language | None) -> None:
        """share: how many threads the worker uses."""
        self._job = job
        self._share = share
        self.number: int | None = None
        self._start(forked)

    def _start(self, forked: Language | None = None) -> None:
        context: Any = multiprocessing.get_context("spawn" if forked is None else "fork")
        self.connection, theirs = context.Pipe()
        self.done = context.RawValue("q", 0)
        self._process = context.Process(
            target=_serve, args=(theirs, self._job, self.done, forked), daemon=True
        )
        with _threads(self._share):
            self._process.start()
        # So that this end closes when the worker dies.
        theirs.close()

    def give(self, number: int | None) -> None:
        """Let the worker compute a shard, or rest."""
        self.number = number
        self.done.value = 0
        if number is not None:
            # A worker that has died is noticed when its answer is taken.
            with contextlib.suppress(BrokenPipeError):
                self.connection.send(number)

    def take(self) -> ShardResult | None:
        """What the worker computed; None where it died. Raises what it raised."""
        try:
            answer = self.connection.recv()
        except (EOFError, ConnectionResetError):
            return None
        if isinstance(answer, Exception):
            raise answer
        return ShardResult(*answer)

    def how(self) -> str:
        """How the worker died."""
        self._process.join(timeout=5)
        code = self._process.exitcode
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def renew(self) -> None:
        """Start another worker; anew, as by now this process may have threads."""
        self.stop()
        self._start()

    def stop(self) -> None:
        self.connection.close()
        self._process.terminate()
        self._process.join(timeout=STOP)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(connection: Connection, job: Job, done: Any, forked: Language | None = None) -> None:
    """The main function of a worker process."""
    # Ctrl-C reaches all processes of a terminal; the first one decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if forked is not None:
        # "4,2" is for nested teams.
        first = os.environ[THREADS].partition(",")[0]
        use_threads(int(first) if first.isdecimal() else 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def count(n: int) -> None:
        done.value += n

    worker = None
    while True:
        try:
            number = connection.recv()
        except EOFError:
            return
        try:
            worker = worker or Worker(job, forked)
            answer: Any = tuple(worker.compute(number, count))
        except XProjError as error:
            answer = error
        # Whatever else it is, the user must see it.
        except Exception as error:
            answer = _as_answer(error, number)
        connection.send(answer)


def _as_answer(error: Exception, number: int) -> XProjError:
    """What else a worker meets: a fault of the surroundings, or an error in code."""
    found = fault(error, component="a worker", place=f"shard {number}")
    return ShardFailed(number, traceback.format_exc()) if found is None else found


def _end_with_parent() -> None:
    """A parent that is killed cannot stop its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
