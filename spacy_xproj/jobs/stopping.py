"""Ctrl-C and SIGTERM: a run stops between two pieces of work, or at once when asked twice."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AT_ONCE = b"\nStopped at once. What was complete is kept; to go on, run the same command again.\n"


class Stop(KeyboardInterrupt):
    """A signal that asks this process to stop. number: which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """Within, SIGTERM stops a run as Ctrl-C does, by ``Stop``; a second signal of the two ends the
    process at once, which loses nothing, as files are written aside.

    Does nothing in a thread, where Python takes no signals, and to a signal that is ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    process, asked = os.getpid(), False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if os.getpid() != process:  # a copy of this process that has only just started
            os._exit(128 + number)
        if asked:
            os.write(2, _AT_ONCE)
            os._exit(128 + number)
        asked = True
        raise Stop(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
