"""Calibration: do events said to be likely happen as often as said?

Enters: draws or probabilities and what happened. Leaves: PIT values and reliability tables. Called by
the benches, the replay and the guard on what is published.

References
----------
Czado, Gneiting and Held (2009), doi 10.1111/j.1541-0420.2009.01191.x (PIT of counts).
Brocker and Smith (2007), doi 10.1175/WAF993.1 (reliability with chance shown).
Clopper and Pearson (1934), doi 10.1093/biomet/26.4.404 (the interval of a share).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from toguna.core.errors import UsageError
from toguna.scores.brier import group_of
from toguna.scores.gate import Floats, numbers, observed_for
from toguna.scores.ignorance import chances_for
from toguna.scores.rows import over_rows

__all__ = ["Reliability", "pit", "reliability", "share_limits"]


def pit(draws: Any, observed: Any, *, rng: np.random.Generator) -> Floats:
    """Return randomized PIT values: uniform between 0 and 1 when the forecast is calibrated.

    ``(#{x < y} + V (#{x = y} + 1)) / (S + 1)`` with V uniform: the rank of what happened among the
    draws, ties broken by chance. Exactly uniform when what happened is one more draw of the
    forecast, whatever S and however many draws are 0.

    Parameters
    ----------
    draws : (..., S) numbers
        Finite.
    observed : (...) numbers
        Finite.
    rng : numpy Generator
        For V.

    Returns
    -------
    (...) float64
        Too many near 0 and 1: forecasts too narrow. Too many near 1: too low.

    Raises
    ------
    UsageError
        Shapes do not match.
    DataError
        A value is missing or infinite.
    """
    array = numbers(draws, what="draws", score="pit")
    seen = observed_for(array, observed, score="pit")
    chance, size = rng.random(seen.shape), array.shape[-1]
    below = over_rows(lambda x, y: _count(x < y[:, None]), array, seen, name="pit", threads=True)
    equal = over_rows(lambda x, y: _count(x == y[:, None]), array, seen, name="pit", threads=True)
    return np.asarray((below + chance * (equal + 1)) / (size + 1), dtype=np.float64)


def _count(hits: NDArray[np.bool_]) -> Floats:
    return np.asarray(hits.sum(axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Reliability:
    """What was said and what happened, by group of probabilities; groups without forecasts are left out.

    Parameters
    ----------
    low, high : (B,) float
        Borders of the group.
    forecasts : (B,) int
        Number of forecasts.
    said : (B,) float
        Their mean probability.
    happened : (B,) float
        The share that happened.
    happened_low, happened_high : (B,) float
        Its Clopper-Pearson interval at `level`, as if forecasts were independent: too narrow when
        they overlap.
    level : float
    """

    low: Floats
    high: Floats
    forecasts: NDArray[np.int64]
    said: Floats
    happened: Floats
    happened_low: Floats
    happened_high: Floats
    level: float


def reliability(probability: Any, happened: Any, *, edges: Any, level: float) -> Reliability:
    """Return a reliability table.

    Parameters
    ----------
    probability : (...) float
        Between 0 and 1.
    happened : (...) bool, or 0 and 1
    edges : (B + 1,) float
        Borders of the groups, from 0 to 1.
    level : float
        Of the intervals of the shares.

    Raises
    ------
    UsageError
        Shapes do not match; borders or level are none.
    DataError
        A value is missing, or no probability.
    """
    p, y = chances_for(probability, happened, score="reliability")
    p, y = p.ravel(), y.ravel()
    border = np.asarray(edges, dtype=float)
    group = group_of(p, border, score="reliability")
    n = np.bincount(group, minlength=len(border) - 1)
    used = n > 0
    hits = np.bincount(group, y, minlength=len(n))[used]
    said = np.bincount(group, p, minlength=len(n))[used] / n[used]
    low, high = share_limits(hits, n[used], level=level)
    return Reliability(border[:-1][used], border[1:][used], n[used], said, hits / n[used], low, high, level)


def share_limits(hits: Any, of: Any, *, level: float) -> tuple[Floats, Floats]:
    """Return the Clopper-Pearson interval of a share: `hits` out of `of`, at `level`."""
    if not 0 < level < 1:
        raise UsageError(f"the level of an interval is {level}; expected a share between 0 and 1, as 0.9.")
    k, n = np.asarray(hits, dtype=float), np.asarray(of, dtype=float)
    tail = (1 - level) / 2
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1), 1 - tail), 1.0)
    return low, high
