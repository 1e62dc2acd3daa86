"""Baselines: past months of the unit itself as draws, the last 12, 60 or 240.

The last 12 months as 12 draws are known as conflictology, the benchmark of the VIEWS prediction
challenge. It is hard to beat: it knows level and spread of a conflict and claims nothing else.

References
----------
Hegre and others (2024), doi 10.48550/arXiv.2407.11045 (the VIEWS prediction challenge 2023/24).
"""

from __future__ import annotations

import numpy as np

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.support import distribution_of

__all__ = ["past_months"]


def past_months(months: int) -> Model:
    """Return the model that resamples the last `months` months of a unit, each with the same chance."""

    def resample(history: History, steps: tuple[int, ...]) -> Singles:
        return np.repeat(distribution_of(history.last(months))[:, None], len(steps), axis=1)

    return resample
