"""A self-exciting conflict that never happened, whose parameters are known.

Attacks come from a background in some towns and bring further ones near and soon, with the marks of the
first at a known chance. `shift` multiplies the background from a day on: what no model here knows of.
Used by the tests and the bench of `toguna.forecasts.recurrence`; it does not draw on any real theatre.

References
----------
Ogata (1998), doi 10.1023/A:1003403601725.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.core.geography import gid, to_lat_lon
from toguna.shifts.sample import Coded, Sample

__all__ = ["TOWNS", "Process", "simulate_attacks"]

TOWNS = np.array([[0, 0], [150, 40], [-220, 90], [60, -250], [320, 260], [-90, 330]], dtype=float)
SETTINGS = ("base", "hotel", "market", "road")
SHARES = np.array([0.35, 0.05, 0.2, 0.4])
BURN_IN_DAYS = 800.0
ORIGIN = (15.0, 0.0)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Process:
    """The truth.

    Parameters
    ----------
    mu : float
        Background attacks a day.
    n : float
        Mean offspring of an attack.
    w : float
        Decay a day.
    d : float
        Distance, km; the tail is (1 + r^2 / d^2)^(-1/2).
    rho : float
        Chance that an offspring repeats the setting of its parent.
    scatter_km : float
        Gaussian of the background around towns.
    towns : (6,) tuple of float
        Shares of the background.
    shift : (day, factor)
        From that day on the background is multiplied.
    """

    mu: float = 0.15
    n: float = 0.5
    w: float = 1 / 20
    d: float = 8.0
    rho: float = 0.5
    scatter_km: float = 15.0
    towns: tuple[float, ...] = (0.35, 0.25, 0.2, 0.1, 0.07, 0.03)
    shift: tuple[float, float] = (0.0, 1.0)


def _background(truth: Process, days: float, rng: np.random.Generator) -> Floats:
    peak = truth.mu * max(1.0, truth.shift[1])
    time = rng.uniform(-BURN_IN_DAYS, days, rng.poisson(peak * (days + BURN_IN_DAYS)))
    level = truth.mu * np.where((time >= truth.shift[0]) & (truth.shift[0] > 0), truth.shift[1], 1.0)
    time = time[rng.random(len(time)) * peak < level]
    town = rng.choice(len(TOWNS), p=np.array(truth.towns), size=len(time))
    place = TOWNS[town] + rng.normal(0, truth.scatter_km, (len(time), 2))
    return np.column_stack([time, place, rng.choice(len(SHARES), p=SHARES, size=len(time))])


def _children(truth: Process, parents: Floats, rng: np.random.Generator) -> Floats:
    parent = parents[np.repeat(np.arange(len(parents)), rng.poisson(truth.n, len(parents)))]
    size = len(parent)
    far = truth.d * np.sqrt(1 / rng.uniform(1e-6, 1, size) ** 2 - 1)
    angle = rng.uniform(0, 2 * np.pi, size)
    repeat = rng.random(size) < truth.rho
    label = np.where(repeat, parent[:, 3], rng.choice(len(SHARES), p=SHARES, size=size))
    moved = parent[:, 1:3] + np.column_stack([far * np.cos(angle), far * np.sin(angle)])
    return np.column_stack([parent[:, 0] + rng.exponential(1 / truth.w, size), moved, label])


def simulate_attacks(rng: np.random.Generator, *, truth: Process, days: int) -> Sample:
    """Simulate a record of `days` days (ordinals 1 to `days`).

    Examples
    --------
    >>> sample = simulate_attacks(np.random.default_rng(1), truth=Process(), days=1500)
    >>> 300 < len(sample) < 700
    True
    """
    generation = _background(truth, days, rng)
    every = [generation]
    while len(generation):
        generation = _children(truth, generation, rng)
        generation = generation[generation[:, 0] < days]
        every.append(generation)
    rows = np.concatenate(every)
    rows = rows[(rows[:, 0] >= 0)]
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    place = rows[:, 1:3]
    area = ((place[:, None, :] - TOWNS[None]) ** 2).sum(axis=2).argmin(axis=1)
    lat, lon = to_lat_lon(place[:, 0], place[:, 1], origin=ORIGIN)
    cells, cell = np.unique(gid(lat, lon), return_inverse=True)
    coded = {
        "admin1": Coded(tuple(f"area-{k}" for k in range(len(TOWNS))), area.astype(np.int64)),
        "admin2": Coded((), np.full(len(rows), -1, dtype=np.int64)),
        "cell": Coded(tuple(map(str, cells.tolist())), np.asarray(cell, dtype=np.int64).reshape(-1)),
        "setting": Coded(SETTINGS, rows[:, 3].astype(np.int64)),
        "tactic": Coded((), np.full(len(rows), -1, dtype=np.int64)),
        "target": Coded((), np.full(len(rows), -1, dtype=np.int64)),
    }
    ids = np.array([f"attack:{k}" for k in range(len(rows))], dtype=np.str_)
    day = np.floor(rows[:, 0]).astype(np.int64) + 1
    return Sample(ids, day, place, ORIGIN, coded, {"all": np.ones(len(rows), dtype=bool)})
