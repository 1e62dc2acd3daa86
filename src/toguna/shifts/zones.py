"""Zones that the scan looks at: areas with a name, grid cells, and circles around events.

Enters: a `Comparison`. Leaves: sets of event indices, each set once. Called by `toguna.shifts.fronts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.shifts.sample import Sample

__all__ = ["RADII_KM", "Zone", "zones"]

RADII_KM = (50.0, 100.0, 200.0, 300.0)
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
    found = ((name, np.flatnonzero(coded.codes == k)) for k, name in enumerate(coded.names))
    return [Zone(level, name, members) for name, members in found if len(members)]


def _circles(sample: Sample, seen: set[bytes]) -> list[Zone]:
    centres, first = np.unique(np.round(sample.place, 1), axis=0, return_index=True)
    distance = np.sqrt(((centres[:, None, :] - sample.place[None, :, :]) ** 2).sum(axis=-1))
    out = []
    for k, index in enumerate(first):
        for radius in RADII_KM:
            members = np.flatnonzero(distance[k] <= radius)
            key = members.tobytes()
            if key in seen or len(members) > LARGEST_SHARE * len(sample):
                continue
            seen.add(key)
            out.append(Zone("circle", f"{index}:{radius:.0f}", members))
    return out


def zones(sample: Sample) -> list[Zone]:
    """Return every distinct zone: named areas first, then cells, then circles that add something."""
    out: list[Zone] = []
    seen: set[bytes] = set()
    for level in ("admin1", "admin2", "cell"):
        for zone in _named(sample, level):
            key = zone.members.tobytes()
            if key not in seen or level != "cell":
                out.append(zone)
            seen.add(key)
    return out + _circles(sample, seen)
