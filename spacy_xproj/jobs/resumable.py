"""Runs that can be stopped and gone on with: what ``annotate`` and the benchmarks share."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, TypeAlias

from ..errors import Errors, XProjError
from .faults import Fault, fault
from .folder import CannotWrite, Piece, RunFolder
from .local import ShardFailed, WorkerDied
from .stopping import Stop
from .worker import FirstFailure

Pieces: TypeAlias = Generator[Piece, None, None]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM: which signal, and how many pieces are complete, of how many."""

    def __init__(self, done: int, total: int, number: int = 2) -> None:
        super().__init__(done, total, number)
        self.done, self.total, self.number = done, total, number


class Resumable:
    """The pieces of a run: those that are in its folder, and those to compute.

    unchanged: raises XProjError where what the run depends on is not what it was at its start. It
    is asked before a piece is kept, so that each that is kept is of this run.
    """

    def __init__(
        self,
        folder: RunFolder,
        names: Sequence[str],
        *,
        unchanged: Callable[[], Any] = lambda: None,
    ) -> None:
        self._folder = folder
        self._names = names
        self._unchanged = unchanged
        self.done: dict[str, Any] = folder.done(names)

    def complete(self, compute: Callable[[list[str]], Pieces]) -> dict[str, Any]:
        """Compute and keep what is missing; what is kept about each piece, in order of names.

        compute: takes names of pieces, gives the pieces as they are done; when it is asked for the
        next, the last is kept. Raises as ``explained`` does.
        """
        with self.explained():
            todo = [name for name in self._names if name not in self.done]
            if todo:
                with closing(compute(todo)) as pieces:
                    for piece in pieces:
                        self._unchanged()
                        self._folder.write(piece)
                        self.done[piece.name] = piece.about
            return {name: self.done[name] for name in self._names}

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Within, what stops the run says what is kept and what to do: XProjError for faults,
        Interrupted for signals."""
        try:
            yield
        except KeyboardInterrupt as error:
            # One may have been written just before.
            late = [name for name in self._names if name not in self.done]
            n_done = len(self.done) + len(self._folder.done(late))
            number = error.number if isinstance(error, Stop) else 2
            raise Interrupted(n_done, len(self._names), number) from error
        except (XProjError, OSError, MemoryError) as error:
            raise self._explain(error) from error

    def _explain(self, error: XProjError | OSError | MemoryError) -> Exception:
        done = len(self.done)
        if isinstance(error, FirstFailure):
            return XProjError(Errors.XP854.format(**error.failure._asdict(), done=done))
        if isinstance(error, WorkerDied):
            return XProjError(Errors.XP856.format(**vars(error), done=done))
        if isinstance(error, ShardFailed):
            return XProjError(
                Errors.XP863.format(number=error.number, reason=error.reason, done=done)
            )
        if isinstance(error, CannotWrite):
            return XProjError(
                Errors.XP855.format(
                    out_dir=error.folder, reason=error.reason, fix=error.fix, done=done
                )
            )
        if not isinstance(error, XProjError):
            found = fault(error, component="the run", place=str(self._folder.path))
            assert found is not None
            error = found
        if isinstance(error, Fault):
            return XProjError(Errors.XP873.format(fault=error, done=done))
        return error
