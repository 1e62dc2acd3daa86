"""Permutations and bootstraps that keep events of the same weeks together.

Attacks come in bursts: a test that shuffles single events takes one burst for many independent
pieces of evidence. Here the *marks* of events (place, tactic, target, actor) are moved in blocks of
consecutive days while the dates stay, so the number of events in each window is fixed (the tests
are conditional on the totals and blind to how many reports a year brought) and what happened in
the same weeks stays together.

References
----------
Kunsch (1989), doi 10.1214/aos/1176347265 (block bootstrap).
Romano and Tirlea (2020), arXiv:2009.03170 (permutation tests under dependence).
Phipson and Smyth (2010), doi 10.2202/1544-6115.1585 (why p counts the observed arrangement).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK_DAYS", "bootstrap_weights", "monte_carlo_p", "positions"]

BLOCK_DAYS = 90
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def _blocks(day: Ints, block_days: int) -> Ints:
    """Number the blocks of `block_days` days, counted back from the last event; shape (N,)."""
    _, block = np.unique((day[-1] - day) // block_days, return_inverse=True)
    return np.asarray(block.max() - block, dtype=np.int64)


def positions(day: Ints, *, replicates: int, rng: np.random.Generator, block_days: int = BLOCK_DAYS) -> Ints:
    """Draw block permutations: where in the order of dates each mark lands.

    Parameters
    ----------
    day : (N,) int, sorted
        Days of the events.
    replicates : int
        Number of permutations R.

    Returns
    -------
    (R, N) int
        ``out[r, i]``: the place in the sequence (0 = earliest date) that mark `i` takes in
        replicate `r`. The order of marks within a block is kept.
    """
    n = len(day)
    block = _blocks(day, block_days)
    keys = rng.random((replicates, int(block.max()) + 1))
    order = np.argsort(keys[:, block], axis=1, kind="stable")
    # A random turn of the circle, so that a block may also straddle the border of the windows.
    turned = (np.arange(n)[None, :] + rng.integers(0, n, size=(replicates, 1))) % n
    out = np.empty((replicates, n), dtype=np.int64)
    np.put_along_axis(out, order, turned, axis=1)
    return out


def bootstrap_weights(
    day: Ints, *, replicates: int, rng: np.random.Generator, block_days: int = BLOCK_DAYS
) -> Floats:
    """Draw block bootstrap weights: how often each event is drawn, shape (R, N).

    Blocks that hold events are drawn with replacement, as many as there are.
    """
    block = _blocks(day, block_days)
    k = int(block.max()) + 1
    drawn = rng.multinomial(k, np.full(k, 1 / k), size=replicates)
    return np.asarray(drawn[:, block], dtype=np.float64)


def monte_carlo_p(observed: float, null: NDArray[np.floating]) -> float:
    """Return the Monte Carlo p of a large statistic: (1 + #{null >= observed}) / (1 + R)."""
    slack = 1e-9 * max(1.0, abs(observed))
    return float((1 + np.count_nonzero(null >= observed - slack)) / (1 + len(null)))
