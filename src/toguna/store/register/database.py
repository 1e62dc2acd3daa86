"""Open the register: a SQLite file or a PostgreSQL database, with the same promises.

Enters: a path or an address. Leaves: sessions. Called by everything that reads or writes what people and runs
wrote. Either way one process writes at a time and others wait up to 30 s, readers see one moment and wait for
nobody, and what was acknowledged is on a disk; how: `sqlite` and `postgresql` beside this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from toguna.core.errors import MissingTableError, StoreError
from toguna.store.register.address import postgresql_address
from toguna.store.register.limits import refuse_unstorable
from toguna.store.register.postgresql import PostgreSQL
from toguna.store.register.sqlite import SQLite
from toguna.store.register.upgrade import upgrade

__all__ = ["Register", "once_committed"]

_COMMITTED = "committed"


class Register:
    """The database of a home; made and brought up to date when it is first used.

    Parameters
    ----------
    where : Path or URL or str
        The SQLite file; or the address of a PostgreSQL database, ``postgresql://user@host/database``.
    home : Path or None
        The home it belongs to; its sessions know it as ``info["home"]``.
    """

    def __init__(self, where: Path | URL | str, *, home: Path | None = None) -> None:
        self._home = home
        if isinstance(where, str):
            where = postgresql_address(where, "the register")
        self._database = PostgreSQL(where) if isinstance(where, URL) else SQLite(where)
        self._engine: Engine | None = None
        self._kept: Engine | None = None
        self._opening = Lock()  # the room asks from several threads

    @property
    def address(self) -> str:
        """Where it lies, to show: the file, or the address without its password."""
        return self._database.address

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for a server."""
        return self._database.path

    def exists(self) -> bool:
        """Whether it was ever written; it is not made for that.

        Raises
        ------
        StoreError
            The server does not answer.
        """
        with self._told():
            return self._database.exists()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at its end, or leaves everything as it was."""
        with self._session(self._database.writing) as session:
            with session.begin():
                yield session
            for then in session.info.get(_COMMITTED, {}).values():
                then()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that only reads, and sees one moment."""
        with self._session(self._database.reading) as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """Open a connection that only reads: for what every request asks, at a third of a session's cost."""
        with self._told(), self._reading().connect() as line:
            yield line

    def close(self) -> None:
        """Let go of the file or of the connections."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = self._kept = None

    @contextmanager
    def _session(self, options: Mapping[str, Any]) -> Iterator[Session]:
        with self._told():
            engine = self._open().execution_options(**options)
            with Session(engine, expire_on_commit=False, info={"home": self._home}) as session:
                yield session

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            said = f"the register {self.address} cannot be used: {_first_line(error)}"
            kind = MissingTableError if self._database.lacks(error) else StoreError
            raise kind(f"{said}{self._database.repair(error)}") from error

    def _reading(self) -> Engine:
        """Return the engine that reads, made once; its connections are those of the other."""
        engine = self._open()
        if self._kept is None:
            self._kept = engine.execution_options(**self._database.reading)
        return self._kept

    def _open(self) -> Engine:
        with self._opening:
            if self._engine is None:
                self._engine = self._opened()
            return self._engine

    def _opened(self) -> Engine:
        engine = self._database.engine()
        event.listen(engine, "before_execute", refuse_unstorable)
        with ExitStack() as undo:
            undo.callback(engine.dispose)
            self._database.refuse_unfit(engine)
            upgrade(engine, self._database.writing, self.address)
            undo.pop_all()
        return engine


def once_committed(session: Session, name: str, then: Callable[[], object]) -> None:
    """Do something when what a session wrote is committed; of several of one name only the last."""
    session.info.setdefault(_COMMITTED, {})[name] = then


def _first_line(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, OperationalError) else error
    return str(cause).splitlines()[0]
