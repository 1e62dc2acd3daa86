"""point-outside-country, coordinates-swapped: the point should lie in the country that the row states.

Only countries are tested of which the theatre has an outline. Outlines are simplified, and attacks happen at
borders: a point up to 25 km outside is not remarked upon.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule
from toguna.events.outlines import distance_to
from toguna.store.areas import Area

__all__ = ["TOLERANCE_KM", "check"]

TOLERANCE_KM = 25.0
_OUTSIDE = Rule(
    "point-outside-country",
    "note",
    f"a point in the stated country, or up to {TOLERANCE_KM:.0f} km from its outline",
    "Correct the point or the country; both are used as given.",
)
_SWAPPED = Rule(
    "coordinates-swapped",
    "failure",
    "latitude, then longitude: the point lies in the stated country only with the two exchanged",
    "Exchange latitude and longitude.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find points far outside their country, and those that are in it the other way round."""
    found: list[Finding] = []
    placed = pl.col("lat").is_between(-90, 90) & pl.col("lon").is_between(-180, 180)
    for area in context.ground.countries:
        rows = frame.filter((pl.col("country") == area.country) & placed)
        points = _outside(rows.select("lat", "lon").unique(maintain_order=True), area)
        bad = rows.join(points, on=["lat", "lon"], how="inner", maintain_order="left")
        said = pl.format("{}, {}, {} km from {}", "lat", "lon", "_far", pl.lit(area.name))
        found += _SWAPPED.say(bad.filter("_swapped"), context, "lat", said)
        found += _OUTSIDE.say(bad.filter(~pl.col("_swapped")), context, "lat", said)
    return found


def _outside(points: pl.DataFrame, area: Area) -> pl.DataFrame:
    """Keep the points beyond the tolerance, with how far they are and whether exchanging mends them."""
    far = distance_to(area.geometry, points["lat"].to_numpy(), points["lon"].to_numpy())
    out = points.with_columns(_far=pl.Series(far)).filter(pl.col("_far") > TOLERANCE_KM)
    turned = distance_to(area.geometry, out["lon"].to_numpy(), out["lat"].to_numpy()) == 0
    return out.with_columns(
        _far=pl.col("_far").round().cast(pl.Int64), _swapped=pl.Series(turned, dtype=pl.Boolean)
    )
