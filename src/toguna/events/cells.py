"""The cells of an area, weighed by what was seen there and by their surface.

Enters: well-located events, an outline. Leaves: cells with weights and a point each. Called by
`toguna.events.spread`.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from toguna.core.geography import gid

__all__ = ["FLOOR", "cells_of", "seen_cells", "weighed"]

FLOOR = 1.0
"""One imagined event, strewn over the area by surface: places without history keep some weight."""

_HALF = 0.5  # a cell of PRIO-GRID, degrees


def seen_cells(events: pl.DataFrame) -> pl.DataFrame:
    """Count well-located events by cell: gid, n, and the point struck most often (southernmost if equal)."""
    cells = pl.Series(gid(events["lat"].to_numpy(), events["lon"].to_numpy()), dtype=pl.Int64)
    points = events.select("lat", "lon").with_columns(gid=cells).group_by("gid", "lat", "lon").len("_n")
    ranked = points.sort("gid", pl.col("_n"), "lat", "lon", descending=[False, True, False, False])
    return ranked.group_by("gid", maintain_order=True).agg(
        pl.col("lat", "lon").first(), n=pl.col("_n").sum().cast(pl.Int64)
    )


def cells_of(outline: BaseGeometry) -> pl.DataFrame:
    """Return the cells an outline touches: gid, its share of the outline's surface, a point within both."""
    west, south, east, north = outline.bounds
    lats = np.arange(np.floor(south / _HALF), np.ceil(north / _HALF)) * _HALF
    lons = np.arange(np.floor(west / _HALF), np.ceil(east / _HALF)) * _HALF
    lat, lon = (axis.ravel() for axis in np.meshgrid(lats, lons, indexing="ij"))
    pieces = shapely.intersection(shapely.box(lon, lat, lon + _HALF, lat + _HALF), outline)
    surface = shapely.area(pieces) * np.cos(np.radians(lat + _HALF / 2))
    there = surface > 0
    points = shapely.point_on_surface(pieces[there])
    return pl.DataFrame(
        {
            "gid": gid(lat[there] + _HALF / 2, lon[there] + _HALF / 2),
            "_surface": surface[there] / surface[there].sum(),
            "_lat": shapely.get_y(points),
            "_lon": shapely.get_x(points),
        }
    )


def weighed(struck: pl.DataFrame, ground: pl.DataFrame | None) -> pl.DataFrame:
    """Weigh cells: number of events seen, and one more for the whole area by surface.

    Returns
    -------
    DataFrame
        gid, lat, lon, _place (weight, above 0), placed ("struck", or "surface" when nothing was seen); none
        when there is neither history nor outline.
    """
    if ground is None:
        ground = pl.DataFrame(
            schema={"gid": pl.Int64, "_surface": pl.Float64, "_lat": pl.Float64, "_lon": pl.Float64}
        )
    both = struck.join(ground, on="gid", how="full", coalesce=True)
    weight = pl.col("n").fill_null(0) + FLOOR * pl.col("_surface").fill_null(0.0)
    return both.select(
        "gid",
        lat=pl.coalesce("lat", "_lat"),
        lon=pl.coalesce("lon", "_lon"),
        _place=weight,
        placed=pl.lit("surface" if struck.is_empty() else "struck"),
    ).sort("gid")
