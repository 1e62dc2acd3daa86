"""Intervals that held what they claimed on past forecasts of the same size.

Enters: limits and outcomes of past forecasts, limits of new ones. Leaves: the new limits, moved. Called by
`toguna.forecasts.outlook.record` and `toguna.forecasts.outlook.outlook`; docs/methods/outlook.md.

Conformalised quantiles on log1p of counts, within groups of the size of the forecast. The size is known
beforehand, so that an interval may be moved differently for small and for large ones. Limits are moved
outwards only: an interval of counts that is closed on both sides holds more than it claims where most counts
are 0, and drawing it in on that ground would break it for the others. A group with fewer than 50 past
cases, or from fewer than 6 past origins, is left alone. Cases of one place in months in a row are not
exchangeable: the promise of the method holds for the long run of a steady conflict, and is only checked here.

References
----------
Romano, Patterson and Candès (2019), doi 10.48550/arXiv.1905.03222 (conformalised quantile regression).
Vovk, Gammerman and Shafer (2005), doi 10.1007/b106715, section 4.5 (validity within categories).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EDGES",
    "FEWEST_CASES",
    "FEWEST_ORIGINS",
    "LEVEL",
    "Limits",
    "Moves",
    "group_of",
    "limits_of",
    "moves_of",
]

Floats = NDArray[np.float64]

LEVEL = 0.9
EDGES = (1.0, 5.0, 25.0, 100.0)
"""Limits between groups of the 95 % quantile of a forecast."""
FEWEST_CASES, FEWEST_ORIGINS = 50, 6
_ROUND = 1e-9


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of central 90 % intervals, and the group of each by its size; three arrays of one shape."""

    low: Floats
    high: Floats
    group: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moves:
    """How far the limits of each group are moved on the scale of log1p, (5,); NaN: left alone."""

    by: Floats
    cases: NDArray[np.int64]

    def moved(self, limits: Limits) -> Limits:
        """Return the limits moved outwards, whole numbers of 0 or more."""
        by = np.nan_to_num(self.by)[limits.group]
        low = np.ceil(np.expm1(np.maximum(np.log1p(limits.low) - by, 0.0)) - _ROUND)
        high = np.floor(np.expm1(np.log1p(limits.high) + by) + _ROUND)
        return Limits(np.maximum(low, 0.0), high, limits.group)

    def told(self, group: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the group had enough past cases."""
        return np.asarray(~np.isnan(self.by)[group])


def group_of(upper: Floats) -> NDArray[np.int64]:
    """Return the group of each forecast by its 95 % quantile, 0 to 4."""
    return np.asarray(np.searchsorted(np.asarray(EDGES), upper, "right"))


def limits_of(draws: Floats) -> Limits:
    """Return the limits of draws (..., S)."""
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=-1, method="inverted_cdf")
    return Limits(low, high, group_of(high))


def moves_of(past: Limits, observed: Floats, origin: NDArray[np.int64]) -> Moves:
    """Learn from past cases how far limits must move.

    Parameters
    ----------
    past : Limits
        Of N past cases.
    observed : (N,) float
        What happened.
    origin : (N,) int
        From which origin each was forecast.
    """
    seen = np.log1p(observed)
    off = np.maximum(np.log1p(past.low) - seen, seen - np.log1p(past.high))
    size = len(EDGES) + 1
    by, cases = np.full(size, np.nan), np.bincount(past.group, minlength=size)
    for g in range(size):
        mine = past.group == g
        n = int(cases[g])
        if n < FEWEST_CASES or len(np.unique(origin[mine])) < FEWEST_ORIGINS:
            continue
        by[g] = max(0.0, np.sort(off[mine])[int(np.ceil((n + 1) * LEVEL)) - 1])
    return Moves(by, cases)
