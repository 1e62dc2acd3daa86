"""The UCDP API client over a real connection to this machine: cut bodies, slow drips, a killed process."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pytest_socket import socket_allow_hosts
from ucdp_server import TOKEN, Server

from toguna.events.fetch import fetch
from toguna.sources.fetch_errors import NotAnsweringError
from toguna.sources.patient import Means, Pace, Patient
from toguna.sources.ucdp_api import UcdpApi
from toguna.store.home import Home

PACE = Pace(per_second=1000.0, tries=3, first_wait=0.01, deadline=0.5)


class Wire(ThreadingHTTPServer):
    """The miniature API on a port of this machine; `trouble` names what befalls a page, `times` how often."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.api = Server()
        self.trouble: dict[int, str] = {}
        self.times = 1
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"


class Answering(BaseHTTPRequestHandler):
    server: Wire
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        page, size = int(query["page"][0]), int(query["pagesize"][0])
        api = self.server.api
        api.asked.append(page)
        body = json.dumps(api.told(page, size)).encode()
        trouble = self.server.trouble.get(page, "") if api.tries(page) <= self.server.times else ""
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"_{trouble or 'whole'}")(body)

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


@pytest.fixture
def wire(socket_enabled: None) -> Iterator[Wire]:
    socket_allow_hosts(["127.0.0.1"])
    with Wire() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


def get(wire: Wire, home: Home) -> Any:
    with httpx.Client(trust_env=False, timeout=0.3) as http:
        patient = Patient(http, pace=PACE, means=Means())
        return fetch("25.1", home, api=UcdpApi(patient, TOKEN, wire.address, 10))


@pytest.mark.parametrize("trouble", ["cut", "cut_without_length", "silent", "drip"])
def test_trouble_on_the_wire(wire: Wire, tmp_path: Path, trouble: str) -> None:
    """Once it is overcome; for ever it is a loud failure within the deadline, and the archive stays empty."""
    wire.trouble, wire.times = {2: trouble}, 99
    home = Home(tmp_path)
    began = time.monotonic()
    with pytest.raises(NotAnsweringError, match="failed 3 times"):
        get(wire, home)
    assert time.monotonic() - began < 3 * (PACE.deadline + 0.5) + 1
    assert home.archive.snapshots() == []
    assert wire.api.asked == [0, 1, 2, 2, 2]
    wire.times = wire.api.tries(2) + 1
    proof = get(wire, home).proof
    assert (proof.rows, proof.distinct_ids, proof.sessions) == (43, 43, 2)
    assert wire.api.asked[5:] == [2, 2, 3, 4]


_FETCH = """
import sys, httpx
from pathlib import Path
from toguna.events.fetch import fetch
from toguna.sources.patient import Pace, Patient
from toguna.sources.ucdp_api import UcdpApi
from toguna.store.home import Home
with httpx.Client(trust_env=False) as http:
    api = UcdpApi(Patient(http, pace=Pace(per_second=1000.0)), "t", sys.argv[1], 10)
    fetch("25.1", Home(Path(sys.argv[2])), api=api)
"""


def test_killed_between_pages_and_resumed(wire: Wire, tmp_path: Path) -> None:
    wire.trouble = {3: "silent"}
    command = [sys.executable, "-c", _FETCH, wire.address, str(tmp_path)]
    child = subprocess.Popen(command)
    try:
        until = time.monotonic() + 30
        while 3 not in wire.api.asked and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        child.kill()
        child.wait()
    home = Home(tmp_path)
    assert wire.api.asked == [0, 1, 2, 3] and home.archive.snapshots() == []
    proof = get(wire, home).proof
    assert wire.api.asked == [0, 1, 2, 3, 3, 4], "no finished page is asked for again"
    assert (proof.rows, proof.sessions) == (43, 2)
