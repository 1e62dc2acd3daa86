"""Several measures at once: their effects are never added up.

Enters: draws of changes of harm by measure. Leaves: the change of harm under all of them. Called by planners.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_TOGETHER", "combined"]

MOST_TOGETHER = 0.5
"""Largest fall of harm that any set of measures is credited with, as a share: a design choice."""


def combined(changes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say what measures do together, draw by draw.

    No study at hand estimates how measures interact. So, in each draw, the largest fall counts once, the
    largest rise counts once, the rest counts for nothing, and the whole is capped.

    Parameters
    ----------
    changes : ndarray of float, shape (M, S)
        Proportional changes of harm of M measures in S draws, shares above -1. M may be 0.

    Returns
    -------
    ndarray of float, shape (S,)
        Change of harm under all of them, -MOST_TOGETHER or more.

    Notes
    -----
    ``max(-MOST_TOGETHER, (1 + min(0, min_m c)) (1 + max(0, max_m c)) - 1)``. Taking the luckiest measure of
    each draw flatters a long list of measures that nothing is known about; taking the unluckiest as well
    undoes that, for such measures exactly on average when their draws are symmetric.
    """
    if not len(changes):
        return np.zeros(changes.shape[1] if changes.ndim == 2 else 0)
    fall = np.minimum(changes.min(axis=0), 0.0)
    rise = np.maximum(changes.max(axis=0), 0.0)
    return np.asarray(np.maximum((1 + fall) * (1 + rise) - 1, -MOST_TOGETHER))
