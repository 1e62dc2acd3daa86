"""Limits of the parameters of the self-exciting process, the background's density not taken as known.

Enters: a `Fitted`. Leaves: limits of its parameters. Called by the bench and by whoever reports parameters.

The observed information takes the density of the background as given. It is not: how widely the past
attacks are smoothed decides what passes for background and what for triggered, and moves estimates by
about one standard error. So the process is fitted again with the background smoothed half and twice as
widely, and the limits are the outermost of the three: at least as sure as any one of them, if one of
the three widths is about right.

References
----------
Zhuang, Ogata, Vere-Jones (2002), doi 10.1198/016214502760046925 (the smoothing of the background).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from toguna.forecasts.recurrence.selfexciting import Fitted, fit, parameters

__all__ = ["WIDTHS", "limits"]

WIDTHS = (0.5, 2.0)
Floats = NDArray[np.float64]


def limits(fitted: Fitted, level: float = 0.9) -> tuple[Floats, Floats]:
    """Return the limits of the parameters `NAMES`.

    Parameters
    ----------
    fitted : Fitted
    level : float
        Of each parameter by itself, in (0, 1).

    Returns
    -------
    low, high : (7,) float
        The outermost of the normal limits on the free scale of three fits: the background as smoothed
        in `fitted`, half and twice as widely. Wider than needed where smoothing matters little.
    """
    fits = [fitted, *(fit(fitted.history, start=fitted.center, km=fitted.scatter_km * k) for k in WIDTHS)]
    half = np.stack([ndtri((1 + level) / 2) * np.sqrt(np.diag(f.spread)) for f in fits])
    center = np.stack([f.center for f in fits])
    return parameters((center - half).min(axis=0)), parameters((center + half).max(axis=0))
