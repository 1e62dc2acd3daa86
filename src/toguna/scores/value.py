"""What a forecast is worth to somebody who must decide: the classical cost-loss model.

Acting costs C whether or not the event comes; not acting costs L when it comes. With the ratio a = C / L
a reader of chances acts when the stated chance is at least a. A false alarm costs C = a L: the ratio is
the price of a false alarm, in units of what a miss costs.

Enters: stated chances, what happened, ratios. Leaves: decisions, expenses, relative economic value.
Called by `toguna.replay.skill`.

References
----------
Murphy (1977), doi 10.1175/1520-0493(1977)105<0803:TVOCCA>2.0.CO;2 (value in the cost-loss situation).
Richardson (2000), doi 10.1002/qj.49712656313 (relative economic value and its curve).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.scores.gate import Floats
from toguna.scores.ignorance import chances_for

__all__ = ["Decisions", "decisions", "ratios_for", "relative_value"]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What acting on stated chances led to, by cost-loss ratio; counts may be weighted.

    Parameters
    ----------
    ratios : (A,) float
        Cost over loss, between 0 and 1.
    acted, hits : (..., A) float
        Cases in which one acted, and those of them in which the event came.
    events, cases : (...) float
        Events in all, and cases in all.
    """

    ratios: Floats
    acted: Floats
    hits: Floats
    events: Floats
    cases: Floats

    @property
    def expense(self) -> Floats:
        """Expense of the forecast, (..., A), in losses: ``a acted + (events - hits)``."""
        return np.asarray(self.ratios * self.acted + self.events[..., None] - self.hits)

    @property
    def without(self) -> Floats:
        """Expense of always or never acting, whichever costs less, (..., A)."""
        return np.asarray(np.minimum(self.ratios * self.cases[..., None], self.events[..., None]))

    @property
    def perfect(self) -> Floats:
        """Expense of acting exactly when the event comes, (..., A)."""
        return np.asarray(self.ratios * self.events[..., None])

    def value(self) -> Floats:
        """Return the relative economic value, (..., A); NaN where perfect knowledge would save nothing."""
        saved = self.without - self.perfect
        possible = saved > 1e-12 * np.maximum(self.cases[..., None], 1e-300)
        gained = self.without - self.expense
        return np.asarray(np.divide(gained, saved, out=np.full(saved.shape, np.nan), where=possible))


def ratios_for(ratios: Any) -> Floats:
    """Let cost-loss ratios pass: numbers above 0 and below 1.

    Raises
    ------
    UsageError
        One of them is not.
    """
    array = np.atleast_1d(np.asarray(ratios, dtype=np.float64))
    wrong = ~((array > 0) & (array < 1))
    if wrong.any():
        raise UsageError(
            f"a cost-loss ratio is {array[wrong][0]:g}; expected a number above 0 and below 1, as 0.1: "
            "a false alarm costs a tenth of what a miss costs."
        )
    return array


def decisions(probability: Any, happened: Any, ratios: Any) -> Decisions:
    """Act on stated chances, at every ratio.

    Parameters
    ----------
    probability : (..., N) float
        Stated chances of the event, between 0 and 1.
    happened : (..., N) bool, or 0 and 1
        Whether it came.
    ratios : (A,) float
        Cost over loss.

    Returns
    -------
    Decisions
        Sums over the last axis.

    Raises
    ------
    UsageError
        Shapes do not match, or a ratio is not between 0 and 1.
    DataError
        A value is missing, or no chance.
    """
    p, y = chances_for(probability, happened, score="value")
    a = ratios_for(ratios)
    acted = np.stack([(p >= r).sum(axis=-1) for r in a], axis=-1)
    hits = np.stack([((p >= r) & y).sum(axis=-1) for r in a], axis=-1)
    cases = np.full(p.shape[:-1], p.shape[-1], dtype=np.float64)
    events = np.asarray(y.sum(axis=-1), dtype=np.float64)
    return Decisions(a, acted.astype(np.float64), hits.astype(np.float64), events, cases)


def relative_value(probability: Any, happened: Any, ratios: Any) -> NDArray[np.float64]:
    """Return the relative economic value at every ratio, (A,).

    ``V = (E_without - E_forecast) / (E_without - E_perfect)``: 1 for a forecast that is always sure and
    right, 0 for one that always states the overall frequency, below 0 for one that costs more than always
    or never acting. E_without knows the overall frequency of the very cases that are scored.

    Parameters
    ----------
    probability, happened : (N,) float and bool
        Stated chances, and whether the event came.
    ratios : (A,) float
        Cost over loss, between 0 and 1.

    Returns
    -------
    (A,) float64
        NaN when nothing or everything happened: there was nothing to decide.

    Examples
    --------
    >>> relative_value([0.9, 0.2, 0.1, 0.0], [1, 0, 0, 0], [0.15, 0.5]).round(2)
    array([0.67, 1.  ])
    """
    p, y = np.ravel(probability), np.ravel(happened)
    return decisions(p, y, ratios).value()
