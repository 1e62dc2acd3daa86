"""The continuous ranked probability score of draws: plain, fair, and for large values only.

Enters: draws (..., S) and what was observed (...). Leaves: one score for each forecast, in the unit
of the draws. Called by the benches, the ensemble and the replay.

Draws of counts are mostly small whole numbers: rows of such draws are counted instead of sorted.

References
----------
Gneiting and Raftery (2007), doi 10.1198/016214506000001437 (the score and its kernel form).
Ferro (2014), doi 10.1002/qj.2270 (fair scores of ensembles).
Gneiting and Ranjan (2011), doi 10.1198/jbes.2010.08110 (weights on thresholds).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from toguna.core.errors import UsageError
from toguna.scores.gate import Floats, Numbers, numbers, observed_for
from toguna.scores.rows import over_rows

__all__ = ["crps", "crps_at_least", "crps_fair"]

FEW_DRAWS = 1 << 18
"""Below this many draws in all, numpy alone answers sooner than compiled code is loaded."""


def crps(draws: Any, observed: Any) -> Floats:
    """Return the CRPS of the distribution that puts 1/S on each draw.

    ``mean_i |x_i - y| - sum_ij |x_i - x_j| / (2 S^2)``. Use it to score the very draws that are handed
    out. It punishes few draws: of two samples from the same forecast, the larger scores better
    (see `crps_fair`).

    Parameters
    ----------
    draws : (..., S) numbers
        Draws on the last axis, S >= 1, finite, in any order. float32 is read as it is.
    observed : (...) numbers
        What happened, finite.

    Returns
    -------
    (...) float64
        At least 0; 0 when all draws equal what happened.

    Raises
    ------
    UsageError
        Shapes do not match.
    DataError
        A value is missing or infinite.

    Examples
    --------
    >>> crps([[0.0, 2.0]], [1.0])
    array([0.5])
    """
    return _crps(draws, observed, fair=False, floor=-np.inf, name="crps")


def crps_fair(draws: Any, observed: Any) -> Floats:
    """Return the fair CRPS: unbiased for the CRPS of the distribution the draws come from.

    ``mean_i |x_i - y| - sum_ij |x_i - x_j| / (2 S (S - 1))``. Use it to compare forecasts with
    different numbers of draws. Single values can be below 0, their mean only by chance.

    Parameters
    ----------
    draws : (..., S) numbers
        Independent draws on the last axis, S >= 2, finite.
    observed : (...) numbers
        What happened, finite.

    Returns
    -------
    (...) float64

    Raises
    ------
    UsageError
        Shapes do not match, or a single draw.
    DataError
        A value is missing or infinite.

    Examples
    --------
    >>> crps_fair([[0.0, 2.0]], [1.0])
    array([0.])
    """
    return _crps(draws, observed, fair=True, floor=-np.inf, name="crps_fair")


def crps_at_least(draws: Any, observed: Any, *, threshold: float, fair: bool) -> Floats:
    """Return the threshold-weighted CRPS: only what lies above `threshold` counts.

    The integral of the Brier scores of all events "more than z", over z >= `threshold`: the CRPS after
    raising draws and observations to at least `threshold`. Proper, unlike scoring only the months
    that turned out large.

    Parameters
    ----------
    draws : (..., S) numbers
        Draws on the last axis, finite.
    observed : (...) numbers
        What happened, finite.
    threshold : float
        In the unit of the draws; part of the name under which the score is reported (`twcrps@25`).
    fair : bool
        Whether to correct for the number of draws, as `crps_fair`.

    Returns
    -------
    (...) float64

    Raises
    ------
    UsageError
        Shapes do not match, the threshold is not a number, or a single draw is to be scored fairly.
    DataError
        A value is missing or infinite.

    Examples
    --------
    >>> crps_at_least([[0.0, 30.0]], [10.0], threshold=25.0, fair=False)
    array([1.25])
    """
    name = f"twcrps@{threshold:g}"
    if not np.isfinite(threshold):
        raise UsageError(f"{name}: the threshold is {threshold}; expected a finite number.")
    return _crps(draws, observed, fair=fair, floor=float(threshold), name=name)


def _crps(draws: Any, observed: Any, *, fair: bool, floor: float, name: str) -> Floats:
    array = numbers(draws, what="draws", score=name)
    seen = observed_for(array, observed, score=name)
    if fair and array.shape[-1] < 2:
        raise UsageError(f"{name}: a fair score needs at least 2 draws, got {array.shape[-1]}.")
    if array.size < FEW_DRAWS:
        return over_rows(
            lambda x, y: _sorted(x, y, fair=fair, floor=floor), array, seen, name=name, threads=False
        )
    from toguna.scores.crps_kernels import counted_or_sorted

    return over_rows(lambda x, y: counted_or_sorted(x, y, fair, floor), array, seen, name=name, threads=True)


def _sorted(rows: Numbers, observed: Floats, *, fair: bool, floor: float) -> Floats:
    """Score rows with numpy alone.

    With the draws in order the plain score is a sum of terms that are all at least 0, so nothing
    cancels: ``2 / S^2 sum_i (x_i - y) (S [x_i > y] - i + 1/2)``.
    """
    size = rows.shape[1]
    above = np.sort(np.maximum(rows.astype(np.float64), floor), axis=1)
    above -= np.maximum(observed, floor)[:, None]
    rank = np.arange(1, size + 1)
    plain = (above * (size * (above > 0) - rank + 0.5)).sum(axis=1) * 2 / size**2
    if not fair:
        return np.asarray(plain, dtype=np.float64)
    pairs = above @ (2.0 * rank - size - 1)
    return np.asarray(plain - pairs / (size**2 * (size - 1.0)), dtype=np.float64)
