"""Resampling with a spread: recent months, the latest ones more often, each multiplied by noise.

Last year's months as they are say that nothing larger than last year's worst can come. A lognormal
factor around each month widens that; a shift below 1 leans to mean reversion after a peak; decaying
weights follow a change of level faster. Several of these are members of the ensemble.

Enters: a history. Leaves: chances. Called by `toguna.forecasts.members`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.support import distribution_of

__all__ = ["recent"]

_NOISE = ndtri((np.arange(9) + 0.5) / 9)
_DRAWS = 60


def recent(months: int, *, spread: float = 0.0, shift: float = 0.0, half_life: float | None = None) -> Model:
    """Return the model that resamples the last months with weights and noise.

    Parameters
    ----------
    months : int
        How far back.
    spread, shift : float
        Standard deviation and mean of the log of the factor; 0, 0 = the months as they were.
    half_life : float or None
        Months in which the weight of a month halves; None = all alike.
    """

    def resample(history: History, steps: tuple[int, ...]) -> Singles:
        past = history.last(months)
        if half_life is not None:
            weight = 0.5 ** (np.arange(past.shape[1])[::-1] / half_life)
            at = np.searchsorted(weight.cumsum() / weight.sum(), (np.arange(_DRAWS) + 0.5) / _DRAWS)
            past = past[:, at]
        if spread:
            past = np.rint(past[:, :, None] * np.exp(spread * _NOISE + shift)).reshape(len(past), -1)
        return np.repeat(distribution_of(past)[:, None], len(steps), axis=1)

    return resample
