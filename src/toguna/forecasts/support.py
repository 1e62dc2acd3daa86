"""Distributions of counts on one fixed support, so that they can be mixed, scored and drawn from.

Enters: draws, or chances of reaching thresholds. Leaves: distribution functions F (..., G) with
F[g] = P(count <= COUNTS[g]). Called by every model and by the ensemble.

Every whole number to 40 is a point, then 150 points in equal ratios (8 % apart) to 2 million. A count
between two points is held to be the next higher point, which moves a score by less than 4 % of the
count; benches score the draws themselves, so this only touches the choice of weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["COUNTS", "LOG_WIDTHS", "WIDTHS", "beyond", "distribution_of", "draws_from", "loss", "survival"]

Singles = NDArray[np.float32]
Floats = NDArray[np.float64]

COUNTS: Floats = np.unique(np.concatenate([np.arange(41.0), np.rint(np.geomspace(41, 2e6, 150))]))
WIDTHS: Floats = np.append(np.diff(COUNTS), 0.0)
LOG_WIDTHS: Floats = np.append(np.diff(np.log1p(COUNTS)), 0.0)


def distribution_of(draws: NDArray[np.floating]) -> Singles:
    """Return F (..., G) of draws (..., S), each with the same chance."""
    rows = draws.reshape(-1, draws.shape[-1])
    place = np.minimum(np.searchsorted(COUNTS, rows, "left"), len(COUNTS) - 1)
    place += np.arange(len(rows))[:, None] * len(COUNTS)
    hits = np.bincount(place.ravel(), minlength=len(rows) * len(COUNTS)).reshape(len(rows), -1)
    return (hits.cumsum(axis=1) / rows.shape[1]).astype(np.float32).reshape(*draws.shape[:-1], -1)


def beyond(observed: NDArray[np.floating]) -> Singles:
    """Return the step function (..., G) of what happened: 1 from the observed count on."""
    return (observed[..., None] <= COUNTS).astype(np.float32)


def loss(chances: Singles, observed: NDArray[np.floating], *, log: bool = False) -> Floats:
    """Return the CRPS of F (..., G) on the support; of log1p of the counts when `log`."""
    gap = (chances - beyond(observed)) ** 2
    return np.asarray(gap @ (LOG_WIDTHS if log else WIDTHS))


def draws_from(chances: Singles, size: int, rng: np.random.Generator) -> Floats:
    """Draw whole numbers, (..., size), one from each of `size` equal slices of probability.

    Between two points of the support counts are spread evenly. The order of draws is shuffled for
    each row of the first axis and is the same along the others: draw s of all steps of a unit stands
    at the same level, as if a bad year were bad throughout. Sums over steps are therefore as wide as
    they can be; sums over units take units as independent.
    """
    rows = chances.reshape(-1, chances.shape[-1]).astype(np.float64)
    levels = (np.arange(size) + 0.5) / size
    out = np.zeros((len(rows), size))
    low = np.append(-1.0, COUNTS[:-1])
    for i in np.flatnonzero(rows[:, 0] < levels[-1]):  # all draws of the others are 0
        f = rows[i]
        g = np.minimum(np.searchsorted(f, levels, "left"), len(COUNTS) - 1)
        below = np.where(g > 0, f[g - 1], 0.0)
        share = np.clip((levels - below) / np.maximum(f[g] - below, 1e-12), 0.0, 1.0)
        out[i] = np.ceil(low[g] + share * (COUNTS[g] - low[g]))
    out = np.maximum(out, 0.0).reshape(*chances.shape[:-1], size)
    order = rng.permuted(np.tile(np.arange(size), (out.shape[0], 1)), axis=1)
    order = order.reshape(out.shape[0], *(1,) * (out.ndim - 2), size)
    return np.take_along_axis(out, np.broadcast_to(order, out.shape), axis=-1)


_BEYOND, _FALL = 8, 0.3
"""Above the last threshold the chance falls to this share with every doubling: a heavy tail."""


def survival(reached: Floats, thresholds: Floats) -> Singles:
    """Turn P(count >= threshold), (N, K), into F (N, G): straight lines between the logs of both.

    Parameters
    ----------
    reached : (N, K) float
        Chances, not rising along K.
    thresholds : (K,) float
        Rising, the first being 1.
    """
    chance = np.clip(reached, 1e-6, 1.0)
    tail = chance[:, -1:] * _FALL ** np.arange(1, _BEYOND + 1)
    logs = np.log(np.concatenate([chance, tail], axis=1))
    at = np.log(np.concatenate([thresholds, thresholds[-1] * 2.0 ** np.arange(1, _BEYOND + 1)]))
    point = np.log(COUNTS + 1)  # F(c) = 1 - P(count >= c + 1)
    j = np.clip(np.searchsorted(at, point, "right") - 1, 0, len(at) - 2)
    share = np.clip((point - at[j]) / (at[j + 1] - at[j]), 0.0, 1.0)
    return np.asarray(1.0 - np.exp(logs[:, j] * (1 - share) + logs[:, j + 1] * share), dtype=np.float32)
