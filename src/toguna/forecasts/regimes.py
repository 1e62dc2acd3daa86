"""Six kinds of units by their recent past, because what forecasts a war is not what forecasts peace.

A limit is a convention: what is said of a unit should not jump because one month more or less had ten deaths.
Between 20 and 80 deaths a month a unit is therefore in part of the middle and in part of war.

Enters: a history. Leaves: one number for each unit, or shares of regimes. Called by the ensemble.

References
----------
Jacobs and others (1991), doi 10.1162/neco.1991.3.1.79 (experts that are heard in shares).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History

__all__ = ["REGIMES", "regime_of", "regime_shares"]

REGIMES = ("quiet", "quiet for a year", "low", "middle", "war", "war, just risen")
"""No death in five years; none in one; then under 5, under 40, 40 or more deaths a month in the last year.
A war has just risen when its last three months are at least 3.5 times as deadly as the nine before."""

_TIMES = 3.5
_LIMITS = (5.0, 40.0)
_FROM, _TO = 20.0, 80.0
"""Deaths a month between which a unit passes from the middle to war, straight on the log."""


def regime_of(history: History) -> NDArray[np.int64]:
    """Return the index into `REGIMES` of every unit at the origin, (U,)."""
    year, five = history.last(12).mean(axis=1), history.last(60).mean(axis=1)
    tests = [(year == 0) & (five == 0), year == 0, year < _LIMITS[0], year < _LIMITS[1], _just_risen(history)]
    return np.asarray(np.select(tests, [0, 1, 2, 3, 5], 4))


def regime_shares(history: History) -> NDArray[np.float64]:
    """Return shares of `REGIMES` of every unit at the origin, (U, 6): half war at 40 deaths a month."""
    year = history.last(12).mean(axis=1)
    at_war = np.clip(np.log(np.maximum(year, _FROM) / _FROM) / np.log(_TO / _FROM), 0.0, 1.0)
    below = np.minimum(regime_of(history), REGIMES.index("middle"))
    shares = np.eye(len(REGIMES))[below] * (1.0 - at_war)[:, None]
    kind = np.where(_just_risen(history), REGIMES.index("war, just risen"), REGIMES.index("war"))
    shares[np.arange(len(year)), kind] += at_war
    return np.asarray(shares)


def _just_risen(history: History) -> NDArray[np.bool_]:
    last = history.last(12)
    if last.shape[1] < 12:
        return np.zeros(len(last), dtype=bool)
    return np.asarray(last[:, -3:].mean(axis=1) >= _TIMES * np.maximum(last[:, :-3].mean(axis=1), 1.0))
