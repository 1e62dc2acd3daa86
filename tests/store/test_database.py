"""The register: made from nothing, used by two at once, whole after a cut."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, func, select

from toguna.core.errors import StoreError
from toguna.store.home import Home, default_home
from toguna.store.register import Register
from toguna.store.register.models import ActorName, ActorRow, Base, Run

ACCOUNTS = (
    "recovery_code",
    "account_session",
    "account_token",
    "account_link",
    "login_failures",
    "audit_entry",
    "account",
)


def run(**changes: object) -> Run:
    told = {
        "theatre": "t",
        "as_of": "2015-11-24",
        "digest": "d",
        "seed": 1,
        "code_version": "0",
        "inputs": "[]",
        "parameters": "{}",
        "made_at": "2026-01-01",
    }
    return Run(**(told | changes))


def count(register: Register) -> int:
    with register.read() as session:
        return int(session.scalar(select(func.count()).select_from(Run)) or 0)


def test_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.sqlite")
    assert count(register) == 0
    register.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'register.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_failed_write_leaves_everything_as_it_was(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.sqlite")
    with pytest.raises(RuntimeError), register.write() as session:
        session.add(run())
        session.flush()
        raise RuntimeError
    assert count(register) == 0
    with register.write() as session:
        session.add(run())
    assert count(register) == 1
    register.close()


def test_foreign_keys_hold(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.sqlite")
    with pytest.raises(StoreError, match="FOREIGN KEY"), register.write() as session:
        session.add(ActorName(actor_id=99, name="nobody", recorded_at="2026"))
    with register.write() as session:
        actor = ActorRow(theatre="t", code="A", kind="unknown", sources="x", recorded_at="2026")
        session.add(actor)
        session.flush()
        session.add(ActorName(actor_id=actor.id, name="A", recorded_at="2026"))
        session.flush()
        session.delete(actor)
    with register.read() as session:
        assert session.scalar(select(func.count()).select_from(ActorName)) == 0
    register.close()


WRITER = """
import sys
from pathlib import Path
from toguna.store.register import Register
from toguna.store.register.models import Run
register = Register(Path(sys.argv[1]))
for number in range(8):
    with register.write() as session:
        session.add(Run(theatre=sys.argv[2], as_of="2015", digest="d", seed=number, code_version="0",
                        inputs="[]", parameters="{}", made_at="2026"))
"""


def test_two_processes_open_and_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "ab"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    register = Register(path)
    assert count(register) == 16
    register.close()


def test_readers_are_not_held_up_by_a_writer(tmp_path: Path) -> None:
    first, second = Register(tmp_path / "r.sqlite"), Register(tmp_path / "r.sqlite")
    assert count(first) == 0
    with first.write() as session:
        session.add(run())
        session.flush()
        assert count(second) == 0
    assert count(second) == 1
    first.close()
    second.close()


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    path.write_text("this is not a database, and long enough to be read as one" * 50, encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be used.*move it away"):
        count(Register(path))


def test_register_of_a_newer_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    register = Register(path)
    count(register)
    register.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer version of Toguna"):
        count(Register(path))


def test_cut_process_leaves_a_usable_register(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    count(Register(path))
    cut = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); c.execute('DELETE FROM alembic_version'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", cut, str(path)], check=False).returncode == 9
    assert count(Register(path)) == 0
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0004",)]
    connection.close()


def test_home_is_where_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOGUNA_HOME", str(tmp_path / "here"))
    assert default_home().path == tmp_path / "here"
    monkeypatch.delenv("TOGUNA_HOME")
    assert default_home().path == Path.home() / ".local" / "share" / "toguna"
    home = Home(tmp_path)
    assert home.archive is home.archive
    assert home.register is home.register


@pytest.mark.parametrize(
    ("version", "gone"),
    [
        ("0001", ("link_statement", "ledger_entry", *ACCOUNTS)),
        ("0002", ("ledger_entry", *ACCOUNTS)),
        ("0003", ACCOUNTS),
    ],
)
def test_register_of_an_earlier_version_is_brought_up_to_date(
    version: str, gone: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "register.sqlite"
    register = Register(path)
    with register.write() as session:
        session.add(run())
    register.close()
    with sqlite3.connect(path) as connection:  # as that version left it
        for table in gone:
            connection.execute(f"DROP TABLE {table}")
        connection.execute(f"UPDATE alembic_version SET version_num = '{version}'")
    connection.close()
    assert count(Register(path)) == 1
    with sqlite3.connect(path) as connection:
        for table in gone:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()


def test_a_migration_can_be_taken_back(tmp_path: Path) -> None:
    from importlib import import_module

    from alembic.operations import Operations

    register = Register(tmp_path / "register.sqlite")
    count(register)
    register.close()
    engine = create_engine(f"sqlite:///{register.path}")
    last = import_module("toguna.store.register.migrations.versions.v0004_accounts")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        last.downgrade()
        last.upgrade()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_whoever_lists_the_tables_sees_those_of_accounts() -> None:
    """In a process of its own: here the migrations have imported them already."""
    said = "from toguna.store.register.models import Base; print(*Base.metadata.tables)"
    listed = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert set(ACCOUNTS) <= set(listed.stdout.split())
