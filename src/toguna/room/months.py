"""Events and deaths by source, area and month, with vague events spread as the viewpoint says.

Enters: a `View`. Leaves: the rows under "months" of an assessment. Called by `situation`.

Deaths of the rows of a source add up to those of its events that count: what no area holds stands under no
area. Where events are spread, a row counts shares of events, and only its deaths are whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from toguna.events.spread import spread

if TYPE_CHECKING:
    from toguna.room.view import View

__all__ = ["months"]


def months(view: View) -> list[dict[str, Any]]:
    """Count the events that begin in one of the two windows.

    Returns
    -------
    list of dict
        source, month ("2015-11"), area (name or None), events (sum of shares), best, low, high (persons, over
        events that give the figure), unknown (shares of events without a best figure).
    """
    question, windows = view.question, view.question.windows
    counted = view.told.filter(pl.col("date_start").is_between(windows.reference.start, windows.recent.end))
    areas = [a for level in ("adm1", "adm2") for a in question.theatre.areas(level)]
    rows: list[dict[str, Any]] = []
    for source in sorted(counted["source"].unique()):
        told = counted.filter(pl.col("source") == source)
        shares = spread(told, how=question.viewpoint.spread, as_of=question.as_of, areas=areas)
        rows += _summed(shares).with_columns(source=pl.lit(source)).to_dicts()
    return rows


def _summed(shares: pl.DataFrame) -> pl.DataFrame:
    figures = [pl.col(name).sum().alias(name) for name in ("best", "low", "high")]
    unknown = pl.col("share").filter(pl.col("best").is_null()).sum().round(4).alias("unknown")
    summed = (
        shares.with_columns(month=pl.col("date_start").dt.strftime("%Y-%m"))
        .group_by("month", "admin1")
        .agg(pl.col("share").sum().round(4).alias("events"), *figures, unknown)
    )
    return summed.rename({"admin1": "area"}).sort("month", "area", nulls_last=True)
