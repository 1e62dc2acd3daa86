"""Which known events a report may tell of again: scored as `toguna.events.links` does.

Enters: a record, the events of the built assessment, other records. Leaves: `Alike`, the likeliest first.
Called by the page of review. What is shown is for a person to judge: nothing is linked by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.geography import distance_km
from toguna.core.names import EVENT_SCHEMA
from toguna.events.links.compare import compare
from toguna.events.links.score import Reason, model
from toguna.events.links.tellings import read
from toguna.room.reporting.review import Record
from toguna.sources.reports import SOURCE
from toguna.store.theatre import Theatre

__all__ = ["DAYS", "Alike", "alike"]

DAYS, KM = 2, 60.0
_MOST = 8


@dataclass(frozen=True)
class Alike:
    """An event that may be the same: its row, probability (0 to 1), days and km apart, and reasons."""

    event: dict[str, Any]
    probability: float
    days: int
    km: float | None
    reasons: tuple[Reason, ...]


def alike(
    theatre: Theatre, shown: Record, *, events: pl.DataFrame | None, others: Sequence[Record], as_of: date
) -> list[Alike]:
    """Score a report against events and other reports at most two days apart, and 60 km where points tell.

    Parameters
    ----------
    events : DataFrame or None
        Of the built assessment; None when there is none.
    others : sequence of Record
        Other reports that are not rejected.
    """
    own = _events(theatre, [shown], as_of=as_of).with_columns(source=pl.lit("this report"))
    day = own["date_start"][0]
    if day is None:
        return []
    reports = _events(theatre, [o for o in others if o.id != shown.id], as_of=as_of)
    reports = reports.with_columns(source=pl.lit("other reports"))
    parts = [reports] if events is None else [reports, events.select(EVENT_SCHEMA.names())]
    near = pl.concat([part.filter(_within(day)) for part in parts])
    # An accepted report is among the events of the assessment too.
    near = near.unique("event_id", keep="last", maintain_order=True)
    near = near.filter(pl.col("event_id") != shown.event_id)
    if near.is_empty():
        return []
    together = pl.concat([own, near])
    t = read(together)
    i = np.zeros(near.height, dtype=np.int64)
    j = np.arange(1, near.height + 1, dtype=np.int64)
    codes = compare(t, i, j)
    chance = model().probability(codes)
    km = distance_km(t.lat[i], t.lon[i], t.lat[j], t.lon[j])
    found = [
        Alike(row, float(p), abs((row["date_start"] - day).days), None if np.isnan(d) else float(d), why)
        for row, p, d, why in zip(
            near.iter_rows(named=True), chance, km, map(model().reasons, codes), strict=True
        )
    ]
    close = [a for a in found if a.km is None or a.km <= KM]
    return sorted(close, key=lambda a: (-a.probability, a.event["event_id"]))[:_MOST]


def _within(day: date) -> pl.Expr:
    first, last = day - timedelta(days=DAYS), day + timedelta(days=DAYS)
    ended = pl.coalesce("date_end", "date_start")
    return (pl.col("date_start") <= last) & (ended >= first)


def _events(theatre: Theatre, records: Sequence[Record], *, as_of: date) -> pl.DataFrame:
    """Say records as the source says them once they are accepted, with the ids of actors."""
    if not records:
        return pl.DataFrame(schema=EVENT_SCHEMA)
    rows = [{**r.answers, "_id": f"room-{r.id}", "_submission_time": r.received_at} for r in records]
    told = SOURCE.tell_rows(rows, theatre=theatre).events
    registry = Registry.build(theatre, as_of=as_of)
    named = [
        [registry.resolve(n).actor_id or n for n in names or ()] for names in told["perpetrators"].to_list()
    ]
    country = theatre.countries[0] if len(theatre.countries) == 1 else None
    return told.with_columns(
        perpetrators=pl.Series(named, dtype=pl.List(pl.String)),
        country=pl.coalesce("country", pl.lit(country, pl.String())),
    )
