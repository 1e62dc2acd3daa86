"""The arrays that every method takes, and what it gives back.

Enters: counts by month and area, the month from which each was treated. Leaves: `Study`, `Estimate`. Called
by every file of this package and by the bench.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["HALF", "UNKNOWN", "Estimate", "Floats", "Ints", "Study"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HALF = 0.5
"""Added to a count before its logarithm is taken: none is not minus infinity."""


@dataclass(frozen=True, slots=True)
class Study:
    """Counts and when the measure began where.

    Parameters
    ----------
    counts : (T, U) float
        By month and area, 0 or more, nothing missing.
    starts : (U,) int
        First treated month of each area, 1 to T - 1; T = never (comparison).
    """

    counts: Floats
    starts: Ints

    @property
    def months(self) -> int:
        """T."""
        return int(self.counts.shape[0])

    @property
    def treated(self) -> Ints:
        """Places of the treated areas."""
        return np.flatnonzero(self.starts < self.months)

    @property
    def never(self) -> Ints:
        """Places of the comparison areas."""
        return np.flatnonzero(self.starts >= self.months)

    @property
    def first(self) -> int:
        """Months before the first area was treated."""
        return int(self.starts.min())

    def until(self, months: int, starts: Ints) -> Study:
        """Return the first months only, with other starts."""
        return replace(self, counts=self.counts[:months], starts=starts)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a method found: the ratio of what was counted to what was to be expected.

    Parameters
    ----------
    log_ratio : float
        Natural logarithm; below 0 = less than expected.
    low, high : float
        Limits of it at the level asked for; infinite where the data set none.
    p : float
        Chance of at least such a departure from a ratio of 1 if nothing changed.
    observed, expected : float
        Counts of the treated areas since they were treated.
    least_p : float
        The smallest p that this design can give: with eight possible assignments it is 1/8.
    path : tuple of dict
        By month since the start (or by month): observed and expected.
    """

    log_ratio: float
    low: float
    high: float
    p: float
    observed: float
    expected: float
    least_p: float = 0.0
    path: tuple[dict[str, float], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: changes as shares (-0.3 = 30 % less), null = no limit."""

        def change(log: float) -> float | None:
            return round(float(np.expm1(log)), 4) if np.isfinite(log) else None

        return {
            "change": change(self.log_ratio),
            "low": -1.0 if self.low == -np.inf else change(self.low),
            "high": change(self.high),
            "p": round(self.p, 4),
            "least_p": round(self.least_p, 4),
            "observed": round(self.observed, 2),
            "expected": round(self.expected, 2),
        }


UNKNOWN = Estimate(float("nan"), -np.inf, np.inf, 1.0, 0.0, 0.0, 1.0)
"""Nothing can be estimated."""
