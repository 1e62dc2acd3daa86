"""Weights of a linear pool that would have scored best on past forecasts, shrunk to a prior.

The CRPS of a mixture of distributions is a quadratic form in its weights,
``CRPS(sum w_i F_i) = w' Q w``, with ``Q_ij = integral (F_i - H)(F_j - H)`` and H the step at what
happened. Weights on the simplex are therefore a small convex problem with one answer.

Enters: chances of members at past origins and what happened. Leaves: weights. Called by the ensemble.

References
----------
Gneiting and Raftery (2007), doi 10.1198/016214506000001437 (CRPS as an integral).
Stone (1961), doi 10.1214/aoms/1177704873 (linear opinion pool).
Yao and others (2018), doi 10.1214/17-BA1091 (stacking of predictive distributions by a proper score).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from toguna.forecasts.support import LOG_WIDTHS, WIDTHS, beyond

__all__ = ["cross_terms", "pool_weights"]

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


def cross_terms(chances: Singles, observed: Floats, shares: Floats | None = None) -> Floats:
    """Return Q summed over cases, (2, M, M): for counts, and for log1p of counts.

    Parameters
    ----------
    chances : (M, N, G) float32
        Distribution functions of M members for N cases.
    observed : (N,) float
        What happened.
    shares : (N,) float or None
        What a case counts, 0 to 1; None = all 1.
    """
    gap = chances - beyond(observed)[None]
    if shares is not None:
        gap *= np.sqrt(shares).astype(np.float32)[None, :, None]
    out = np.empty((2, len(gap), len(gap)))
    for i, widths in enumerate((WIDTHS, LOG_WIDTHS)):
        scaled = (gap * np.sqrt(widths).astype(np.float32)).reshape(len(gap), -1)
        out[i] = scaled @ scaled.T
    return out


def pool_weights(quadratic: Floats, prior: Floats, *, ridge: float) -> Floats:
    """Minimise ``w' Q w + ridge |w - prior|^2`` over weights that are at least 0 and sum to 1.

    Q is scaled to a mean diagonal of 1 first, so that `ridge` means the same everywhere. Where Q is 0
    (nothing was at stake) the prior is the answer.
    """
    prior = prior / prior.sum()
    scale = np.trace(quadratic) / len(quadratic)
    if scale <= 0:
        return np.asarray(prior)
    q = quadratic / scale

    def cost(w: Floats) -> tuple[float, Floats]:
        off = w - prior
        return float(w @ q @ w + ridge * off @ off), 2 * (q @ w + ridge * off)

    found = minimize(
        cost,
        prior,
        jac=True,
        method="SLSQP",
        bounds=[(0, 1)] * len(prior),
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-10, "maxiter": 300},
    )
    w = np.maximum(found.x, 0.0)
    return np.asarray(w / w.sum())
