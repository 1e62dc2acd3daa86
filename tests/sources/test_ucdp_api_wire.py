"""The UCDP API client over a real connection to this machine: cut bodies, slow drips, a killed process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ucdp_server import TOKEN, Server
from wire import Asked, Wire, running

from toguna.events.fetch import fetch
from toguna.sources.fetch_errors import NotAnsweringError
from toguna.sources.patient import Means, Pace, Patient
from toguna.sources.ucdp_api import UcdpApi
from toguna.store.home import Home

PACE = Pace(per_second=1000.0, tries=3, first_wait=0.01, deadline=0.5)


@pytest.fixture
def wire(socket_enabled: None) -> Iterator[Wire]:
    api = Server()

    def answer(asked: Asked) -> tuple[str, bytes]:
        page, size = int(asked.query["page"]), int(asked.query["pagesize"])
        api.asked.append(page)
        return str(page), json.dumps(api.told(page, size)).encode()

    with running(answer) as server:
        server.api = api
        yield server


def get(wire: Wire, home: Home) -> Any:
    with httpx.Client(trust_env=False, timeout=0.3) as http:
        patient = Patient(http, pace=PACE, means=Means())
        return fetch("25.1", home, api=UcdpApi(patient, TOKEN, f"{wire.address}/api", 10))


@pytest.mark.parametrize("trouble", ["cut", "cut_without_length", "silent", "drip"])
def test_trouble_on_the_wire(wire: Wire, tmp_path: Path, trouble: str) -> None:
    """Once it is overcome; for ever it is a loud failure within the deadline, and the archive stays empty."""
    wire.trouble, wire.times = {"2": trouble}, 99
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
    wire.trouble = {"3": "silent"}
    command = [sys.executable, "-c", _FETCH, f"{wire.address}/api", str(tmp_path)]
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
