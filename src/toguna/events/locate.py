"""Name the area of events whose source gives a point but no area.

Enters: events and a theatre. Leaves: events with `admin1` and `admin2` filled where outlines tell.
Called by `toguna.events.gather`.
"""

from __future__ import annotations

import polars as pl
import shapely

from toguna.store.theatre import Theatre

__all__ = ["locate"]

_COARSEST = {"adm1": 4, "adm2": 3}  # UCDP where_prec: 3 second-level area known, 4 first-level area known


def locate(events: pl.DataFrame, theatre: Theatre) -> pl.DataFrame:
    """Fill missing areas by point in polygon, where the place is exact enough for that level."""
    for level, column in (("adm1", "admin1"), ("adm2", "admin2")):
        areas = [a for a in theatre.areas(level) if a.country in ("", *theatre.countries)]
        wanted = (
            pl.col(column).is_null()
            & pl.col("lat").is_between(-90, 90)
            & pl.col("lon").is_between(-180, 180)
            & (pl.col("where_prec").fill_null(1) <= _COARSEST[level])
        )
        rows = events.filter(wanted)
        if not areas or rows.is_empty():
            continue
        points = shapely.points(rows["lon"].to_numpy(), rows["lat"].to_numpy())
        tree = shapely.STRtree([a.geometry for a in areas])
        hits = pl.DataFrame(
            dict(zip(("_i", "_area"), tree.query(points, predicate="intersects"), strict=True))
        )
        first = hits.sort("_i", "_area").unique("_i", keep="first", maintain_order=True)
        names = pl.Series([a.name for a in areas], dtype=pl.String)
        found = pl.DataFrame({"row": rows["row"].gather(first["_i"]), "_name": names.gather(first["_area"])})
        events = events.join(found, on="row", how="left", maintain_order="left")
        events = events.with_columns(pl.coalesce(column, "_name").alias(column)).drop("_name")
    return events
