"""Surge or lull: has the number of events changed, where and for whom?

A generalised likelihood ratio CUSUM for overdispersed counts over twelve steps of the recent window,
against a level and a dispersion estimated from the reference window; its p comes from permuting
pairs of neighbouring steps, which is exact when steps are exchangeable and keeps short bursts whole.

References
----------
Hohle and Paul (2008), doi 10.1016/j.csda.2008.02.015 (negative binomial GLR-CUSUM, unknown shift).
Przyborowski and Wilenski (1940), doi 10.1093/biomet/31.3-4.313 (two Poisson counts given their sum).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import betaincinv, gammaincinv

from toguna.core.types import Interval
from toguna.events.nowcast import Completeness
from toguna.shifts.comparison import Comparison, Measured
from toguna.shifts.late import exposure
from toguna.shifts.late import glr as late_glr
from toguna.shifts.resampling import ranks, reached_by
from toguna.shifts.steps import SHORTEST_RUN, STEPS, counts_by_step, edges_of
from toguna.shifts.windows import Windows

__all__ = ["FEWEST_EVENTS", "STEPS", "counts_by_step", "glr", "measure", "orders", "p_value", "testable"]

FEWEST_EVENTS = 8
MONTH_DAYS = 30.4375

Floats = NDArray[np.float64]


def testable(windows: Windows) -> bool:
    """Whether the reference window holds at least two whole steps: fewer have no variance."""
    return edges_of(windows)[1] >= 2


@njit(cache=True, nogil=True)
def _log_likelihood(total: float, steps: int, mean: float, size: float) -> float:  # pragma: no cover
    """Negative binomial log likelihood of a run, up to terms that do not depend on its mean."""
    if mean <= 0.0:
        return 0.0 if total == 0.0 else -np.inf
    return float(total * np.log(mean / (mean + size)) + steps * size * np.log(size / (mean + size)))


@njit(cache=True, nogil=True)
def _level(counts: Floats, before: int) -> tuple[float, float]:  # pragma: no cover - compiled
    """Mean and size of the negative binomial of the reference steps."""
    mean = max(counts[:before].mean(), 0.5 / before)
    spread = counts[:before].var() * before / max(before - 1, 1)
    return mean, mean * mean / max(spread - mean, 0.05 * mean)


@njit(cache=True, nogil=True)
def glr(counts: Floats, before: int, shortest: int) -> tuple[float, int]:  # pragma: no cover - compiled
    """Return the largest GLR over change points in the recent steps, and that change point.

    Parameters
    ----------
    counts : (K,) float
        Events per step, oldest first.
    before : int
        Number of reference steps.
    shortest : int
        Fewest steps after the change point.
    """
    mean, size = _level(counts, before)
    best, where, total = 0.0, len(counts) - shortest, 0.0
    for k in range(len(counts) - 1, before - 1, -1):
        total += counts[k]
        steps = len(counts) - k
        if steps < shortest:
            continue
        gain = _log_likelihood(total, steps, total / steps, size) - _log_likelihood(total, steps, mean, size)
        if gain > best:
            best, where = gain, k
    return best, where


@njit(cache=True, nogil=True)
def _reaches(counts: Floats, before: int, shortest: int, least: float) -> bool:  # pragma: no cover - compiled
    """Whether the GLR is at least `least`, above 0; most change points need no logarithm.

    With V(u) = u + u^2 / size the gain of n steps is n times the integral of (rate - u) / V(u) from mean to
    rate. For a rise it is at most n (rate - mean)^2 / (2 V(mean)), for a fall n (rate - mean)^2 / mean.
    """
    mean, size = _level(counts, before)
    total = 0.0
    for k in range(len(counts) - 1, before - 1, -1):
        total += counts[k]
        steps = len(counts) - k
        if steps < shortest:
            continue
        step = total / steps - mean
        most = steps * step * step / (2 * (mean + mean * mean / size) if step > 0 else mean)
        if most < least * (1 - 1e-6):
            continue
        gain = _log_likelihood(total, steps, total / steps, size) - _log_likelihood(total, steps, mean, size)
        if gain >= least:
            return True
    return False


@njit(cache=True, nogil=True)
def _reaching(
    counts: Floats, before: int, shortest: int, order: NDArray[np.int64], least: float
) -> int:  # pragma: no cover - compiled
    """Count the permutations (R, K) of the steps whose GLR is at least `least`."""
    found, moved = 0, np.empty_like(counts)
    for r in range(order.shape[0]):
        for k in range(len(counts)):
            moved[k] = counts[order[r, k]]
        if least <= 0 or _reaches(moved, before, shortest, least):
            found += 1
    return found


def orders(windows: Windows, *, replicates: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw permutations of the steps that move neighbouring pairs together, shape (R, K)."""
    steps = len(edges_of(windows)[0]) - 1
    pair = (np.arange(steps) + steps % 2) // 2
    keys = rng.random((replicates, int(pair.max()) + 1))
    turn = rng.integers(0, steps, size=(replicates, 1))
    order = np.empty((replicates, steps), dtype=np.int64)
    np.put_along_axis(order, ranks(keys, pair, -turn) % steps, np.arange(steps)[None, :], axis=1)
    return order


def p_value(day: NDArray[np.int64], windows: Windows, order: NDArray[np.int64]) -> float:
    """Test whether the level of events changed within the recent window (either way).

    Parameters
    ----------
    day : (N,) int
        Days of the events.
    windows : Windows
        The two windows.
    order : (R, K) int
        Permutations from `orders`; all tests of a battery share them.
    """
    counts, before = counts_by_step(day, windows)
    least = reached_by(glr(counts, before, SHORTEST_RUN)[0])
    return (1 + _reaching(counts, before, SHORTEST_RUN, order, least)) / (1 + len(order))


def _dispersion(counts: Floats, before: int, change: int, share: Floats | None = None) -> float:
    """Variance to mean ratio pooled within the two regimes, at least 1 (quasi-Poisson)."""
    if share is not None:
        return _dispersion_of_parts(counts, before, change, share)
    parts = [p for p in (counts[:before], counts[change:]) if len(p) > 1 and p.mean() > 0]
    weights = [len(p) - 1 for p in parts]
    if not parts:
        return 1.0
    return max(1.0, float(np.average([p.var(ddof=1) / p.mean() for p in parts], weights=weights)))


def _dispersion_of_parts(counts: Floats, before: int, change: int, share: Floats) -> float:
    """Return the same where only a share of each step is known: Pearson statistic over degrees of freedom."""
    found, weights = [], []
    for part in (slice(0, before), slice(change, None)):
        x, e = counts[part], share[part]
        mean = x.sum() / e.sum() * e
        if len(x) > 1 and x.sum() > 0:
            found.append(float(((x - mean) ** 2 / mean).sum() / (len(x) - 1)))
            weights.append(len(x) - 1)
    return max(1.0, float(np.average(found, weights=weights))) if found else 1.0


def _effect(
    counts: tuple[float, float], steps: tuple[float, float], *, over: float, monthly: float
) -> Interval:
    """Ratio of the later to the earlier rate, or the later rate alone where there was nothing before.

    Parameters
    ----------
    counts, steps : pair
        Events and steps, (after the change point, reference); of a step that is not all reported the share.
    over : float
        Dispersion: counts are divided by it before exact limits are taken.
    monthly : float
        Steps in a month.
    """
    (after, reference), (late, early) = counts, steps
    x, y = after / over, reference / over
    if not reference:
        low, high = (over * v / late for v in (gammaincinv(x, 0.05) if x else 0.0, gammaincinv(x + 1, 0.95)))
        return Interval(after / late * monthly, "events a month", float(low) * monthly, float(high) * monthly)
    share = betaincinv(x, y + 1, 0.05) if x else 0.0, betaincinv(x + 1, y, 0.95)
    low, high = (v / (1 - v) * early / late for v in share)
    ratio = (after / late) / (reference / early)
    return Interval(ratio, "times the earlier rate", float(low), float(high))


def measure(
    c: Comparison, subject: str, mask: NDArray[np.bool_], known: Completeness | None = None
) -> Measured:
    """Measure the change of tempo for the events where `mask` (N,) is true.

    The effect is the rate after the change point over the rate of the reference window; its 90 %
    interval is the exact one for two Poisson counts, given their sum, after division by the
    dispersion (quasi-Poisson). Where the reference window holds no event there is no
    ratio: the effect is then the events a month since the change point. With `known` steps that are not all
    reported count for the share that is.
    """
    day = c.sample.day[mask]
    counts, before = counts_by_step(day, c.windows)
    share = exposure(c.windows, known) if known is not None and known.matters else None
    _, change = (
        glr(counts, before, SHORTEST_RUN) if share is None else late_glr(counts, share, before, SHORTEST_RUN)
    )
    edges, _ = edges_of(c.windows)
    since = date.fromordinal(int(np.ceil(edges[change])))
    after, reference = float(counts[change:].sum()), float(counts[:before].sum())
    steps_after, steps_before = (
        (len(counts) - change, before)
        if share is None
        else (float(share[change:].sum()), float(share[:before].sum()))
    )
    over = _dispersion(counts, before, change, share)
    monthly = MONTH_DAYS * STEPS / c.windows.recent.days
    effect = _effect((after, reference), (steps_after, steps_before), over=over, monthly=monthly)
    numbers: dict[str, Any] = {
        "since": since.isoformat(),
        "counts": [int(v) for v in counts],
        "step_starts": [date.fromordinal(int(np.ceil(e))).isoformat() for e in edges[:-1]],
        "reference_steps": before,
        "after": int(after),
        "reference": int(reference),
        "per_month_before": round(reference / steps_before * monthly, 2),
        "per_month_after": round(after / steps_after * monthly, 2),
        "step_days": round(c.windows.recent.days / STEPS, 1),
        "direction": "surge" if after / steps_after > reference / steps_before else "lull",
    }
    if share is not None and known is not None:
        numbers["known_share"] = [round(float(v), 3) for v in share]
        numbers["known_newest"] = [round(float(v[0]), 3) for v in (known.share, known.low, known.high)]
    late = mask & (c.sample.day >= since.toordinal())
    # A lull may leave no recent event: what shows it then is what happened before.
    shown = c.recent_ids(late) or c.recent_ids(mask) or tuple(str(i) for i in c.sample.ids[mask])
    return Measured(subject, effect, shown, numbers)
