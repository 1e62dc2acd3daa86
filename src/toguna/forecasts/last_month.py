"""Baseline: the last month again, as the mean of a Poisson distribution."""

from __future__ import annotations

import numpy as np
from scipy.special import pdtr

from toguna.forecasts.history import History, Singles
from toguna.forecasts.support import COUNTS

__all__ = ["last_month"]


def last_month(history: History, steps: tuple[int, ...]) -> Singles:
    """Say a Poisson distribution with the last count as mean; 0 stays 0."""
    chances = pdtr(COUNTS, history.counts[:, -1:])
    return np.repeat(chances[:, None].astype(np.float32), len(steps), axis=1)
