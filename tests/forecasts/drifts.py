"""Simulated conflicts whose distribution is known to every step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def steady(units: int, months: int, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Counts (U, T) that never change their law: 0 with chance 1 - p, else negative binomial; p, mean."""
    busy, mean = rng.beta(0.5, 0.8, units), rng.lognormal(2.5, 1.2, units)
    counts = rng.negative_binomial(1.0, 1.0 / (1.0 + mean[:, None]), (units, months)) + 1.0
    return np.where(rng.random((units, months)) < busy[:, None], counts, 0.0), busy, mean


def drifting(units: int, months: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Counts (U, T) whose log mean reverts slowly to 3, and the log means."""
    level = np.empty((units, months))
    level[:, 0] = rng.normal(3.0, 1.2, units)
    for t in range(1, months):
        level[:, t] = 3.0 + 0.9 * (level[:, t - 1] - 3.0) + rng.normal(0, 0.5, units)
    return rng.poisson(np.exp(level)).astype(float), level
