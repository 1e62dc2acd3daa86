"""The register: made from nothing, used by two at once, whole after a cut; the same on both databases."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from outside import outside
from sqlalchemy import func, inspect, select

from toguna.core.errors import StoreError
from toguna.store.home import Home, default_home
from toguna.store.register import Register, database
from toguna.store.register.models import ActorName, ActorRow, Base, Run
from toguna.store.register.upgrade import upgrade


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


def newest() -> str | None:
    folder = Path(database.__file__).parent / "migrations"
    return ScriptDirectory(str(folder)).get_current_head()


def count(register: Register) -> int:
    with register.read() as session:
        return int(session.scalar(select(func.count()).select_from(Run)) or 0)


def test_migrations_make_the_tables_of_the_models(register: Register, where: Path | str) -> None:
    assert not register.exists()
    assert count(register) == 0
    assert register.exists()
    with outside(where) as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_failed_write_leaves_everything_as_it_was(register: Register) -> None:
    with pytest.raises(RuntimeError), register.write() as session:
        session.add(run())
        session.flush()
        raise RuntimeError
    assert count(register) == 0
    with register.write() as session:
        session.add(run())
    assert count(register) == 1


def test_foreign_keys_hold(register: Register) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"), register.write() as session:
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
from sqlalchemy import func, select
from toguna.store.register import Register
from toguna.store.register.models import Run
where, name, n = sys.argv[1:]
register = Register(where if "://" in where else Path(where))
for number in range(int(n)):
    with register.write() as session:
        seen = session.scalar(select(func.count()).select_from(Run))
        session.add(Run(theatre=name, as_of="2015", digest="d", seed=seen, code_version="0",
                        inputs="[]", parameters="{}", made_at="2026"))
    print(number, flush=True)
"""


def writer(where: Path | str, name: str, n: int) -> subprocess.Popen[str]:
    told = [sys.executable, "-c", WRITER, str(where), name, str(n)]
    return subprocess.Popen(told, stdout=subprocess.PIPE, text=True)


def test_two_processes_open_and_write_at_once(register: Register, where: Path | str) -> None:
    """Each counts the rows before it writes one: two that ran side by side would count the same."""
    writers = [writer(where, name, 40) for name in "ab"]
    assert [len(w.communicate(timeout=60)[0].split()) for w in writers] == [40, 40]
    assert [w.returncode for w in writers] == [0, 0]
    with register.read() as session:
        assert sorted(session.scalars(select(Run.seed))) == list(range(80))


def test_threads_open_it_once_and_lose_nothing(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(database, "upgrade", lambda *told: opened.append(told) or upgrade(*told))

    def write(number: int) -> None:
        with register.write() as session:
            session.add(run(seed=number))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    assert len(opened) == 1
    assert count(register) == 40


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_what_was_acknowledged_outlives_a_killed_writer(register: Register, where: Path | str) -> None:
    process = writer(where, "k", 100_000)
    assert process.stdout is not None
    for _ in range(25):
        last = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    last = max([last, *map(int, process.communicate(timeout=10)[0].split())])
    with register.write() as session:  # also: nobody holds the lock any more
        assert session.scalar(select(func.count()).select_from(Run)) in (last + 1, last + 2)


def test_readers_are_not_held_up_by_a_writer(register: Register, where: Path | str) -> None:
    second = Register(where)
    assert count(register) == 0
    with register.write() as session:
        session.add(run())
        session.flush()
        assert count(second) == 0
    assert count(second) == 1
    second.close()


def test_a_reader_sees_one_moment(register: Register, where: Path | str) -> None:
    second = Register(where)
    count(second)
    query = select(func.count()).select_from(Run)
    with register.read() as session:
        assert session.scalar(query) == 0
        with second.write() as other:
            other.add(run())
        assert session.scalar(query) == 0
    assert count(register) == 1
    second.close()


def test_a_writer_sees_what_was_committed_while_it_waited(register: Register, where: Path | str) -> None:
    second = Register(where)
    count(second)
    seen: list[int] = []

    def wait() -> None:
        with second.write() as session:
            seen.append(session.scalar(select(func.count()).select_from(Run)) or 0)

    waiting = threading.Thread(target=wait)
    with register.write() as session:
        session.add(run())
        session.flush()
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(30)
    assert seen == [1]
    second.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"theatre": "x" * 65}, r"run\.theatre cannot be written: found 65 signs .* at most 64"),
        ({"inputs": "a\0b"}, r"run\.inputs cannot be written: found a NUL sign"),
        ({"seed": 2**63}, r"run\.seed cannot be written: found 9223372036854775808"),
    ],
)
def test_what_one_database_could_not_hold_both_refuse(
    register: Register, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(StoreError, match=said), register.write() as session:
        session.add(run())
        session.add(run(**changes))
    assert count(register) == 0
    with register.write() as session:
        session.add(run(theatre="x" * 64, inputs="é\U0001f54a ߒߞߏ\u0001\n'\\", seed=2**63 - 1))
    with register.read() as session:
        kept = session.scalars(select(Run)).one()
        assert (kept.theatre, kept.inputs, kept.seed) == ("x" * 64, "é\U0001f54a ߒߞߏ\u0001\n'\\", 2**63 - 1)


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    path.write_text("this is not a database, and long enough to be read as one" * 50, encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be used.*move it away"):
        count(Register(path))


def test_register_of_a_newer_program_is_told(register: Register, where: Path | str) -> None:
    count(register)
    register.close()
    with outside(where) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version of Toguna"):
        count(register)


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
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest(),)]
    connection.close()


def test_home_is_where_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOGUNA_HOME", str(tmp_path / "here"))
    assert default_home().path == tmp_path / "here"
    monkeypatch.delenv("TOGUNA_HOME")
    assert default_home().path == Path.home() / ".local" / "share" / "toguna"
    home = Home(tmp_path)
    assert home.archive is home.archive
    assert home.register is home.register


TABLES = {"0001": {"actor", "actor_name", "finding", "ingestion", "relation", "run"}}
TABLES["0002"] = TABLES["0001"] | {"link_statement"}
TABLES["0003"] = TABLES["0002"] | {"ledger_entry"}
TABLES["0004"] = TABLES["0003"] | {
    "account", "account_link", "account_session", "account_token", "audit_entry", "login_failures",
    "recovery_code",
}  # fmt: skip
TABLES["0005"] = TABLES["0004"] | {"submission", "submission_change", "submission_photo"}
TABLES["0006"] = TABLES["0005"] | {"reading", "reading_change", "reading_draft"}


@pytest.mark.parametrize("version", sorted(TABLES))
def test_register_of_an_earlier_version_is_brought_up_to_date(
    version: str, register: Register, where: Path | str
) -> None:
    with register.write() as session:
        session.add(run())
    register.close()
    migrate(where, "downgrade", version)
    with outside(where) as connection:
        assert set(inspect(connection).get_table_names()) == TABLES[version] | {"alembic_version"}
    assert count(register) == 1
    with outside(where) as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_every_migration_can_be_taken_back(register: Register, where: Path | str) -> None:
    count(register)
    register.close()
    migrate(where, "downgrade", "base")
    with outside(where) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    assert count(register) == 0


def migrate(where: Path | str, way: str, to: str) -> None:
    config = Config()
    folder = Path(database.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    with outside(where) as connection:
        config.attributes["connection"] = connection
        getattr(command, way)(config, to)
