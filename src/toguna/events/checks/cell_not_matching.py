"""cell-not-matching: the PRIO-GRID cell a source gives should hold the point it gives."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.geography import gid
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "cell-not-matching",
    "note",
    "the cell that holds the point, or a neighbour that shares the border it lies on",
    "Correct the point or the cell; the cell is used as given.",
)
_BORDER = 1e-6


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose cell holds none of the points within a hair of theirs."""
    rows = frame.filter(
        pl.col("gid").is_not_null() & pl.col("lat").is_between(-90, 90) & pl.col("lon").is_between(-180, 180)
    )
    if rows.is_empty():
        return []
    lat, lon = rows["lat"].to_numpy(), rows["lon"].to_numpy()
    matches = pl.Series([False]).new_from_index(0, rows.height)
    for north in (-_BORDER, _BORDER):
        for east in (-_BORDER, _BORDER):
            matches = matches | (pl.Series(gid(lat + north, lon + east)) == rows["gid"])
    bad = rows.filter(~matches)
    return _RULE.say(bad, context, "gid", pl.format("cell {} for {}, {}", "gid", "lat", "lon"))
