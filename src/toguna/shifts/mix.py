"""Has the mix changed: tactics, targets, settings?

One test per column over all categories at once, then the categories one by one with a p adjusted
for their number. Conditional on the totals: a year with more reports does not pass for a new mix.

References
----------
Block permutation as in `toguna.shifts.resampling`; the statistic is the likelihood ratio G of the
2 x K table; single categories by the maximum statistic of Westfall and Young (1993).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.core.types import Interval
from toguna.shifts.comparison import FEWEST, Comparison, Measured, one_hot
from toguna.shifts.resampling import bootstrap_weights, count_blocks, limits, monte_carlo_p

__all__ = ["measure", "p_value", "testable"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def _marks(c: Comparison, column: str) -> Floats:
    """Indicator matrix (N, K)."""
    return np.asarray(one_hot(c.sample.coded[column]), dtype=np.float64)


def testable(c: Comparison, column: str) -> bool:
    """Whether both windows hold enough coded events of at least two categories."""
    codes = c.sample.coded[column].codes
    known = codes >= 0
    recent = int((known & c.recent).sum())
    enough = min(recent, int(known.sum()) - recent) >= FEWEST
    return enough and bool(codes[known].min() < codes.max())


def _g(recent: Ints, total: Ints) -> Floats:
    """Likelihood ratio G of 2 x K tables given the recent counts (…, K), from a table of x log x."""
    before = total - recent
    n_after, n_before = recent.sum(axis=-1), before.sum(axis=-1)
    steps = np.arange(int(total.sum()) + 1)
    own = steps * np.log(np.maximum(steps, 1))
    cells = (own[recent] + own[before]).sum(axis=-1)
    return np.asarray(2 * (cells - own[n_after] - own[n_before] - own[total].sum() + own[-1]))


def p_value(c: Comparison, column: str) -> float:
    """Test whether the mix of `column` is the same in both windows."""
    marks = one_hot(c.sample.coded[column])
    total = marks.sum(axis=0).astype(np.int64)
    # Counts are whole numbers, which float32 holds exactly.
    observed, null = (_g((w @ marks).astype(np.int64), total) for w in (c.recent, c.weights))
    return monte_carlo_p(float(observed), null)


def _shares(weight: Floats, marks: Floats) -> Floats:
    counts = weight @ marks
    return np.asarray(counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1e-12))


def _categories(c: Comparison, column: str, boot: Floats) -> list[dict[str, Any]]:
    marks = _marks(c, column)
    weight = c.recent.astype(float)
    null = _shares(c.weights.astype(float), marks) - _shares(1 - c.weights.astype(float), marks)
    after, before = _shares(weight, marks), _shares(1 - weight, marks)
    scale = null.std(axis=0) + 1e-9
    peak = np.abs(null / scale).max(axis=1)
    low, high = limits(after - before, boot, blocks=_blocks(c))
    rows = []
    for k, name in enumerate(c.sample.coded[column].names):
        gap = float(after[k] - before[k])
        rows.append(
            {
                "category": name,
                "reference": int(marks[~c.recent, k].sum()),
                "recent": int(marks[c.recent, k].sum()),
                "reference_share": round(float(before[k]), 4),
                "recent_share": round(float(after[k]), 4),
                "difference": round(gap, 4),
                "low": round(float(low[k]), 4),
                "high": round(float(high[k]), 4),
                "p": monte_carlo_p(abs(gap) / float(scale[k]), peak),
            }
        )
    return sorted(rows, key=lambda row: (-abs(row["difference"]), row["category"]))


def _blocks(c: Comparison) -> int:
    return count_blocks(c.sample.day[c.recent], c.sample.day[~c.recent])


def _distance_limits(c: Comparison, value: float, boot: Floats, gaps: Floats) -> tuple[float, float]:
    """Limits of the total variation distance (points), from bootstrapped differences (R, K)."""
    bias = 50 * float(np.abs(boot).sum(axis=1).mean()) - value
    low, high = limits(value, 50 * (boot @ np.sign(gaps)), blocks=_blocks(c))
    return max(0.0, float(low) - bias), min(100.0, max(value, float(high) - bias))


def measure(c: Comparison, column: str, *, rng: np.random.Generator, replicates: int = 1999) -> Measured:
    """Measure how far the mix moved.

    The effect is the total variation distance in percentage points: the share of events that would
    have to change category. The distance is biased upwards: its 90% interval lies around the value
    less the bias that the block bootstrap shows, and is as wide as the bootstrap of the distance with
    the signs of the differences held fixed.
    """
    marks = _marks(c, column)
    parts = [
        _shares(bootstrap_weights(c.sample.day[m], replicates=replicates, rng=rng), marks[m])
        for m in (~c.recent, c.recent)
    ]
    boot = parts[1] - parts[0]
    weight = c.recent.astype(float)
    gaps = _shares(weight, marks) - _shares(1 - weight, marks)
    value = 50 * float(np.abs(gaps).sum())
    low, high = _distance_limits(c, value, boot, gaps)
    categories = _categories(c, column, boot)
    rose = next((r["category"] for r in categories if r["difference"] > 0), None)
    shown = c.sample.coded[column]
    mask = np.array([k >= 0 and shown.names[k] == rose for k in shown.codes])
    missing = int((shown.codes < 0).sum())
    numbers = {"categories": categories, "not_coded": missing}
    return Measured(column, Interval(value, "percentage points", low, high), c.recent_ids(mask), numbers)
