"""Two plain rules: the rate of the whole record goes on, or that of the last year does.

Enters: a `History`, a `Grid`. Leaves: `Chances`. Called by `toguna.forecasts.recurrence.rolling` and `recur`:
a model must beat these or it is not used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from toguna.forecasts.recurrence.history import Chances, Grid, History

__all__ = ["ADDED", "YEAR_DAYS", "rate_of"]

YEAR_DAYS = 365.25
ADDED = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005)
"""What may be added to every count, so that "never seen" is not "impossible"."""


def rate_of(history: History, grid: Grid, *, days: float, added: float) -> Chances:
    """Let the rate of the last `days` of the record go on.

    The rate is gamma with shape count + `added`: its mean gives the expected number, its spread the
    limits.

    Parameters
    ----------
    history : History
    grid : Grid
    days : float
        Cut to the length of the record.
    added : float
        Above 0.
    """
    used = min(days, history.span)
    shape = grid.counts(history, since=history.span - used, until=history.span)[..., None] + added
    weight: NDArray[np.float64] = grid.horizon / used
    low, high = (-np.expm1(-gammaincinv(shape, q) * weight) for q in (0.05, 0.95))
    chance = -np.expm1(-shape * np.log1p(weight))
    return Chances(chance, low, high, shape * weight)
