"""Baseline: nothing happens. Right in most country-months, which is why it must be beaten."""

from __future__ import annotations

import numpy as np

from toguna.forecasts.history import History, Singles
from toguna.forecasts.support import distribution_of

__all__ = ["zero"]


def zero(history: History, steps: tuple[int, ...]) -> Singles:
    """Say 0 for every unit and step."""
    return distribution_of(np.zeros((len(history.counts), len(steps), 1)))
