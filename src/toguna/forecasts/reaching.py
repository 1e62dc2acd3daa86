"""What a resampling of recent months says of every past month at once: chances of reaching counts.

`toguna.forecasts.recent` says so for one origin. Trees that correct it need the same for every month
they learn from; sums that fade from month to month give all of them in one pass.

Enters: counts (U, T). Leaves: chances (U, T, K) on `ASKED`. Called by `toguna.forecasts.corrected`.
Memory grows with U x T x K: made for some hundred units, not for ten thousand cells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

__all__ = ["ASKED", "LOG_ASKED", "fading_chances", "log_odds"]

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

ASKED: Floats = np.unique(np.rint(np.concatenate([[1, 2, 3, 4, 6, 9], np.geomspace(12, 2e5, 34)])))
"""Counts asked about, (K,): 1 to 9, then 34 % apart to 200,000."""
LOG_ASKED: Floats = np.log(ASKED - 0.5)
_LEAST = 0.004


def fading_chances(counts: Floats, *, half_life: float, spread: float) -> Singles:
    """Return P(count >= `ASKED`) as past months say, each times a lognormal factor, (U, T, K).

    Parameters
    ----------
    counts : (U, T) float
        Counts, 0 or more. Chances of month t are made of months up to t only.
    half_life : float
        Months in which the weight of a month halves.
    spread : float
        Standard deviation of the log of the factor.

    Examples
    --------
    >>> fading_chances(np.array([[0.0, 40.0]]), half_life=1.0, spread=0.5)[0, :, 0].round(2)
    array([0.  , 0.67], dtype=float32)
    """
    from scipy.signal import lfilter  # half a second, which an assessment does not need

    with np.errstate(divide="ignore"):
        reached = ndtr((np.log(counts)[:, :, None] - LOG_ASKED) / spread)
    keep = 0.5 ** (1.0 / half_life)
    total = lfilter([1.0], [1.0, -keep], reached, axis=1)
    weight = lfilter([1.0], [1.0, -keep], np.ones(counts.shape[1]))
    return np.asarray(total / weight[None, :, None], dtype=np.float32)


def log_odds(chance: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return log(p / (1 - p)) with p held within 0.004 and 0.996: no month says never or surely."""
    held = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(held / (1 - held)))
