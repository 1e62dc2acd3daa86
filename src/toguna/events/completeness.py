"""When each event was first known, and what share of recent ones is known by now.

Enters: what was gathered at a date, and the releases behind it. Leaves: `Completeness` by source. Called by
`toguna.room`; forecasts may call it as it is.

The day on which an event was first known is that of the first release that told it, or of its row where rows
are dated one by one. Nothing published after the date is looked at.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from toguna.events.gather import AS_PUBLISHED, Gathered
from toguna.events.nowcast import Completeness, Reports, completeness, unknown
from toguna.events.releases import Line, lines_of
from toguna.events.revisions import telling_of
from toguna.events.succession import Telling
from toguna.sources.protocol import rows_dated_of
from toguna.store.home import Home
from toguna.store.theatre import Theatre

__all__ = ["completeness_by_source", "first_known"]


def completeness_by_source(
    gathered: Gathered, theatre: Theatre, *, as_of: date, home: Home | None = None, seed: int = 0
) -> dict[str, Completeness]:
    """Estimate for each source which share of the events of recent months is known.

    Parameters
    ----------
    gathered : Gathered
        What counted at the date.
    theatre : Theatre
        The same theatre.
    as_of : date
        The same date.
    home : Home, optional
        Where the archive lies.
    seed : int
        Seed of the intervals.

    Returns
    -------
    dict of str to Completeness
        By source; `known` is False, with the reason, where nothing can be said.
    """
    published = {a.source for a in gathered.accounts if a.vintage == AS_PUBLISHED}
    lines = _lines(published, home, as_of)
    out = {}
    for source in sorted({a.source for a in gathered.accounts}):
        events = gathered.events.filter((pl.col("source") == source) & pl.col("within").is_null())
        rng = np.random.default_rng([seed, 3, zlib.crc32(source.encode())])
        if source not in published:
            out[source] = unknown("final-vintage")
            continue
        line = lines.get(source)
        if line is not None and _tells_no_delay(line, events):
            out[source] = unknown("too-short")
            continue
        reports = _reports(events, line, theatre, as_of=as_of)
        out[source] = (
            completeness(reports, as_of=as_of.toordinal(), rng=rng) if reports else unknown("too-few")
        )
    return out


def _tells_no_delay(line: Line, events: pl.DataFrame) -> bool:
    """Whether there is one release only, and its rows are not dated one by one."""
    dated = rows_dated_of(line.source) == "first" and _row_dated(events)
    return len(line.releases) == 1 and not dated


def _lines(names: set[str], home: Home | None, as_of: date) -> dict[str, Line]:
    sources = {name.partition(":")[0] for name in names} - {"chronology"}
    if home is None:
        return {}
    return {line.name: line for source in sorted(sources) for line in lines_of(home, source, as_of=as_of)}


def _reports(events: pl.DataFrame, line: Line | None, theatre: Theatre, *, as_of: date) -> Reports | None:
    told = events.select("event_id", "country", "date_start", "published_at", "best").drop_nulls("date_start")
    since = settled = None
    if line is not None:
        tellings = [telling_of(line, release, as_of=as_of, theatre=theatre) for release in line.releases]
        known, watched = first_known(tellings, line=line)
        told = told.drop("published_at").join(known, on="event_id", how="left", maintain_order="left")
        told = _watched(told, watched)
        since = max(watched.values()) if watched else None
        ends = [r.term.last for r in line.releases if r.term and r.term.last and not r.preliminary]
        settled = max(ends) if ends else None
    told = told.drop_nulls("published_at")
    if told.is_empty():
        return None
    return Reports(
        day=_ordinals(told["date_start"]),
        known=np.maximum(_ordinals(told["published_at"]), since.toordinal() if since else 0),
        deaths=told["best"].fill_null(0).to_numpy().astype(np.float64),
        since=since.toordinal() if since else None,
        settled=settled.toordinal() if settled else None,
    )


def _ordinals(days: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    epoch = date(1970, 1, 1).toordinal()
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = (
        days.cast(pl.Int32).to_numpy().astype(np.int64) + epoch
    )
    return found


def first_known(tellings: list[Telling], *, line: Line) -> tuple[pl.DataFrame, dict[str, date]]:
    """Say when each event was first known, and since when each country has been watched.

    Parameters
    ----------
    tellings : list of Telling
        All releases of the line that were known, oldest first.
    line : Line
        The line.

    Returns
    -------
    known : DataFrame
        event_id, published_at.
    watched : dict of str to date
        By country, the day of the first release that holds it; empty when rows are dated one by one.
    """
    dated = rows_dated_of(line.source) == "first" and any(_row_dated(t.events) for t in tellings)
    parts, watched = [], dict[str, date]()
    for telling in tellings:
        release = pl.lit(telling.published_at, dtype=pl.Date)
        own = pl.coalesce("published_at", release) if _row_dated(telling.events) else release
        parts.append(telling.events.select("event_id", published_at=own))
        for country in telling.events["country"].fill_null("").unique().to_list():
            if telling.published_at is not None:
                watched.setdefault(country, telling.published_at)
    known = pl.concat(parts).drop_nulls().group_by("event_id").agg(pl.col("published_at").min())
    return known.sort("event_id"), {} if dated else watched


def _row_dated(events: pl.DataFrame) -> bool:
    return events["published_at"].drop_nulls().n_unique() > 1


def _watched(told: pl.DataFrame, watched: Mapping[str, date]) -> pl.DataFrame:
    """Take what the first release of a country told as known since then at the latest."""
    if not watched:
        return told
    first = pl.col("country").fill_null("").replace_strict(dict(watched), default=None, return_dtype=pl.Date)
    return told.with_columns(published_at=pl.max_horizontal("published_at", first))
