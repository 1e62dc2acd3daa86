"""Who strikes outside its own range?

For a family of actors: how far are its recent strikes from the nearest of its earlier ones, compared
with what the same strikes in another order of time would give?

References
----------
Nearest-neighbour distance as the measure of novelty, as in conformal anomaly detection (Laxhammar and
Falkman 2015, doi 10.1007/s10472-013-9381-7); block permutation as in `toguna.shifts.resampling`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from toguna.core.types import Interval
from toguna.shifts.comparison import FEWEST, Comparison, Measured
from toguna.shifts.resampling import bootstrap_weights, count_blocks, limits, monte_carlo_p, positions

__all__ = ["FEWEST_RECENT", "measure", "own", "p_value", "testable"]

FEWEST_RECENT = 3
LARGEST = 400
"""Strikes per family beyond which the latest of each window are used: distances are N x N."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def _nearest(distance: Floats, near: Ints, recent: Bools) -> float:  # pragma: no cover - compiled
    """Distance from one strike to the nearest reference strike; all (N,), `near` by distance."""
    for j in near:
        if not recent[j]:
            return float(distance[j])
    return np.inf


@njit(cache=True, nogil=True)
def _means(distance: Floats, near: Ints, recent: Bools) -> Floats:  # pragma: no cover - compiled
    replicates, n = recent.shape
    out = np.zeros(replicates)
    for r in range(replicates):
        for i in range(n):
            if recent[r, i]:
                out[r] += _nearest(distance[i], near[i], recent[r])
        out[r] /= recent[r].sum()
    return out


def _mean_nearest(distance: Floats, recent: Bools) -> Floats:
    """Mean distance from recent strikes to the nearest reference strike; recent (R, N)."""
    return np.asarray(_means(distance, np.argsort(distance, axis=1), recent))


def own(c: Comparison, family: str) -> tuple[NDArray[np.int64], Bools]:
    """Return the family's strikes in both windows (indices) and which of them are recent."""
    index = np.flatnonzero(c.sample.families[family])
    recent = c.recent[index]
    keep = np.concatenate([np.flatnonzero(~recent)[-LARGEST:], np.flatnonzero(recent)[-LARGEST:]])
    keep.sort()
    return index[keep], recent[keep]


def testable(c: Comparison, family: str) -> bool:
    """Whether the family struck often enough in both windows."""
    struck = c.sample.families[family]
    recent = int((struck & c.recent).sum())
    return recent >= FEWEST_RECENT and int(struck.sum()) - recent >= FEWEST


def _distances(c: Comparison, index: NDArray[np.int64]) -> Floats:
    place = c.sample.place[index]
    return np.asarray(np.sqrt(((place[:, None, :] - place[None, :, :]) ** 2).sum(axis=-1)))


def p_value(c: Comparison, family: str, *, rng: np.random.Generator, replicates: int) -> float:
    """Test whether recent strikes lie farther from the earlier ones than order of time explains."""
    index, recent = own(c, family)
    distance = _distances(c, index)
    position = positions(c.sample.day[index], replicates=replicates, rng=rng)
    means = _mean_nearest(distance, np.vstack([recent, position >= int((~recent).sum())]))
    return monte_carlo_p(float(means[0]), means[1:])


def measure(c: Comparison, family: str, *, rng: np.random.Generator, replicates: int = 1999) -> Measured:
    """Measure how far beyond its established range a family struck.

    The effect is the mean distance (km) of recent strikes to the nearest earlier one, less the mean
    distance of earlier strikes to the nearest other one. The 90% interval resamples the recent
    strikes in blocks of days with the established range held fixed. Strikes *outside* the range lie
    farther than 95 % of earlier strikes lay from one another.
    """
    index, recent = own(c, family)
    distance = _distances(c, index)
    np.fill_diagonal(distance, np.inf)
    earlier = distance[np.ix_(~recent, ~recent)].min(axis=1)
    nearest = distance[np.ix_(recent, ~recent)].min(axis=1)
    weight = bootstrap_weights(c.sample.day[index][recent], replicates=replicates, rng=rng)
    boot = weight @ nearest / weight.sum(axis=1) - earlier.mean()
    value = float(nearest.mean() - earlier.mean())
    low, high = limits(value, boot, blocks=count_blocks(c.sample.day[index][recent]))
    limit = float(np.percentile(earlier, 95))
    outside = index[recent][nearest > limit]
    numbers = {
        "range_km": round(limit, 1),
        "outside": len(outside),
        "recent": int(recent.sum()),
        "reference": int((~recent).sum()),
        "farthest_km": round(float(nearest.max()), 1),
    }
    effect = Interval(value, "km", float(low), float(high))
    return Measured(family, effect, tuple(str(i) for i in c.sample.ids[outside]), numbers)
