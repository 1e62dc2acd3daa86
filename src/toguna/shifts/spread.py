"""Has violence moved, widened, or reached more areas?

Three tests on the places of events, conditional on the number of events in each window: the
displacement of the mean centre, the change of the standard distance, and the change of the number
of active first-level areas.

References
----------
Lefever (1926), doi 10.1086/214027 (standard distance); block permutation as in
`toguna.shifts.resampling`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.core.geography import bearing, to_lat_lon
from toguna.core.types import Interval
from toguna.shifts.comparison import Comparison, Measured, one_hot
from toguna.shifts.resampling import bootstrap_weights, count_blocks, limits, monte_carlo_p

__all__ = ["COMPASS", "TESTS", "compass", "measure", "p_values"]

TESTS = ("centre", "dispersion", "areas")

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
Floats = NDArray[np.float64]


def compass(degrees: float) -> str:
    """Name a bearing by the eight winds.

    Examples
    --------
    >>> compass(200.0)
    'south'
    """
    return COMPASS[int(((degrees + 22.5) % 360) // 45)]


def _centres(place: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Mean centre (…, 2) and standard distance (…,) of weighted points; weight (…, N)."""
    total = weight.sum(axis=-1)[..., None]
    centre = weight @ place / total
    square = weight @ (place**2).sum(axis=1, keepdims=True) / total
    spread = np.sqrt(np.maximum(square[..., 0] - (centre**2).sum(axis=-1), 0.0))
    return centre, spread


def _statistics(c: Comparison, weight: Floats) -> Floats:
    """Return the three statistics, (…, 3): displacement km, log ratio of spread, areas gained."""
    # Around their own mean, so that events at one point have a spread of 0 and not of rounding errors.
    place = c.sample.place - c.sample.place.mean(axis=0)
    after, wide = _centres(place, weight)
    before, narrow = _centres(place, 1 - weight)
    moved = np.sqrt(((after - before) ** 2).sum(axis=-1))
    widened = np.log((wide + 1.0) / (narrow + 1.0))
    areas = one_hot(c.sample.coded["admin1"]).astype(float)
    counts = weight @ areas
    gained = (counts > 0).sum(axis=-1) - (areas.sum(axis=0) - counts > 0).sum(axis=-1)
    return np.stack([moved, widened, gained.astype(float)], axis=-1)


def p_values(c: Comparison) -> dict[str, float]:
    """Test the three statistics against block permutations; keys centre, dispersion, areas."""
    observed = _statistics(c, c.recent.astype(float))
    null = _statistics(c, c.weights.astype(float))
    middle = null.mean(axis=0)
    return {
        "centre": monte_carlo_p(float(observed[0]), null[:, 0]),
        "dispersion": monte_carlo_p(abs(float(observed[1] - middle[1])), np.abs(null[:, 1] - middle[1])),
        "areas": monte_carlo_p(abs(float(observed[2] - middle[2])), np.abs(null[:, 2] - middle[2])),
    }


def _bootstrap(c: Comparison, replicates: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Displacements (R, 2) and log ratios of spread (R,) under a block bootstrap of each window."""
    parts = []
    for mask in (~c.recent, c.recent):
        weight = bootstrap_weights(c.sample.day[mask], replicates=replicates, rng=rng)
        parts.append(_centres(c.sample.place[mask], weight))
    (before, narrow), (after, wide) = parts
    return after - before, np.log((wide + 1.0) / (narrow + 1.0))


def _blocks(c: Comparison) -> int:
    return count_blocks(c.sample.day[c.recent], c.sample.day[~c.recent])


def _measure_centre(c: Comparison, moves: Floats) -> Measured:
    weight = c.recent.astype(float)
    after, _ = _centres(c.sample.place, weight)
    before, _ = _centres(c.sample.place, 1 - weight)
    step = after - before
    length = float(np.hypot(*step))
    along = moves @ (step / length) if length else np.zeros(len(moves))
    low, high = limits(length, along, blocks=_blocks(c))
    start, end = (to_lat_lon(float(e), float(n), origin=c.sample.origin) for e, n in (before, after))
    course = bearing(*start, *end)
    south_low, south_high = limits(float(-step[1]), -moves[:, 1], blocks=_blocks(c))
    numbers = {
        "from": [round(v, 4) for v in start],
        "to": [round(v, 4) for v in end],
        "bearing": round(course, 1),
        "direction": compass(course),
        "south_km": round(float(-step[1]), 1),
        "south_km_low": round(float(south_low), 1),
        "south_km_high": round(float(south_high), 1),
    }
    return Measured("centre", Interval(length, "km", float(low), float(high)), c.recent_ids(), numbers)


def _measure_dispersion(c: Comparison, logs: Floats) -> Measured:
    weight = c.recent.astype(float)
    wide = float(_centres(c.sample.place, weight)[1])
    narrow = float(_centres(c.sample.place, 1 - weight)[1])
    value = float(np.log((wide + 1) / (narrow + 1)))
    low, high = np.exp(limits(value, logs, blocks=_blocks(c)))
    numbers = {"reference_km": round(narrow, 1), "recent_km": round(wide, 1)}
    effect = Interval(float(np.exp(value)), "times as wide", float(low), float(high))
    return Measured("dispersion", effect, c.recent_ids(), numbers)


def _measure_areas(c: Comparison) -> Measured:
    coded = c.sample.coded["admin1"]
    recent = {coded.names[k] for k in coded.codes[c.recent] if k >= 0}
    before = {coded.names[k] for k in coded.codes[~c.recent] if k >= 0}
    gained, left = sorted(recent - before), sorted(before - recent)
    null = _statistics(c, c.weights.astype(float))[:, 2]
    low, high = np.percentile(len(recent) - len(before) - null + null.mean(), [5, 95])
    new = np.array([k >= 0 and coded.names[k] in gained for k in coded.codes])
    numbers = {
        "reference": len(before),
        "recent": len(recent),
        "by_chance": round(float(null.mean()), 2),
        "gained": gained,
        "left": left,
    }
    effect = Interval(float(len(recent) - len(before)), "active areas", float(low), float(high))
    return Measured("areas", effect, c.recent_ids(new) or c.recent_ids(), numbers)


def measure(c: Comparison, *, rng: np.random.Generator, replicates: int = 1999) -> dict[str, Measured]:
    """Measure the three effects with 90% intervals from a block bootstrap of each window.

    The interval of the displacement is that of its component along the direction observed: the
    length itself is biased upwards and could never include zero.
    """
    moves, logs = _bootstrap(c, replicates, rng)
    return {
        "centre": _measure_centre(c, moves),
        "dispersion": _measure_dispersion(c, logs),
        "areas": _measure_areas(c),
    }
