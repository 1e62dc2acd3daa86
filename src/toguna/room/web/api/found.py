"""Which events a question finds, among those that may be passed on.

Enters: a `Built` and an `EventQuery`. Leaves: a frame in the order asked for. Called by incidents,
exports and features. Words match whole, as in the room's own search; accents and case do not count.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from toguna.core.text import fold
from toguna.room.web.api.query import FACETS, MISSING, Box, EventQuery
from toguna.room.web.built import Built

__all__ = ["found"]

_SIDES = ("side_a", "side_b", "responsibility")
_TEXT = (
    "event_id",
    "note",
    "event_type",
    "tactic",
    "target",
    "setting",
    "side_a",
    "side_b",
    "responsibility",
)
_PLACE = ("place", "admin1", "admin2", "country")
_MOST_WORDS = 12
_NAMES = "names"


def found(built: Built, query: EventQuery) -> pl.DataFrame:
    """Return the events that a question finds."""
    frame = built.shown
    if query.q.strip() or query.actor.strip():
        frame = frame.with_columns(_called(built, frame))
    held = list(_conditions(built, query))
    frame = frame.filter(*held) if held else frame
    return _ordered(frame.select(built.shown.columns), query.sort)


def _ordered(frame: pl.DataFrame, sort: str) -> pl.DataFrame:
    if sort == "oldest":
        return frame.sort("date_start", "event_id")
    first = "best" if sort == "deaths" else "date_start"
    return frame.sort(first, "date_start", "event_id", descending=[True, True, False], nulls_last=True)


def _conditions(built: Built, query: EventQuery) -> Iterator[pl.Expr]:
    if query.q.strip():
        yield from _words(query.q, _folded(*_TEXT, *_PLACE, _NAMES), whole_id=True)
    if query.place.strip():
        yield from _words(query.place, _folded(*_PLACE))
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


def _folded(*columns: str) -> pl.Expr:
    """Join columns, without case and accents, with a space around every word."""
    told = pl.concat_str(*columns, separator=" ", ignore_nulls=True).str.to_lowercase()
    bare = told.str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.replace_all("œ", "oe")
    return pl.lit(" ") + bare.str.replace_all(r"[^a-z0-9]+", " ") + pl.lit(" ")


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


def _called(built: Built, frame: pl.DataFrame) -> pl.Expr:
    """Return every name and alias of the organisations blamed, as one text for each event."""
    names = {
        a["id"]: " ".join([a["id"], *a["names"].values(), *a["aliases"]]) for a in built.assessment["actors"]
    }
    blamed = sorted({str(who) for who in frame["perpetrators"].explode(empty_as_null=True).drop_nulls()})
    told = [names.get(who, who) for who in blamed]
    worded = (
        pl.element().replace_strict(blamed, told, default="", return_dtype=pl.String)
        if blamed
        else pl.element()
    )
    return pl.col("perpetrators").list.eval(worded).list.join(" ").alias(_NAMES)


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
    told = _folded(*_SIDES)
    named = [pl.col("perpetrators").list.eval(pl.element().is_in(meant)).list.any()] if meant else []
    sides = [told.str.contains(f" {wanted} ", literal=True)] if wanted else []
    claimed = [told.str.contains(f" {fold(id)} ", literal=True) for id in meant]
    every = [*named, *sides, *claimed]
    return pl.any_horizontal(*every) if every else pl.lit(value=False)
