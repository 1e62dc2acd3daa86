"""Six kinds of units by their recent past, because what forecasts a war is not what forecasts peace.

Enters: a history. Leaves: one number for each unit. Called by the ensemble.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History

__all__ = ["REGIMES", "regime_of"]

REGIMES = ("quiet", "quiet for a year", "low", "middle", "war", "war, just risen")
"""No death in five years; none in one; then under 5, under 40, 40 or more deaths a month in the last year.
A war has just risen when its last three months are at least 3.5 times as deadly as the nine before."""

_TIMES = 3.5


def regime_of(history: History) -> NDArray[np.int64]:
    """Return the index into `REGIMES` of every unit at the origin, (U,)."""
    year, five = history.last(12).mean(axis=1), history.last(60).mean(axis=1)
    tests = [(year == 0) & (five == 0), year == 0, year < 5, year < 40, _just_risen(history)]
    return np.asarray(np.select(tests, [0, 1, 2, 3, 5], 4))


def _just_risen(history: History) -> NDArray[np.bool_]:
    last = history.last(12)
    if last.shape[1] < 12:
        return np.zeros(len(last), dtype=bool)
    return np.asarray(last[:, -3:].mean(axis=1) >= _TIMES * np.maximum(last[:, :-3].mean(axis=1), 1.0))
