"""Trees for the chance of reaching each of twelve counts.

One small boosted classifier for each threshold answers P(count >= threshold); together they are a
distribution. No threshold lies above what was often seen, so the model cannot run away; for the same
reason it expects record levels to fall, and the ensemble does not use it for wars.

Enters: a history. Leaves: chances. Called by `toguna.forecasts.members`.

References
----------
Ke and others (2017), "LightGBM", NeurIPS 30 (gradient-boosted trees).
Foresi and Peracchi (1995), doi 10.2307/2291056 (a distribution from one regression per threshold).
"""

from __future__ import annotations

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.support import survival
from toguna.forecasts.training import Rows, asked, booster_settings, training_rows

__all__ = ["THRESHOLDS", "exceedance"]

THRESHOLDS = np.array([1, 3, 6, 12, 25, 50, 100, 200, 400, 800, 1600, 3200], dtype=float)


def exceedance(seed: int = 0, *, trees: int = 80) -> Model:
    """Return the model with a seed for its choice of rows and features.

    Half the trees take steps twice as large, in half the time: they differ no more than seeds do.
    """

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        rng = np.random.default_rng(seed)
        rows = training_rows(history, steps, rng, quiet=0.15, per_month=2)
        rows = rows.where(rows.month % 2 == history.origin % 2)
        known, wanted = _inputs(history, rows), _inputs(history, asked(history, steps))
        settings = booster_settings(
            seed,
            learning_rate=min(4.8 / trees, 0.2),
            num_leaves=12,
            min_data_in_leaf=60,
            min_sum_hessian_in_leaf=1.0,
        )
        happened, chances = rows.outcome(history), []
        data = lgb.Dataset(known, label=happened, weight=rows.weight, params=settings, free_raw_data=False)
        data.construct()
        for threshold in THRESHOLDS:
            hit = happened >= threshold
            if not hit.any():
                chances.append(np.zeros(len(wanted)))
                continue
            data.set_label(hit.astype(float))
            booster = lgb.train(settings, data, trees)
            chances.append(np.asarray(booster.predict(wanted, num_threads=1)))
        reached = np.minimum.accumulate(np.stack(chances, axis=1), axis=1)
        return survival(reached, THRESHOLDS).reshape(len(history.counts), len(steps), -1)

    return fitted


def _inputs(history: History, rows: Rows) -> NDArray[np.float32]:
    values = history.features.values[rows.month, rows.unit]
    return np.column_stack([values, rows.step.astype(np.float32)])
