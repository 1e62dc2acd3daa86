"""The register in a PostgreSQL database, with the promises it makes in a SQLite file.

Enters: an address. Leaves: an engine. Called by `toguna.store.register.database`.

One writer at a time: a transaction that writes first takes one advisory lock of the database, waiting up to
30 s, and lets go of it with its commit. It then reads what is committed *now* (READ COMMITTED): under the
lock nothing else of ours is, so it behaves as if serial, and needs no retry. A transaction that only reads
sees one moment (REPEATABLE READ, READ ONLY) and waits for nobody. A commit is on the server's disk when it
is acknowledged, also where `synchronous_commit` is off for the rest of the server.
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from toguna.core.errors import StoreError
from toguna.store.register.address import masked

__all__ = ["PostgreSQL"]

WAIT_SECONDS = 30
LOCK = int.from_bytes(b"toguna")
_SETTINGS = (
    f"SELECT set_config('lock_timeout', '{WAIT_SECONDS}s', true), "
    "set_config('synchronous_commit', CASE current_setting('synchronous_commit') "
    "WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)"
)
_REPAIRS = {
    "55P03": f"; another process has been writing for {WAIT_SECONDS} s: end it, or wait.",
    "42501": "; let the database belong to the user of the register (ALTER DATABASE ... OWNER TO ...).",
    "3D000": "; make it on the server (createdb --encoding UTF8 --template template0 NAME).",
    "25006": "; the server only reads, it may be a copy of another: name the one that is written to.",
}


class PostgreSQL:
    """A PostgreSQL database.

    Parameters
    ----------
    url : URL
        Address for psycopg (``postgresql+psycopg://...``).
    """

    reading: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    writing: Mapping[str, Any] = {"isolation_level": "READ COMMITTED", "writes": True}

    def __init__(self, url: URL) -> None:
        self.path: Path | None = None
        self.address = masked(url)
        self._url = url
        self._written = False

    def engine(self) -> Engine:
        """Return a pool of connections; nothing is connected yet."""
        try:
            # A pre-ping lets a long process live through a restart of the server.
            engine = create_engine(self._url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
        except ImportError:
            raise StoreError(
                f"the register {self.address} needs the driver psycopg, which is not installed; install the "
                "extra `postgres`: pip install 'toguna[postgres]'."
            ) from None
        event.listen(engine, "begin", _begin)
        return engine

    def exists(self) -> bool:
        """Whether the database holds a register; none is made for that."""
        if not self._written:
            engine = self.engine()
            try:
                with engine.connect() as connection:
                    self._written = inspect(connection).has_table("alembic_version")
            finally:
                engine.dispose()
        return self._written

    def refuse_unfit(self, engine: Engine) -> None:
        """Refuse a database that cannot hold every letter."""
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if found != "UTF8":
            raise StoreError(
                f"the database {self.address} keeps text as {found}, expected UTF8; make another "
                "(createdb --encoding UTF8 --template template0 NAME) and name that."
            )

    def lacks(self, error: SQLAlchemyError) -> bool:
        """Whether an error says that a table or column is gone."""
        return _state(error) in ("42P01", "42703")

    def repair(self, error: SQLAlchemyError) -> str:
        """Say what to do about an error of the server."""
        state = _state(error)
        if state is None and isinstance(error, DBAPIError):
            return "; look whether the server runs and its address, user and password hold."
        return _REPAIRS.get(state or "", "")


def _state(error: SQLAlchemyError) -> str | None:
    found: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return found


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(_SETTINGS)
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
