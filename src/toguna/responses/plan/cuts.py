"""Straight lines above the value of a plan, one set for each plan that was tried.

Enters: a `Worth` and portions. Leaves: rows of inequalities. Called by `toguna.responses.plan.solve`.

Beside the portions the programme has a variable for the mean harm averted in each area and quarter, one for
the need met there, and one for the worst draws. Need is counted in thousandths of all need, the others in
thousandths of the score. When regret is made small the last variable is what is lost in the worst scenario,
and there is a line for each scenario.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from toguna.responses.plan.problem import Floats
from toguna.responses.plan.value import Worth

__all__ = ["UNIT", "Cuts"]

UNIT = 1000.0


@dataclass
class Cuts:
    """Rows over (portions, harm by cell, need by cell, tail), and how many there are of each."""

    worth: Worth
    rows: list[sparse.csr_matrix] = field(default_factory=list)
    right: list[Floats] = field(default_factory=list)

    def __post_init__(self) -> None:
        M, A, Q = self.worth.problem.shape
        self.n, self.cells = M * A * Q, A * Q
        self.width = self.n + 2 * self.cells + 1
        self.number = np.arange(self.n).reshape(M, A, Q)
        self.m, self.q, self.r = np.nonzero(self.worth.when)
        self.reaching = np.nonzero((self.worth.reach > 0).any(axis=1))[0]

    @property
    def goal(self) -> Floats:
        """Return what is to be made large: the sum of the variables of value."""
        goal = np.zeros(self.width)
        goal[self.n :] = 1.0
        goal[self.n + self.cells : -1] = self.worth.problem.aims.need
        return goal

    @property
    def _per_need(self) -> float:
        return 1 / self.worth.all_need if self.worth.all_need > 0 else 0.0

    def floor(self) -> tuple[sparse.csr_matrix, Floats]:
        """Return the row that asks for a share of all need to be met."""
        row = np.zeros((1, self.width))
        row[0, self.n + self.cells : -1] = -1.0
        return sparse.csr_matrix(row), np.array([-UNIT * self.worth.problem.need_at_least])

    def ceilings(self) -> tuple[Floats, Floats]:
        """Return the range of the variables of value: harm and need are bounded by what there is."""
        mean, problem = self.worth.scales[0], self.worth.problem
        high = np.concatenate(
            [
                mean * UNIT * problem.harm.mean(axis=0).ravel(),
                np.repeat(self._per_need * UNIT * problem.need, len(problem.quarters)),
                [UNIT],
            ]
        )
        return np.full(len(high), -np.inf), high

    def slopes(self, x: Floats) -> Floats:
        """Return a slope of the score at portions, (M, A, Q)."""
        share, slope = self.worth.shares(x)
        values, weights, harm = self.worth.lows(share)
        low = self._low(weights[np.argmin(values)], slope, harm)
        return self._begun(self._mean(slope)) + low + self.need_slopes(x)

    def mean_slopes(self, x: Floats) -> Floats:
        """Return the slope at portions of mean harm averted and need met, (M, A, Q); no worst draws."""
        return self._begun(self._mean(self.worth.shares(x)[1])) + self.need_slopes(x)

    def add(self, x: Floats) -> float:
        """Put lines that touch the value at these portions; return their score."""
        share, slope = self.worth.shares(x)
        mean, _, need = self.worth.scales
        value = mean * self.worth.mean_harm * share.mean(axis=0)
        self._cells(x, value, self._mean(slope))
        met, met_slope = self.worth.met(x)
        self._needs(x, self._per_need * met, self._per_need * met_slope)
        lows, weights, harm = self.worth.lows(share)
        for low, weight in zip(lows, weights, strict=True):
            gradient = self._low(weight, slope, harm)
            self._put(gradient.reshape(1, -1), self.width - 1, float(low - (gradient * x).sum()))
        return float(value.sum() + lows.min()) + need * float(met.sum())

    def keep(self, used: np.ndarray) -> None:
        """Forget the rows that are not marked."""
        rows, right = self.all()
        self.rows, self.right = [rows[used]], [right[used]]

    def all(self) -> tuple[sparse.csr_matrix, Floats]:
        """Return all rows and their right sides."""
        return sparse.vstack(self.rows).tocsr(), np.concatenate(self.right)

    def _mean(self, slope: Floats) -> Floats:
        """Return slopes of the weighted mean by acting portions, (M, A, Q)."""
        mean, S = self.worth.scales[0], len(slope)
        steep = (self.worth.logs.T @ slope.reshape(S, -1)).reshape(self.number.shape) / S
        return np.asarray(mean * steep * self.worth.mean_harm * self.worth.problem.cover[:, None])

    def _low(self, weights: Floats, slope: Floats, harm: Floats) -> Floats:
        """Return slopes by portions begun of weighted draws of harm, (M, A, Q), as the score weighs them."""
        some = np.nonzero(weights)[0]
        weighted = harm[some] * slope[some] * weights[some, None, None]
        steep = (self.worth.logs[some].T @ weighted.reshape(len(some), -1)).reshape(self.number.shape)
        return self.worth.scales[1] * self._begun(steep * self.worth.problem.cover[:, None])

    def _begun(self, acted: Floats) -> Floats:
        """Return slopes by portions begun of slopes by acting portions."""
        return np.asarray(np.einsum("mar,mqr->maq", acted, self.worth.when))

    def need_slopes(self, x: Floats) -> Floats:
        """Return the slope of the part of the score that is need, (M, A, Q)."""
        return np.asarray(self.worth.scales[2] * self.worth.reach[:, :, None] * self.worth.met(x)[1])

    def _cells(self, x: Floats, value: Floats, slope: Floats) -> None:
        Q = x.shape[2]
        areas = np.arange(x.shape[1])
        rows = (areas[None, :] * Q + self.r[:, None]).ravel()
        columns = self.number[self.m[:, None], areas[None, :], self.q[:, None]].ravel()
        steep = slope[self.m[:, None], areas[None, :], self.r[:, None]].ravel()
        at = np.bincount(rows, steep * x.ravel()[columns], minlength=self.cells)
        self._lines(rows, columns, steep, value.ravel() - at, self.n)

    def _needs(self, x: Floats, value: Floats, slope: Floats) -> None:
        steep = self.worth.reach[self.reaching, :, None] * slope[None]
        columns = self.number[self.reaching].ravel()
        rows = np.tile(np.arange(self.cells), len(self.reaching))
        at = (steep * x[self.reaching]).sum(axis=0).ravel()
        self._lines(rows, columns, steep.ravel(), value.ravel() - at, self.n + self.cells)

    def _lines(self, rows: np.ndarray, columns: np.ndarray, steep: Floats, right: Floats, first: int) -> None:
        own = np.arange(self.cells)
        entries = np.concatenate([-UNIT * steep, np.ones(self.cells)])
        where = (np.concatenate([rows, own]), np.concatenate([columns, first + own]))
        self.rows.append(sparse.csr_matrix((entries, where), shape=(self.cells, self.width)))
        self.right.append(UNIT * right)

    def _put(self, gradient: Floats, variable: int, right: float) -> None:
        row = np.zeros((1, self.width))
        row[0, : self.n] = -UNIT * gradient
        row[0, variable] = 1.0
        self.rows.append(sparse.csr_matrix(row))
        self.right.append(np.array([UNIT * right]))
