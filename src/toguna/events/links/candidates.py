"""Which pairs of events are worth comparing: near in space and time as far as their precisions allow.

Enters: `Tellings`. Leaves: pairs of positions, in pieces. Called by `toguna.events.links.link`.

Blocking in the sense of Christen (2012, chapter 4), on days x bands of latitude (or countries, where an
event has no usable point). Events are grouped by how vague they are, so that a few vague ones do not widen
the search for all. Nothing but arrays: a grid of sorted keys and `searchsorted`.

References
----------
Christen (2012), Data Matching, doi 10.1007/978-3-642-31164-2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from toguna.core.geography import distance_km
from toguna.events.links.tellings import Ints, Tellings

__all__ = ["DAYS_BEYOND", "day_gap", "pairs", "reach_km"]

DAYS_BEYOND = 3  # days beyond what the precisions allow
LEAST_KM, MOST_KM = 60.0, 400.0
_KM_PER_DEGREE = 111.2
_SPREADS = np.array([4, 12, 45, 120, 400])  # days: classes of vagueness
_PIECE = 1_000_000  # pairs held at once

Pairs = tuple[Ints, Ints]
Keyed = tuple[Ints, Ints]  # positions, and the band or country of each


def day_gap(t: Tellings, i: Ints, j: Ints) -> Ints:
    """Days between two events; 0 when they share a day."""
    return np.asarray(np.maximum(np.maximum(t.first[i] - t.last[j], t.first[j] - t.last[i]), 0))


def reach_km(km_off: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kilometres within which a pair is compared, given the sum of what both places may be off."""
    return np.asarray(np.clip(3 * km_off, LEAST_KM, MOST_KM))


def pairs(t: Tellings, among: Ints | None = None) -> Iterator[Pairs]:
    """Yield candidate pairs (i, j) of different sources among some positions, i of the source first by name.

    Each pair comes once. It is at most `DAYS_BEYOND` days farther apart than both dates may be off, and
    within `reach_km`; where one of the two has no usable point, both lie in the same country.
    """
    among = np.arange(len(t)) if among is None else among
    source = t.source[among]
    for a in np.unique(source):
        for b in np.unique(source[source > a]):
            yield from _between(t, among[source == a], among[source == b])


def _between(t: Tellings, mine: Ints, theirs: Ints) -> Iterator[Pairs]:
    placed, other = np.isfinite(t.km_off[mine]), np.isfinite(t.km_off[theirs])
    for group in _alike(t, theirs[other]):
        yield from _near(t, mine[placed], group)
    for left, right in ((mine[~placed], theirs), (mine[placed], theirs[~other])):
        for group in _alike(t, right):
            yield from _same_country(t, left, group)


def _alike(t: Tellings, positions: Ints) -> Iterator[Ints]:
    """Group events that are about equally vague."""
    if not len(positions):
        return
    days = np.searchsorted(_SPREADS, _spread(t, positions))
    km = np.where(np.isfinite(t.km_off[positions]), t.km_off[positions], -1.0)
    _, kind = np.unique(np.stack([days.astype(float), km]), axis=1, return_inverse=True)
    for k in range(int(kind.max()) + 1):
        yield positions[kind.ravel() == k]


def _spread(t: Tellings, positions: Ints) -> Ints:
    return t.last[positions] - t.first[positions] + t.days_off[positions]


def _near(t: Tellings, left: Ints, group: Ints) -> Iterator[Pairs]:
    if not len(left):
        return
    reach = reach_km(t.km_off[left] + t.km_off[group].max())
    bands = np.floor(np.nan_to_num(t.lat)).astype(np.int64)
    wide = np.ceil(reach / _KM_PER_DEGREE).astype(np.int64)
    for step in range(-int(wide.max()), int(wide.max()) + 1):
        some = left[wide >= abs(step)]
        for i, j in _meet(t, (some, bands[some] + step), (group, bands[group])):
            limit = reach_km(t.km_off[i] + t.km_off[j])
            close = np.flatnonzero(np.abs(t.lat[i] - t.lat[j]) * _KM_PER_DEGREE <= limit)
            km = distance_km(t.lat[i[close]], t.lon[i[close]], t.lat[j[close]], t.lon[j[close]])
            within = close[km <= limit[close]]
            yield i[within], j[within]


def _same_country(t: Tellings, left: Ints, group: Ints) -> Iterator[Pairs]:
    left, group = left[t.country[left] >= 0], group[t.country[group] >= 0]
    yield from _meet(t, (left, t.country[left]), (group, t.country[group]))


def _meet(t: Tellings, left: Keyed, right: Keyed) -> Iterator[Pairs]:
    """Yield pairs with equal keys whose days can meet."""
    (a, key_a), (b, key_b) = left, right
    if not len(a) or not len(b):
        return
    zero = min(t.first[a].min(), t.first[b].min()) - 1000
    span = max(t.last[a].max(), t.last[b].max()) - zero + 2000
    base = int(min(key_a.min(), key_b.min()))
    grid = (key_b - base) * span + (t.first[b] - zero)
    order = np.argsort(grid, kind="stable")
    grid, b = grid[order], b[order]
    off = t.days_off[a] + int(t.days_off[b].max()) + DAYS_BEYOND
    longest = int((t.last[b] - t.first[b]).max())
    row = (key_a - base) * span
    from_ = np.searchsorted(grid, row + np.maximum(t.first[a] - off - longest - zero, 0), side="left")
    to = np.searchsorted(grid, row + np.minimum(t.last[a] + off - zero, span - 1), side="right")
    for piece in _pieces(np.maximum(to - from_, 0)):
        n = np.maximum(to[piece] - from_[piece], 0)
        at = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n) + np.repeat(from_[piece], n)
        i, j = np.repeat(a[piece], n), b[at]
        keep = day_gap(t, i, j) <= t.days_off[i] + t.days_off[j] + DAYS_BEYOND
        yield i[keep], j[keep]


def _pieces(counts: Ints) -> Iterator[slice]:
    """Cut so that a piece has about `_PIECE` pairs."""
    ends = np.searchsorted(np.cumsum(counts), np.arange(_PIECE, counts.sum() + _PIECE, _PIECE), side="right")
    start = 0
    for end in [*ends.tolist(), len(counts)]:
        stop = min(max(end, start + 1), len(counts))
        if start < stop:
            yield slice(start, stop)
            start = stop
