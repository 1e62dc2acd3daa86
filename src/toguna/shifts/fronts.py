"""New fronts: where is violence now that was elsewhere before?

A prospective space-time scan in the manner of Kulldorff and others: every zone (area, grid cell,
circle) is crossed with periods that end today; the zone and period in which events are least
explained by the overall pattern of places and dates stand out. The null distribution of the largest
statistic over all zones and periods comes from block permutations of the places over the dates, so
the p of every zone is already adjusted for having looked everywhere.

The statistic is the likelihood ratio of the 2 x 2 table (zone or not, period or not) rather than the
Poisson approximation of the paper, which loses power once the period holds more than a small share
of the events, as it does here.

References
----------
Kulldorff, Heffernan, Hartman, Assuncao, Mostashari (2005), doi 10.1371/journal.pmed.0020059.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from toguna.core.geography import to_lat_lon
from toguna.core.types import Interval
from toguna.shifts.comparison import Comparison, Measured
from toguna.shifts.resampling import bootstrap_weights, count_blocks, limits
from toguna.shifts.sample import Sample
from toguna.shifts.zones import LEVELS, Zone, sets_of, zones

__all__ = ["LEVELS", "PERIODS", "Scan", "areas", "leading_level", "least_p", "measure", "scan", "status"]

PERIODS = (0.25, 0.5, 1.0)
"""Lengths of the periods as shares of the recent window."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Scan:
    """Outcome of a scan over Z zones.

    Parameters
    ----------
    zones : list of Zone
        The zones.
    ratio : float, shape (Z,)
        Largest log likelihood ratio of each zone over the periods.
    period : int, shape (Z,)
        The period where it was reached (index into `first`).
    p : float, shape (Z,)
        Monte Carlo p against the largest statistic over all zones and periods.
    first : int, shape (P,)
        First position (in the order of dates) of each period.
    """

    zones: list[Zone]
    ratio: Floats
    period: Ints
    p: Floats
    first: Ints


@njit(cache=True, nogil=True)
def _late(period: Ints, members: Ints, counts: Ints) -> None:  # pragma: no cover - compiled
    """Count, for every period, the members whose mark lands in it: fills counts (P,)."""
    counts[:] = 0
    for m in range(len(members)):
        last = period[members[m]]
        if last >= 0:
            counts[last] += 1
    for k in range(len(counts) - 2, -1, -1):
        counts[k] += counts[k + 1]


@njit(cache=True, nogil=True)
def _ratio(a: int, size: int, late: int, n: int, xlogx: Floats) -> float:  # pragma: no cover - compiled
    """Log likelihood ratio of a late members of a zone; 0 where they are no more than expected."""
    if a * n <= size * late:
        return 0.0
    cells = xlogx[a] + xlogx[size - a] + xlogx[late - a] + xlogx[n - size - late + a]
    return float(cells - xlogx[size] - xlogx[n - size] - xlogx[late] - xlogx[n - late] + xlogx[n])


@njit(cache=True, nogil=True)
def _ratios(
    position: Ints, first: Ints, start: Ints, members: Ints, xlogx: Floats
) -> tuple[Floats, Ints]:  # pragma: no cover - compiled
    """Largest ratio per zone for one arrangement: position (N,), members flat, start (Z + 1,)."""
    n, counts = len(position), np.zeros(len(first), dtype=np.int64)
    best, where = np.zeros(len(start) - 1), np.zeros(len(start) - 1, dtype=np.int64)
    period = np.searchsorted(first, position, side="right") - 1
    for z in range(len(start) - 1):
        size = start[z + 1] - start[z]
        _late(period, members[start[z] : start[z + 1]], counts)
        for k in range(len(first)):
            a, late = counts[k], n - first[k]
            ratio = _ratio(a, size, late, n, xlogx)
            if ratio > best[z]:
                best[z], where[z] = ratio, k
    return best, where


@njit(cache=True, nogil=True)
def _top(
    period: Ints, first: Ints, members: Ints, xlogx: Floats, counts: Ints
) -> float:  # pragma: no cover - compiled
    """Largest ratio of one zone; `period` counts from 1, `counts` is room to work in, (P + 1,)."""
    n, size, a, best = len(period), len(members), 0, 0.0
    counts[:] = 0
    for m in range(size):
        counts[period[members[m]]] += 1
    for k in range(len(first) - 1, -1, -1):
        a += counts[k + 1]
        late = n - first[k]
        best = max(best, _ratio(a, size, late, n, xlogx))
    return best


@njit(cache=True, nogil=True)
def _largest(
    position: Ints, first: Ints, start: Ints, members: Ints, xlogx: Floats
) -> Floats:  # pragma: no cover - compiled
    """Largest ratio over all zones for each of R arrangements: position (R, N); keeps nothing by zone."""
    rows, n = position.shape
    out, counts = np.zeros(rows), np.zeros(len(first) + 1, dtype=np.int64)
    slot, period = np.zeros(n + 1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for k in range(len(first)):
        slot[first[k] :] = k + 1
    for r in range(rows):
        for i in range(n):
            period[i] = slot[position[r, i]]
        for z in range(len(start) - 1):
            found = _top(period, first, members[start[z] : start[z + 1]], xlogx, counts)
            out[r] = max(out[r], found)
    return out


@njit(cache=True, nogil=True)
def _highest(inside: Ints, size: Ints, late: Ints, n: int, xlogx: Floats) -> float:  # pragma: no cover
    """Largest ratio of the zones and periods; inside (Z, P) counts the late members."""
    best = 0.0
    for z in range(len(size)):
        for k in range(len(late)):
            best = max(best, _ratio(inside[z, k], size[z], late[k], n, xlogx))
    return best


@njit(cache=True, nogil=True)
def _needs(size: Ints, late: Ints, n: int, xlogx: Floats, reached: float) -> Ints:  # pragma: no cover
    """Fewest late members with which the ratio of a zone and period reaches a value, (Z, P).

    The ratio grows with them, so the search goes down from the most that there can be; one more than that
    where none is enough.
    """
    out = np.empty((len(size), len(late)), dtype=np.int64)
    for z in range(len(size)):
        for k in range(len(late)):
            a = min(size[z], late[k])
            while a >= 0 and _ratio(a, size[z], late[k], n, xlogx) >= reached:
                a -= 1
            out[z, k] = a + 1
    return out


@njit(cache=True, nogil=True)
def _ones(word: np.uint64) -> np.uint64:  # pragma: no cover - compiled
    """Count the bits that are 1."""
    one, two, four = np.uint64(1), np.uint64(2), np.uint64(4)
    pairs, fours = np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
    word -= (word >> one) & np.uint64(0x5555555555555555)
    word = (word & pairs) + ((word >> two) & pairs)
    word = (word + (word >> four)) & fours
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@njit(cache=True, nogil=True)
def _reached(late: Words, bits: Words, need: Ints) -> bool:  # pragma: no cover - compiled
    """Whether some zone has in some period as many late members as it needs; late (P, W), bits (Z, W)."""
    for z in range(bits.shape[0]):
        for k in range(late.shape[0]):
            a = np.uint64(0)
            for w in range(bits.shape[1]):
                a += _ones(bits[z, w] & late[k, w])
            if a >= np.uint64(need[z, k]):
                return True
    return False


@njit(cache=True, nogil=True)
def _reaching(position: Ints, first: Ints, bits: Words, need: Ints) -> int:  # pragma: no cover - compiled
    """Count the arrangements (R, N) in which some zone has as many late members as it needs."""
    found, late = 0, np.zeros((len(first), bits.shape[1]), dtype=np.uint64)
    for r in range(position.shape[0]):
        late[:] = np.uint64(0)
        for i in range(position.shape[1]):
            k = 0
            while k < len(first) and position[r, i] >= first[k]:
                late[k, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
                k += 1
        if _reached(late, bits, need):
            found += 1
    return found


def _period_starts(c: Comparison) -> Ints:
    end = c.windows.recent.end.toordinal()
    days = [end - round(share * c.windows.recent.days) + 1 for share in PERIODS]
    first = np.unique(np.searchsorted(c.sample.day, days))
    return np.asarray(first[first < len(c.sample)], dtype=np.int64)


def _xlogx(n: int) -> Floats:
    steps = np.arange(n + 1, dtype=np.float64)
    return np.asarray(steps * np.log(np.maximum(steps, 1.0)))


def scan(c: Comparison) -> Scan:
    """Scan all zones and periods; see the module for the method."""
    found, first, xlogx = zones(c.sample), _period_starts(c), _xlogx(len(c.sample))
    members = np.concatenate([z.members for z in found])
    start = np.concatenate([[0], np.cumsum([len(z.members) for z in found])]).astype(np.int64)
    ratio, period = _ratios(np.arange(len(c.sample)), first, start, members, xlogx)
    null = np.sort(_largest(c.position, first, start, members, xlogx))
    above = len(null) - np.searchsorted(null, ratio - 1e-9)
    return Scan(found, ratio, period, (1 + above) / (1 + len(null)), first)


def least_p(c: Comparison) -> float:
    """Return the smallest p of a scan, which is that of its largest ratio, without those of the others."""
    held, n = sets_of(c.sample), len(c.sample)
    first, xlogx = _period_starts(c), _xlogx(n)
    size, late = held.sum(axis=1), n - first
    inside = np.stack([held[:, k:].sum(axis=1) for k in first], axis=1)
    reached = _highest(inside, size, late, n, xlogx) - 1e-9
    padded = np.zeros((len(held), -(-n // 64) * 64), dtype=bool)
    padded[:, :n] = held
    bits = np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    need = _needs(size, late, n, xlogx, reached)
    above = len(c.position) if reached <= 0 else _reaching(c.position, first, bits, need)
    return float(1 + above) / (1 + len(c.position))


def status(members_before: int, members_reference: int, recent: int) -> str:
    """Name what became of an area: new, re-activated, active or quiet.

    Parameters
    ----------
    members_before : int
        Its events before the reference window.
    members_reference, recent : int
        Its events in the two windows.
    """
    if recent == 0:
        return "quiet"
    if members_reference:
        return "active"
    return "re-activated" if members_before else "new"


def _numbers(c: Comparison, history: Sample, zone: Zone, inside: Ints) -> dict[str, Any]:
    recent = int(c.recent[zone.members].sum())
    reference = len(zone.members) - recent
    earlier = 0
    if zone.level != "circle":
        coded = history.coded[zone.level]
        early = history.day < c.windows.reference.start.toordinal()
        named = coded.names.index(zone.name) if zone.name in coded.names else -2
        earlier = int(((coded.codes == named) & early).sum())
    return {
        "level": zone.level,
        "area": zone.name,
        "status": status(earlier, reference, recent),
        "recent": recent,
        "reference": reference,
        "before_reference": earlier,
        "in_period": len(inside),
    }


def _circle(c: Comparison, zone: Zone) -> dict[str, Any]:
    index, radius = zone.name.split(":")
    lat, lon = to_lat_lon(*(float(v) for v in c.sample.place[int(index)]), origin=c.sample.origin)
    coded = c.sample.coded["admin1"]
    inside = zone.members[c.recent[zone.members]]
    held = [coded.names[k] for k in coded.codes[inside] if k >= 0]
    names = sorted(set(held), key=lambda n: (-held.count(n), n))
    return {"centre": [round(lat, 3), round(lon, 3)], "radius_km": float(radius), "areas": names}


def _excess(c: Comparison, zone: Zone, first: int, rng: np.random.Generator) -> tuple[Interval, Ints]:
    """Events above expectation in the zone's period, with a 90 % block bootstrap interval."""
    late = np.arange(len(c.sample)) >= first
    member = np.zeros(len(c.sample), dtype=bool)
    member[zone.members] = True
    weight = bootstrap_weights(c.sample.day, replicates=1999, rng=rng)
    inside, of_zone, of_period = (weight[:, m].sum(axis=1) for m in (late & member, member, late))
    found = np.flatnonzero(late & member)
    value = len(found) - len(zone.members) * int(late.sum()) / len(c.sample)
    boot = inside - of_zone * of_period / weight.sum(axis=1)
    low, high = limits(value, boot, blocks=count_blocks(c.sample.day))
    return Interval(float(value), "events above expected", float(low), float(high)), found


def measure(c: Comparison, found: Scan, z: int, *, history: Sample, rng: np.random.Generator) -> Measured:
    """Measure one zone of a scan: events above expectation, dates, status, what it contains.

    Expected is the zone's share of all events times the events of the period; the 90% interval
    resamples blocks of days of both windows together.
    """
    zone = found.zones[z]
    first = int(found.first[found.period[z]])
    effect, inside = _excess(c, zone, first, rng)
    numbers = _numbers(c, history, zone, inside)
    numbers["expected"] = round(len(inside) - effect.value, 2)
    numbers["since"] = date.fromordinal(int(c.sample.day[first])).isoformat()
    if zone.level == "circle":
        numbers |= _circle(c, zone)
    subject = numbers["areas"][0] if zone.level == "circle" and numbers["areas"] else zone.name
    return Measured(subject, effect, tuple(str(i) for i in c.sample.ids[inside]), numbers)


def leading_level(history: Sample) -> str:
    """Name the level that sentences speak of: the first one whose areas have names, else grid cells."""
    return next((level for level in LEVELS if history.coded[level].names), "cell")


def areas(c: Comparison, found: Scan | None, history: Sample) -> list[dict[str, Any]]:
    """List every named area with its events in both windows, its status and its scan p."""
    p = (
        {}
        if found is None
        else {(z.level, z.name): float(v) for z, v in zip(found.zones, found.p, strict=True)}
    )
    levels: Sequence[str] = [v for v in LEVELS if history.coded[v].names]
    rows = []
    for level in levels:
        coded = history.coded[level]
        start, mid = c.windows.reference.start.toordinal(), c.windows.recent.start.toordinal()
        for k, name in enumerate(coded.names):
            day = history.day[coded.codes == k]
            counts = [int(v) for v in np.diff(np.searchsorted(day, [0, start, mid, 10**7]))]
            rows.append(
                {
                    "level": level,
                    "name": name,
                    "status": status(*counts),
                    "before_reference": counts[0],
                    "reference": counts[1],
                    "recent": counts[2],
                    "p": p.get((level, name)),
                }
            )
    return sorted(rows, key=lambda r: (r["level"], -r["recent"], r["name"]))
