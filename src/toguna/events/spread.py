"""Spread vague events over the days and the places that they may stand for; deaths are conserved exactly.

Enters: accepted events, a day, outlines of areas. Leaves: one row per share. Called by what counts events by
month or by cell, when its viewpoint asks for it.

Only what was published by `as_of` takes part, as event and as history: adding later rows changes nothing.
Method, assumptions and known failures: docs/methods/spread-vague.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from toguna.core.errors import UnknownNameError
from toguna.core.text import fold
from toguna.events.apportion import UNITS, apportion, in_units
from toguna.events.cells import cells_of, seen_cells, weighed
from toguna.store.areas import Area

__all__ = ["HOW", "SPREAD_SCHEMA", "spread"]

HOW = ("none", "days", "days-and-places")
SPREAD_SCHEMA = pl.Schema(
    {
        "event_id": pl.String(),
        "date_start": pl.Date(),
        "date_end": pl.Date(),
        "month_id": pl.Int32(),
        "lat": pl.Float64(),
        "lon": pl.Float64(),
        "gid": pl.Int64(),
        "admin1": pl.String(),
        "placed": pl.String(),
        "share": pl.Float64(),
        "best": pl.Int64(),
        "low": pl.Int64(),
        "high": pl.Int64(),
    }
)
_WELL, _DISTRICT, _FUZZY = 2, 3, 5  # UCDP where_prec: near a known point; second-level area; part of a region
_KEY = "_key"


def spread(
    events: pl.DataFrame, *, how: str = "none", as_of: date, areas: Sequence[Area] = ()
) -> pl.DataFrame:
    """Say where and when the deaths of vague events may have happened.

    Parameters
    ----------
    events : DataFrame, shape (N, columns of an event)
        Accepted events; `event_id` is unique.
    how : {"none", "days", "days-and-places"}
        "none": every event whole, on its own first day and point. "days": over the months from first to last
        day, by the number of days in each. "days-and-places": also over the cells of the area, for events
        known to an area only (`where_prec` 3 to 5).
    as_of : date
        Rows published later are not looked at and are not in the result.
    areas : sequence of Area
        Outlines of first- and second-level areas; without them only places that were struck are used.

    Returns
    -------
    DataFrame, shape (M, 13)
        `SPREAD_SCHEMA`, sorted by event, day and cell. `share` is a whole number of 2**-20, so that those of
        an event add up to exactly 1 in whatever order. `best`, `low`, `high` (persons, missing = unknown)
        are whole and add up to those of the event; low <= best <= high in every share where the event has it
        so. `placed`: "given" (its own point), "struck" (places of well-located events), "surface" (cells by
        surface, no history), "left" (vague, and nothing is known to spread over: it stays on its point and is
        to be counted as unplaced).

    Raises
    ------
    UnknownNameError
        `how` is none of the three.

    References
    ----------
    Sundberg and Melander (2013), doi 10.1177/0022343313484347: precision codes of dates and places.
    """
    if how not in HOW:
        raise UnknownNameError("way to spread", how, HOW)
    later = (pl.col("published_at") > as_of).fill_null(value=False)
    seen = events.filter(~later).sort("event_id").with_row_index("_event")
    parts = _over_days(seen, whole=how == "none")
    parts = _over_places(parts, seen, areas if how == "days-and-places" else None)
    parts = parts.sort("_event", "date_start", "gid", nulls_last=True)
    units = in_units(parts["_event"].to_numpy(), parts["_weight"].to_numpy())
    parts = parts.with_columns(_units=pl.Series(units, dtype=pl.Int64)).filter(pl.col("_units") > 0)
    return _shared(parts).select(SPREAD_SCHEMA.names()).cast(SPREAD_SCHEMA)


def _over_days(seen: pl.DataFrame, *, whole: bool) -> pl.DataFrame:
    """Cut every event into its months; the weight of a part is its number of days."""
    start = pl.col("date_start")
    end = pl.max_horizontal("date_start", "date_end") if not whole else start
    cut = seen.with_columns(_first=_month(start), _last=_month(end)).with_columns(
        _month=pl.int_ranges("_first", pl.col("_last") + 1)
    )
    cut = cut.explode("_month")
    if whole:
        return cut.with_columns(_days=pl.lit(1))
    begin = pl.date(1980 + (pl.col("_month") - 1) // 12, (pl.col("_month") - 1) % 12 + 1, 1)
    cut = cut.with_columns(
        date_start=pl.max_horizontal(start, begin).fill_null(start),
        date_end=pl.min_horizontal(end, begin.dt.month_end()),
    )
    days = (pl.col("date_end") - pl.col("date_start")).dt.total_days() + 1
    return cut.with_columns(_days=days.fill_null(1))


def _month(day: pl.Expr) -> pl.Expr:
    return (day.dt.year() - 1980) * 12 + day.dt.month().cast(pl.Int32)


def _over_places(parts: pl.DataFrame, seen: pl.DataFrame, areas: Sequence[Area] | None) -> pl.DataFrame:
    """Give every part of a vague event the cells of its area; the weight of a part is days times places."""
    vague = pl.col("where_prec").is_between(_WELL + 1, _FUZZY).fill_null(value=False)
    coarse = (pl.col("where_prec") > _WELL).fill_null(value=False)
    own = pl.when(coarse).then(pl.lit("left")).otherwise(pl.lit("given"))
    if areas is None:
        return parts.with_columns(placed=own, _weight=pl.col("_days").cast(pl.Float64))
    named = parts.with_columns(_keyed(parts))
    table = _places(named.filter(vague), seen, areas)
    spreadable = vague & pl.col(_KEY).is_in(table[_KEY].unique().to_list())
    moved = named.filter(spreadable).drop("lat", "lon", "gid").join(table, on=_KEY, how="inner")
    kept = named.filter(~spreadable.fill_null(value=False)).with_columns(placed=own, _place=pl.lit(1.0))
    both = pl.concat([kept, moved], how="diagonal_relaxed")
    return both.with_columns(_weight=pl.col("_days") * pl.col("_place"))


def _keyed(frame: pl.DataFrame) -> pl.Series:
    """Name the smallest area that is known: "adm2/name" for districts, else "adm1/name"."""
    first, second = (_folded(frame, column) for column in ("admin1", "admin2"))
    district = (frame["where_prec"] <= _DISTRICT) & second.is_not_null()
    key = pl.when(district).then("adm2/" + second).otherwise("adm1/" + first)
    return pl.select(key.alias(_KEY)).to_series()


def _places(vague: pl.DataFrame, seen: pl.DataFrame, areas: Sequence[Area]) -> pl.DataFrame:
    """Weigh the cells of every area that is needed."""
    well = seen.filter(
        (pl.col("where_prec") <= _WELL)
        & pl.col("lat").is_between(-90, 90)
        & pl.col("lon").is_between(-180, 180)
        & pl.col("within").is_null()
    )
    outlines = {f"{a.level}/{fold(a.name)}": a.geometry for a in areas}
    folded = {c: _folded(well, c) for c in ("admin1", "admin2")}
    tables = []
    for key in vague[_KEY].drop_nulls().unique().sort():
        level, _, name = key.partition("/")
        struck = seen_cells(well.filter(folded["admin2" if level == "adm2" else "admin1"] == name))
        ground = cells_of(outlines[key]) if key in outlines else None
        found = weighed(struck, ground)
        tables.append(found.with_columns(pl.lit(key).alias(_KEY)))
    empty = weighed(seen_cells(well.clear()), None).with_columns(pl.lit("").alias(_KEY)).clear()
    return pl.concat([empty, *tables])


def _folded(frame: pl.DataFrame, column: str) -> pl.Series:
    known = {name: fold(name) for name in frame[column].drop_nulls().unique()}
    return frame[column].replace_strict(known, default=None, return_dtype=pl.String)


def _shared(parts: pl.DataFrame) -> pl.DataFrame:
    """Divide the deaths: first the lowest figure, then what each higher one adds to it."""
    event, units = parts["_event"].to_numpy(), parts["_units"].to_numpy()
    done: dict[str, pl.Series] = {}
    floor = pl.lit(0, dtype=pl.Int64)
    base = pl.Series([0], dtype=pl.Int64).new_from_index(0, parts.height)
    for name in ("low", "best", "high"):
        more = parts.select(pl.col(name) - floor).to_series()
        step = pl.Series(apportion(event, units, more.fill_null(0).to_numpy()), dtype=pl.Int64)
        figure = pl.select(pl.when(parts[name].is_not_null()).then(base + step)).to_series()
        done[name] = figure
        base = pl.select(pl.coalesce(figure, base)).to_series()
        floor = pl.coalesce(pl.col(name), floor)
    return parts.with_columns(
        **done,
        share=pl.col("_units") / UNITS,
        month_id=pl.col("_month"),
    )
