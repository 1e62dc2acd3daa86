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
from scipy.special import ndtri, stdtrit

__all__ = [
    "BLOCK_DAYS",
    "INTERVAL_BLOCK_DAYS",
    "bootstrap_weights",
    "count_blocks",
    "limits",
    "monte_carlo_p",
    "positions",
    "ranks",
    "reached_by",
]

BLOCK_DAYS = 90
INTERVAL_BLOCK_DAYS = 30
"""Shorter than for tests: a window of a year holds four blocks of 90 days, too few to draw from."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def _blocks(day: Ints, block_days: int) -> Ints:
    """Number the blocks of `block_days` days, counted back from the last event; shape (N,)."""
    back = (day[-1] - day) // block_days
    return np.concatenate([[0], np.cumsum(back[1:] != back[:-1])])


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
    # A random turn of the circle, so that a block may also straddle the border of the windows.
    place = ranks(keys, block, rng.integers(0, n, size=(replicates, 1)))
    return np.subtract(place, n, out=place, where=place >= n)


def ranks(keys: Floats, block: Ints, turn: Ints) -> Ints:
    """Return the place of each mark when blocks are put in the order of their keys, shape (R, N).

    Parameters
    ----------
    keys : (R, B) float
        A key for every block; of equal keys the earlier block comes first.
    block : (N,) int, sorted
        Block of each mark, 0 to B - 1, none without a mark. Within a block marks keep their order.
    turn : (R, 1) int
        Added to the places of each replicate.
    """
    sizes = np.bincount(block)
    order = np.argsort(keys, axis=1, kind="stable")
    placed = sizes[order]
    begin = np.empty_like(order)
    np.put_along_axis(begin, order, placed.cumsum(axis=1) - placed + turn, axis=1)
    out = np.take(begin, block, axis=1)
    out += np.arange(len(block)) - (np.cumsum(sizes) - sizes)[block]
    return out


def bootstrap_weights(
    day: Ints, *, replicates: int, rng: np.random.Generator, block_days: int = INTERVAL_BLOCK_DAYS
) -> Floats:
    """Draw block bootstrap weights: how often each event is drawn, shape (R, N).

    Blocks that hold events are drawn with replacement, as many as there are.
    """
    block = _blocks(day, block_days)
    k = int(block.max()) + 1
    drawn = rng.multinomial(k, np.full(k, 1 / k), size=replicates)
    return np.asarray(drawn[:, block], dtype=np.float64)


def count_blocks(*days: Ints, block_days: int = INTERVAL_BLOCK_DAYS) -> int:
    """Count the blocks that hold events, in the window that has the fewest; at least 2."""
    return max(2, min(int(_blocks(day, block_days).max()) + 1 for day in days))


def limits(estimate: Floats | float, boot: Floats, *, blocks: int) -> tuple[Floats, Floats]:
    """Return the 90 % bootstrap limits, widened for the small number of blocks.

    The percentiles of the bootstrap are taken as distances from the estimate and stretched by
    sqrt(k / (k - 1)) (a bootstrap of k blocks has too small a variance) and by the ratio of Student's
    quantile with k - 1 degrees of freedom to the normal one.

    Parameters
    ----------
    estimate : float or (K,) float
        What was measured.
    boot : (R,) or (R, K) float
        Its bootstrap replicates.
    blocks : int
        Blocks drawn from, k >= 2.

    References
    ----------
    Davison and Hinkley (1997), Bootstrap Methods and their Application, ISBN 0521574714, chapter 2.
    """
    stretch = np.sqrt(blocks / (blocks - 1)) * stdtrit(blocks - 1, 0.95) / ndtri(0.95)
    low, high = np.percentile(boot, [5, 95], axis=0)
    return estimate + (low - estimate) * stretch, estimate + (high - estimate) * stretch


def monte_carlo_p(observed: float, null: NDArray[np.floating]) -> float:
    """Return the Monte Carlo p of a large statistic: (1 + #{null >= observed}) / (1 + R)."""
    return float((1 + np.count_nonzero(null >= reached_by(observed))) / (1 + len(null)))


def reached_by(observed: float) -> float:
    """Return what a replicate must reach to count as large as what was observed, whatever rounding did."""
    return observed - 1e-9 * max(1.0, abs(observed))
