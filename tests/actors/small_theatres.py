"""Small theatres made of tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

ACTOR_COLUMNS = ("id", "name", "aliases", "kind", "active_from", "active_to", "source_urls", "note")
RELATION_COLUMNS = ("actor_a", "relation", "actor_b", "from_date", "to_date", "source_urls", "note")


@dataclass(frozen=True)
class SmallTheatre:
    """What a registry needs of a theatre."""

    tables: dict[str, pl.DataFrame]
    settings: dict[str, Any] = field(default_factory=dict)


def _table(rows: list[dict[str, str]], columns: tuple[str, ...]) -> pl.DataFrame:
    schema = dict.fromkeys(columns, pl.String)
    frame = pl.DataFrame([{c: r.get(c) or None for c in columns} for r in rows], schema=schema)
    return frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))


def small_theatre(actors: list[dict[str, str]], relations: list[dict[str, str]] = []) -> SmallTheatre:  # noqa: B006
    """Make a theatre of rows given as dicts."""
    return SmallTheatre(
        {"actors": _table(actors, ACTOR_COLUMNS), "relations": _table(relations, RELATION_COLUMNS)}
    )


def actor(id_: str, **more: str) -> dict[str, str]:
    """Write one actor row."""
    return {"id": id_, "name": id_.title(), "kind": "jihadist", **more}


def relation(said: str, start: str = "", end: str = "", **more: str) -> dict[str, str]:
    """Write one relation row: relation("A merger_into B", "2013")."""
    a, kind, b = said.split()
    sources = {"source_urls": "http://one http://two"}
    return {
        "actor_a": a,
        "relation": kind,
        "actor_b": b,
        "from_date": start,
        "to_date": end,
        **sources,
        **more,
    }
