"""A forecast: draws for each unit and step, and what is read from them.

Enters: chances or draws of a model. Leaves: `Forecast`. Called by the benches and the command line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError

__all__ = ["Forecast"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Draws of counts.

    Parameters
    ----------
    target : str
        What is counted ("deaths"), with the level ("country/deaths").
    model : str
        Who made it.
    origin : int
        Month number (1 = January 1980) of the last month it knew.
    steps : (H,) tuple of int
        Months after the origin.
    units : (U,) tuple of str
        Units.
    draws : (H, U, S) float
        Whole numbers, 0 or more; S draws with the same chance.
    seed : int
        Makes the draws again.
    """

    target: str
    model: str
    origin: int
    steps: tuple[int, ...]
    units: tuple[str, ...]
    draws: Floats
    seed: int

    def __post_init__(self) -> None:
        if self.draws.ndim != 3 or self.draws.shape[:2] != (len(self.steps), len(self.units)):
            raise UsageError(
                f"draws have shape {self.draws.shape}, expected ({len(self.steps)}, {len(self.units)}, S)."
            )
        if min(self.steps, default=1) < 1:
            raise UsageError(f"a step is 1 month after the origin or more, got {min(self.steps)}.")

    def quantile(self, level: float) -> Floats:
        """Return the smallest draw that at least `level` of the draws do not exceed, (H, U)."""
        return np.asarray(np.quantile(self.draws, level, axis=-1, method="inverted_cdf"))

    def chance_of(self, count: float) -> Floats:
        """Return the share of draws of at least `count`, (H, U)."""
        return np.asarray((self.draws >= count).mean(axis=-1))

    def mean(self) -> Floats:
        """Return the mean of the draws, (H, U). Ruled by the largest draws: read the quantiles first."""
        return np.asarray(self.draws.mean(axis=-1))
