"""Deaths by first-level area and month, of the incidents that an assessment counts.

Enters: counted events of a theatre. Leaves: a panel of all its areas, struck or not. Called by
`toguna.room.again`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import polars as pl

from toguna.core.dates import month_id
from toguna.panels.counting import COLUMNS, count_events
from toguna.panels.panel import Panel
from toguna.store.theatre import Theatre

__all__ = ["area_panel", "first_level"]


def first_level(theatre: Theatre) -> frozenset[str] | None:
    """Name the first-level areas of the countries assessed; None when the pack has none."""
    areas = theatre.areas("adm1")
    named = {a.name for a in areas if not a.country or a.country in theatre.countries}
    return frozenset(named or theatre.names("adm1").canonical.values()) or None


def area_panel(counted: pl.DataFrame, theatre: Theatre, as_of: date) -> Panel | None:
    """Count deaths by area and month, from the month of the first event to that of `as_of`.

    An event belongs to the month of its last day. Events of the theatre's countries that lie in none of its
    areas stand in ``unplaced``; those of other countries are left out. None when there is nothing to count.
    """
    inside = counted.filter(pl.col("country").is_in(list(theatre.countries)))
    areas = first_level(theatre)
    if inside.is_empty() or not areas:
        return None
    last = pl.coalesce("date_end", "date_start")
    first = inside.select(last.min()).item()
    named = inside.with_columns(country=pl.lit(""), within=pl.lit(None, dtype=pl.String))
    found = count_events(named, level="admin1", months=(month_id(first), month_id(as_of)))
    return _on(found, sorted(areas))


def _on(found: Panel, areas: Collection[str]) -> Panel:
    """Put the counts on the areas of the theatre; what lies elsewhere is unplaced."""
    names = [unit.partition("/")[2] for unit in found.units]
    place = {name: k for k, name in enumerate(areas)}
    values = np.zeros((len(found.months), len(place), len(COLUMNS)))
    lost = dict(found.unplaced)
    for k, name in enumerate(names):
        if name in place:
            values[:, place[name]] += found.values[:, k]
            continue
        for c, column in enumerate(COLUMNS):
            lost[column] += float(found.values[:, k, c].sum())
    return Panel("admin1", tuple(areas), found.months, COLUMNS, values, lost)
