"""Intervals of what is summed over months, when months hang together: whole blocks are drawn again.

A month is forecast from up to twelve origins, and a war lasts for months. So months that were forecast are
drawn in blocks of twelve that wrap around the end; all forecasts of a month go with it.

Enters: the month of each case. Leaves: weights of months. Called by `toguna.replay.skill` and `worth`.

References
----------
Politis and Romano (1992), "A circular block-resampling procedure for stationary data", in LePage and
Billard (eds), Exploring the Limits of Bootstrap (blocks that wrap).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.scores.gate import Floats

__all__ = ["FEWEST", "LENGTH", "Blocks", "interval_of", "limits"]

LENGTH, TIMES = 12, 999
FEWEST = 3 * LENGTH
"""Months below which no interval is stated: fewer than three blocks say nothing of the spread."""


@dataclass(frozen=True)
class Blocks:
    """How often each month is drawn.

    Parameters
    ----------
    place : (N,) int
        Month of each case, from 0.
    weights : (B, T) float, or None
        Times that each month is drawn; None when there are too few months.
    """

    place: NDArray[np.int64]
    months: int
    weights: Floats | None

    @classmethod
    def of(cls, month: NDArray[np.int64], seed: int) -> Blocks:
        """Draw blocks for the months of some cases."""
        place = month - month.min()
        n = int(place.max()) + 1
        if n < FEWEST:
            return cls(place, n, None)
        rng = np.random.default_rng(seed)
        starts = rng.integers(0, n, (TIMES, -(-n // LENGTH)))
        drawn = ((starts[..., None] + np.arange(LENGTH)) % n).reshape(TIMES, -1)[:, :n]
        return cls(place, n, np.stack([np.bincount(row, minlength=n) for row in drawn]).astype(float))

    def sums(self, values: NDArray[Any]) -> Floats:
        """Sum the values of the cases of each month, (T,)."""
        return np.asarray(
            np.bincount(self.place, values.astype(float), minlength=self.months), dtype=np.float64
        )


def limits(values: Floats) -> tuple[float, float] | None:
    """Return the 5 % and 95 % quantiles of what can be counted, None of nothing."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, (0.05, 0.95))
    return round(float(low), 4), round(float(high), 4)


def interval_of(ours: Floats, theirs: Floats, blocks: Blocks) -> dict[str, float | None]:
    """Return the ratio of two sums over cases with its 90 % interval: ``value``, ``low``, ``high``."""
    above, below = blocks.sums(ours), blocks.sums(theirs)
    if not below.sum() > 0:
        return {"value": None, "low": None, "high": None}
    found: dict[str, float | None] = {"value": round(float(above.sum() / below.sum()), 4)}
    if blocks.weights is None:
        return found | {"low": None, "high": None}
    a, b = blocks.weights @ above, blocks.weights @ below
    spread = limits(np.divide(a, b, out=np.full(a.shape, np.nan), where=b > 0))
    low, high = spread or (None, None)
    return found | {"low": low, "high": high}
