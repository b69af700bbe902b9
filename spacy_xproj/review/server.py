"""The page for review on this machine: a server that only this machine reaches, and of it only who
knows the token in the address.

A page of another site that guesses the port is refused for its Host, its Origin or the missing
token; answers are taken from JSON with the token in a header alone, which no form can send.
"""

import hmac
import json
import secrets
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .queue import Conflict, Queue
from .templates import render, script_of

HOST = "127.0.0.1"
HEADER = "X-Xproj-Token"
MOST_BYTES = 1_000_000
SCRIPT = "review.js"


class ReviewServer(ThreadingHTTPServer):
    """``serve_forever()`` it; ``address`` is what to open. port: 0 for any that is free."""

    daemon_threads = True

    def __init__(self, queue: Queue, *, title: str, port: int = 0) -> None:
        self.queue = queue
        self.token = secrets.token_urlsafe(24)
        super().__init__((HOST, port), _Handler)
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        self.page = render("review.html.jinja", title=title, **script_of(SCRIPT)).encode()

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error; of others a line is printed, as usual."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    server_version = "spacy-xproj"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        path = self._allowed()
        if path is None:
            return
        if path == "":
            self._send(HTTPStatus.OK, self.server.page, "text/html; charset=utf-8")
        elif path == "queue":
            self._json(HTTPStatus.OK, self.server.queue.summary())
        elif path.startswith("sentence/") and path[9:].isdecimal():
            place = int(path[9:])
            if place < len(self.server.queue):
                self._json(HTTPStatus.OK, self.server.queue.item(place))
            else:
                self._refuse(HTTPStatus.NOT_FOUND, "there is no such sentence")
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")

    def do_POST(self) -> None:
        path = self._allowed()
        if path is None:
            return
        refusal = self._refusal(path)
        if refusal is not None:
            self._refuse(*refusal)
            return
        length = self.headers["Content-Length"]
        try:
            number = self.server.queue.decide(json.loads(self.rfile.read(int(length))))
        except Conflict as conflict:
            self._json(
                HTTPStatus.CONFLICT,
                {
                    "error": str(conflict),
                    "decision": conflict.current.to_json(),
                    "seen": conflict.current.number,
                },
            )
        except ValueError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except OSError as error:
            self._refuse(HTTPStatus.INSUFFICIENT_STORAGE, f"it could not be saved: {error}")
        else:
            self._json(HTTPStatus.OK, {"seen": number})

    def _refusal(self, path: str) -> tuple[HTTPStatus, str] | None:
        """Why an answer is not even read; None where it is."""
        origin = self.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.server.names:
            return HTTPStatus.FORBIDDEN, "the request comes from another site"
        given = self.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self.server.token.encode()):
            return HTTPStatus.FORBIDDEN, f"the header {HEADER} is missing"
        if path != "decide":
            return HTTPStatus.NOT_FOUND, "there is no such page"
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the answer is too long"
        return None

    def _allowed(self) -> str | None:
        """What is asked for, behind the token; None where the request was refused."""
        if self.headers.get("Host") not in self.server.names:
            # A name that somebody else has pointed to this machine.
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "this is not the server's name")
            return None
        token, slash, rest = self.path.partition("?")[0].removeprefix("/").partition("/")
        if not slash or not hmac.compare_digest(token.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.NOT_FOUND, "open the address that the command has printed")
            return None
        return rest

    def _json(self, status: HTTPStatus, content: Any) -> None:
        self._send(status, json.dumps(content, ensure_ascii=False).encode(), "application/json")

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self.close_connection = True  # the body may not have been read
        self._json(status, {"error": why})

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address holds the token."""
