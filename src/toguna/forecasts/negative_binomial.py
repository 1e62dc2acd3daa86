"""Baseline: a negative binomial distribution by moments of a unit's own last years."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, pdtr

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.support import COUNTS

__all__ = ["own_negative_binomial"]


def own_negative_binomial(months: int = 60) -> Model:
    """Return the model that fits mean m and variance v of the last months: size m^2 / (v - m).

    Where the variance is no larger than the mean it is a Poisson distribution.
    """

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        past = history.last(months)
        mean, variance = past.mean(axis=1, keepdims=True), past.var(axis=1, keepdims=True)
        size = mean**2 / np.maximum(variance - mean, 1e-9)
        spread = variance > mean * (1 + 1e-9)
        size = np.where(spread, size, 1.0)  # any number will do: it is not used there
        chances = np.where(spread, betainc(size, COUNTS + 1, size / (size + mean)), pdtr(COUNTS, mean))
        return np.repeat(chances[:, None].astype(np.float32), len(steps), axis=1)

    return fitted
