"""Batches that need more memory than there is."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")
Result = TypeVar("Result")

# What torch and CTranslate2 say; the CPU's allocators have no error class of their own.
_MESSAGES = ("out of memory", "not enough memory", "can't allocate memory", "bad_alloc")

_log = logging.getLogger(__name__)


def is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, RuntimeError):
        return any(message in str(error).lower() for message in _MESSAGES)
    return isinstance(error, MemoryError)


def in_parts(
    run: Callable[[Sequence[Row]], Sequence[Result]], rows: Sequence[Row], *, setting: str
) -> list[Result]:
    """What ``run`` gives for each row of a batch. A batch that runs out of memory is run in two
    halves, which is logged; one row that does is the error. setting: what to lower, for the log.
    """
    try:
        return list(run(rows))
    except (MemoryError, RuntimeError) as error:
        if len(rows) < 2 or not is_out_of_memory(error):
            raise
        lines = str(error).splitlines() or [type(error).__name__]
        _log.warning(
            "Out of memory with %d texts at a time (%s): in two halves. A smaller %s saves the "
            "attempt.",
            *(len(rows), lines[0], setting),
        )
    # Outside of the handler, which holds on to the frames and their tensors.
    half = len(rows) // 2
    return [r for part in (rows[:half], rows[half:]) for r in in_parts(run, part, setting=setting)]
