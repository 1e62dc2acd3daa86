"""Intervals: how wide, how often right, and both in one score.

Enters: draws (..., S) or limits, and what was observed (...). Leaves: one value for each forecast.
Called by the benches and the replay. The level is always said: it belongs to the name (`mis@0.9`).

References
----------
Gneiting and Raftery (2007), doi 10.1198/016214506000001437, section 6.2 (the interval score).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from toguna.core.errors import DataError, UsageError
from toguna.scores.gate import Floats, Numbers, numbers, observed_for, refuse_missing
from toguna.scores.rows import over_rows

__all__ = ["coverage", "interval_score", "limits", "limits_score"]


def interval_score(draws: Any, observed: Any, *, level: float) -> Floats:
    """Return the interval score of the central interval of the draws (`mis@LEVEL`, in means).

    Parameters
    ----------
    draws : (..., S) numbers
        Finite.
    observed : (...) numbers
        Finite.
    level : float
        Of the interval, between 0 and 1: 0.9 for the interval from 5 % to 95 %.

    Returns
    -------
    (...) float64
        In the unit of the draws; the width where the interval was right.

    Raises
    ------
    UsageError
        Shapes do not match, or the level is none.
    DataError
        A value is missing or infinite.
    """
    name = f"mis@{level:g}"
    low, high, seen = _limits_and_seen(draws, observed, level=level, name=name)
    return _score(low, high, seen, level)


def coverage(draws: Any, observed: Any, *, level: float) -> Floats:
    """Return 1 where the central interval of the draws holds what happened, else 0 (`coverage@LEVEL`).

    Both limits belong to the interval. For counts that are mostly 0 an honest forecast therefore
    covers more than `level`: an interval from 0 to 0 that is right in 99 % of months covers 99 %.
    See `toguna.scores.calibration.pit`, which has no such excess.

    Parameters and errors as for `interval_score`.
    """
    name = f"coverage@{level:g}"
    low, high, seen = _limits_and_seen(draws, observed, level=level, name=name)
    return np.asarray((low <= seen) & (seen <= high), dtype=np.float64)


def limits(draws: Any, *, level: float) -> tuple[Floats, Floats]:
    """Return the central interval of draws, by linear interpolation between them.

    Parameters
    ----------
    draws : (..., S) numbers
        Finite.
    level : float
        Between 0 and 1.

    Returns
    -------
    low, high : (...) float64
    """
    array = numbers(draws, what="draws", score=f"interval@{level:g}")
    low, high, _ = _limits_and_seen(
        array, np.zeros(array.shape[:-1]), level=level, name=f"interval@{level:g}"
    )
    return low, high


def limits_score(low: Any, high: Any, observed: Any, *, level: float) -> Floats:
    """Return the interval score of given limits.

    ``(high - low) + 2 / a (low - y)+ + 2 / a (y - high)+`` with ``a = 1 - level``.

    Parameters
    ----------
    low, high, observed : (...) numbers
        Finite, low at most high.
    level : float
        Between 0 and 1.

    Raises
    ------
    UsageError
        Shapes do not match, or the level is none.
    DataError
        A value is missing or infinite, or low exceeds high.

    Examples
    --------
    >>> limits_score([0.0], [4.0], [6.0], level=0.5)
    array([12.])
    """
    name = f"mis@{level:g}"
    _check_level(level, name=name)
    parts = {"low limits": low, "high limits": high, "observations": observed}
    arrays = []
    for what, part in parts.items():
        array = numbers(part, what=what, score=name)
        refuse_missing(array, what=what, score=name)
        arrays.append(array.astype(np.float64))
    shapes = [a.shape for a in arrays]
    if len(set(shapes)) > 1:
        raise UsageError(f"{name}: shapes {shapes} of low, high and observed do not match.")
    lo, hi, seen = arrays
    if (lo > hi).any():
        raise DataError(
            f"{name}: {int((lo > hi).sum())} low limits exceed the high ones; expected low <= high."
        )
    return _score(lo, hi, seen, level)


def _check_level(level: float, *, name: str) -> None:
    if not 0 < level < 1:
        raise UsageError(f"{name}: the level is {level}; expected a share between 0 and 1, as 0.9.")


def _score(low: Floats, high: Floats, seen: Floats, level: float) -> Floats:
    outside = np.maximum(low - seen, 0) + np.maximum(seen - high, 0)
    return np.asarray(high - low + 2 / (1 - level) * outside, dtype=np.float64)


def _limits_and_seen(draws: Any, observed: Any, *, level: float, name: str) -> tuple[Floats, Floats, Floats]:
    _check_level(level, name=name)
    array = numbers(draws, what="draws", score=name)
    seen = observed_for(array, observed, score=name)
    at = [(1 - level) / 2, (1 + level) / 2]
    found = np.empty((2, *seen.shape))
    for k, q in enumerate(at):
        found[k] = over_rows(lambda rows, _, q=q: _quantile(rows, q), array, seen, name=name, threads=True)  # type: ignore[misc]
    return found[0], found[1], seen


def _quantile(rows: Numbers, at: float) -> Floats:
    return np.asarray(np.quantile(rows.astype(np.float64), at, axis=1), dtype=np.float64)
