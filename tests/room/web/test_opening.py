"""The room listens where it is told, ends when it is told, and cuts off who only waits."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from toguna.core.errors import UsageError
from toguna.room.web import opening
from toguna.room.web.opening import address_of, listen


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """These tests open ports of this machine."""


async def _slow(_: Request) -> PlainTextResponse:
    await asyncio.sleep(0.6)
    return PlainTextResponse("done")


async def _length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


APP = Starlette(routes=[Route("/slow", _slow), Route("/length", _length, methods=["POST"])])


class Running:
    """A server in a thread."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.servers: list[uvicorn.Server] = []
        inner = uvicorn.Server.__init__

        def kept(server: uvicorn.Server, config: uvicorn.Config) -> None:
            inner(server, config)
            self.servers.append(server)

        monkeypatch.setattr(uvicorn.Server, "__init__", kept)
        self.taken = listen("127.0.0.1", 0)
        self.port = self.taken.getsockname()[1]
        self.thread = threading.Thread(target=opening.answer_until_ended, args=(APP, self.taken))
        self.thread.start()
        while not (self.servers and self.servers[0].started):
            time.sleep(0.01)

    def line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def end(self) -> None:
        self.servers[0].handle_exit(signal.SIGTERM, None)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(opening, "HEAD", 0.4)
    monkeypatch.setattr(opening, "QUIET", 0.4)
    found = Running(monkeypatch)
    yield found
    found.end()
    found.thread.join(15)


def test_a_free_port_is_taken_and_told() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert port > 0
        assert address_of(taken) == f"http://127.0.0.1:{port}"
        assert address_of(taken, name="room.example.org", secure=True) == f"https://room.example.org:{port}"


def test_a_port_in_use_is_said_in_our_words() -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(UsageError, match=r"is in use, perhaps by another room.*--port"):
            listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_the_newer_protocol(host: str) -> None:
    try:
        taken = listen(host, 0)
    except UsageError as error:
        pytest.skip(f"no IPv6 here: {error}")
    with taken:
        assert address_of(taken) == f"http://[::1]:{taken.getsockname()[1]}"


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UsageError, match="no address"):
        listen("192.0.2.1", 0)


def test_what_was_begun_is_finished(running: Running) -> None:
    with running.line() as line:
        line.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.2)
        running.end()
        said = b""
        while part := line.recv(4096):
            said += part
    assert said.startswith(b"HTTP/1.1 200") and said.endswith(b"done")
    running.thread.join(10)
    assert not running.thread.is_alive()
    with pytest.raises(ConnectionError):
        running.line()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /slow HTTP/1.1\r\nHost: a\r\nX-",
        b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",
    ],
)
def test_who_does_not_go_on_is_cut_off(running: Running, begun: bytes) -> None:
    with running.line() as line:
        line.sendall(begun)
        started = time.monotonic()
        assert not line.recv(4096).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - started < 8


def test_dripping_does_not_help_a_head(running: Running) -> None:
    with running.line() as line, pytest.raises(ConnectionError):
        for _ in range(60):
            line.sendall(b"X")
            time.sleep(0.1)


def test_a_slow_body_that_goes_on_is_taken(running: Running) -> None:
    with running.line() as line:
        line.sendall(b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
        for _ in range(4):
            time.sleep(0.2)
            line.sendall(b"x")
        said = line.recv(4096)
        while b"\r\n\r\n" not in said or said.endswith(b"\r\n\r\n"):  # head and body may come apart
            said += (part := line.recv(4096))
            assert part
        assert said.endswith(b"\r\n\r\n4")


def test_a_slow_answer_is_waited_for(running: Running) -> None:
    with running.line() as line:
        for _ in range(2):
            line.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            said = b""
            while not said.endswith(b"done"):
                said += line.recv(4096)
