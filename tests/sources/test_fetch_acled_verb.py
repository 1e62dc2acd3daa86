"""`toguna fetch acled`: over a real connection, with trouble on the wire, and no secret anywhere."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from acled_server import LOGIN, PASSWORD, QUERY, USER, Server, event
from wire import Asked, Wire, running

from toguna.cli.app import run
from toguna.events.fetch import fetch_acled
from toguna.sources.acled_api import AcledApi
from toguna.sources.acled_login import Login
from toguna.sources.fetch_errors import NotAnsweringError
from toguna.sources.patient import Pace, Patient
from toguna.store.home import Home

PACE = Pace(per_second=1000.0, tries=3, first_wait=0.01, deadline=0.5)
WORDS = ("acled", "--country", "mli", "--from", "2014-12-01", "--to", "2014-12-31")


@pytest.fixture
def wire(socket_enabled: None) -> Iterator[Wire]:
    api = Server(events=[event(i) for i in range(25)])

    def answer(asked: Asked) -> tuple[str, bytes]:
        url = httpx.URL("https://acled.example" + asked.path, params=asked.query or None)
        headers = {"authorization": asked.headers.get("authorization", "")}
        data = asked.form or None
        said = api(httpx.Request(asked.method, url, headers=headers, data=data))
        name = (
            "login" if asked.form else "count" if asked.query.get("limit") == "1" else asked.query["cursor"]
        )
        return name, said.content

    with running(answer) as server:
        server.api = api
        yield server


def get(wire: Wire, home: Home) -> Any:
    with httpx.Client(trust_env=False, timeout=0.3) as http:
        patient = Patient(http, pace=PACE)
        login = Login(patient, LOGIN, wire.address)
        return fetch_acled(QUERY, home, api=AcledApi(patient, login, wire.address, 10))


@pytest.mark.parametrize(
    ("what", "trouble"),
    [("login", "cut"), ("login", "silent"), ("10", "cut_without_length"), ("10", "silent"), ("10", "drip")],
)
def test_trouble_on_the_wire(wire: Wire, tmp_path: Path, what: str, trouble: str) -> None:
    wire.trouble, wire.times = {what: trouble}, 99
    began = time.monotonic()
    with pytest.raises(NotAnsweringError, match="failed 3 times") as caught:
        get(wire, Home(tmp_path))
    assert time.monotonic() - began < 3 * (PACE.deadline + 0.5) + 1
    assert PASSWORD not in str(caught.value) and Home(tmp_path).archive.snapshots() == []
    wire.times = wire.tries[what] + 1
    assert get(wire, Home(tmp_path)).proof.rows == 25


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verb without its pauses, and without the environment of whoever runs the tests."""
    monkeypatch.setattr("toguna.sources.patient.Pace", lambda: PACE)
    for name in ("ACLED_USERNAME", "ACLED_PASSWORD", "ACLED_REFRESH_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, in_haste: None) -> Server:
    """The API in miniature, reached by the verb without waiting."""
    server = Server(events=[event(i) for i in range(25)])
    monkeypatch.setattr(
        sys.modules["toguna.cli.fetch"],
        "_client",
        lambda: httpx.Client(transport=httpx.MockTransport(server), trust_env=False),
    )
    monkeypatch.setenv("TOGUNA_ACLED_API", "https://acled.example")
    return server


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(["fetch", *words])
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err and "access-token" not in said.out + said.err
    return code, said.out, said.err


def test_the_verb(
    wire: Wire,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    in_haste: None,
) -> None:
    for name in [name for name in os.environ if "proxy" in name.lower()]:
        monkeypatch.delenv(name)
    for name, value in (("USERNAME", USER), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"ACLED_{name}", value)
    monkeypatch.setenv("TOGUNA_ACLED_API", wire.address)
    code, out, err = call(capsys, *WORDS, "--home", str(tmp_path), "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["account"]["read"], told["proof"]["announced_total"]) == (25, 25)
    assert told["proof"]["recounted"]["MLI"]["2014-12"]["rows"] == 25
    files = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()]
    for secret in (PASSWORD, USER, "access-token", "refresh-token"):
        assert secret not in out + err
        assert not any(secret.encode() in content for content in files)


def test_a_login_file_in_the_home(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (*WORDS, "--home", str(tmp_path))
    code, _, err = call(capsys, *words)
    assert code == 2 and "ACLED_USERNAME" in err and "acled-login.toml" in err
    file = tmp_path / "acled-login.toml"
    file.write_text(f'username = "{USER}"\npassword = "{PASSWORD}"\n', encoding="utf-8")
    file.chmod(0o640)
    assert "chmod 600" in call(capsys, *words)[2]
    file.chmod(0o600)
    code, out, _ = call(capsys, *words)
    assert code == 0 and "whole: announced 25 = received 25 = different ids 25" in out
    assert "counted again by the server, alike: MLI 25 in 1 parts" in out
    server.events = server.events[1:]
    server.withdrawn = {"MLI0": 1718100000}
    assert "of 25 events held before: withdrawn by ACLED 1, gone otherwise 0" in call(capsys, *words)[1]


def test_the_password_is_asked_for_on_a_terminal(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([USER, PASSWORD])
    asked: list[bool] = []

    def prompt(text: str, *, hide_input: bool = False, err: bool = False) -> str:
        asked.append(hide_input)
        return next(answers)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("toguna.cli.fetch.typer.prompt", prompt)
    assert call(capsys, *WORDS, "--home", str(tmp_path))[0] == 0
    assert asked == [False, True]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("acled", "--country", "MLI", "--from", "2015-01-01"), "--to"),
        (("acled", "--from", "2015-01-01", "--to", "2015-01-02"), "--country"),
        (("acled", "--country", "MLI", "--from", "1/1/2015", "--to", "2015-01-02"), "YYYY-MM-DD"),
        (("acled", "--country", "ML", "--from", "2015-01-01", "--to", "2015-01-02"), "MLI"),
        ((*WORDS, "--version", "25.1"), "--version cannot be said of acled"),
        (("ucdp", "--version", "25.1", "--country", "MLI"), "--country cannot be said of ucdp"),
    ],
)
def test_misuse(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    code, _, err = call(capsys, *words, "--home", str(tmp_path))
    assert code == 2 and said in err and server.asked == []


def test_no_flag_takes_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    assert "password" not in call(capsys, "--help")[1].lower()
