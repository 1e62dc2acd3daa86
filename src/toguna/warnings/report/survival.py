r"""Times until an answer, when some answers have not come yet.

Whoever leaves out warnings that are still unanswered makes a slow office look quick. The estimator of
Kaplan and Meier keeps them for as long as they were watched:

    S(t) = product over answer times t_i <= t of (1 - d_i / n_i)

with d_i answers at t_i and n_i warnings still watched and unanswered just before. The time by which a share q
was answered is the first t with S(t) <= 1 - q; its interval are the times at which the limits of S
(Greenwood, log-log) cross 1 - q. It assumes that watching ended for reasons that have nothing to do with the
answer: a warning that was withdrawn because nobody would have answered it breaks that.

References
----------
Kaplan and Meier (1958), doi 10.1080/01621459.1958.10501452; Brookmeyer and Crowley (1982),
doi 10.2307/2530286; Greenwood (1926), The natural duration of cancer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = ["QUANTILES", "Times", "times"]

QUANTILES = (0.25, 0.5, 0.75, 0.9)
LEVEL = 0.9
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Times:
    """Times until an answer.

    Parameters
    ----------
    n, answered : int
        Warnings watched; those of them that were answered.
    quantiles : dict
        Share -> (days, low, high) with 90% interval; None = not reached by the end of watching.
    """

    n: int
    answered: int
    quantiles: dict[float, tuple[float | None, float | None, float | None]]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        named = {
            f"{q:g}": dict(zip(("days", "low", "high"), v, strict=True)) for q, v in self.quantiles.items()
        }
        return {
            "n": self.n,
            "answered": self.answered,
            "unanswered": self.n - self.answered,
            "quantiles": named,
        }


def times(days: Sequence[float], answered: Sequence[bool]) -> Times:
    """Estimate the times by which shares of warnings were answered.

    Parameters
    ----------
    days : sequence of float, shape (N,)
        Days from issue to the answer, or to the end of watching; >= 0.
    answered : sequence of bool, shape (N,)
        Whether the answer came.

    Returns
    -------
    Times
        For shares of `QUANTILES`; for no warnings everything is None.

    Examples
    --------
    >>> times([1, 2, 3, 9], [True, True, True, False]).quantiles[0.5][0]
    2.0
    """
    at = np.asarray(days, dtype=float)
    came = np.asarray(answered, dtype=bool)
    when, survival, variance = _curve(at, came)
    low, high = _limits(survival, variance)
    quantiles = {
        q: (_first(when, survival, 1 - q), _first(when, low, 1 - q), _first(when, high, 1 - q))
        for q in QUANTILES
    }
    return Times(len(at), int(came.sum()), quantiles)


def _curve(at: Floats, came: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return answer times, S after each, and Greenwood's sum."""
    when = np.unique(at[came])
    watched = np.array([(at >= t).sum() for t in when], dtype=float)
    answers = np.array([((at == t) & came).sum() for t in when], dtype=float)
    survival = np.cumprod(1 - answers / watched)
    with np.errstate(divide="ignore"):
        variance = np.cumsum(answers / (watched * (watched - answers)))
    return when, survival, variance


def _limits(survival: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return limits of S by its complementary log-log; where S is 0 both are 0."""
    z = float(ndtri((1 + LEVEL) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * np.sqrt(variance) / np.abs(np.log(survival))
        low, high = survival ** np.exp(half), survival ** np.exp(-half)
    ended = survival <= 0
    return np.where(ended, 0.0, low), np.where(ended, 0.0, high)


def _first(when: Floats, curve: Floats, bound: float) -> float | None:
    """Return the first time at which a falling curve is at most the bound; None when it never is."""
    below = np.flatnonzero(curve <= bound + 1e-12)
    return float(when[below[0]]) if below.size else None
