"""point-outside-area: the point should lie in the first-level area that the row states.

Only areas are tested of which the theatre has an outline, and only rows placed better than a country.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.text import fold
from toguna.events.checks.context import Context, Rule
from toguna.events.outlines import distance_to

__all__ = ["TOLERANCE_KM", "check"]

TOLERANCE_KM = 25.0
_WHOLE_COUNTRY = 6  # UCDP where_prec
_RULE = Rule(
    "point-outside-area",
    "note",
    f"a point in the stated area, or up to {TOLERANCE_KM:.0f} km from its outline",
    "Correct the point or the area; both are used as given.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find points far outside the area that their row names."""
    found: list[Finding] = []
    placed = pl.col("lat").is_between(-90, 90) & pl.col("lon").is_between(-180, 180)
    near = frame.filter(placed & (pl.col("where_prec").fill_null(1) < _WHOLE_COUNTRY))
    spelt = {text: fold(text) for text in near["admin1"].drop_nulls().unique()}
    for area in context.ground.areas:
        mine = [text for text, folded in spelt.items() if folded == fold(area.name)]
        rows = near.filter(pl.col("admin1").is_in(mine))
        if rows.is_empty():
            continue
        points = rows.select("lat", "lon").unique(maintain_order=True)
        far = distance_to(area.geometry, points["lat"].to_numpy(), points["lon"].to_numpy())
        out = points.with_columns(_far=pl.Series(far)).filter(pl.col("_far") > TOLERANCE_KM)
        bad = rows.join(out, on=["lat", "lon"], how="inner", maintain_order="left")
        whole = pl.col("_far").round().cast(pl.Int64)
        said = pl.format("{}, {}, {} km from {}", "lat", "lon", whole, pl.lit(area.name))
        found += _RULE.say(bad, context, "admin1", said)
    return found
