"""The room listens at home, or with TLS, or because somebody said so."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from toguna.cli.app import run
from toguna.core.errors import UsageError
from toguna.room.web.security.listening import Listening, hosts_of


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.7", "2001:db8::1", "room.example.org", "", "localhost.example"]
)
def test_no_other_address_without_tls(host: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--tls-cert FILE and --tls-key FILE"):
        Listening(host=host).check()
    pem = tmp_path / "x.pem"
    pem.touch()
    Listening(host=host, cert=pem, key=pem).check()
    Listening(host=host, behind_proxy=True).check()
    Listening(host=host, insecure=True).check()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_at_home_nothing_is_asked_for(host: str) -> None:
    Listening(host=host).check()


def test_tls_needs_both_files(tmp_path: Path) -> None:
    pem = tmp_path / "x.pem"
    with pytest.raises(UsageError, match="both files"):
        Listening(host="127.0.0.1", cert=pem).check()
    with pytest.raises(UsageError, match="no file"):
        Listening(host="127.0.0.1", cert=pem, key=pem).check()


def test_who_is_said_to_be_secure() -> None:
    assert Listening(host="x", behind_proxy=True).secure
    assert not Listening(host="x", insecure=True).secure


def test_names_that_are_answered() -> None:
    assert "room.example.org" in hosts_of(Listening(host="0.0.0.0"), ("room.example.org",))
    assert "192.0.2.7" in hosts_of(Listening(host="192.0.2.7"), ())
    assert not {"*", "0.0.0.0", ""} & set(hosts_of(Listening(host="0.0.0.0"), ("room.example.org",)))
    with pytest.raises(UsageError, match="--allow-host"):
        hosts_of(Listening(host="0.0.0.0"), ())


def test_the_command_refuses_before_it_opens_anything(tmp_path: Path, capsys) -> None:
    home = tmp_path / "home"
    assert run(["serve", "--host", "0.0.0.0", "--home", str(home)]) == 2
    assert "passwords would cross it unencrypted" in capsys.readouterr().err
    assert not home.exists()


def test_the_first_start_prints_a_link_that_makes_an_administrator(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    from fastapi.testclient import TestClient
    from lobbies import PASSWORD, csrf

    from toguna.room.web import opening

    opened: list[TestClient] = []
    monkeypatch.setattr(opening, "listen", lambda host, port: nullcontext(None))
    monkeypatch.setattr(opening, "address_of", lambda taken, **_: "http://127.0.0.1:8420")
    monkeypatch.setattr(
        opening,
        "answer_until_ended",
        lambda app, taken, **_: opened.append(TestClient(app, base_url="http://127.0.0.1:8420")),
    )
    words = ["serve", "--home", str(tmp_path / "home"), "--theatre", "mali", "--quiet"]
    assert run(words) == 0
    (line,) = [word for word in capsys.readouterr().err.split() if "/link/" in word]
    assert line.startswith("http://127.0.0.1:8420/link/") and "?" not in line
    path = line.removeprefix("http://127.0.0.1:8420")
    client = opened[0]
    client.headers["Accept-Language"] = "fr-ML,fr;q=0.9"  # nobody said a language: the browser does
    assert "Le premier administrateur" in client.get(path).text
    typed = {"csrf": csrf(client, path), "name": "aminata", "password": PASSWORD, "again": PASSWORD}
    assert client.post(path, data=typed, follow_redirects=False).status_code == 303
    assert client.get(path, follow_redirects=False).status_code == 410
    assert run(words) == 0
    assert "/link/" not in capsys.readouterr().err
