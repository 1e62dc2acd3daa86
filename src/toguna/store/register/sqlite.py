"""The register in one SQLite file, which several processes may use and a power cut leaves whole.

Enters: a path. Leaves: an engine. Called by `toguna.store.register.database`. WAL lets readers work while one
process writes; a writer takes its lock when it begins (BEGIN IMMEDIATE) and waits up to 30 s for another;
every commit is flushed to the disk (synchronous = FULL). https://www.sqlite.org/wal.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from toguna.core.errors import StoreError

__all__ = ["SQLite"]

WAIT_SECONDS = 30.0


class SQLite:
    """A SQLite file.

    Parameters
    ----------
    path : Path
        The file; made when it is first used.
    """

    reading: Mapping[str, Any] = {"begin": "BEGIN"}
    writing: Mapping[str, Any] = {"begin": "BEGIN IMMEDIATE"}

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path
        self.address = str(path)
        self._file = path

    def engine(self) -> Engine:
        """Return a pool of connections; the folder is made."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self._file.parent} cannot be made: {error.strerror}.") from None
        engine = create_engine(f"sqlite:///{self._file}", connect_args={"timeout": WAIT_SECONDS})
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def exists(self) -> bool:
        """Whether the file is there; it is not made for that."""
        return self._file.is_file()

    def refuse_unfit(self, engine: Engine) -> None:
        """Let every file through: what is none of SQLite's is told when it is read."""

    def lacks(self, error: SQLAlchemyError) -> bool:
        """Whether an error says that a table or column is gone."""
        return "no such table" in str(error) or "no such column" in str(error)

    def repair(self, error: SQLAlchemyError) -> str:
        """Say what to do about a file that SQLite does not know as its own."""
        if not any(said in str(error) for said in ("not a database", "malformed")):
            return ""
        return "; put back a copy of it, or move it away and ingest your files again."


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
