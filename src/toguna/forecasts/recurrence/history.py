"""The record that a model may see: times, places and marks, and the questions put to it.

Enters: a `Sample`, a `Kind`, a level of areas. Leaves: `History` (events as arrays) and `Grid` (areas
by kinds by horizons, all asked at once). Called by every model of this package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from toguna.core.geography import gid, to_lat_lon
from toguna.forecasts.recurrence.question import Circle, Kind, Place
from toguna.shifts.sample import Sample

__all__ = ["Chances", "Grid", "History", "asked_grid", "history_of", "sibling_grid"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class History:
    """N events until a day, in order.

    Parameters
    ----------
    time : (N,) float
        Days since the record began; a day counts from its start, so events lie in [0, span).
    place : (N, 2) float
        Kilometres east and north.
    label : (N,) int
        Which combination of the asked marks, 0 to L - 1.
    labels : int
        L.
    span : float
        Days that the record covers.
    """

    time: Floats
    place: Floats
    label: Ints
    labels: int
    span: float

    def __len__(self) -> int:
        return len(self.time)

    def until(self, span: float) -> History:
        """Return what was known after `span` days."""
        n = int(np.searchsorted(self.time, span, side="left"))
        return History(self.time[:n], self.place[:n], self.label[:n], self.labels, span)

    def latest(self, days: float, *, fewest: int, most: int) -> History:
        """Return the last `days`, or further back until `fewest` events are in, but at most `most`.

        The record begins where it was cut: at a day, or with an event.
        """
        start = max(self.span - days, 0.0)
        start = min(start, float(self.time[-fewest])) if len(self) > fewest else 0.0
        if len(self) > most:
            start = max(start, float(self.time[-most]))
        if start <= 0.0:
            return self
        kept = self.time >= start
        return History(
            self.time[kept] - start, self.place[kept], self.label[kept], self.labels, self.span - start
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """Areas by kinds by horizons: each asks "how many events of this kind here by then?".

    Parameters
    ----------
    areas, kinds : int
        A and K.
    horizon : (H,) float
        Days, increasing.
    area_of : function
        Points (n, 2) in km -> area (n,), 0 to A - 1.
    kind_of : (L,) int
        Label -> kind, 0 to K - 1.
    """

    areas: int
    kinds: int
    horizon: Floats
    area_of: Callable[[Floats], Ints]
    kind_of: Ints

    def counts(self, history: History, *, since: float, until: float) -> Floats:
        """Count the events of every area and kind with `since` <= time < `until`: (A, K)."""
        inside = (history.time >= since) & (history.time < until)
        return self.tally(history, inside.astype(np.float64))

    def codes(self, history: History) -> Ints:
        """Number area and kind of every event at once, (N,); of a shorter past they are the first ones."""
        return np.asarray(self.area_of(history.place) * self.kinds + self.kind_of[history.label], np.int64)

    def tally(self, history: History, weight: Floats, codes: Ints | None = None) -> Floats:
        """Sum weights of events by area and kind, (A, K); `codes` when they are known already."""
        code = self.codes(history) if codes is None else codes
        summed = np.bincount(code, weights=weight, minlength=self.areas * self.kinds)
        return np.asarray(summed, dtype=np.float64).reshape(self.areas, self.kinds)


@dataclass(frozen=True, slots=True)
class Chances:
    """What a model says for every area, kind and horizon of a grid, each (A, K, H).

    Parameters
    ----------
    probability : float
        Of at least one event, over all that is uncertain.
    low, high : float
        90 % limits of that probability, given that the model holds: parameters are uncertain.
    expected : float
        Mean number of events.
    """

    probability: Floats
    low: Floats
    high: Floats
    expected: Floats

    def ordered(self) -> Chances:
        """Let no longer horizon say less than a shorter one: draws and fits of each leave such noise."""
        parts = (self.probability, self.low, self.high, self.expected)
        return Chances(*(np.maximum.accumulate(part, axis=-1) for part in parts))

    def followed_by(self, longer: Chances) -> Chances:
        """Take what another says of the horizons beyond these; nothing later falls below what is said."""
        n = self.probability.shape[-1]
        parts = []
        for name in ("probability", "low", "high", "expected"):
            own, other = getattr(self, name), getattr(longer, name)
            parts.append(np.concatenate([own, np.maximum(own[..., -1:], other[..., n:])], axis=-1))
        return Chances(*parts)


def labels_of(sample: Sample, kind: Kind) -> tuple[Ints, list[tuple[str, ...]]]:
    """Number the combinations of the asked marks; missing marks are a value of their own."""
    columns = []
    for name in kind.asked:
        if name == "family":
            columns.append(np.where(sample.families[kind.family], "in", "out"))
        else:
            coded = sample.coded[name]
            columns.append(np.array([*coded.names, ""])[coded.codes])
    if not columns:
        return np.zeros(len(sample), dtype=np.int64), [()]
    found = list(zip(*(c.tolist() for c in columns), strict=True))
    names = sorted(set(found))
    index = {n: i for i, n in enumerate(names)}
    return np.array([index[f] for f in found], dtype=np.int64), names


def counts_as(kind: Kind, names: list[tuple[str, ...]]) -> Bools:
    """Say which combinations of marks are of the kind."""
    wanted = [frozenset({"in"}) if c == "family" else getattr(kind, c) for c in kind.asked]
    return np.array([all(v in w for v, w in zip(name, wanted, strict=True)) for name in names], dtype=bool)


def history_of(sample: Sample, kind: Kind, *, last_day: int) -> tuple[History, list[tuple[str, ...]]]:
    """Return the events until `last_day` (included) as a history, and the names of its labels.

    The record begins with the first event: what lay before is unknown.
    """
    kept = sample.take(np.flatnonzero(sample.day <= last_day))
    label, names = labels_of(kept, kind)
    if not counts_as(kind, names).any():  # a kind that was never seen may still come
        names = [*names, tuple("in" if c == "family" else min(getattr(kind, c)) for c in kind.asked)]
    first = int(kept.day[0]) if len(kept) else last_day
    time = (kept.day - first).astype(np.float64)
    return History(time, kept.place, label, len(names), float(last_day + 1 - first)), names


def nearest(place: Floats, code: Ints) -> Callable[[Floats], Ints]:
    """Return a function that gives a point the area of the nearest recorded event."""
    spots, first = np.unique(place, axis=0, return_index=True)
    tree = cKDTree(spots)

    def area_of(points: Floats) -> Ints:
        return np.asarray(code[first][tree.query(points)[1]], dtype=np.int64)

    return area_of


def in_cells(sample: Sample) -> tuple[Callable[[Floats], Ints], int]:
    """Return a function that numbers the PRIO-GRID cell of a point, and how many numbers there are.

    Cells without an event on record share the last number: what is simulated there is in none of the
    known cells.
    """
    known = np.unique(np.array(sample.coded["cell"].names, dtype=np.int64)[sample.coded["cell"].codes])

    def area_of(points: Floats) -> Ints:
        lat, lon = to_lat_lon(points[:, 0], points[:, 1], origin=sample.origin)
        cell = gid(lat, lon)
        at = np.minimum(np.searchsorted(known, cell), len(known) - 1)
        return np.asarray(np.where(known[at] == cell, at, len(known)), dtype=np.int64)

    return area_of, len(known) + 1


def asked_grid(
    sample: Sample, question: tuple[Kind, Place], names: list[tuple[str, ...]], days: Floats
) -> Grid:
    """Return the grid of the question itself: area 1 is the place, kind 1 the kind asked for."""
    kind, place = question
    area_of: Callable[[Floats], Ints]
    if isinstance(place, Circle):
        circle, origin = place, sample.origin

        def inside(points: Floats) -> Ints:
            return circle.holds(points, origin=origin).astype(np.int64)

        area_of = inside
    elif place.level == "cell":
        numbered, _ = in_cells(sample)
        mine = numbered(
            sample.place[sample.coded["cell"].codes == sample.coded["cell"].names.index(place.name)]
        )
        area_of = lambda points: (numbered(points) == mine[0]).astype(np.int64)  # noqa: E731
    else:
        coded = sample.coded[place.level]
        here = coded.names.index(place.name)
        area_of = nearest(sample.place, (coded.codes == here).astype(np.int64))
    return Grid(2, 2, days, area_of, counts_as(kind, names).astype(np.int64))


def sibling_grid(sample: Sample, level: str, labels: int, days: Floats) -> Grid:
    """Return the grid of all questions like it: every area of a level, every label."""
    if level == "cell":
        numbered, areas = in_cells(sample)
        return Grid(areas, labels, days, numbered, np.arange(labels))
    codes = sample.coded[level].codes
    _, code = np.unique(codes, return_inverse=True)
    area_of = nearest(sample.place, np.asarray(code, dtype=np.int64).reshape(-1))
    return Grid(int(code.max()) + 1 if len(code) else 1, labels, days, area_of, np.arange(labels))
