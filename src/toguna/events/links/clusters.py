"""From links to incidents: which links may stand together.

Enters: `Tellings` and links, each likely by itself. Leaves: which incident every event belongs to, and the
links that had to give way. Called by `toguna.events.links.link`.

Two events of one source are two incidents, so an incident holds one event of each source, with three
exceptions:

- **within**: the source itself says that the one is contained in the other;
- **split telling**: same day, same point, different sides: one incident told once per pair of sides, as UCDP
  does;
- **containment**: an event of another source that lasts longer than a day holds several shorter ones, or one
  whose toll they give together better than the greatest of them alone.

Links are taken in order, the likeliest first; a link that would break the rule is refused and left for
review.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import polars as pl

from toguna.core.geography import distance_km
from toguna.events.links.tellings import Floats, Ints, Tellings

__all__ = ["Clusters", "containers", "order"]

SPLIT_KM = 1.0


def containers(t: Tellings) -> dict[int, int]:
    """Return for each event that its source puts within another the position of that other."""
    ids = t.frame["event_id"].to_list()
    place = {name: i for i, name in enumerate(ids)}
    told = enumerate(t.frame["within"].to_list())
    return {i: place[wider] for i, wider in told if wider is not None and wider in place}


class Clusters:
    """Incidents under construction.

    Parameters
    ----------
    t : Tellings
        The events.
    apart : iterable of (int, int)
        Pairs of positions that a person called different.
    """

    def __init__(self, t: Tellings, apart: Iterable[tuple[int, int]] = ()) -> None:
        self._t = t
        self._source = t.source.tolist()
        self._within = containers(t)
        self._sides = _sides(t)
        self._home: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = {}
        for a, b in apart:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)
        for inner, outer in self._within.items():
            self.force(inner, outer)

    def of(self, event: int) -> int:
        """Name the incident of an event by one of its events."""
        return self._home.get(event, event)

    def members(self, event: int) -> list[int]:
        """List the events of the incident of an event."""
        home = self.of(event)
        return self._members.get(home, [home])

    def several(self) -> list[list[int]]:
        """List the incidents of more than one event."""
        return [members for members in self._members.values() if len(members) > 1]

    def force(self, a: int, b: int) -> None:
        """Put two events together whatever the rules say."""
        x, y = self.of(a), self.of(b)
        if x == y:
            return
        low, high = min(x, y), max(x, y)
        joined = self.members(low) + self.members(high)
        self._members.pop(high, None)
        self._members[low] = joined
        self._home |= dict.fromkeys(joined, low)

    def join(self, a: int, b: int) -> bool:
        """Put two events together if the rules allow it; say whether they are."""
        if self.of(a) == self.of(b):
            return True
        mine, theirs = self.members(a), self.members(b)
        if not self._allowed(mine, theirs):
            return False
        self.force(a, b)
        return True

    def _allowed(self, mine: list[int], theirs: list[int]) -> bool:
        if self._apart and any(self._apart.get(m, set()) & set(theirs) for m in mine):
            return False
        rows: dict[int, list[int]] = {}
        for event in (*mine, *theirs):
            if event not in self._within:
                rows.setdefault(self._source[event], []).append(event)
        return all(self._together(same, rows) for same in rows.values() if len(same) > 1)

    def _together(self, same: list[int], rows: dict[int, list[int]]) -> bool:
        """Say whether several events of one source may tell of one incident."""
        if self._split(same):
            return True
        source = self._source[same[0]]
        return any(
            self._holds(other, same) or self._sums(other, same)
            for name, others in rows.items()
            for other in others
            if name != source
        )

    def _split(self, same: list[int]) -> bool:
        t = self._t
        return all(
            t.first[a] == t.first[b]
            and t.last[a] == t.last[b]
            and self._sides[a] != self._sides[b]
            and _km(t, a, b) <= SPLIT_KM
            for a, b in combinations(same, 2)
        )

    def _holds(self, wide: int, same: list[int]) -> bool:
        """Say whether a longer event contains the others: their days, their place, and not more dead."""
        t = self._t
        slack = int(t.days_off[wide])
        if t.last[wide] == t.first[wide]:
            return False
        inside = all(
            t.first[e] >= t.first[wide] - slack
            and t.last[e] <= t.last[wide] + slack
            and _km(t, wide, e) <= t.km_off[wide] + t.km_off[e]
            for e in same
        )
        most = t.high[wide]
        return inside and bool(np.isnan(most) or np.nansum(t.best[same]) <= 1.5 * most + 2)

    def _sums(self, whole: int, same: list[int]) -> bool:
        """Say whether the deaths of the others add up to those of one event, better than one alone."""
        t = self._t
        dead = t.best[same]
        if np.isnan(t.high[whole]) or np.isnan(dead).any() or not dead.all():
            return False
        low, high = t.low[whole], t.high[whole]
        off_alone, off_all = _outside(dead.max(), low, high), _outside(dead.sum(), low, high)
        return bool(off_alone > off_all and dead.sum() <= 1.1 * high + 1)


def _outside(value: float, low: float, high: float) -> float:
    return float(max(low - value, value - high, 0.0))


def _km(t: Tellings, a: int, b: int) -> float:
    if not (np.isfinite(t.km_off[a]) and np.isfinite(t.km_off[b])):
        return 0.0 if t.country[a] == t.country[b] else float("inf")
    return float(distance_km(t.lat[a], t.lon[a], t.lat[b], t.lon[b]))


def _sides(t: Tellings) -> list[str]:
    who = pl.col("perpetrators").cast(pl.List(pl.String)).list.sort().list.join(";")
    parts = [who, pl.col("side_a"), pl.col("side_b"), pl.col("violence")]
    return t.frame.select(s=pl.concat_str([p.fill_null("") for p in parts], separator="|"))["s"].to_list()


def order(t: Tellings, i: Ints, j: Ints, probability: Floats) -> Ints:
    """Return links in the order in which they are taken: the likeliest, then the nearest, then by id."""
    off = t.km_off[i] + t.km_off[j]
    km = np.where(np.isfinite(off), distance_km(t.lat[i], t.lon[i], t.lat[j], t.lon[j]), 1e4)
    days = np.abs(t.first[i] - t.first[j]) + np.abs(t.last[i] - t.last[j])
    ids = t.frame["event_id"].rank("ordinal").to_numpy()
    return np.lexsort((ids[j], ids[i], np.round(km, 3), days, -np.round(probability, 9)))
