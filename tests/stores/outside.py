"""A hand from outside: the database of a register, without the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine

__all__ = ["outside"]


@contextmanager
def outside(where: Path | str) -> Iterator[Connection]:
    """Open the database as anybody can who may write there; every statement stands at once."""
    url = (
        where.replace("postgresql:", "postgresql+psycopg:")
        if isinstance(where, str)
        else f"sqlite:///{where}"
    )
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
