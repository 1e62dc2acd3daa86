"""Which search shows the incidents of an alarm.

Enters: a shift of the assessment, events. Leaves: parameters of the page of incidents. Pure. Called by
`toguna.room.web.built`, once for every assessment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

__all__ = ["incidents_of"]

MOST_AREAS = 12


def incidents_of(shift: Mapping[str, Any], events: pl.DataFrame) -> dict[str, Any]:
    """Return the search that finds the events that show a shift, and others of that time and place.

    Parameters
    ----------
    shift : mapping
        With ``event_ids``.
    events : pl.DataFrame
        ``event_id``, ``date_start``, ``date_end``, ``admin1``, ``source``.

    Returns
    -------
    dict
        ``from``, ``to``, ``source`` and, where the areas are few and all known, ``admin1``; empty for a shift
        that no event of the frame shows.
    """
    ids = pl.Series(list(shift.get("event_ids") or ()), dtype=pl.String)
    shown = events.filter(pl.col("event_id").is_in(ids.implode()))
    days = pl.concat([shown["date_start"], shown["date_end"]]).drop_nulls()
    if days.is_empty():
        return {}
    ordered = days.sort()
    query: dict[str, Any] = {"from": ordered[0].isoformat(), "to": ordered[-1].isoformat()}
    query["source"] = sorted(shown["source"].unique().to_list())
    areas = sorted(shown["admin1"].drop_nulls().unique().to_list())
    if shown["admin1"].null_count() == 0 and len(areas) <= MOST_AREAS:
        query["admin1"] = areas
    return query
