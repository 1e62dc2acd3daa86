"""Open the register: one SQLite file that several processes may use and that a power cut leaves whole.

Enters: a path. Leaves: sessions. WAL lets readers work while one process writes; a writer takes its lock when
it begins (BEGIN IMMEDIATE) and waits up to 30 s for another; every commit is flushed to the disk
(synchronous = FULL). https://www.sqlite.org/wal.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from toguna.core.errors import StoreError

__all__ = ["Register"]

WAIT_SECONDS = 30.0


class Register:
    """The database of a home; made and brought up to date when it is first used.

    Parameters
    ----------
    path : Path
        The SQLite file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine: Engine | None = None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at its end, or leaves everything as it was."""
        with self._session("BEGIN IMMEDIATE") as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that only reads."""
        with self._session("BEGIN") as session:
            yield session

    def close(self) -> None:
        """Let go of the file."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @contextmanager
    def _session(self, begin: str) -> Iterator[Session]:
        try:
            engine = self._open().execution_options(begin=begin)
            with Session(engine, expire_on_commit=False) as session:
                yield session
        except SQLAlchemyError as error:
            said = f"the register {self.path} cannot be used: {_first_line(error)}"
            raise StoreError(f"{said}{_repair(error)}") from error

    def _open(self) -> Engine:
        if self._engine is None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"{self.path.parent} cannot be made: {error.strerror}.") from None
            engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": WAIT_SECONDS})
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)
            _upgrade(engine, self.path)
            self._engine = engine
        return self._engine


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: _begin does (SQLAlchemy, "pysqlite serializable").
    connection.isolation_level = None
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except connection.OperationalError:
            # Turning WAL on needs the file alone, and SQLite does not wait for it.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    for pragma in ("busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _upgrade(engine: Engine, path: Path) -> None:
    """Bring the tables up to date in one transaction; a second process waits and finds it done."""
    from alembic import command
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    folder = Path(__file__).resolve().parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        # Only looking does not wait for a writer.
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise StoreError(
                f"the register {path} was written by a newer version of Toguna; update the program, or name "
                "another home."
            ) from None


def _first_line(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, OperationalError) else error
    return str(cause).splitlines()[0]


def _repair(error: SQLAlchemyError) -> str:
    """Say what to do about a file that SQLite does not know as its own."""
    if not any(said in str(error) for said in ("not a database", "malformed")):
        return ""
    return "; put back a copy of it, or move it away and ingest your files again."
