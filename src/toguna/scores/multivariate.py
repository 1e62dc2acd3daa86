"""Joint draws: do areas and months move together as they were said to?

Enters: draws (..., D, S) of D values at once and what was observed (..., D). Leaves: one score for each
joint forecast. Called by the benches where draws are summed over areas or months.

References
----------
Gneiting and Raftery (2007), doi 10.1198/016214506000001437, section 4.3 (energy score).
Scheuerer and Hamill (2015), doi 10.1175/MWR-D-14-00269.1 (variogram score).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from toguna.core.errors import UsageError
from toguna.scores.gate import Floats, Numbers, numbers, observed_for, refuse_missing

__all__ = ["energy", "variogram"]


def energy(draws: Any, observed: Any, *, fair: bool) -> Floats:
    """Return the energy score: the CRPS for D values at once.

    ``mean_i ||x_i - y|| - sum_ij ||x_i - x_j|| / (2 S^2)``, with ``S (S - 1)`` in place of ``S^2`` when it
    shall be fair to few draws. It sees wrong means well and wrong correlations hardly: look at
    `variogram` too. Values on different scales must be scaled before.

    Parameters
    ----------
    draws : (..., D, S) numbers
        Finite; draw s of all D values belongs together.
    observed : (..., D) numbers
        Finite.
    fair : bool
        Whether to correct for the number of draws (then S >= 2).

    Returns
    -------
    (...) float64

    Raises
    ------
    UsageError
        Shapes do not match, or a single draw is to be scored fairly.
    DataError
        A value is missing or infinite.
    """
    x, y, shape = _joint(draws, observed, score="energy")
    size = x.shape[-1]
    if fair and size < 2:
        raise UsageError(f"energy: a fair score needs at least 2 draws, got {size}.")
    out = np.empty(len(x))
    for k in range(len(x)):
        points = x[k].T.astype(np.float64)
        near = np.sqrt(((points - y[k]) ** 2).sum(axis=1)).mean()
        out[k] = near - _pairs(points) / (size * (size - 1 if fair else size))
    return out.reshape(shape)


def variogram(draws: Any, observed: Any, *, order: float, weights: Any = None) -> Floats:
    """Return the variogram score of an order (`variogram@0.5`).

    ``sum_ij w_ij (|y_i - y_j|^p - mean_s |x_is - x_js|^p)^2`` over all ordered pairs of the D values.

    Parameters
    ----------
    draws : (..., D, S) numbers
        Finite; draw s of all D values belongs together.
    observed : (..., D) numbers
        Finite.
    order : float
        The power p, above 0; 0.5 is usual for values with heavy tails.
    weights : (D, D) float, optional
        All 1 when absent. Smaller for pairs that are far apart.

    Returns
    -------
    (...) float64

    Raises
    ------
    UsageError
        Shapes do not match, or the order is not positive.
    DataError
        A value is missing or infinite.
    """
    name = f"variogram@{order:g}"
    if not order > 0:
        raise UsageError(f"{name}: the order is {order}; expected a number above 0.")
    x, y, shape = _joint(draws, observed, score=name)
    size = x.shape[1]
    w = np.ones((size, size)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (size, size):
        raise UsageError(f"{name}: weights of shape {w.shape}; expected {(size, size)}.")
    out = np.zeros(len(x))
    for k in range(len(x)):
        points = x[k].astype(np.float64)
        for i in range(size):
            said = (np.abs(points - points[i]) ** order).mean(axis=1)
            out[k] += w[i] @ (np.abs(y[k] - y[k, i]) ** order - said) ** 2
    return out.reshape(shape)


def _pairs(points: Floats) -> float:
    """Return the sum of the distances between all pairs i < j of points (S, D), row by row."""
    total = 0.0
    for i in range(1, len(points)):
        total += float(np.sqrt(((points[:i] - points[i]) ** 2).sum(axis=1)).sum())
    return total


def _joint(draws: Any, observed: Any, *, score: str) -> tuple[Numbers, Floats, tuple[int, ...]]:
    """Let joint draws pass; return them as (N, D, S) and (N, D), and the shape of the scores."""
    x = numbers(draws, what="draws", score=score)
    if x.ndim < 2:
        raise UsageError(
            f"{score}: draws of shape {x.shape}; expected (..., D, S), D values at once and S draws."
        )
    y = observed_for(x, observed, score=score)
    refuse_missing(x, what="draws", score=score)
    return x.reshape(-1, *x.shape[-2:]), y.reshape(-1, y.shape[-1]), y.shape[:-1]
