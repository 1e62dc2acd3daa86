"""Where a home says its register lies; and no password is ever shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cluster import Cluster
from sqlalchemy import func, select

from toguna.core.errors import StoreError
from toguna.store.home import Home
from toguna.store.register import Register
from toguna.store.register.models import Run

SECRET = "s3cr3t"
NOWHERE = f"postgresql://toguna:{SECRET}@127.0.0.1:1/team"


def told(folder: Path, text: str, mode: int = 0o600) -> Home:
    folder.mkdir(exist_ok=True)
    (folder / "home.toml").write_text(text, encoding="utf-8")
    (folder / "home.toml").chmod(mode)
    return Home(folder)


def test_a_home_that_says_nothing_has_a_file(tmp_path: Path) -> None:
    assert Home(tmp_path).register.path == tmp_path / "register.sqlite"
    assert told(tmp_path, "# nothing\n").register.address == str(tmp_path / "register.sqlite")
    assert told(tmp_path, "[register]\n").register.path == tmp_path / "register.sqlite"
    assert not Home(tmp_path).register.exists()


def test_the_file_and_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_file = told(tmp_path, f'[register]\nurl = "{NOWHERE}"\n')
    assert by_file.register.address == "postgresql+psycopg://toguna:***@127.0.0.1:1/team"
    assert by_file.register.path is None
    monkeypatch.setenv("TOGUNA_REGISTER", NOWHERE)
    assert Home(tmp_path).register.address == by_file.register.address  # both say the same
    assert Home(tmp_path / "other").register.address == by_file.register.address
    monkeypatch.setenv("TOGUNA_REGISTER", NOWHERE.replace("team", "elsewhere"))
    with pytest.raises(StoreError, match="name different registers") as found:
        _ = Home(tmp_path).register
    assert SECRET not in str(found.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:s3cr3t@h", "names no database"),
        ("postgresql://u:s3cr3t@h:port/db", "holds no address"),
        ("postgresql://u:s3@cr3t@h/db", "more than one @"),
        ("u:s3cr3t@h/db", "holds no address"),
        ("mysql://u:s3cr3t@h/db", "a database of the kind 'mysql'"),
        ("postgresql+psycopg2://u:s3cr3t@h/db", "of the kind 'postgresql.psycopg2'"),
        ("sqlite:///register.sqlite", "of the kind 'sqlite'"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(url: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=said) as found:
        _ = told(tmp_path, f'[register]\nurl = "{url}"\n').register
    assert "home.toml" in str(found.value)
    assert "postgresql://USER@HOST" in str(found.value) or "%40" in str(found.value)
    assert "cr3t" not in str(found.value)
    with pytest.raises(StoreError, match=said):
        Register(url)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[registre]\nurl = 'x'\n", "holds 'registre'; expected the sections register"),
        ("register = 'x'\n", "holds 'register'; expected the sections"),
        ("[register]\nurl = 7\n", "holds register.url; expected text"),
        ("[register]\nadress = 'x'\n", "holds register.adress; expected text, named url"),
        ("[register\n", "cannot be read as TOML"),
        ("url = '\xff'", None),
    ],
)
def test_settings_that_are_none_are_told(text: str, said: str | None, tmp_path: Path) -> None:
    home = told(tmp_path, text)
    if said is None:
        (tmp_path / "home.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(StoreError, match=said or "cannot be read as TOML"):
        _ = home.register


@pytest.mark.skipif(os.name != "posix", reason="other systems keep files otherwise")
def test_a_password_that_others_can_read_is_refused(tmp_path: Path) -> None:
    home = told(tmp_path, f'[register]\nurl = "{NOWHERE}"\n', mode=0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        _ = home.register
    assert told(tmp_path, '[register]\nurl = "postgresql://u@h/db"\n', mode=0o644).register.path is None


def test_a_password_in_the_query_is_not_shown() -> None:
    register = Register(f"postgres://h/db?user=u&password={SECRET}&sslmode=require")
    assert register.address == "postgresql+psycopg://h/db?sslmode=require&user=u"


def test_a_server_that_does_not_answer_is_told_on_the_command_line(tmp_path: Path) -> None:
    env = {**os.environ, "TOGUNA_REGISTER": NOWHERE}
    words = [sys.executable, "-m", "toguna.cli", "check", "--home", str(tmp_path / "home")]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "the register postgresql+psycopg://toguna:***@127.0.0.1:1/team cannot be used" in done.stderr
    assert "look whether the server runs" in done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    register = Register(NOWHERE)
    for use in (register.exists, lambda: register.read().__enter__()):
        with pytest.raises(
            StoreError, match=r"the extra `postgres`: pip install 'toguna\[postgres\]'"
        ) as found:
            use()
        assert SECRET not in str(found.value)


def test_a_database_that_cannot_hold_every_letter_is_refused(cluster: Cluster) -> None:
    register = Register(cluster.database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"))
    with pytest.raises(StoreError, match="keeps text as LATIN1, expected UTF8"), register.read():
        pass
    assert not register.exists()


def test_a_database_that_is_not_there_is_told(cluster: Cluster) -> None:
    register = Register(cluster.database().replace("?", "9?"))
    with pytest.raises(StoreError, match="does not exist"):
        register.exists()


def test_a_database_where_no_table_may_be_made_is_told(cluster: Cluster) -> None:
    address = cluster.database()
    cluster.do("CREATE ROLE guest LOGIN")
    register = Register(address.replace("toguna@", "guest@"))
    with pytest.raises(StoreError, match=r"permission denied.*let the database belong to the user"):
        register.read().__enter__()
    assert not register.exists()


def test_a_commit_is_on_the_disk_although_the_server_would_not_wait(cluster: Cluster) -> None:
    register = Register(cluster.schema())  # this server says synchronous_commit = off, and serializable
    with register.write() as session:
        assert session.scalar(select(func.current_setting("synchronous_commit"))) == "on"
        assert session.scalar(select(func.current_setting("transaction_isolation"))) == "read committed"
        session.add(_run())
    with register.read() as session:
        assert session.scalar(select(func.current_setting("transaction_isolation"))) == "repeatable read"
        assert session.scalar(select(func.current_setting("transaction_read_only"))) == "on"
    with pytest.raises(StoreError, match="read-only transaction"), register.read() as session:
        session.add(_run())
        session.flush()
    register.close()


def test_a_writer_that_waits_too_long_is_told(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    from toguna.store.register import postgresql

    address = cluster.schema()
    first, second = Register(address), Register(address)
    assert not first.exists()
    with first.write() as session:
        session.add(_run())
    short = postgresql._SETTINGS.replace("30s", "50ms")
    monkeypatch.setattr(postgresql, "_SETTINGS", short)
    with first.write() as session:
        session.add(_run())
        session.flush()  # the lock is taken with the first statement, as in SQLite
        with pytest.raises(StoreError, match="another process has been writing"), second.write() as other:
            other.add(_run())
    with second.write() as session:
        session.add(_run())
    with first.read() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 3
    first.close()
    second.close()


def test_a_long_process_lives_through_a_restart_of_its_connections(cluster: Cluster) -> None:
    register = Register(cluster.schema())
    with register.write() as session:
        session.add(_run())
    cluster.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with register.read() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 1
    register.close()


def _run() -> Run:
    told = dict.fromkeys(("theatre", "digest", "code_version", "inputs", "parameters"), "x")
    return Run(**told, as_of="2015-11-24", seed=1, made_at="2026-01-01")
