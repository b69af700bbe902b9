"""A time for a whole reply.

The timeouts of sockets are for each step, so that a server that sends a byte a second is never late
for them; here the connection is shut when the time is over.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter

_here = threading.local()


class _Watch:
    """The socket of the request that a thread makes, once there is one."""

    def __init__(self) -> None:
        self._socket: Any = None
        self._over = False
        self._lock = threading.Lock()

    def see(self, connection: Any) -> None:
        with self._lock:
            self._socket = connection.sock
            if self._over:
                self._shut()

    def end(self) -> None:
        with self._lock:
            self._over = True
            self._shut()

    def forget(self) -> None:
        """The connection may be another request's now."""
        with self._lock:
            self._socket = None

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Shut the connection of the request that this thread makes within, where it takes longer: what
    waits for it gets an error, or an early end. Of sessions with an ``adapter``."""
    watch = _Watch()
    timer = threading.Timer(seconds, watch.end)
    timer.daemon = True
    timer.start()
    _here.watch = watch
    try:
        yield
    finally:
        _here.watch = None
        watch.forget()
        timer.cancel()


class _Seen:
    """Marks such classes."""


@lru_cache(maxsize=8)
def _watched(connection: type) -> type:
    """A class of connections that show their socket before they wait for a reply."""

    class Watched(_Seen, connection):
        def getresponse(self, *args: Any, **settings: Any) -> Any:
            watch = getattr(_here, "watch", None)
            if watch is not None:
                watch.see(self)
            return super().getresponse(*args, **settings)

    return Watched


def adapter(**settings: Any) -> HTTPAdapter:
    """What connects a session of requests, so that a ``deadline`` holds for it. settings: of
    ``requests.adapters.HTTPAdapter``."""
    from requests.adapters import HTTPAdapter

    def watched(pool: Any) -> Any:
        if not issubclass(pool.ConnectionCls, _Seen):
            pool.ConnectionCls = _watched(pool.ConnectionCls)
        return pool

    class Adapter(HTTPAdapter):
        # Of requests up to 2.31, and since.
        def get_connection(self, *args: Any, **more: Any) -> Any:
            return watched(super().get_connection(*args, **more))

        def get_connection_with_tls_context(self, *args: Any, **more: Any) -> Any:
            return watched(super().get_connection_with_tls_context(*args, **more))

    return Adapter(**settings)
