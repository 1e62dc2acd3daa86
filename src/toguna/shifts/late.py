"""Tempo where recent events are not all reported yet: each step counts for the share of it that is known.

Enters: days of events, two windows, `Completeness`. Leaves: p, and the exposure of every step. Called by
`toguna.shifts.battery` and `toguna.shifts.tempo`.

Without this, the last months of a source that reports late look like a lull.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from toguna.events.nowcast import Completeness
from toguna.shifts.resampling import monte_carlo_p
from toguna.shifts.steps import SHORTEST_RUN, counts_by_step, edges_of
from toguna.shifts.windows import Windows

__all__ = ["exposure", "glr", "p_value"]

Floats = NDArray[np.float64]


def _ages(windows: Windows) -> tuple[Floats, Floats]:
    """Ages in days at which each step begins and ends, oldest step first."""
    edges, _ = edges_of(windows)
    end = windows.as_of.toordinal() + 1
    return end - edges[1:], end - edges[:-1]


def exposure(windows: Windows, known: Completeness) -> Floats:
    """Share of the events of each step that is known, shape (K,), oldest step first; 1 = all."""
    return known.over(*_ages(windows))


@njit(cache=True, nogil=True)
def glr(counts: Floats, share: Floats, before: int, shortest: int) -> tuple[float, int]:  # pragma: no cover
    """Return the largest GLR over change points in the recent steps, and that change point.

    The same as `toguna.shifts.tempo.glr`, where a step of which a share is known has that share of the mean:
    thinning a negative binomial count keeps its size and scales its mean.

    Parameters
    ----------
    counts, share : (K,) float
        Events per step, and the share of the step that is known, oldest first.
    before : int
        Number of reference steps.
    shortest : int
        Fewest steps after the change point.
    """
    mean = max(counts[:before].sum() / share[:before].sum(), 0.5 / before)
    scaled = counts[:before] / share[:before]
    spread = scaled.var() * before / max(before - 1, 1)
    size = mean * mean / max(spread - mean, 0.05 * mean)
    best, where = 0.0, len(counts) - shortest
    total, whole = 0.0, 0.0
    for k in range(len(counts) - 1, before - 1, -1):
        total += counts[k]
        whole += share[k]
        if len(counts) - k < shortest:
            continue
        own = total / whole
        gain = 0.0
        for i in range(k, len(counts)):
            a, b = own * share[i], mean * share[i]
            if counts[i] > 0:
                gain += counts[i] * (np.log(a / (a + size)) - np.log(b / (b + size)))
            gain += size * (np.log(size / (a + size)) - np.log(size / (b + size)))
        if gain > best:
            best, where = gain, k
    return best, where


@njit(cache=True, nogil=True)
def _null(counts: Floats, share: Floats, before: int, shortest: int) -> Floats:  # pragma: no cover
    out = np.empty(counts.shape[0])
    for r in range(counts.shape[0]):
        out[r] = glr(counts[r], share, before, shortest)[0]
    return out


def p_value(
    day: NDArray[np.int64],
    windows: Windows,
    order: NDArray[np.int64],
    *,
    known: Completeness,
    rng: np.random.Generator,
) -> float:
    """Test whether the level of events changed, allowing for what is not reported yet.

    Each replicate completes the recent steps by a draw of what is missing, permutes the completed steps as in
    `toguna.shifts.tempo.p_value`, and takes out again what would not be known at the place where each step
    has landed. Draws of the share carry what is uncertain about it.

    Parameters
    ----------
    day : (N,) int
        Days of the events.
    windows : Windows
        The two windows.
    order : (R, K) int
        Permutations from `toguna.shifts.tempo.orders`.
    known : Completeness
        Which share of recent events is known.
    rng : Generator
        For what is drawn.
    """
    counts, before = counts_by_step(day, windows)
    share = exposure(windows, known)
    draws = known.draws_over(*_ages(windows))
    pick = rng.integers(0, len(draws), size=(2, len(order)))
    part = np.flatnonzero((draws < 1).any(axis=0))
    whole = np.repeat(counts[None, :], len(order), axis=0)
    at = np.minimum(draws[pick[0]][:, part], 1 - 1e-9)
    whole[:, part] += rng.negative_binomial(counts[None, part] + 0.5, at)
    moved = np.take_along_axis(whole, order, axis=1)
    seen = moved[:, part].astype(np.int64)
    moved[:, part] = rng.binomial(seen, draws[pick[1]][:, part])
    observed = glr(counts, share, before, SHORTEST_RUN)[0]
    return monte_carlo_p(observed, _null(moved, share, before, SHORTEST_RUN))
