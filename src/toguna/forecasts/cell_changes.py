"""Trees for growth and decline of fighting cells, from the cell's course and that of its region.

As `toguna.forecasts.relative`, for cells with at least one death a month over the last year; the region
is the 168 cells around, some 350 km each way. Other cells are left to the last five years.

Enters: a `CellHistory`. Leaves: chances. Called by `toguna.forecasts.cell_members`.
"""

from __future__ import annotations

import re

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.cells import NAMES, CellHistory, cell_rows
from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.relative import CHANGES, from_changes
from toguna.forecasts.resampling import past_months
from toguna.forecasts.training import booster_settings

__all__ = ["FEWEST", "cell_changes"]

FEWEST = 1.0
"""Deaths a month over the last year from which a cell has a level."""

_SHOWN_LEVEL = np.log(30.0)
_LOGS = [i for i, n in enumerate(NAMES) if re.match(r"(every_|own_)?(lag|m|e\d)", n)]
_SHARES = [i for i in range(len(NAMES)) if i not in _LOGS]
Floats = NDArray[np.float64]


def cell_changes(seed: int = 0, *, trees: int = 40) -> Model:
    """Return the model with a seed for its choice of rows and features."""

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        if not isinstance(history, CellHistory):
            raise UsageError("forecasts by cell need a CellHistory (counts, every_kind, gids).")
        values, step, _, happened = cell_rows(history, steps, np.random.default_rng(seed), every=4, quiet=0.0)
        live = values[:, NAMES.index("m12")] >= np.log1p(FEWEST)
        values, step, happened = values[live], step[live], happened[live]
        now = history.inputs(np.array([history.origin]))[0]
        wanted = now[:, NAMES.index("m12")] >= np.log1p(FEWEST)
        out = np.repeat(past_months(60)(history, steps[:1]), len(steps), axis=1)
        if not wanted.any() or len(values) < 500:
            return out
        asked = np.repeat(now[wanted], len(steps), axis=0)
        later = np.tile(np.asarray(steps, dtype=np.float32), int(wanted.sum()))
        outcome = np.log1p(happened) - _level(values)
        settings = booster_settings(seed, num_leaves=8, min_data_in_leaf=80, learning_rate=0.1)
        data = lgb.Dataset(_inputs(values, step), outcome, params=settings, free_raw_data=False)
        data.construct()
        inputs, above = _inputs(asked, later), []
        for threshold in CHANGES:
            data.set_label((outcome > threshold).astype(float))
            above.append(np.asarray(lgb.train(settings, data, trees).predict(inputs, num_threads=1)))
        falling = np.minimum.accumulate(np.stack(above, axis=1), axis=1)
        out[wanted] = from_changes(falling, _level(asked)).reshape(-1, len(steps), out.shape[-1])
        return out

    return fitted


def _level(values: NDArray[np.float32]) -> Floats:
    six, twelve = (np.expm1(values[:, NAMES.index(n)].astype(float)) for n in ("m6", "m12"))
    return np.asarray(np.log1p((six + twelve) / 2))


def _inputs(values: NDArray[np.float32], step: NDArray[np.float32]) -> NDArray[np.float32]:
    level = _level(values)
    course = values[:, _LOGS] - level[:, None]
    shown = np.minimum(level, _SHOWN_LEVEL)
    return np.column_stack([course, values[:, _SHARES], step, shown]).astype(np.float32)
