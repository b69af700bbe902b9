"""One request to a server, with its faults: repeated where that may help, and no secret told."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ..errors import Errors, XProjError

if TYPE_CHECKING:
    import requests

_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_KEY = re.compile(r"[!-~]+")  # as a header holds it
_NO_WORD = 16  # characters; what is shorter may be a word: "ollama", "none"
_AGAIN = (408, 409, 425, 429)  # and all from 500 on
_FINAL = (402, 404)  # no credit, no such model: so it is for every question
_ANSWERS = ("choices", "translatedText")  # where the answer is
# Not within a run of backslashes, which would be gone through again and again.
_ESCAPED = re.compile(r"(?<!\\)\\+u([0-9a-fA-F]{4})")
_REDIRECTS = (301, 302, 303, 307, 308)
_KEY_REFUSED = (401, 403)
_LONGEST = 1 << 22  # bytes of a reply
_BLOCK = 1 << 14
_MOST_WAIT = 60.0  # seconds between attempts, whatever the server asks for
_CONNECT = 10.0  # seconds
_LOOKS_LIKE_A_KEY = re.compile(r"(?=.*[0-9])[A-Z0-9]{16,}")
_HOPS = 3


class Failed(Exception):
    """A request that gave nothing. again: whether the same one may do better later. final: no other
    to this server will do better."""

    def __init__(
        self, reason: str, *, again: bool = False, final: bool = False, wait: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.again, self.final, self.wait = again, final, wait


def check_address(url: str) -> str:
    """The base of a server. Raises XProjError where it is not one, or holds what may be secret."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise XProjError(Errors.XP980.format(why="it cannot be read")) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise XProjError(Errors.XP980.format(why="it must begin with http:// or https://"))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise XProjError(Errors.XP980.format(why="it has a user, a password or a query"))
    return url.rstrip("/")


def check_key_name(name: str | None) -> str | None:
    """The name of the variable that holds the key. Raises XProjError, which does not repeat what
    was given, for what may be a key."""
    if name is not None and (not _NAME.fullmatch(name) or _LOOKS_LIKE_A_KEY.fullmatch(name)):
        raise XProjError(Errors.XP981)
    return name


class Server:
    """The server at an address. The key is read from the environment when a request is sent, and
    kept nowhere."""

    def __init__(
        self, url: str, *, key_env: str | None, timeout: float, retries: int, backoff: float
    ) -> None:
        self.url = check_address(url)
        self.key_env = check_key_name(key_env)
        self.timeout, self.retries, self.backoff = timeout, retries, backoff

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def key(self) -> str | None:
        """Raises XProjError where it should be set and is not, and where a header cannot hold it:
        other libraries would tell it then."""
        if self.key_env is None:
            return None
        key = os.environ.get(self.key_env, "").strip()
        if not key:
            raise XProjError(Errors.XP982.format(name=self.key_env, host=self.host))
        if not _KEY.fullmatch(key):
            raise XProjError(Errors.XP985.format(name=self.key_env, host=self.host))
        return key

    def session(self, size: int) -> requests.Session:
        """Connections for so many requests at once."""
        import requests

        from .deadline import adapter

        session = requests.Session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapter(pool_connections=1, pool_maxsize=size))
        return session

    def post(
        self,
        session: requests.Session,
        path: str,
        body: dict[str, Any],
        *,
        take: Callable[[], bool],
    ) -> Any:
        """The JSON value of the reply. take: asked before each request, also one to where
        another was sent on, whether it may be made.
        Raises Failed."""
        key = self.key()
        for attempt in range(self.retries + 1):
            try:
                return self._once(session, f"{self.url}{path}", body, key, take)
            except Failed as failed:
                if not failed.again or attempt == self.retries:
                    raise
                time.sleep(min(_MOST_WAIT, max(failed.wait, self.backoff * 2**attempt)))
        raise AssertionError("no attempt was made")

    def _once(
        self,
        session: requests.Session,
        url: str,
        body: dict[str, Any],
        key: str | None,
        take: Callable[[], bool],
    ) -> Any:
        end = time.monotonic() + self.timeout
        for _ in range(_HOPS):
            if not take():
                raise Failed("the budget of calls is spent", final=True)
            status, headers, data = self._send(session, url, body, key, end)
            if status not in _REDIRECTS:
                break
            target = urljoin(url, headers.get("Location", ""))
            if urlsplit(target)[:2] != urlsplit(self.url)[:2]:
                host = urlsplit(target).netloc.rpartition("@")[2]
                raise Failed(f"it redirects to another host ({host:.60})", final=True)
            url = target
        else:
            raise Failed("it redirects again and again", final=True)
        text = data.decode("utf-8", "replace")
        if status in _KEY_REFUSED:
            whose = f"the key in ${self.key_env}" if self.key_env else "a request without a key"
            raise Failed(f"HTTP {status}: it refuses {whose}", final=True)
        if status >= 400:
            raise Failed(
                f"HTTP {status}: {_told(text, key)}".rstrip(": "),
                again=status in _AGAIN or status >= 500,
                final=status in _FINAL,
                wait=_seconds(headers.get("Retry-After")),
            )
        if key is not None and len(key) >= _NO_WORD and _repeats(text, key):
            raise Failed("the reply repeats the key")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise Failed("the reply is not JSON", again=True) from None
        if isinstance(value, dict) and value.get("error") and value.keys().isdisjoint(_ANSWERS):
            # Gateways say so with the status 200 where the model behind them is overloaded, say.
            raise Failed(f"the server says: {_told(text, key)}", again=True)
        return value

    def _send(
        self, session: requests.Session, url: str, body: dict[str, Any], key: str | None, end: float
    ) -> tuple[int, Any, bytes]:
        """One request; end: when all of its answer must have come, by ``time.monotonic``."""
        import requests

        from .deadline import deadline

        def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
            # As a function, so that requests does not look for another key in ~/.netrc.
            if key is not None:
                request.headers["Authorization"] = f"Bearer {key}"
            return request

        late = Failed(f"no reply within {self.timeout:g} s", again=True)
        left = max(end - time.monotonic(), 0.001)
        times = (min(_CONNECT, left), left)
        try:
            with (
                deadline(left),
                session.post(
                    url, json=body, auth=sign, timeout=times, allow_redirects=False, stream=True
                ) as response,
            ):
                data = bytearray()
                for block in response.iter_content(_BLOCK):
                    data += block
                    if len(data) > _LONGEST:
                        raise Failed(f"the reply is longer than {_LONGEST} bytes")
                if time.monotonic() >= end:  # what was cut off may look like an end
                    raise late
                return response.status_code, response.headers, bytes(data)
        except requests.Timeout:
            raise late from None
        # ValueError: of an address to go on to that cannot be read.
        except (requests.RequestException, ValueError) as error:
            if time.monotonic() >= end:
                raise late from None
            if isinstance(error, requests.ConnectionError):
                raise Failed(f"the connection to {self.host} failed", again=True) from None
            # What it says may hold the headers.
            raise Failed(f"the request failed ({type(error).__name__})", again=True) from None


def _told(text: str, key: str | None) -> str:
    """What is said of a reply that is a fault: its beginning, without the key in any spelling, and
    without what moves a terminal's cursor."""
    if key is not None:
        for spelling in (key, json.dumps(key)[1:-1]):
            text = text.replace(spelling, "***")
        if _repeats(text, key):
            return "(what it says repeats the key)"
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:200]


def _seconds(header: str | None) -> float:
    """How long a server asks to wait; a date is not read."""
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0


def _repeats(text: str, key: str) -> bool:
    """Whether a key stands in a text, however its characters are escaped: in JSON, say, or in JSON
    within JSON."""
    plain, before = text, ""
    while plain != before:
        plain, before = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), plain), plain
    return key.replace("\\", "") in plain.replace("\\", "")
