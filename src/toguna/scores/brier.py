"""Chances of yes or no: the Brier score, what it is made of, and average precision.

Enters: probabilities or draws, and what happened. Leaves: scores. Called by the recurrence model, the
benches and the replay.

References
----------
Brier (1950), doi 10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
Murphy (1973), doi 10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2 (reliability, resolution, uncertainty).
Stephenson, Coelho and Jolliffe (2008), doi 10.1175/2007WAF2006116.1 (what grouping adds).
Ferro (2014), doi 10.1002/qj.2270 (fair for few draws).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toguna.core.errors import DataError, UsageError
from toguna.scores.gate import Floats, Numbers, numbers, observed_for
from toguna.scores.ignorance import chances_for
from toguna.scores.rows import over_rows

__all__ = ["BrierParts", "average_precision", "brier", "brier_at_least", "brier_parts", "share_at_least"]


def brier(probability: Any, happened: Any) -> Floats:
    """Return ``(p - y)^2`` for each stated probability (`brier`).

    Parameters
    ----------
    probability : (...) float
        Between 0 and 1.
    happened : (...) bool, or 0 and 1

    Raises
    ------
    UsageError
        Shapes do not match.
    DataError
        A value is missing, or no probability.

    Examples
    --------
    >>> brier([0.5, 1.0], [1, 1])
    array([0.25, 0.  ])
    """
    p, y = chances_for(probability, happened, score="brier")
    return np.asarray((p - y) ** 2, dtype=np.float64)


def share_at_least(draws: Any, *, threshold: float) -> Floats:
    """Return the share of draws that reach `threshold`: the chance that they give to the event.

    Parameters
    ----------
    draws : (..., S) numbers
        Finite.
    threshold : float
        In the unit of the draws; reached counts.

    Returns
    -------
    (...) float64, from 0 to 1
    """
    name = f"share@{threshold:g}"
    array = numbers(draws, what="draws", score=name)
    if array.ndim == 0:
        raise UsageError(f"{name}: a single number is no set of draws.")
    return _share(array, np.zeros(array.shape[:-1]), threshold=threshold, name=name)


def brier_at_least(draws: Any, observed: Any, *, threshold: float, fair: bool) -> Floats:
    """Return the Brier score of "at least `threshold`" from draws (`brier@25`).

    With ``p`` the share of draws that reach the threshold: ``(p - y)^2``, less ``p (1 - p) / (S - 1)``
    when it shall be fair to few draws.

    Parameters
    ----------
    draws : (..., S) numbers
        Finite.
    observed : (...) numbers
        Finite.
    threshold : float
        In the unit of the draws; reached counts.
    fair : bool
        Whether to correct for the number of draws (then S >= 2).

    Raises
    ------
    UsageError
        Shapes do not match, or a single draw is to be scored fairly.
    DataError
        A value is missing or infinite.
    """
    name = f"brier@{threshold:g}"
    array = numbers(draws, what="draws", score=name)
    seen = observed_for(array, observed, score=name)
    size = array.shape[-1]
    if fair and size < 2:
        raise UsageError(f"{name}: a fair score needs at least 2 draws, got {size}.")
    p = _share(array, seen, threshold=threshold, name=name)
    score = (p - (seen >= threshold)) ** 2
    return np.asarray(score - p * (1 - p) / (size - 1) if fair else score, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class BrierParts:
    """What a mean Brier score is made of: ``score = reliability - resolution + uncertainty + within``.

    Parameters
    ----------
    score : float
        Mean Brier score.
    reliability : float
        How far the groups' frequencies lie from their mean probabilities; 0 is best.
    resolution : float
        How far the groups' frequencies lie from one another; more is better.
    uncertainty : float
        ``f (1 - f)`` with f the overall frequency: the score of always saying f.
    within : float
        What is lost or gained by probabilities differing inside a group; 0 when groups hold equal ones.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def brier_parts(probability: Any, happened: Any, *, edges: Any) -> BrierParts:
    """Split the mean Brier score into reliability, resolution, uncertainty and what grouping adds.

    Parameters
    ----------
    probability, happened
        As for `brier`, at least one.
    edges : (B + 1,) float
        Borders of the groups, increasing, from 0 to 1. A probability on a border belongs above it.

    Raises
    ------
    UsageError
        Shapes do not match, or the borders do not increase from 0 to 1.
    DataError
        Nothing to score; a value is missing, or no probability.
    """
    p, y = chances_for(probability, happened, score="brier")
    p, y = p.ravel(), y.ravel()
    if not len(p):
        raise DataError("brier: nothing to score; expected at least one probability.")
    group = group_of(p, edges, score="brier")
    n = np.bincount(group).astype(float)
    used = n > 0
    n = n[used]
    mean_p, mean_y = (np.bincount(group, v)[used] / n for v in (p, y))
    base, weight = y.mean(), n / len(p)
    score = float(((p - y) ** 2).mean())
    reliability = float(weight @ (mean_p - mean_y) ** 2)
    resolution = float(weight @ (mean_y - base) ** 2)
    uncertainty = float(base * (1 - base))
    index = np.cumsum(used) - 1
    off_p, off_y = p - mean_p[index[group]], y - mean_y[index[group]]
    within = float((off_p**2).mean() - 2 * (off_p * off_y).mean())
    return BrierParts(score, reliability, resolution, uncertainty, within)


def group_of(p: Floats, edges: Any, *, score: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Number the group of each probability: 0 for the first."""
    border = np.asarray(edges, dtype=float)
    if (
        border.ndim != 1
        or len(border) < 2
        or border[0] != 0
        or border[-1] != 1
        or (np.diff(border) <= 0).any()
    ):
        raise UsageError(f"{score}: borders {border.tolist()} do not increase from 0 to 1.")
    return np.minimum(np.searchsorted(border, p, side="right") - 1, len(border) - 2).astype(np.int64)


def average_precision(probability: Any, happened: Any) -> float:
    """Return the average precision of a ranking (`ap`): precision averaged over the gains in recall.

    ``sum_k (R_k - R_{k-1}) P_k`` over distinct probabilities, highest first. No proper score: it sees the
    order of the forecasts only, and always saying the base rate gives the base rate.

    Parameters
    ----------
    probability : (...) float
        Between 0 and 1.
    happened : (...) bool, or 0 and 1
        At least one must have happened.

    Raises
    ------
    UsageError
        Shapes do not match.
    DataError
        Nothing happened (there is no recall); a value is missing, or no probability.
    """
    p, y = chances_for(probability, happened, score="ap")
    p, y = p.ravel(), y.ravel()
    if not y.any():
        raise DataError(f"ap: none of the {len(y)} events happened; there is no precision to average.")
    order = np.argsort(-p, kind="stable")
    last = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)
    hits = np.cumsum(y[order])[last]
    gains = np.diff(hits, prepend=0) / hits[-1]
    return float(gains @ (hits / (last + 1)))


def _share(array: Numbers, seen: Floats, *, threshold: float, name: str) -> Floats:
    if not np.isfinite(threshold):
        raise UsageError(f"{name}: the threshold is {threshold}; expected a finite number.")

    def share(rows: Numbers, _: Floats) -> Floats:
        return np.asarray((rows >= threshold).mean(axis=1), dtype=np.float64)

    return over_rows(share, array, seen, name=name, threads=True)
