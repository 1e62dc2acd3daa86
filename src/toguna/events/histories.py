"""What each release told of an event, for the events that were not always told alike.

Enters: the archive. Leaves: one row per event and release. Called by `toguna.room.web.prepared`; sums over
all events are in `toguna.events.revisions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from toguna.core.names import EVENT_SCHEMA
from toguna.events.releases import Line, Release, lines_of
from toguna.events.revisions import telling_of
from toguna.store.home import Home
from toguna.store.theatre import Theatre

__all__ = ["TOLD", "histories"]

TOLD = ("date_start", "date_end", "best", "low", "high", "place", "lat", "lon", "side_a", "side_b")
_SCHEMA = {
    "event_id": pl.String(), "version": pl.String(), "published_at": pl.Date(),
    **{name: EVENT_SCHEMA[name] for name in TOLD},
}  # fmt: skip


def histories(home: Home, names: Iterable[str], *, as_of: date, theatre: Theatre) -> pl.DataFrame:
    """Return every telling of the events that newer releases told otherwise.

    Parameters
    ----------
    home : Home
        Where the archive lies.
    names : iterable of str
        Names of sources.
    as_of : date
        Releases published later are not looked at.
    theatre : Theatre
        Only what concerns it.

    Returns
    -------
    DataFrame
        `event_id`, `version` and `published_at` of the release, and the columns of `TOLD`; by event, the
        oldest release first.

    Raises
    ------
    UnknownNameError
        A source is not installed.
    """
    told = [
        _telling(line, release, as_of, theatre)
        for name in names
        for line in lines_of(home, name, as_of=as_of)
        for release in line.releases
    ]
    if not told:
        return pl.DataFrame(schema=_SCHEMA)
    every = pl.concat(told).sort("event_id", "published_at", maintain_order=True)
    versions = every.unique(["event_id", *TOLD]).group_by("event_id").len().filter(pl.col("len") > 1)
    return every.join(versions.select("event_id"), on="event_id", how="semi", maintain_order="left")


def _telling(line: Line, release: Release, as_of: date, theatre: Theatre) -> pl.DataFrame:
    snapshot = release.snapshot
    events = telling_of(line, release, as_of=as_of, theatre=theatre).events
    return events.select(
        "event_id",
        pl.lit(snapshot.version or "", pl.String()).alias("version"),
        pl.lit(snapshot.published_at, pl.Date()).alias("published_at"),
        *TOLD,
    )
