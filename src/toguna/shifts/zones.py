"""Zones that the scan looks at: areas with a name, grid cells, and circles around events.

Enters: a `Comparison`. Leaves: sets of event indices, each set once. Called by `toguna.shifts.fronts`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.shifts.sample import Sample

__all__ = ["LEVELS", "RADII_KM", "Zone", "sets_of", "zones"]

LEVELS = ("admin1", "admin2", "cell")
RADII_KM = (50.0, 100.0, 200.0, 300.0)
MOST_CENTRES, FEWEST_CENTRES = 1000, 50
MEMBERS = 1_000_000
"""Centres times events: many events get fewer circles, so that the scan does not grow with their square."""
COARSER_KM = (1.0, 5.0, 10.0, 25.0, 50.0, 100.0)
"""Grids on which places are taken as one where 100 m leaves too many centres."""

LARGEST_SHARE = 0.5
"""A zone may hold at most this share of all events (Kulldorff's usual bound)."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A named set of events.

    Parameters
    ----------
    level : str
        "admin1", "admin2", "cell" or "circle".
    name : str
        Name of the area, number of the cell, or "k:radius" for the circle around event k (km).
    members : int, shape (n,)
        Indices of its events.
    """

    level: str
    name: str
    members: NDArray[np.int64]


def _named(sample: Sample, level: str) -> list[Zone]:
    coded = sample.coded[level]
    order = np.argsort(coded.codes, kind="stable")
    borders = np.searchsorted(coded.codes[order], np.arange(len(coded.names) + 1))
    groups = [order[a:b] for a, b in itertools.pairwise(borders)]
    return [Zone(level, name, g) for name, g in zip(coded.names, groups, strict=True) if len(g)]


def _centres(place: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Places to draw circles around, and an event at each; on a coarser grid where there are many.

    The choice looks at places only, never at dates, so the permutation test stays valid.
    """
    centres, first = np.unique(np.round(place, 1), axis=0, return_index=True)
    most = min(MOST_CENTRES, max(FEWEST_CENTRES, MEMBERS // max(len(place), 1)))
    for step in COARSER_KM:
        if len(first) <= most:
            break
        _, first = np.unique(np.round(place / step), axis=0, return_index=True)
        centres = place[first]
    return centres, first


def _round(sample: Sample) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return an event at each centre (C,), and which events lie in the circles, (C, radii, N)."""
    centres, first = _centres(sample.place)
    east, north = (centres[:, [k]] - sample.place[:, k] for k in (0, 1))
    distance = np.sqrt(east**2 + north**2)
    return first, distance[:, None] <= np.array(RADII_KM)[:, None]


def _small(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which circles are small enough to be looked at, from who lies inside (…, N)."""
    return np.asarray(inside.sum(axis=-1) <= LARGEST_SHARE * inside.shape[-1])


def _circles(sample: Sample, seen: set[bytes]) -> list[Zone]:
    first, inside = _round(sample)
    out = []
    keys = np.packbits(inside, axis=-1)
    for k, r in zip(*np.nonzero(_small(inside)), strict=True):
        if (key := keys[k, r].tobytes()) not in seen:
            seen.add(key)
            name = f"{first[k]}:{RADII_KM[r]:.0f}"
            out.append(Zone("circle", name, np.flatnonzero(inside[k, r])))
    return out


def _key(members: NDArray[np.int64], count: int) -> bytes:
    """Name a set of members, of `count` events, by its bits."""
    inside = np.zeros(count, dtype=bool)
    inside[members] = True
    return np.packbits(inside).tobytes()


def zones(sample: Sample) -> list[Zone]:
    """Return every distinct zone: named areas first, then cells, then circles that add something."""
    out: list[Zone] = []
    seen: set[bytes] = set()
    for level in LEVELS:
        for zone in _named(sample, level):
            key = _key(zone.members, len(sample))
            if key not in seen or level != "cell":
                out.append(zone)
            seen.add(key)
    return out + _circles(sample, seen)


def sets_of(sample: Sample) -> NDArray[np.bool_]:
    """Return the sets of events that `zones` names, (Z, N), each once and in no order."""
    named = (sample.coded[level] for level in LEVELS)
    areas = [coded.codes == np.arange(len(coded.names))[:, None] for coded in named]
    circles = _round(sample)[1].reshape(-1, len(sample))
    every = np.concatenate([*areas, circles[_small(circles)]])
    _, first = np.unique(np.packbits(every, axis=-1), axis=0, return_index=True)
    return np.asarray(every[first][every[first].any(axis=-1)])
