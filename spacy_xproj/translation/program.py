"""A program that is called: it reads on standard input and answers on standard output."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from ..errors import Errors, XProjError

_CHUNK = 65536
_GRACE = 2.0  # seconds that a program has to end by itself once its input has ended


class ProgramError(Exception):
    """The program gave no complete answer; the text says why."""


class Program:
    """Starts a program at first use and again after it failed, one at a time in a process.

    command: the program and its arguments; no shell is involved. timeout: seconds that it may be
    silent while an answer is awaited. A process that was forked starts its own.
    """

    def __init__(self, command: Sequence[str], *, timeout: float) -> None:
        """Raises XProjError for an empty command and a timeout that is not above 0."""
        if not command or not all(isinstance(part, str) and part for part in command):
            why = "it must be the program and its arguments, as strings that are not empty."
            raise XProjError(
                Errors.XP207.format(setting="command", value=list(command or ()), why=why)
            )
        if not timeout > 0:
            raise XProjError(
                Errors.XP207.format(setting="timeout", value=timeout, why="it must be above 0.")
            )
        self.command = list(command)
        self.timeout = timeout
        self._lock = threading.RLock()
        self._running: _Running | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_running": None, "_lock": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()

    def ask(self, data: bytes, is_complete: Callable[[bytearray], bool]) -> bytes:
        """What the program answers to ``data``, read until ``is_complete`` says so of all of it;
        what it wrote before and nobody read comes first (see ``unread``).

        The program goes on running. Raises ProgramError where it ends or is silent for too long;
        it is stopped then, and the next call starts it anew. Raises XProjError where it cannot be
        started.
        """
        with self._lock:
            running = self._current()
            try:
                running.write(data)
                answer = bytearray()
                while not is_complete(answer):
                    chunk = running.read(self.timeout)
                    if not chunk:
                        raise ProgramError(running.how_it_ended())
                    answer += chunk
            except BaseException:
                self.close()
                raise
            return bytes(answer)

    def check_ready(self) -> None:
        """Raise XProjError where there is no such program."""
        if shutil.which(self.command[0]) is None:
            reason = "there is no such program"
            raise XProjError(Errors.XP280.format(program=self.command[0], reason=reason))

    def run(self, data: bytes) -> bytes:
        """All that the program writes, started for this call, to ``data`` and the end of input.
        Raises as ``ask`` does."""
        with self._lock:
            self.close()
            running = self._current()
            try:
                running.write(data, end=True)
                answer = bytearray()
                while chunk := running.read(self.timeout):
                    answer += chunk
                if running.process.wait():
                    raise ProgramError(running.how_it_ended())
            finally:
                self.close()
            return bytes(answer)

    def unread(self) -> bytes:
        """What the program wrote beyond the answers so far; it is taken away by this."""
        with self._lock:
            return b"" if self._running is None else self._running.unread()

    def close(self) -> None:
        """End the program; the next call starts it anew."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
                self._running = None

    def _current(self) -> _Running:
        if self._running is not None and self._running.owner != os.getpid():
            self._running.forget()  # the parent's: it is not ours to talk to
            self._running = None
        if self._running is None:
            try:
                self._running = _Running(self.command)
            except OSError as err:
                raise XProjError(
                    Errors.XP280.format(program=self.command[0], reason=err.strerror or err)
                ) from err
        return self._running


class _Running:
    """One started process; what it writes is read as it comes, so that it never has to wait."""

    def __init__(self, command: Sequence[str]) -> None:
        self.owner = os.getpid()
        self._errors: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as it runs
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            start_new_session=True,  # a pipeline of a shell is ended as a whole
        )
        self._chunks: queue.Queue[bytes] = queue.Queue()
        reader = threading.Thread(
            target=_read_all, args=(self.process.stdout, self._chunks), daemon=True
        )
        reader.start()
        self._written: queue.Queue[tuple[bytes, bool]] = queue.Queue()
        writer = threading.Thread(
            target=_write_all, args=(self.process.stdin, self._written), daemon=True
        )
        writer.start()
        self.forget = weakref.finalize(self, _end, self.process, self._written).detach

    def write(self, data: bytes, *, end: bool = False) -> None:
        """In the background, as a program may answer before it has read everything; in order, as
        it may also write before it is asked."""
        self._written.put((data, end))

    def read(self, timeout: float) -> bytes:
        """What there is, at least one byte; empty at the end. Raises ProgramError in silence."""
        try:
            return self._chunks.get(timeout=timeout)
        except queue.Empty:
            raise ProgramError(f"it wrote nothing for {timeout:g} seconds{self._said()}") from None

    def unread(self) -> bytes:
        """What it wrote that nobody asked for; of one that has ended nothing is said here."""
        left = bytearray()
        while True:
            try:
                chunk = self._chunks.get_nowait()
            except queue.Empty:
                return bytes(left)
            if not chunk:
                self._chunks.put(chunk)  # the end, for ``read``
                return bytes(left)
            left += chunk

    def how_it_ended(self) -> str:
        try:
            code = self.process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            return f"it closed its output{self._said()}"
        return f"it ended with exit code {code}{self._said()}"

    def stop(self) -> None:
        self.forget()
        _end(self.process, self._written)
        self._errors.close()

    def _said(self) -> str:
        """The end of what it wrote on standard error."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(size - 600, 0))
        text = self._errors.read().decode("utf-8", "replace").strip()
        return f"; it said: {text[-400:]}" if text else ""


def _read_all(stream: Any, chunks: queue.Queue[bytes]) -> None:
    with stream:
        while chunk := stream.read(_CHUNK):
            chunks.put(chunk)
    chunks.put(b"")


def _write_all(stream: Any, queued: queue.Queue[tuple[bytes, bool]]) -> None:
    end = False
    try:
        while not end:
            data, end = queued.get()
            view = memoryview(data)
            while view:
                view = view[stream.write(view) :]
        stream.close()
    except (OSError, ValueError):  # it has ended or was stopped, which its output tells
        pass


def _end(process: subprocess.Popen[bytes], written: queue.Queue[tuple[bytes, bool]]) -> None:
    """End of input first; then by force, the programs that it started with it."""
    written.put((b"", True))  # the thread that writes ends, too
    stop = time.monotonic() + _GRACE
    if process.stdin is not None:
        process.stdin.close()  # not buffered, so that this never waits for a writer
    while process.poll() is None and time.monotonic() < stop:
        time.sleep(0.01)
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
