"""centroid-pile: many events on one point because nobody knew the place, only the area.

One finding per point: ten or more events there of which most are known to an area at best (`where_prec` 4 or
more), or that lies on the very middle of an outline. A map shows a hot spot there that is none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from toguna.core.findings import Finding
from toguna.core.geography import distance_km
from toguna.events.checks.context import Context, Rule, share_of
from toguna.store.areas import Area

__all__ = ["FEWEST", "check"]

FEWEST = 10
_VAGUE = 4  # UCDP where_prec: the first-level area is known, no more
_MIDDLE_KM = 1.0
_RULE = Rule(
    "centroid-pile",
    "note",
    "points of places; a point that stands for an area marked with a vague where_prec",
    "Read this point on maps with care; spreading by place takes its events off it.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find points that stand for areas and carry many events."""
    placed = frame.filter(pl.col("lat").is_not_null() & pl.col("lon").is_not_null())
    vague = (pl.col("where_prec") >= _VAGUE).fill_null(value=False)
    points = (
        placed.group_by("lat", "lon", maintain_order=True)
        .agg(
            pl.col("row", "event_id").first(),
            _n=pl.len(),
            _vague=vague.sum(),
            _unsaid=pl.col("where_prec").null_count(),
        )
        .filter(pl.col("_n") >= FEWEST)
    )
    middle = _on_a_middle(points, (*context.ground.countries, *context.ground.areas))
    # A place that happens to lie in the middle of its area, and is coded as exact, is no pile.
    unsaid = pl.Series(middle, dtype=pl.Boolean) & (points["_unsaid"] * 2 > points["_n"])
    piles = points.filter((points["_vague"] * 2 > points["_n"]) | unsaid)
    return [_said(pile, placed, context) for pile in piles.iter_rows(named=True)]


def _on_a_middle(points: pl.DataFrame, areas: tuple[Area, ...]) -> list[bool]:
    if not areas:
        return [False] * points.height
    middles = np.array([(a.geometry.centroid.y, a.geometry.centroid.x) for a in areas])
    far = distance_km(
        points["lat"].to_numpy()[:, None], points["lon"].to_numpy()[:, None], middles[:, 0], middles[:, 1]
    )
    return [bool(row.min() <= _MIDDLE_KM) for row in far]


def _said(pile: dict[str, Any], placed: pl.DataFrame, context: Context) -> Finding:
    here = placed.filter((pl.col("lat") == pile["lat"]) & (pl.col("lon") == pile["lon"]))
    where = f"on the point {pile['lat']}, {pile['lon']}, first in {pile['event_id'] or 'no id'}"
    found = f"{share_of(here, placed)} {where}"
    return _RULE.once(context, "lat", found, row=int(pile["row"]))
