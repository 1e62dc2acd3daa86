"""Which events a question finds, among those that may be passed on.

Enters: a `Built` and an `EventQuery`. Leaves: a frame in the order asked for. Called by incidents,
exports and features. Words match whole, as in the room's own search; accents and case do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from toguna.core.text import fold
from toguna.room.web.api.query import FACETS, MISSING, Box, EventQuery
from toguna.room.web.built import Built
from toguna.room.web.words import ALL, PLACE, SIDES

__all__ = ["found", "part_of"]

_MOST_WORDS = 12


def found(built: Built, query: EventQuery) -> pl.DataFrame:
    """Return the events that a question finds, in the order it asks for."""
    return _ordered(_held(built, query), query.sort)


def part_of(built: Built, query: EventQuery, *, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many events a question finds, and a part of them; nothing outside it is moved."""
    frame = _held(built, query)
    if query.sort != "newest":
        return frame.height, _ordered(frame, query.sort).slice(offset, limit).to_dicts()
    last = max(0, frame.height - offset)
    first = max(0, last - limit)
    return frame.height, frame.slice(first, last - first).reverse().to_dicts()


def _held(built: Built, query: EventQuery) -> pl.DataFrame:
    spoken = query.q.strip() or query.place.strip() or query.actor.strip()
    frame = built.worded if spoken else built.shown
    held = list(_conditions(built, query))
    return (frame.filter(*held) if held else frame).select(built.shown.columns)


def _ordered(frame: pl.DataFrame, sort: str) -> pl.DataFrame:
    """Put events, which come in the order of days, into the order asked for."""
    if sort == "deaths":
        return frame.sort("best", descending=True, nulls_last=True, maintain_order=True)
    return frame if sort == "oldest" else frame.reverse()


def _conditions(built: Built, query: EventQuery) -> Iterator[pl.Expr]:
    if query.q.strip():
        yield from _words(query.q, pl.col(ALL), whole_id=True)
    if query.place.strip():
        yield from _words(query.place, pl.col(PLACE))
    if query.actor.strip():
        yield _acting(built, query.actor)
    if query.first:
        yield pl.coalesce("date_end", "date_start") >= query.first
    if query.last:
        yield pl.col("date_start") <= query.last
    for facet in FACETS:
        if chosen := [value for value in getattr(query, facet) if value]:
            yield _among(facet, chosen)
    if query.degrees:
        yield _inside(query.degrees)


def _among(facet: str, chosen: list[str]) -> pl.Expr:
    column = pl.col("date_start").dt.year().cast(pl.String) if facet == "year" else pl.col(facet)
    held = column.is_in(chosen)
    return held.fill_null(value=False) | column.is_null() if MISSING in chosen else held


def _inside(box: Box) -> pl.Expr:
    west, south, east, north = box
    lat = pl.col("lat").is_between(south, north)
    if west <= east:
        return lat & pl.col("lon").is_between(west, east)
    return lat & ((pl.col("lon") >= west) | (pl.col("lon") <= east))  # over 180 degrees


def _words(said: str, told: pl.Expr, *, whole_id: bool = False) -> Iterator[pl.Expr]:
    n = 0
    for piece in said.split():
        without, begins = piece.startswith("-"), piece.endswith("*")
        words = fold(piece).split()
        for k, word in enumerate(words):
            n += 1
            if n > _MOST_WORDS:
                return
            end = "" if begins and k == len(words) - 1 else " "
            held = told.str.contains(f" {word}{end}", literal=True)
            held = held | (pl.col("event_id") == said.strip()) if whole_id and not without else held
            yield ~held if without else held


def _acting(built: Built, actor: str) -> pl.Expr:
    """Say where an organisation is blamed or claims, or is a side by that name."""
    wanted = fold(actor)
    exact, partly = [], []
    for known in built.assessment["actors"]:
        names = [fold(name) for name in (known["id"], *known["names"].values(), *known["aliases"])]
        if wanted in names or known["id"] == actor:
            exact.append(known["id"])
        elif wanted and any(f" {wanted} " in f" {name} " for name in names):
            partly.append(known["id"])
    meant = exact or partly
    told = pl.col(SIDES)
    named = [pl.col("perpetrators").list.eval(pl.element().is_in(meant)).list.any()] if meant else []
    sides = [told.str.contains(f" {wanted} ", literal=True)] if wanted else []
    claimed = [told.str.contains(f" {fold(id)} ", literal=True) for id in meant]
    every = [*named, *sides, *claimed]
    return pl.any_horizontal(*every) if every else pl.lit(value=False)
