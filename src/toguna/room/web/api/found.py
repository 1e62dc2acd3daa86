"""Which events a question finds, among those that may be passed on.

Enters: a `Built` and an `EventQuery`. Leaves: rows, or a frame, in the order asked for. Called by incidents,
exports and features. It is the room's own search (`toguna.room.search`), asked for what may leave the house.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from toguna.core.errors import StoreError
from toguna.room.search import FACETS, Query
from toguna.room.web.api.query import EventQuery
from toguna.room.web.built import Built

__all__ = ["found", "part_of", "row_of", "shown_row"]

_INSIDE = ("closed", "speaks")  # of the index, of no event


def found(built: Built, query: EventQuery) -> pl.DataFrame:
    """Return the events that a question finds, in the order it asks for."""
    index, shown = built.prepared.search, built.shown
    passed = index.passed
    if np.count_nonzero(passed) != shown.height:
        raise StoreError(
            f"{built.folder} holds {shown.height} events in its data files and {np.count_nonzero(passed)} "
            "in its index; remove the folder, it is built again."
        )
    at = index.positions(_asked(query))
    kept: pl.DataFrame = shown[(np.cumsum(passed) - 1)[at]]
    return kept


def part_of(built: Built, query: EventQuery, *, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many events a question finds, and a part of them; no other is read."""
    index = built.prepared.search
    at = index.positions(_asked(query))
    return len(at), [row_of(row) for row in index.rows(at[offset : offset + limit])]


def shown_row(built: Built, id: str) -> dict[str, Any] | None:
    """Return one event; None when there is none of that id that may be passed on."""
    index = built.prepared.search
    at = index.position(id)
    if at is None or not index.passed[at]:
        return None
    return row_of(index.rows([at])[0])


def row_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the index as the event that it is."""
    return {name: value for name, value in row.items() if name not in _INSIDE}


def _asked(query: EventQuery) -> Query:
    return Query(
        text=query.q.strip(),
        place=query.place.strip(),
        actor=query.actor.strip(),
        first=query.first,
        last=query.last,
        chosen={facet: tuple(v for v in getattr(query, facet) if v) for facet in FACETS},
        box=query.degrees,
        sort=query.sort,
        open_only=True,
    )
