"""A server on a port of this machine that can be told to cut, to be silent and to drip."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_socket import socket_allow_hosts


@dataclass(frozen=True)
class Asked:
    """A request: method, path, query and form."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


Answer = Callable[[Asked], tuple[str, bytes]]


class Wire(ThreadingHTTPServer):
    """Answers by a function that also names what was asked for; `trouble` befalls a name `times` times."""

    daemon_threads = True
    api: Any = None

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answer = answer
        self.trouble: dict[str, str] = {}
        self.times = 1
        self.tries: Counter[str] = Counter()
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Wire
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        parts = urlsplit(self.path)
        name, body = self.server.answer(
            Asked(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query)),
                dict(parse_qsl(self.rfile.read(length).decode())),
                {key.lower(): value for key, value in self.headers.items()},
            )
        )
        self.server.tries[name] += 1
        trouble = self.server.trouble.get(name, "") if self.server.tries[name] <= self.server.times else ""
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"_{trouble or 'whole'}")(body)

    do_POST = do_GET

    def _head(self, length: int | None) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("connection", "close")
        if length is not None:
            self.send_header("content-length", str(length))
        self.end_headers()
        self.close_connection = True

    def _whole(self, body: bytes) -> None:
        self._head(len(body))
        self.wfile.write(body)

    def _cut(self, body: bytes) -> None:
        self._head(len(body))
        self.wfile.write(body[: len(body) // 2])

    def _cut_without_length(self, body: bytes) -> None:
        self._head(None)
        self.wfile.write(body[: len(body) // 2])

    def _silent(self, body: bytes) -> None:
        self.server.closing.wait(5)

    def _drip(self, body: bytes) -> None:
        self._head(len(body))
        for i in range(0, len(body), 16):
            if self.server.closing.wait(0.02):
                return
            self.wfile.write(body[i : i + 16])
            self.wfile.flush()

    def log_message(self, *words: Any) -> None:
        pass


@contextmanager
def running(answer: Answer) -> Iterator[Wire]:
    """Run a server in a thread of its own."""
    socket_allow_hosts(["127.0.0.1"])
    with Wire(answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()
