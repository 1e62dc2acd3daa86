"""Draws of parts that add up to the draws of the whole: cells, areas and countries agree.

The whole (a country) keeps its draws, which are the ones with a record of scores; each draw of the parts
(areas, cells) is fitted to it.

Enters: draws of parts and of the whole. Leaves: draws of parts. Called for forecasts by area.

References
----------
Panagiotelis and others (2023), doi 10.1016/j.ejor.2022.07.040 (probabilistic reconciliation).
Clark and others (2004), doi 10.1175/1525-7541(2004)005<0243:TSSAMF>2.0.CO;2 (matching draws by rank).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError

__all__ = ["reconcile"]

Floats = NDArray[np.float64]


def reconcile(parts: Floats, whole: Floats) -> Floats:
    """Return draws of the parts whose sum is the draw of the whole, draw by draw and step by step.

    Draws of the parts are first put in the order of the whole: the draw in which the parts sum to most
    goes with the largest draw of the whole. Each is then scaled to that sum; what rounding leaves goes
    to the largest remainders. Where all parts are 0 and the whole is not, the whole is shared by
    the parts' mean draws (alike where these are 0 too).

    Parameters
    ----------
    parts : (H, U, S) float
        Whole numbers, 0 or more.
    whole : (H, S) float
        Whole numbers, 0 or more.

    Returns
    -------
    (H, U, S) float
        Whole numbers; ``out.sum(axis=1)`` equals `whole` exactly.

    Examples
    --------
    >>> reconcile(np.array([[[1.0, 0.0], [3.0, 1.0]]]), np.array([[2.0, 8.0]]))
    array([[[0., 2.],
            [2., 6.]]])
    """
    if parts.ndim != 3 or whole.shape != (parts.shape[0], parts.shape[2]) or not parts.shape[1]:
        raise UsageError(f"parts {parts.shape} and whole {whole.shape} are not (H, U, S) and (H, S).")
    total = parts.sum(axis=1)
    rank = np.argsort(np.argsort(whole, axis=1, kind="stable"), axis=1, kind="stable")
    order = np.take_along_axis(np.argsort(total, axis=1, kind="stable"), rank, axis=1)
    matched = np.take_along_axis(parts, order[:, None], axis=2)
    mean = parts.mean(axis=2, keepdims=True)
    usual = np.where(mean.sum(axis=1, keepdims=True) > 0, mean, 1.0)
    weight = np.where(matched.sum(axis=1, keepdims=True) > 0, matched, usual)
    exact = weight / weight.sum(axis=1, keepdims=True) * whole[:, None]
    out = np.floor(exact + 1e-9)
    left = np.rint(whole - out.sum(axis=1)).astype(np.int64)
    place = np.argsort(np.argsort(-(exact - out), axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(out + (place < left[:, None]))
