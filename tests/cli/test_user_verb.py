"""``toguna user``: accounts from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from toguna.accounts.gate import Gate
from toguna.accounts.links import use_link
from toguna.accounts.login import Attempt, log_in
from toguna.accounts.refusals import RefusedError
from toguna.cli.app import run
from toguna.store.home import Home

PASSWORD = "three donkeys cross the river"


@pytest.fixture
def user(tmp_path: Path, capsys, monkeypatch):
    """Run one verb; return exit code, standard output, standard error."""

    def say(*words: str, typed: str | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("" if typed is None else typed + "\n"))
        code = run(["user", *words, "--home", str(tmp_path / "home")])
        out, err = capsys.readouterr()
        return code, out, err

    return say


def gate(tmp_path: Path) -> Gate:
    return Gate.of(Home(tmp_path / "home"))


def test_add_prints_a_link_that_sets_a_password(user, tmp_path: Path) -> None:
    code, out, err = user("add", "Fatou", "--role", "analyst", "--theatre", "mali", "--lang", "fr")
    assert code == 0
    assert out.startswith("http://127.0.0.1:8420/link/") and out.strip().endswith("?lang=fr")
    assert "once, within 7 days" in err
    token = out.strip().rpartition("/")[2].partition("?")[0]
    assert use_link(gate(tmp_path), token, PASSWORD) == "fatou"
    assert log_in(gate(tmp_path), Attempt("fatou", PASSWORD)).name == "fatou"


def test_add_with_a_password_from_standard_input(user, tmp_path: Path) -> None:
    words = ("add", "root1", "--role", "admin", "--password-stdin", "--display", "Head office", "--json")
    code, out, _ = user(*words, typed=PASSWORD)
    told = json.loads(out)
    assert (code, told["name"], told["password"], told["theatres"]) == (0, "root1", True, None)
    assert "link" not in told and PASSWORD not in out
    assert log_in(gate(tmp_path), Attempt("root1", PASSWORD)).name == "root1"


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "fatou", "--role", "boss"), None, "unknown role 'boss'"),
        (("add", "a b", "--role", "monitor"), None, "cannot be the name of an account"),
        (("add", "fatou", "--role", "monitor", "--theatre", "../x"), None, "cannot be the name of a theatre"),
        (("add", "fatou", "--role", "monitor", "--password-stdin"), "short", "at least 12 are needed"),
        (("add", "fatou", "--role", "monitor", "--password-stdin"), "", "0 characters"),
        (("add", "fatou"), None, "--role"),
        (("disable", "nobody"), None, "unknown account 'nobody'"),
        (("password", "nobody", "--password-stdin"), PASSWORD, "unknown account 'nobody'"),
        (("invite", "a\x00b"), None, "unknown account"),
    ],
)
def test_what_will_not_do_is_told_and_changes_nothing(user, words, typed, said) -> None:
    code, _, err = user(*words, typed=typed)
    assert (code, said in err) == (2, True)
    assert json.loads(user("list", "--json")[1]) == {"accounts": []}


def test_list_disable_enable_password_and_codes(user, tmp_path: Path) -> None:
    user("add", "root1", "--role", "admin", "--password-stdin", typed=PASSWORD)
    user("add", "fatou", "--role", "monitor", "--theatre", "mali", "--theatre", "niger")
    assert user()[1] == user("list")[1]
    rows = [line.split() for line in user("list")[1].splitlines()]
    assert rows[1][:3] == ["fatou", "monitor", "mali,"]
    assert user("password", "fatou", "--password-stdin", typed=PASSWORD)[0] == 0
    log_in(gate(tmp_path), Attempt("fatou", PASSWORD))
    assert user("disable", "fatou")[1] == "fatou (monitor): closed\n"
    with pytest.raises(RefusedError):
        log_in(gate(tmp_path), Attempt("fatou", PASSWORD))
    assert "is closed; open it first" in user("invite", "fatou")[2]
    assert user("enable", "fatou")[0] == 0
    assert user("reset-codes", "fatou")[1] == "fatou (monitor): codes are off\n"
    log_in(gate(tmp_path), Attempt("fatou", PASSWORD))
    code, _, err = user("disable", "root1")
    assert (code, "last administrator" in err) == (2, True)


def test_a_password_is_never_taken_from_a_pipe_unasked(user) -> None:
    user("add", "fatou", "--role", "monitor")
    code, _, err = user("password", "fatou", typed=PASSWORD)
    assert (code, "--password-stdin" in err) == (2, True)
