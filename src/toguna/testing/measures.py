"""Counts by area and month with a measure of known effect, or of none.

Areas have rates of their own, share a common movement, drift by themselves if asked, and are overdispersed.
Used by the tests and the bench of `toguna.responses.appraisal`; it does not draw on any real theatre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.responses.appraisal.study import Study

__all__ = ["Measured", "simulate_measure"]


@dataclass(frozen=True, slots=True)
class Measured:
    """The truth.

    Parameters
    ----------
    rates : (U,) tuple of float
        Mean counts a month.
    starts : tuple of int
        First treated month of the first areas; the others are never treated.
    ratio : float
        By which the measure multiplies counts; 1 = no effect.
    months : int
    size : float
        Gamma shape of each month of each area: counts are negative binomial.
    common, drift : float
        Monthly deviation of the random walks of log rates: of all areas together, of each by itself.
        Every method assumes a drift of 0.
    """

    rates: tuple[float, ...]
    starts: tuple[int, ...]
    ratio: float = 1.0
    months: int = 60
    size: float = 3.0
    common: float = 0.05
    drift: float = 0.0


def simulate_measure(truth: Measured, rng: np.random.Generator) -> Study:
    """Simulate a study.

    Examples
    --------
    >>> truth = Measured(rates=(2.0, 1.0, 1.0), starts=(40,))
    >>> simulate_measure(truth, np.random.default_rng(0)).counts.shape
    (60, 3)
    """
    shape = (truth.months, len(truth.rates))
    starts = np.full(shape[1], truth.months)
    starts[: len(truth.starts)] = truth.starts
    together = np.cumsum(rng.normal(0, truth.common, truth.months))
    alone = np.cumsum(rng.normal(0, truth.drift, shape), axis=0)
    noise = rng.gamma(truth.size, 1 / truth.size, shape)
    walk = np.exp(together[:, None] - together.mean() + alone - alone.mean(axis=0))
    mean: NDArray[np.float64] = np.array(truth.rates) * walk * noise
    treated = np.arange(truth.months)[:, None] >= starts
    return Study(rng.poisson(np.where(treated, truth.ratio, 1.0) * mean).astype(np.float64), starts)
