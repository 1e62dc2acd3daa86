"""Trees for growth and decline: how far from its own recent level will a conflict be?

The outcome is log1p of the count minus log1p of a recent level (half the last six months, half the
last twelve). One small boosted classifier for each of fifteen thresholds answers
P(outcome > threshold). Inputs are differences from that level, shares and spreads; the level itself is
shown only up to 100 deaths a month, so that a record war is judged by its course and not by its size:
where size is shown, trees learn that record wars end soon, and lose in the years in which they do not.
By default all conflicts count alike, as in a score of log1p; `by_level` weighs each by its level, as
in a score of counts, but none by more than 1,000 deaths a month, so that no single war teaches all others.

Enters: a history. Leaves: chances. Called by `toguna.forecasts.members`.
"""

from __future__ import annotations

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import COUNTS
from toguna.forecasts.training import Rows, asked, booster_settings, training_rows

__all__ = ["CHANGES", "FEWEST", "from_changes", "level_of", "relative", "stake_of"]

CHANGES = np.array([-4, -3, -2.3, -1.7, -1.2, -0.8, -0.5, -0.25, 0, 0.25, 0.5, 0.8, 1.2, 1.7, 2.3])
FEWEST = 3.0
"""Deaths a month over the last year from which a conflict has a level; below, last year is resampled."""

_FROM_LEVEL = [
    "lag0",
    "lag1",
    "lag2",
    "m3",
    "m6",
    "m12",
    "m24",
    "m60",
    "m120",
    "l6",
    "l12",
    "l24",
    "mx12",
    "mx60",
    "e2",
    "e6",
    "e18",
]
_AS_THEY_ARE = ["k6", "k12", "k60", "kall", "sd12", "sd60", "k25_12", "k25_60", "s25", "s100", "g12"]
_SHOWN_LEVEL = np.log(100.0)
_MOST_AT_STAKE = 1000.0
"""Without it the rows of Rwanda 1994 weigh as much as 39 % of all wars to 2013."""

Floats = NDArray[np.float64]


def relative(seed: int = 0, *, trees: int = 60, by_level: bool = False) -> Model:
    """Return the model with a seed for its choice of rows and features; rows weighed by level or alike.

    Half the trees take steps twice as large, in half the time.
    """

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        rows = training_rows(history, steps, np.random.default_rng(seed), quiet=0.0, per_month=3)
        rows = rows.where(_haslevel_of(history, rows))
        wanted = asked(history, steps)
        out = past_months(12)(history, steps).reshape(len(wanted.unit), -1)
        live = _haslevel_of(history, wanted)
        if len(rows.unit) and live.any():
            wanted = wanted.where(live)
            if by_level:
                rows = rows.by_weight(stake_of(history, rows))
            above = _chances(history, rows, wanted, trees=trees, seed=seed)
            out[live] = from_changes(above, level_of(history, wanted))
        return out.reshape(len(history.counts), len(steps), -1)

    return fitted


def _chances(history: History, rows: Rows, wanted: Rows, *, trees: int, seed: int) -> Floats:
    """P(outcome > threshold) for each row wanted, (N, 15), falling along the thresholds."""
    outcome = np.log1p(rows.outcome(history)) - level_of(history, rows)
    settings = booster_settings(
        seed, learning_rate=min(0.06 * (60 / trees), 0.2), num_leaves=8, min_data_in_leaf=80
    )
    data = lgb.Dataset(
        _inputs(history, rows), label=outcome, weight=rows.weight, params=settings, free_raw_data=False
    )
    data.construct()
    inputs, chances = _inputs(history, wanted), []
    for threshold in CHANGES:
        data.set_label((outcome > threshold).astype(float))
        chances.append(np.asarray(lgb.train(settings, data, trees).predict(inputs, num_threads=1)))
    return np.asarray(np.minimum.accumulate(np.stack(chances, axis=1), axis=1))


def _haslevel_of(history: History, rows: Rows) -> NDArray[np.bool_]:
    return np.asarray(history.features.of("m12")[rows.month, rows.unit] >= np.log1p(FEWEST))


def level_of(history: History, rows: Rows) -> Floats:
    """Return log1p of half the mean of six months and half the mean of twelve, (N,)."""
    six, twelve = (
        np.expm1(history.features.of(n)[rows.month, rows.unit].astype(float)) for n in ("m6", "m12")
    )
    return np.asarray(np.log1p((six + twelve) / 2))


def stake_of(history: History, rows: Rows) -> Floats:
    """Return 1 + the recent level in deaths a month, at most 1,000: what a row weighs by level, (N,)."""
    return np.minimum(np.exp(level_of(history, rows)), _MOST_AT_STAKE)


def _inputs(history: History, rows: Rows) -> NDArray[np.float32]:
    level = level_of(history, rows)
    column = history.features.of
    own = [column(n)[rows.month, rows.unit].astype(float) - level for n in _FROM_LEVEL]
    own += [column(n)[rows.month, rows.unit].astype(float) for n in _AS_THEY_ARE]
    return np.column_stack([*own, rows.step, np.minimum(level, _SHOWN_LEVEL)]).astype(np.float32)


def from_changes(above: Floats, level: Floats) -> Singles:
    """Turn P(outcome > `CHANGES`), (N, 15), and levels (N,) into F (N, G): lines between log odds."""
    chance = np.clip(above, 1e-6, 1 - 1e-6)
    odds = np.log(chance / (1 - chance))
    odds = np.concatenate([odds[:, :1] + 6, odds, odds[:, -1:] - 1.2 * np.arange(1, 5)], axis=1)
    at = np.concatenate([[-9.0], CHANGES, CHANGES[-1] + 0.7 * np.arange(1, 5)])
    point = np.log1p(COUNTS + 0.5)[None] - level[:, None]
    j = np.clip(np.searchsorted(at, point, "right") - 1, 0, len(at) - 2)
    share = (point - at[j]) / (at[j + 1] - at[j])
    row = np.arange(len(level))[:, None]
    line = odds[row, j] * (1 - share) + odds[row, j + 1] * share
    return np.asarray(1.0 / (1.0 + np.exp(np.clip(line, -30, 30)))).astype(np.float32)
