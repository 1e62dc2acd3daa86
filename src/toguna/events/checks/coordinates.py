"""coordinates-out-of-range, coordinates-zero, coordinates-missing: where on Earth it happened."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RANGE = Rule(
    "coordinates-out-of-range",
    "failure",
    "latitude -90 to 90 and longitude -180 to 180, in degrees",
    "Check for swapped or projected coordinates.",
)
_ZERO = Rule(
    "coordinates-zero",
    "failure",
    "the point of the event; 0, 0 lies in the sea and usually stands for unknown",
    "Leave unknown coordinates blank.",
)
_MISSING = Rule(
    "coordinates-missing",
    "note",
    "a latitude and a longitude",
    "Give the point, with its precision when vague.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find points off the globe, at 0, 0, or missing."""
    lat, lon = pl.col("lat"), pl.col("lon")
    said = pl.format("{}, {}", *(c.cast(pl.String).fill_null("nothing") for c in (lat, lon)))
    off = ~(lat.is_between(-90, 90).fill_null(value=True) & lon.is_between(-180, 180).fill_null(value=True))
    missing = (lat.is_null() | lon.is_null()) & ~off
    if context.unreadable is not None:
        cells = context.unreadable.filter(pl.col("field").is_in(["latitude", "longitude"]))
        missing = missing & ~pl.col("row").is_in(cells["row"].implode())
    return (
        _RANGE.say(frame.filter(off), context, "lat", said)
        + _ZERO.say(frame.filter((lat == 0) & (lon == 0)), context, "lat", said)
        + _MISSING.say(frame.filter(missing), context, "lat", said)
    )
