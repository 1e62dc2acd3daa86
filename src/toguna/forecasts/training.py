"""Rows to learn from: a unit, a past month, a number of steps, and what happened then.

Enters: a history. Leaves: `Rows`, whose outcome month never lies after the origin. Called by the tree
models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History

__all__ = ["FIRST_MONTH", "Rows", "asked", "booster_settings", "training_rows"]

Ints = NDArray[np.int64]
FIRST_MONTH = 24
"""Months of history before the first row: earlier ones know too little of their past."""


@dataclass(frozen=True, slots=True)
class Rows:
    """N rows: `unit`, `month` (index of the last known month), `step`, and `weight`, all (N,)."""

    unit: Ints
    month: Ints
    step: Ints
    weight: NDArray[np.float64]

    def where(self, kept: NDArray[np.bool_]) -> Rows:
        """Return some of the rows."""
        return Rows(self.unit[kept], self.month[kept], self.step[kept], self.weight[kept])

    def by_weight(self, times: NDArray[np.float64]) -> Rows:
        """Return the rows with weights times `times`, (N,), the mean weight as before."""
        weight = self.weight * times
        share = self.weight.sum() / weight.sum() if len(weight) else 1.0
        return Rows(self.unit, self.month, self.step, weight * share)

    def outcome(self, history: History) -> NDArray[np.float64]:
        """Return the count of the outcome month, (N,)."""
        return np.asarray(history.counts[self.unit, self.month + self.step])


def training_rows(
    history: History, steps: tuple[int, ...], rng: np.random.Generator, *, quiet: float, per_month: int
) -> Rows:
    """Choose rows: every unit and past month, `per_month` steps each, drawn from `steps`.

    Units without a death in five years are thinned to a share `quiet` and weigh 1 / `quiet`.
    """
    month = np.arange(FIRST_MONTH, history.origin - min(steps) + 1)
    unit, at = (v.ravel() for v in np.meshgrid(np.arange(len(history.counts)), month, indexing="ij"))
    active = history.features.of("k60")[at, unit] > 0
    kept = active | (rng.random(len(unit)) < quiet)
    unit, at, weight = unit[kept], at[kept], np.where(active, 1.0, 1.0 / max(quiet, 1e-9))[kept]
    rows = Rows(
        np.repeat(unit, per_month),
        np.repeat(at, per_month),
        rng.choice(np.asarray(steps), len(unit) * per_month),
        np.repeat(weight, per_month),
    )
    return rows.where(rows.month + rows.step <= history.origin)


def asked(history: History, steps: tuple[int, ...]) -> Rows:
    """Return the rows to be forecast: every unit and step at the origin, steps running fastest."""
    units, n = len(history.counts), len(history.counts) * len(steps)
    return Rows(
        np.repeat(np.arange(units), len(steps)),
        np.full(n, history.origin),
        np.tile(np.asarray(steps), units),
        np.ones(n),
    )


def booster_settings(seed: int, **own: Any) -> dict[str, Any]:
    """Return the settings that all trees share: small, strongly shrunk, the same on every machine."""
    return {
        "objective": "binary",
        "learning_rate": 0.06,
        "lambda_l2": 5.0,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.6,
        "bagging_freq": 1,
        "max_bin": 63,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
        "seed": seed,
        **own,
    }
