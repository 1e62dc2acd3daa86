"""Five kinds of units by their recent past, because what forecasts a war is not what forecasts peace.

Enters: a history. Leaves: one number for each unit. Called by the ensemble.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History

__all__ = ["REGIMES", "regime_of"]

REGIMES = ("quiet", "quiet for a year", "low", "middle", "war")
"""No death in five years; none in one; then under 5, under 40, 40 or more deaths a month in the last year."""


def regime_of(history: History) -> NDArray[np.int64]:
    """Return the index into `REGIMES` of every unit at the origin, (U,)."""
    year, five = history.last(12).mean(axis=1), history.last(60).mean(axis=1)
    tests = [(year == 0) & (five == 0), year == 0, year < 5, year < 40]
    return np.asarray(np.select(tests, [0, 1, 2, 3], 4))
