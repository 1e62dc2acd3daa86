"""Give every event the area it lies in, under one spelling.

A source's own name for a first-level area is kept when the theatre knows it under some spelling;
otherwise, and for second-level areas always, the polygon that holds the point decides. Enters: an
event frame and a theatre. Leaves: the frame with canonical `admin1` and `admin2`.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from shapely import STRtree, points

from toguna.store.areas import Area
from toguna.store.theatre import Theatre

__all__ = ["locate"]


def _held_by(areas: Sequence[Area], lat: pl.Series, lon: pl.Series) -> list[str | None]:
    """Name the area that holds each point; None where there is no point or no area."""
    out: list[str | None] = [None] * len(lat)
    known = [i for i, (a, o) in enumerate(zip(lat, lon, strict=True)) if a is not None and o is not None]
    if not known:
        return out
    tree = STRtree([area.geometry for area in areas])
    held, by = tree.query(points([(lon[i], lat[i]) for i in known]), predicate="intersects")
    for point, area in zip(held[::-1], by[::-1], strict=True):
        out[known[int(point)]] = areas[int(area)].name
    return out


def _is_put(events: pl.DataFrame) -> list[bool]:
    """Whether the point of a field report was put there for its area, see `toguna.room.disclosure`."""
    if "sensitivity" not in events.columns:
        return [False] * events.height
    put = (pl.col("sensitivity") == "moderate") & (pl.col("where_prec") >= 4)
    return events.select(put.fill_null(value=False)).to_series().to_list()


def locate(events: pl.DataFrame, theatre: Theatre) -> pl.DataFrame:
    """Return the events with canonical `admin1` and `admin2`."""
    found = events
    for column, level in (("admin1", "adm1"), ("admin2", "adm2")):
        areas = theatre.areas(level)
        names = theatre.names(level)
        said = [names.find(name) for name in found[column].to_list()]
        held = _held_by(areas, found["lat"], found["lon"]) if areas and len(found) else [None] * len(found)
        raw = found[column].to_list()
        if column == "admin2":  # a point put inside a first-level area says nothing of a second-level one
            held = [None if coarse else h for coarse, h in zip(_is_put(found), held, strict=True)]
        best = [s or h or r for s, h, r in zip(said, held, raw, strict=True)]
        found = found.with_columns(pl.Series(column, best, dtype=pl.String))
    return found
