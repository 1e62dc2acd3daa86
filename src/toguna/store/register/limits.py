"""What the register does not take, whatever database it lies in, told before anything is written.

Enters: rows on their way to the database. Called by `toguna.store.register.database`. SQLite would keep text
of any length and any sign, PostgreSQL refuses some of it: a register must not hold what it could not be moved
with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Insert, Integer, String, Table, Update

from toguna.core.errors import StoreError

__all__ = ["refuse_unstorable"]


def refuse_unstorable(
    _connection: Connection,
    statement: Any,
    several: Sequence[Mapping[str, Any]],
    one: Mapping[str, Any],
    _options: Mapping[str, Any],
) -> None:
    """Refuse a row that one of the databases could not keep as it is (SQLAlchemy, event "before_execute").

    Raises
    ------
    StoreError
        A text is longer than its column allows or holds a NUL sign; a whole number is too large.
    """
    if not isinstance(statement, Insert | Update) or not isinstance(statement.table, Table):
        return
    columns = statement.table.columns
    for row in (*several, one):
        for name, value in row.items():
            fault = _fault(columns[name], value) if name in columns else None
            if fault:
                raise StoreError(
                    f"{statement.table.name}.{name} cannot be written: {fault}. Nothing was kept."
                )


def _fault(column: Column[Any], value: Any) -> str | None:
    if isinstance(value, str):
        most = column.type.length if isinstance(column.type, String) else None
        if most is not None and len(value) > most:
            return f"found {len(value)} signs ({value[:24]!r}...), expected at most {most}; shorten it"
        return "found a NUL sign (U+0000), expected text without; take it out" if "\0" in value else None
    if isinstance(value, int) and isinstance(column.type, Integer):
        bits = 63 if isinstance(column.type, BigInteger) else 31
        if not -(2**bits) <= value < 2**bits:
            return f"found {value}, expected a whole number below 2^{bits}"
    return None
