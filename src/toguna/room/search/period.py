"""A period parted in two, before and after: what happened where, month by month, and as points of a map.

Enters: an index, a `Period`. Leaves: counts and compact columns. Called by the page "Map and time".

An incident counts once, by the telling that speaks for it. Whoever is not a member sees the public face: rows
of sources that forbid passing rows on are left out, days become months, points a net of a tenth of a degree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.room.search.find import Index
from toguna.room.search.query import MISSING

__all__ = ["AreaCount", "Bin", "Period", "Points", "bins", "by_area", "netted", "points"]

_EPOCH = date(1970, 1, 1)
_NET = 10  # of a degree: some eleven kilometres
_MONTHS_SHOWN = 180
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Period:
    """Days looked at, both ends counted; what begins on `split` or later is "after".

    Raises
    ------
    UsageError
        The days are not in order.
    """

    first: date
    split: date
    last: date

    def __post_init__(self) -> None:
        if not self.first <= self.split <= self.last:
            raise UsageError(
                f"a period from {self.first} to {self.last} parted on {self.split}: "
                "expected first <= split <= last."
            )

    @property
    def before(self) -> date:
        """The last day before the split."""
        return self.split - timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Points:
    """Points of a map in the order of days, as columns of equal length.

    Parameters
    ----------
    lon, lat : ndarray of float
        Degrees; NaN where no point is told.
    day : ndarray of int
        Days since 1 January 1970.
    deaths : ndarray of int
        Best estimate, -1 = unknown.
    area : ndarray of int
        Code of the first-level area, 0 = not stated.
    """

    lon: Floats
    lat: Floats
    day: Ints
    deaths: Ints
    area: Ints

    @property
    def placed(self) -> int:
        """How many lie at a point."""
        return int(np.isfinite(self.lon).sum())

    def of(self, period: Period) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Say which lie before, and which after the split of a period."""
        first, split, last = ((d - _EPOCH).days for d in (period.first, period.split, period.last))
        before = (self.day >= first) & (self.day < split)
        return before, (self.day >= split) & (self.day <= last)

    def columns(self) -> dict[str, Any]:
        """Return whole numbers for a page: places once, in 1e-4 degrees, days as differences."""
        there = np.isfinite(self.lon)
        places, at = netted(self.lon[there], self.lat[there], net=1e-4)
        return {
            "lon": places[0].tolist(),
            "lat": places[1].tolist(),
            "at": at.tolist(),
            "day": np.diff(self.day[there], prepend=0).tolist(),
            "deaths": self.deaths[there].tolist(),
        }


def netted(lon: Floats, lat: Floats, *, net: float) -> tuple[tuple[Ints, Ints], Ints]:
    """Lay points on a net: the knots hit (multiples of `net` degrees east, north), and that of each."""
    wide = int(360 / net) + 2
    key = np.round(lat / net).astype(np.int64) * wide + np.round(lon / net).astype(np.int64) + wide // 2
    knots, at = np.unique(key, return_inverse=True)
    return (knots % wide - wide // 2, knots // wide), at.reshape(-1)


def points(index: Index, *, public: bool) -> Points:
    """Return all incidents as points, as members or as everybody may see them."""
    return _points(index, public)


@lru_cache(maxsize=4)
def _points(index: Index, public: bool) -> Points:
    keep = np.asarray(index.numbers("speaks")).copy()
    if public:
        keep &= ~index.numbers("closed")
    lon, lat = (np.asarray(index.numbers(name))[keep] for name in ("lon", "lat"))
    day = np.asarray(index.numbers("first"))[keep].astype(np.int64)
    deaths = np.asarray(index.numbers("deaths"))[keep].astype(np.int64)
    area = np.asarray(index.numbers("facet-admin1"))[keep].astype(np.int64)
    if public:
        lon, lat = np.round(lon * _NET) / _NET, np.round(lat * _NET) / _NET
        day = day.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    order = np.lexsort((lat, lon, day))
    return Points(lon[order], lat[order], day[order], deaths[order], area[order])


@dataclass(frozen=True, slots=True)
class AreaCount:
    """Events and known deaths of an area ("-" = not stated); `unknown` = events without a toll."""

    name: str
    before: int
    after: int
    deaths_before: int
    deaths_after: int
    unknown: int


def by_area(index: Index, told: Points, period: Period) -> list[AreaCount]:
    """Count by first-level area; those where nothing happened are left out, the most struck come first."""
    names = [MISSING, *index.values("admin1")]
    columns = []
    unknown = np.zeros(len(names), dtype=np.int64)
    for part in told.of(period):
        area, deaths = told.area[part], told.deaths[part]
        known = deaths >= 0
        columns += [np.bincount(area, minlength=len(names))]
        columns += [np.bincount(area[known], weights=deaths[known], minlength=len(names)).astype(np.int64)]
        unknown += np.bincount(area[~known], minlength=len(names))
    before, deaths_before, after, deaths_after = (column.tolist() for column in columns)
    rows = [
        AreaCount(*row)
        for row in zip(names, before, after, deaths_before, deaths_after, unknown.tolist(), strict=True)
        if row[1] or row[2]
    ]
    return sorted(rows, key=lambda r: (-r.after, -r.before, r.name))


@dataclass(frozen=True, slots=True)
class Bin:
    """Incidents that begin from `first` to `last`."""

    first: date
    last: date
    n: int


def bins(told: Points) -> list[Bin]:
    """Count by month; by quarter or year where months would be too many to tell apart."""
    if not len(told.day):
        return []
    months = told.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    span = int(months.max() - months.min()) + 1
    size = 1 if span <= _MONTHS_SHOWN else 3 if span <= 3 * _MONTHS_SHOWN else 12
    start = int(months.min()) // size * size
    counts = np.bincount((months - start) // size)
    starts = [_month(start + size * k) for k in range(len(counts) + 1)]
    return [
        Bin(a, b - timedelta(days=1), int(n)) for a, b, n in zip(starts, starts[1:], counts, strict=False)
    ]


def _month(number: int) -> date:
    return date(1970 + number // 12, number % 12 + 1, 1)
