"""The hierarchical rate model: every area has its own rate, drawn towards that of all; old events fade.

Counts of an area are Poisson with a gamma rate (together: negative binomial); the gamma of the areas
is estimated from all of them. An event `a` days ago counts 2^(-a / half-life). The share of the kind in
an area is beta, drawn towards the share over all areas: rare kinds borrow from the rest.

Enters: a `History`, a `Grid`. Leaves: `Chances`. Called by `toguna.forecasts.recurrence.rolling` and `recur`.

References
----------
Efron and Morris (1975), doi 10.1080/01621459.1975.10479864 (borrowing strength).
Harvey and Fernandes (1989), doi 10.1080/07350015.1989.10509750 (gamma rates that fade).
Clauset and Woodard (2013), doi 10.1214/12-AOAS614 (rates of rare large attacks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from toguna.forecasts.recurrence.history import Chances, Grid, History

__all__ = ["Pooled", "chances", "fit"]

HALF_LIVES = (182.625, 365.25, 730.5, 1461.0, 5844.0)
POOLING = tuple(np.geomspace(0.05, 20.0, 14))
KIND_POOLING = tuple(np.geomspace(1.0, 300.0, 12))
PRIOR_EVENTS, PRIOR_WIDTH = 15.0, 1.5
"""Of the pooling of shares: between 1 and 200 events, nine times in ten."""
TEST_DAYS, TESTS = 182.625, 8
DRAWS = 4000
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """A fitted hierarchical model.

    Parameters
    ----------
    half_life : float
        Days in which an event loses half its weight.
    pooling : float
        Shape of the gamma of the areas: large = areas alike.
    kind_pooling : (P,) float
        How likely each of `KIND_POOLING` is: so many events the share over all areas is worth in each.
    mean_rate : float
        Events per day of an average area.
    share : (L,) float
        The share of each label over all areas.
    exposure : float
        Faded days of record.
    """

    half_life: float
    pooling: float
    kind_pooling: Floats
    mean_rate: float
    share: Floats
    exposure: float


def _faded(history: History, grid: Grid, half_life: float, codes: Ints) -> tuple[Floats, float]:
    age = history.span - history.time
    sums = grid.tally(history, 0.5 ** (age / half_life), codes)
    exposure = half_life / np.log(2) * (1 - 0.5 ** (history.span / half_life))
    return sums, float(exposure)


def _pooling(total: Floats, exposure: float) -> tuple[float, float]:
    """Choose the shape of the gamma of the areas by its marginal likelihood; return also that."""
    mean = max(total.sum(), 0.5) / (len(total) * exposure)

    def fits(shape: float) -> float:
        rate = shape / mean
        one = gammaln(shape + total) - gammaln(shape) + shape * np.log(rate / (rate + exposure))
        # Faded counts are no whole numbers: the kernel of the likelihood is used, as for weighted data.
        return float((one + total * np.log(1 / (rate + exposure))).sum() - 0.5 * np.log(shape) ** 2 / 4)

    scores = [fits(s) for s in POOLING]
    best = int(np.argmax(scores))
    return float(POOLING[best]), scores[best]


def _kind_pooling(sums: Floats, share: Floats) -> Floats:
    """Weigh how strongly shares of kinds are drawn together (Dirichlet-multinomial, wide prior)."""
    total = sums.sum(axis=1)

    def fits(size: float) -> float:
        one = gammaln(size) - gammaln(size + total)
        each = gammaln(size * share + sums) - gammaln(size * share)
        prior = (np.log(size / PRIOR_EVENTS) / PRIOR_WIDTH) ** 2
        return float(one.sum() + each.sum() - 0.5 * prior)

    score = np.array([fits(s) for s in KIND_POOLING])
    weight = np.exp(score - score.max())
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _half_life(history: History, grid: Grid, codes: Ints) -> float:
    """Choose the fading that foretold the last half-years of the record best."""
    scores = np.zeros(len(HALF_LIVES))
    for k in range(1, TESTS + 1):
        cut = history.span - k * TEST_DAYS
        if cut < TEST_DAYS:
            break
        past = history.until(cut)
        if not len(past):
            break
        after_cut = (history.time >= cut) & (history.time < cut + TEST_DAYS)
        seen = grid.tally(history, after_cut.astype(np.float64), codes).sum(axis=1)
        for j, half in enumerate(HALF_LIVES):
            sums, exposure = _faded(past, grid, half, codes[: len(past)])
            kept = sums.any(axis=1)
            sums, after = sums[kept], seen[kept]
            shape, _ = _pooling(sums.sum(axis=1), exposure)
            mean = max(sums.sum(), 0.5) / (len(sums) * exposure)
            a, b = shape + sums.sum(axis=1), (shape / mean + exposure) / TEST_DAYS
            one = gammaln(a + after) - gammaln(a) + a * np.log(b / (1 + b)) - after * np.log1p(b)
            scores[j] += float(one.sum())
    return float(HALF_LIVES[int(np.argmax(scores))]) if scores.any() else HALF_LIVES[2]


def fit(history: History, grid: Grid) -> Pooled:
    """Estimate fading, pooling of rates and pooling of shares from areas that have some record."""
    codes = grid.codes(history)
    half = _half_life(history, grid, codes)
    sums, exposure = _faded(history, grid, half, codes)
    sums = sums[sums.any(axis=1)]
    pooling, _ = _pooling(sums.sum(axis=1), exposure)
    by_label = np.bincount(history.label, 0.5 ** ((history.span - history.time) / half), history.labels)
    share = (by_label + 0.5 / history.labels) / (by_label.sum() + 0.5)
    by_kind = np.bincount(grid.kind_of, share, grid.kinds).astype(np.float64)
    mean = max(float(sums.sum()), 0.5) / (len(sums) * exposure)
    return Pooled(half, pooling, _kind_pooling(sums, by_kind), mean, share, exposure)


def chances(
    f: Pooled, history: History, grid: Grid, *, rng: np.random.Generator, limits: bool = True
) -> Chances:
    """Draw rates and shares of every area; rates lose precision over the horizon as they do by fading.

    Parameters
    ----------
    f : Pooled
        Fitted to this history, on all areas.
    history : History
    grid : Grid
        The areas fitted, or any place: it is drawn towards the average of the areas fitted.
    rng : numpy Generator
    limits : bool
        Whether limits are wanted; without, `low` and `high` are not numbers, and the rest is the same.

    Returns
    -------
    Chances
    """
    sums, _ = _faded(history, grid, f.half_life, grid.codes(history))
    share = np.bincount(grid.kind_of, f.share, grid.kinds)
    shape_of = (*sums.shape, len(grid.horizon))
    out = {name: np.full(shape_of, np.nan) for name in ("p", "low", "high", "mean")}
    for a, own in enumerate(sums):
        alpha = rng.choice(KIND_POOLING, p=f.kind_pooling, size=(DRAWS, 1)) * share + own
        rest = alpha.sum(axis=1, keepdims=True) - alpha
        shares = rng.beta(np.maximum(alpha, 1e-9), np.maximum(rest, 1e-9))
        for h, days in enumerate(grid.horizon):
            # Half the precision at most: beyond, a gamma gets so wide that longer would be less likely.
            lost = 0.5 ** min(days / (2 * f.half_life), 1.0)
            shape, rate = (f.pooling + own.sum()) * lost, (f.pooling / f.mean_rate + f.exposure) * lost
            mean = rng.gamma(shape, 1 / rate, size=(DRAWS, 1)) * shares * days
            chance = -np.expm1(-mean)
            out["p"][a, :, h], out["mean"][a, :, h] = chance.mean(axis=0), mean.mean(axis=0)
            if limits:
                out["low"][a, :, h], out["high"][a, :, h] = np.quantile(chance, [0.05, 0.95], axis=0)
    return Chances(out["p"], out["low"], out["high"], out["mean"])
