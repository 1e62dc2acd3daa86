"""`toguna fetch`: what it prints, what it refuses, and that the token stays secret."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import httpx
import pytest
from ucdp_server import BASE, TOKEN, Server

from toguna.cli.app import run


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """The API in miniature, reached by the verb; one page, so that the pace costs no time."""
    server = Server()
    monkeypatch.setattr(
        sys.modules["toguna.cli.fetch"],
        "_client",
        lambda: httpx.Client(transport=httpx.MockTransport(server), trust_env=False),
    )
    monkeypatch.setenv("TOGUNA_UCDP_API", BASE)
    monkeypatch.setenv("UCDP_ACCESS_TOKEN", TOKEN)
    return server


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(["fetch", *words])
    said = capsys.readouterr()
    assert TOKEN not in said.out + said.err
    return code, said.out, said.err


def test_account_and_proof(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "ucdp", "--version", "25.1", "--home", str(tmp_path), "--json", "--quiet")
    told = json.loads(out)
    assert code == 0 and set(told) == {"account", "proof"}
    assert (told["account"]["read"], told["proof"]["announced_total"]) == (43, 43)
    assert told["proof"]["url"] == f"{BASE}/gedevents/25.1"


def test_plain_words(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("ucdp", "--version", "25.1", "--home", str(tmp_path))
    code, out, _ = call(capsys, *words)
    assert code == 0
    assert "whole: announced 43 = received 43 = different ids 43; pages 1 of 1000; deaths 86 (43-172)" in out
    assert "ucdp 25.1: read 43 = accepted 43 + quarantined 0" in out


def test_the_same_again(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        code, _, err = call(capsys, "ucdp", "--version", "25.1", "--home", str(tmp_path))
        server.asked.clear()
    assert code == 0 and "nothing changed" in err


def test_failures_are_loud(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server.bend = lambda server, number, told: httpx.Response(401)
    code, out, err = call(capsys, "ucdp", "--version", "25.1", "--home", str(tmp_path))
    assert (code, out) == (3, "") and "401" in err and "token" in err
    assert not (tmp_path / "archive").exists()


def test_misuse(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ("--home", str(tmp_path))
    assert call(capsys, "acled", "--version", "25.1", *home)[0] == 2
    assert call(capsys, "ucdp", "--version", "latest", *home)[0] == 2
    assert call(capsys, "ucdp", *home)[0] == 2
    code, _, err = call(capsys, "ucdp", "--version", "25.1", "--token-env", "NO_SUCH_NAME", *home)
    assert code == 2 and "NO_SUCH_NAME" in err
    monkeypatch.setenv("TOGUNA_UCDP_API", "http://ucdp.example/api")
    assert "https://" in call(capsys, "ucdp", "--version", "25.1", *home)[2]
    assert server.asked == []


def test_the_client_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with sys.modules["toguna.cli.fetch"]._client() as client:
        assert client.headers["user-agent"].startswith("toguna/")
        assert not client.follow_redirects
