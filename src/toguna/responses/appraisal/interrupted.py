"""Interrupted time series: the treated areas' own past, continued, against what came.

Enters: a `Study` with one start. Leaves: an `Estimate`. Called by `toguna.responses.appraisal.appraise`.

Counts of the treated areas together follow ``log E y_t = a + b t + season_t + c [t >= start]``; `c` is the
logarithm of the ratio. Poisson quasi-likelihood; the variance of `c` is the larger of two: overdispersion
times what autocorrelation of the first order adds, and Newey-West (Bartlett weights). Student's t.

References
----------
Bernal, Cummins, Gasparrini (2017), doi 10.1093/ije/dyw098. Newey and West (1987), doi 10.2307/1913610.
"""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr, stdtrit

from toguna.responses.appraisal.study import HALF, UNKNOWN, Estimate, Floats, Study

__all__ = ["design", "estimate", "newey_west", "poisson"]

FEWEST_BEFORE, FEWEST_AFTER, SEASONS_FROM = 12, 3, 24
ROUNDS = 50


def design(months: int, start: int) -> Floats:
    """Return the columns (T, k): one, trend (years), step, season (from two years before on)."""
    t = np.arange(months)
    columns = [np.ones(months), (t - months / 2) / 12, (t >= start).astype(float)]
    if start >= SEASONS_FROM:
        columns += [np.sin(2 * np.pi * t / 12), np.cos(2 * np.pi * t / 12)]
    return np.column_stack(columns)


def poisson(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Fit log E y = x b by iterated weighted least squares; return b (k,) and the means (T,)."""
    b: Floats = np.asarray(np.linalg.lstsq(x, np.log(y + HALF), rcond=None)[0], dtype=np.float64)
    for _ in range(ROUNDS):
        mean = np.exp(np.clip(x @ b, -20, 20))
        root = np.sqrt(mean)
        step = np.linalg.lstsq(x * root[:, None], (y - mean) / root, rcond=None)[0]
        b = b + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return b, np.exp(np.clip(x @ b, -20, 20))


def newey_west(score: Floats, bread: Floats, lags: int) -> Floats:
    """Return the covariance of the estimates, (k, k), from scores (T, k) and the inverse information.

    With the correction T / (T - k) for few months.
    """
    months, k = score.shape
    meat = score.T @ score
    for lag in range(1, lags + 1):
        cross = score[lag:].T @ score[:-lag]
        meat += (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(bread @ meat @ bread * months / (months - k))


def _deviation(x: Floats, y: Floats, mean: Floats) -> float:
    months, k = x.shape
    bread: Floats = np.asarray(np.linalg.pinv((x * mean[:, None]).T @ x), dtype=np.float64)
    residual = (y - mean) / np.sqrt(mean)
    total = max(float(residual @ residual), 1e-12)
    spread = max(1.0, total / (months - k))
    rho = float(residual[1:] @ residual[:-1]) / total
    rho = min(max(rho + (1 + 3 * rho) / months, 0.0), 0.9)  # first-order bias of the estimate
    plain = spread * bread[2, 2] * (1 + rho) / (1 - rho)
    lags = int(np.floor(4 * (months / 100) ** (2 / 9)))
    robust = newey_west((y - mean)[:, None] * x, bread, lags)[2, 2]
    return float(np.sqrt(max(plain, robust)))


def estimate(study: Study, level: float | None = 0.9) -> Estimate:
    """Estimate the step at the start.

    Parameters
    ----------
    study : Study
        All treated areas with the same start; comparison areas are not used here.
    level : float or None
        Of the limits; None as 0.9.

    Returns
    -------
    Estimate
        `UNKNOWN` with fewer than 12 months before, 3 after, or no count before the start.
    """
    level = 0.9 if level is None else level
    y, start = study.counts[:, study.treated].sum(axis=1), study.first
    if start < FEWEST_BEFORE or study.months - start < FEWEST_AFTER or not y[:start].any():
        return UNKNOWN
    x = design(study.months, start)
    b, mean = poisson(x, y)
    free = len(y) - x.shape[1]
    se = _deviation(x, y, mean)
    if not y[start:].any():  # the step runs off; what none says of the rate is a Poisson limit
        return _none_after(y, x, start, level)
    half = float(stdtrit(free, (1 + level) / 2)) * se
    p = 2 * float(stdtr(free, -abs(b[2]) / se))
    expected = mean / np.exp(b[2] * x[:, 2])
    path = tuple(
        {"month": float(t), "observed": float(y[t]), "expected": float(expected[t])} for t in range(len(y))
    )
    return Estimate(
        float(b[2]), float(b[2]) - half, float(b[2]) + half, p, float(y[start:].sum()),
        float(expected[start:].sum()), path=path,
    )  # fmt: skip


def _none_after(y: Floats, x: Floats, start: int, level: float) -> Estimate:
    """Nothing was counted after the start: the limit is the mean that gives none with the chance left.

    The mean that was to be expected is divided by the overdispersion: so many independent events it is worth.
    """
    before = np.delete(x, 2, axis=1)
    b, fitted = poisson(before[:start], y[:start])
    spread = max(1.0, float(((y[:start] - fitted) ** 2 / fitted).sum()) / max(start - before.shape[1], 1))
    expected = float(np.exp(np.clip(before[start:] @ b, -20, 20)).sum())
    worth = expected / spread
    high = float(np.log(-np.log((1 - level) / 2) / worth))
    p = min(1.0, 2 * float(np.exp(-worth)))
    return Estimate(float(np.log(HALF / (expected + HALF))), -np.inf, high, p, 0.0, expected)
