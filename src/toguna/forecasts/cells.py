"""Forecasts by PRIO-GRID cell: a hurdle of trees that also look at the cells around.

Most cells never see a death; a cell beside a fighting cell may soon. Inputs are the cell's own history,
its history in all kinds of violence, and sums over the 8 and 24 cells around (for the target also over
the 168 around, some 350 km each way).

Enters: a `CellHistory`. Leaves: chances. Called by the grid bench through `toguna.forecasts.ensemble`.
"""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.support import survival
from toguna.forecasts.training import FIRST_MONTH, booster_settings
from toguna.forecasts.zero import zero
from toguna.panels.features import history_features
from toguna.panels.neighbours import around

__all__ = ["NAMES", "CellHistory", "cell_rows", "cell_trees"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
THRESHOLDS = np.array([1, 2, 4, 8, 16, 32, 64, 160], dtype=float)
_EVERY = 8
_OWN = (
    *("lag0", "lag1", "m3", "m6", "m12", "m24", "m60", "m120", "mall", "k6", "k12", "k24", "k60", "k120"),
    *("kall", "mx12", "mx60", "s1", "s25", "e2", "e6", "e18", "g12"),
)
_ALL = ("m3", "m12", "m60", "k12", "k60", "s1", "e6", "mall")
_AROUND = (
    *((f"m{w}", "own", reach) for w in (3, 12, 60) for reach in (1, 2, 6)),
    *((f"m{w}", "every", reach) for w in (3, 12, 60) for reach in (1, 2)),
    ("mall", "every", 1),
)
NAMES = (*_OWN, *(f"every_{n}" for n in _ALL), *(f"{kind}_{n}_{reach}" for n, kind, reach in _AROUND))
"""Names of the inputs: of the cell, of all kinds of violence in it, of the cells within reach."""
_EVER, _EVER_BESIDE = len(_OWN) + len(_ALL) - 1, -1
_BESIDE = len(_OWN) + len(_ALL) + _AROUND.index(("m60", "every", 1))


@dataclass(frozen=True)
class CellHistory(History):
    """Counts of the target by cell, with what else is known of each cell.

    Parameters
    ----------
    counts : (U, T) float
        The target, for example state-based deaths.
    every_kind : (U, T) float
        Deaths in all kinds of violence.
    gids : (U,) int
        PRIO-GRID numbers.
    """

    every_kind: Floats
    gids: Ints

    def __post_init__(self) -> None:
        if self.every_kind.shape != self.counts.shape or len(self.gids) != len(self.counts):
            raise UsageError("counts, every_kind and gids must tell of the same cells and months.")

    def until(self, month: int) -> CellHistory:
        """Return the history as it stood at an earlier month (index)."""
        earlier = History(self.counts).until(month)
        return CellHistory(earlier.counts, self.every_kind[:, : month + 1], self.gids)

    def inputs(self, at: Ints) -> NDArray[np.float32]:
        """Return what cells knew at some months, (M, U, K)."""
        own, every = history_features(self.counts, at), history_features(self.every_kind, at)
        parts = [own.of(n) for n in _OWN] + [every.of(n) for n in _ALL]
        for name, features, reach in _AROUND:
            mean = np.expm1((own if features == "own" else every).of(name).astype(float)).T
            parts.append(np.log1p(around(mean, self.gids, reach=reach)).T)
        return np.stack([np.asarray(p, dtype=np.float32) for p in parts], axis=-1)


def cell_trees(seed: int = 0, *, trees: int = 40) -> Model:
    """Return the model: one boosted classifier for each of eight thresholds."""

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        if not isinstance(history, CellHistory):
            raise UsageError("forecasts by cell need a CellHistory (counts, every_kind, gids).")
        known, step, weight, happened = cell_rows(history, steps, np.random.default_rng(seed))
        now = history.inputs(np.array([history.origin]))[0]
        spoken = _known(now)
        wanted = np.column_stack(
            [
                np.repeat(now[spoken], len(steps), axis=0),
                np.tile(np.asarray(steps, dtype=np.float32), int(spoken.sum())),
            ]
        )
        settings = booster_settings(seed, num_leaves=16, min_data_in_leaf=80, learning_rate=0.1)
        data = lgb.Dataset(
            np.column_stack([known, step]), happened, weight=weight, params=settings, free_raw_data=False
        )
        data.construct()
        chances = []
        for threshold in THRESHOLDS:
            hit = happened >= threshold
            if hit.sum() < 20:
                chances.append(np.zeros(len(wanted)))
                continue
            data.set_label(hit.astype(float))
            chances.append(np.asarray(lgb.train(settings, data, trees).predict(wanted, num_threads=1)))
        reached = np.minimum.accumulate(np.stack(chances, axis=1), axis=1)
        out = zero(history, steps)
        out[spoken] = survival(reached, THRESHOLDS).reshape(-1, len(steps), out.shape[-1])
        return out

    return fitted


def cell_rows(
    history: CellHistory,
    steps: tuple[int, ...],
    rng: np.random.Generator,
    *,
    every: int = _EVERY,
    quiet: float = 0.05,
) -> tuple[NDArray[np.float32], NDArray[np.float32], Floats, Floats]:
    """Return inputs (N, K), steps, weights and outcomes (N,) to learn from.

    Every `every` months of all but the first two years. Of cells with no death in and beside them for
    five years only a share `quiet` is kept, and weighs 1 / `quiet`.
    """
    last = history.origin - min(steps)
    at = np.arange(last, FIRST_MONTH, -every)
    values = history.inputs(at)
    near = values[:, :, [_OWN.index("k60"), _BESIDE]].max(axis=-1) > 0
    kept = near | (rng.random(near.shape) < quiet)
    month, unit = np.nonzero(kept & _known(values))
    step = rng.choice(np.asarray(steps), len(unit))
    inside = at[month] + step <= history.origin
    month, unit, step = month[inside], unit[inside], step[inside]
    weight = np.where(near[month, unit], 1.0, 1.0 / max(quiet, 1e-9))
    happened = history.counts[unit, at[month] + step]
    return values[month, unit], step.astype(np.float32), weight, happened


def _known(inputs: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether any event fell in the cell or in the 8 around it by then, from (..., U, K) inputs."""
    return np.asarray((inputs[..., _EVER] > 0) | (inputs[..., _EVER_BESIDE] > 0))
