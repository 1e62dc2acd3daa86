"""How the figures of the same events changed from one release to the next.

Enters: the archive. Leaves: `Revision`, one for each pair of releases that tell of the same days. Called by
the command line and `toguna.room`.

Only what both releases cover is compared. Where one of the two is a part of what it should be (a sample, an
extract), what is missing from it says nothing: then only events that stand in both are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import polars as pl

from toguna.core.geography import distance_km
from toguna.events.releases import Line, Release, lines_of
from toguna.events.succession import FEWEST, MOST_MISSING, Telling, in_force, within_spans, within_term
from toguna.sources.protocol import RawFile, Succession
from toguna.store.home import Home
from toguna.store.theatre import Theatre

__all__ = ["Change", "Revision", "compare", "revisions", "telling_of"]

_FIGURES = ("best", "low", "high")
_MOVED_KM = 1.0  # less is rounding of coordinates


@dataclass(frozen=True, slots=True)
class Change:
    """Events whose figure of deaths went up or down, and by how many deaths in sum."""

    up: int
    up_by: int
    down: int
    down_by: int

    def as_dict(self) -> dict[str, int]:
        """Return plain values for JSON."""
        return {name: getattr(self, name) for name in ("up", "up_by", "down", "down_by")}


@dataclass(frozen=True, slots=True)
class Revision:
    """What a newer release says otherwise than an older one.

    Parameters
    ----------
    source, older, newer : str
        Source, and the two versions.
    both : int
        Events that stand in both: compared one by one.
    beyond : int
        Events of the newer release that the older one does not cover.
    added, withdrawn : tuple of str or None
        Ids of events within what both cover; None when one of the two is a part of itself.
    added_deaths, withdrawn_deaths : int or None
        Best estimates of these, in sum.
    deaths : dict
        "best", "low", "high": `Change`. Figures that are missing in one of the two are not compared.
    known, lost : int
        Best estimates that were missing and are known now, and the other way round.
    moved : dict
        "date", "place" (by more than a kilometre), "actors": ids of events.
    """

    source: str
    older: str
    newer: str
    both: int
    beyond: int
    added: tuple[str, ...] | None
    withdrawn: tuple[str, ...] | None
    added_deaths: int | None
    withdrawn_deaths: int | None
    deaths: dict[str, Change]
    known: int
    lost: int
    moved: dict[str, tuple[str, ...]]

    def counts(self) -> dict[str, Any]:
        """Return plain values for JSON, with numbers of events in the place of their ids."""
        told = self.as_dict()
        told |= {name: None if told[name] is None else len(told[name]) for name in ("added", "withdrawn")}
        return told | {"moved": {name: len(ids) for name, ids in self.moved.items()}}

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return plain | {
            "deaths": {name: change.as_dict() for name, change in self.deaths.items()},
            "moved": {name: list(ids) for name, ids in self.moved.items()},
            "added": None if self.added is None else list(self.added),
            "withdrawn": None if self.withdrawn is None else list(self.withdrawn),
        }


def revisions(home: Home, name: str, *, as_of: date, theatre: Theatre | None = None) -> list[Revision]:
    """Compare the releases of a source that were published by a date.

    Parameters
    ----------
    home : Home
        Where the archive lies.
    name : str
        Name of the source.
    as_of : date
        Releases published later are not looked at.
    theatre : Theatre, optional
        Only what concerns it.

    Raises
    ------
    UnknownNameError
        The source is not installed.
    """
    found = []
    for line in lines_of(home, name, as_of=as_of):
        tell = partial(telling_of, line, as_of=as_of, theatre=theatre)
        steps = _by_term(line, tell) if line.succession == "whole" else _one_by_one(line, tell)
        found += [
            compare(before, after, names=(line.name, *versions), succession=line.succession)
            for before, after, versions in steps
        ]
    return found


def compare(
    before: Telling, after: Telling, *, names: tuple[str, str, str], succession: Succession
) -> Revision:
    """Compare two tellings of the same events.

    Parameters
    ----------
    before, after : Telling
        The older and the newer one; every id once in each.
    names : (str, str, str)
        Source, older version, newer version.
    succession : {"whole", "coverage", "cumulative"}
        How releases of this source follow one another.
    """
    old, new = before.events, after.events
    shared = old.join(new, on="event_id", how="inner", suffix="_new", maintain_order="left")
    ids = shared["event_id"].to_list()
    gone = old.filter(_covered(old, after, succession) & ~old["event_id"].is_in(ids))
    inside = _covered(new, before, succession)
    come = new.filter(inside & ~new["event_id"].is_in(ids))
    part = _is_part(gone.height, shared.height) or _is_part(come.height, shared.height)
    return Revision(
        *names,
        both=shared.height,
        beyond=int((~inside & ~new["event_id"].is_in(ids)).sum()),
        added=None if part else tuple(come["event_id"]),
        withdrawn=None if part else tuple(gone["event_id"]),
        added_deaths=None if part else int(come["best"].sum()),
        withdrawn_deaths=None if part else int(gone["best"].sum()),
        deaths={name: _change(shared, name) for name in _FIGURES},
        known=int((shared["best"].is_null() & shared["best_new"].is_not_null()).sum()),
        lost=int((shared["best"].is_not_null() & shared["best_new"].is_null()).sum()),
        moved=_moved(shared, old, new),
    )


def _covered(events: pl.DataFrame, by: Telling, succession: Succession) -> pl.Series:
    if succession == "cumulative":
        return pl.Series([False]).new_from_index(0, events.height)
    return within_term(events, by.term) if by.term else within_spans(events, by.events)


def _is_part(missing: int, shared: int) -> bool:
    """Whether more is missing than revisions explain: a sample, an extract, a file that was cut off."""
    return missing >= FEWEST and missing > MOST_MISSING * (missing + shared)


def _change(shared: pl.DataFrame, name: str) -> Change:
    by = shared.select(pl.col(f"{name}_new") - pl.col(name)).to_series().drop_nulls()
    up, down = by.filter(by > 0), by.filter(by < 0)
    return Change(up.len(), int(up.sum()), down.len(), -int(down.sum()))


def _tells_last_days(*releases: pl.DataFrame) -> bool:
    """Whether all releases say when events ended: one without an event of two days does not."""
    return all((r["date_end"] > r["date_start"]).any() for r in releases)


def _moved(shared: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    def other(*names: str) -> pl.Series:
        return shared.select(
            pl.any_horizontal(pl.col(n).ne_missing(pl.col(f"{n}_new")) for n in names)
        ).to_series()

    far = distance_km(*(shared[n].to_numpy() for n in ("lat", "lon", "lat_new", "lon_new"))) > _MOVED_KM
    which = {
        "date": other("date_start", "date_end") if _tells_last_days(old, new) else other("date_start"),
        "place": pl.Series(far, dtype=pl.Boolean),
        "actors": other("side_a", "side_b", "perpetrators"),
    }
    return {name: tuple(shared.filter(mask)["event_id"]) for name, mask in which.items()}


Step = tuple[Telling, Telling, tuple[str, str]]
Tell = Callable[[Release], Telling]


def _by_term(line: Line, tell: Tell) -> Iterator[Step]:
    told: dict[str, Telling] = {}

    def telling(release: Release) -> Telling:
        key = release.snapshot.sha256
        if key not in told:
            told[key] = tell(release)
        return told[key]

    for older, newer in _pairs(line):
        yield telling(older), telling(newer), (_version(older), _version(newer))


def _one_by_one(line: Line, tell: Tell) -> Iterator[Step]:
    """Hold each release against everything that counted before it."""
    state: Telling | None = None
    for release in line.releases:
        newer = tell(release)
        if state is None:
            state = newer
            continue
        yield state, newer, ("all before", _version(release))
        first, _ = in_force([state, newer], succession=line.succession)
        merged = pl.concat([state.events.filter(first.counts), newer.events])
        state = Telling(merged, release.snapshot.published_at)


def _version(release: Release) -> str:
    snapshot = release.snapshot
    return snapshot.version or (snapshot.published_at.isoformat() if snapshot.published_at else "unknown")


def _pairs(line: Line) -> Iterator[tuple[Release, Release]]:
    """Pair every release with those before it that tell of the same days."""
    final = [r for r in line.releases if not r.preliminary]
    yield from pairwise(final)
    for k, release in enumerate(line.releases):
        before = [r for r in line.releases[:k] if r.preliminary]
        settled = [r for r in line.releases[:k] if not r.preliminary]
        for early in before:
            if _overlap(early, release) and not any(_overlap(early, s) for s in settled):
                yield early, release


def _overlap(early: Release, later: Release) -> bool:
    """Whether the days of a preliminary release lie within those of a later one."""
    one, other = early.term, later.term
    if one is None or other is None or one.last is None or other.last is None:
        return False
    return one.last <= other.last and (other.first is None or (one.first or date.min) >= other.first)


def telling_of(line: Line, release: Release, *, as_of: date, theatre: Theatre | None = None) -> Telling:
    """Read the events of a release, those of a theatre or all; every id once.

    Rows that state a later day of publication than `as_of` are left out, whatever day their release bears.
    """
    snapshot = release.snapshot
    raw = RawFile(
        release.archive.read(snapshot),
        version=snapshot.version,
        published_at=snapshot.published_at,
        table=snapshot.file_name,
    )
    if theatre is not None:
        raw = line.source.select(raw, theatre=theatre)
    later = (pl.col("published_at") > as_of).fill_null(value=False)
    parsed = line.source.parse(raw, theatre=theatre).events
    events = parsed.filter(pl.col("event_id").is_not_null() & ~later).unique(
        "event_id", keep="first", maintain_order=True
    )
    return Telling(events, snapshot.published_at, release.term)
