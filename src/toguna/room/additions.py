"""What users add to the actors of a theatre: other names, and relations with a date and a source.

Enters: a register and what a person stated. Leaves: rows in the register, and the actor tables of a
theatre with these rows added. Called by `toguna.room.view` and ``toguna actors``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from toguna.core.errors import UsageError
from toguna.store.register import Register
from toguna.store.register.models import ActorName, ActorRow, RelationRow
from toguna.store.theatre import Theatre

__all__ = ["Statement", "add_name", "add_relation", "additions_state", "relate", "with_additions"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation between two organisations, as a user states it.

    Parameters
    ----------
    a, kind, b : str
        Who, in what relation, to whom.
    start : str
        Since when: YYYY, YYYY-MM or YYYY-MM-DD.
    source_url : str
        Page it rests on.
    """

    a: str
    kind: str
    b: str
    start: str
    source_url: str


@dataclass(frozen=True, slots=True)
class ActorTables:
    """The tables of a theatre that say who is who."""

    tables: dict[str, pl.DataFrame]


def _sourced(url: str) -> str:
    if not url.strip():
        raise UsageError("a statement needs a page it rests on: --source-url URL.")
    return url.strip()


def add_name(
    register: Register, theatre: str, *, actor: tuple[str, str], name: str, source_url: str, recorded_at: str
) -> bool:
    """Record another name of an organisation (id, kind); False when it is there already."""
    code, kind = actor
    url = _sourced(source_url)
    with register.write() as session:
        row = session.scalar(select(ActorRow).where(ActorRow.theatre == theatre, ActorRow.code == code))
        if row is None:
            row = ActorRow(theatre=theatre, code=code, kind=kind, sources="", recorded_at=recorded_at)
            session.add(row)
            session.flush()
        known = session.scalars(select(ActorName.name).where(ActorName.actor_id == row.id)).all()
        if name in known:
            return False
        row.sources = " ".join(dict.fromkeys([*row.sources.split(), url]))
        session.add(ActorName(actor_id=row.id, name=name, recorded_at=recorded_at))
    return True


def add_relation(register: Register, theatre: str, statement: Statement, *, recorded_at: str) -> bool:
    """Record a relation, in a transaction of its own; see `relate`."""
    with register.write() as session:
        return relate(session, theatre, statement, recorded_at=recorded_at)


def relate(session: Session, theatre: str, statement: Statement, *, recorded_at: str) -> bool:
    """Record a relation; False when the same one is there already."""
    said = {
        "theatre": theatre,
        "actor_a": statement.a,
        "kind": statement.kind,
        "actor_b": statement.b,
        "from_date": statement.start,
        "sources": _sourced(statement.source_url),
    }
    if session.scalar(select(RelationRow.id).filter_by(**said)) is not None:
        return False
    session.add(RelationRow(**said, contested=False, recorded_at=recorded_at))
    return True


def _names(register: Register, theatre: str) -> dict[str, tuple[list[str], str]]:
    """Names and sources that users added, by actor id."""
    query = select(ActorRow.code, ActorRow.sources, ActorName.name).join(ActorName)
    with register.read() as session:
        rows = session.execute(query.where(ActorRow.theatre == theatre).order_by(ActorName.id)).all()
    found: dict[str, tuple[list[str], str]] = {}
    for code, sources, name in rows:
        found.setdefault(code, ([], sources))[0].append(name)
    return found


def _relations(register: Register, theatre: str, columns: list[str]) -> pl.DataFrame:
    query = select(RelationRow).where(RelationRow.theatre == theatre).order_by(RelationRow.id)
    with register.read() as session:
        rows = [
            {
                "actor_a": row.actor_a,
                "relation": row.kind,
                "actor_b": row.actor_b,
                "from_date": row.from_date,
                "to_date": row.to_date,
                "source_urls": row.sources,
                "note": row.note,
            }
            for row in session.scalars(query)
        ]
    schema = dict.fromkeys(columns, pl.String())
    return pl.DataFrame([{column: row.get(column) for column in columns} for row in rows], schema=schema)


def _named(actors: pl.DataFrame, added: dict[str, tuple[list[str], str]]) -> pl.DataFrame:
    rows = actors.to_dicts()
    for row in rows:
        names, sources = added.get(row["id"], ([], ""))
        if names:
            row["aliases"] = ";".join(part for part in (row["aliases"], *names) if part)
            row["source_urls"] = " ".join(part for part in (row["source_urls"], sources) if part)
    return pl.DataFrame(rows, schema=actors.schema)


def _counted(number: InstrumentedAttribute[int], query: Select[Any]) -> list[Any]:
    return [
        query.with_only_columns(told, maintain_column_froms=True).scalar_subquery()
        for told in (func.count(), func.coalesce(func.max(number), 0))
    ]


_HERE: BindParameter[str] = bindparam("theatre")
# Asked at every page that tells of organisations: one query, written once.
_STATE = select(
    *_counted(ActorName.id, select(ActorName.id).join(ActorRow).where(ActorRow.theatre == _HERE)),
    *_counted(RelationRow.id, select(RelationRow.id).where(RelationRow.theatre == _HERE)),
)


def additions_state(register: Register, theatre: str) -> tuple[int, ...]:
    """Return numbers that differ as soon as anything was added or taken away: how many rows, and the last."""
    with register.read() as session:
        found = session.execute(_STATE, {"theatre": theatre}).one()
    return tuple(map(int, found))


def with_additions(theatre: Theatre, register: Register | None) -> ActorTables:
    """Return the actor tables of a theatre with what users added to them.

    A register that was never written is not made for that.
    """
    actors, relations = theatre.tables["actors"], theatre.tables["relations"]
    if register is None or not register.exists():
        return ActorTables({"actors": actors, "relations": relations})
    columns = [column for column in relations.columns if column != "row"]
    added = _relations(register, theatre.name, columns)
    return ActorTables(
        {
            "actors": _named(actors, _names(register, theatre.name)),
            "relations": pl.concat([relations, added], how="diagonal"),
        }
    )
