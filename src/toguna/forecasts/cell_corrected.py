"""A hurdle for cells: resampling in time and space, which boosted trees correct.

A first guess resamples recent months of the cell and of the cells around it. One boosted classifier starts
from the log odds of a deadly month that the guess gives and learns what to add; one boosted regression
learns by how much the log of deaths in a deadly month will differ from what is usual there, and the sizes of
the guess are multiplied by that. Where the trees have learnt nothing the guess stands, at any level.

Enters: a `CellHistory`. Leaves: chances. Called by `toguna.forecasts.cell_members`.

References
----------
Mullahy (1986), doi 10.1016/0304-4076(86)90002-3 (hurdle models of counts).
Friedman (2001), doi 10.1214/aos/1013203451 (boosting from a first guess).
"""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.cells import CellHistory, boxed
from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.support import COUNTS
from toguna.forecasts.training import booster_settings
from toguna.forecasts.zero import zero

__all__ = ["CellRows", "cell_corrected", "cell_rows"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_QUIET = 0.1
"""Share of rows kept where nobody died within two cells for five years; they weigh 1 / share."""
_PARTS = ((6, 72, 0.4, 1, 4.0, 1.0), (12, 72, 0.5, 1, 4.0, 1.0), (36, 240, 0.5, 2, 6.0, 0.5))
"""Of the guess: half-life, months, spread, reach, weight of the cell itself, weight of the part."""
_NOISE = (-1.2, -0.5, 0.0, 0.5, 1.2)
_LEAST = 0.002
"""Weight of the sizes of all cells: a cell without any deadly month near by takes them."""
_LOG_COUNTS = np.log(COUNTS + 0.5)


@dataclass(frozen=True, slots=True)
class CellRows:
    """N rows: index of the `month` in the table, `unit`, `step`, `weight` and what happened, all (N,)."""

    month: Ints
    unit: Ints
    step: Ints
    weight: Floats
    happened: Floats


def cell_rows(history: CellHistory, steps: tuple[int, ...], rng: np.random.Generator) -> CellRows:
    """Choose rows to learn from: cells spoken of, every fourth month, one step each; outcomes known."""
    known = history.known.until(history.origin - min(steps))
    kept = known.spoken & (known.near | (rng.random(known.near.shape) < _QUIET))
    month, unit = np.nonzero(kept)
    step = rng.choice(np.asarray(steps), len(unit))
    inside = known.at[month] + step <= history.origin
    month, unit, step = month[inside], unit[inside], step[inside]
    weight = np.where(known.near[month, unit], 1.0, 1.0 / _QUIET)
    return CellRows(month, unit, step, weight, history.counts[unit, known.at[month] + step])


def cell_corrected(seed: int = 0, *, trees: int = 120, size_trees: int = 60) -> Model:
    """Return the model with a seed for its choice of rows and features.

    Parameters
    ----------
    seed : int
    trees, size_trees : int
        Of the chance of a deadly month, and of the number of deaths in one.
    """

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        if not isinstance(history, CellHistory):
            raise UsageError("forecasts by cell need a CellHistory (counts, every_kind, gids).")
        out = zero(history, steps)
        rows = cell_rows(history, steps, np.random.default_rng(seed))
        deadly = rows.happened > 0
        spoken = np.flatnonzero(history.known.spoken[-1])
        if not deadly.any() or not len(spoken):
            return out
        wanted = CellRows(
            np.full(len(spoken) * len(steps), len(history.known.at) - 1),
            np.repeat(spoken, len(steps)),
            np.tile(np.asarray(steps), len(spoken)),
            np.ones(0),
            np.ones(0),
        )
        chance = _chances(history, rows, wanted, trees=trees, seed=seed)
        change = _changes(history, rows, wanted, trees=size_trees, seed=seed)
        shape = (len(spoken), len(steps))
        sizes = _usual_sizes(history)[spoken]
        for h in range(len(steps)):
            above = 1.0 - _multiplied(sizes, change.reshape(shape)[:, h])
            out[spoken, h] = 1.0 - chance.reshape(shape)[:, h, None] * above
        return out

    return fitted


def _chances(history: CellHistory, rows: CellRows, wanted: CellRows, *, trees: int, seed: int) -> Floats:
    """Chance of any death for each row wanted."""
    known = history.known

    def inputs(of: CellRows) -> NDArray[np.float32]:
        return np.column_stack([known.chance_inputs[of.month, of.unit], of.step.astype(np.float32)])

    settings = booster_settings(
        seed,
        num_leaves=16,
        min_data_in_leaf=150,
        learning_rate=0.05,
        lambda_l2=20.0,
        boost_from_average=False,
    )
    data = lgb.Dataset(
        inputs(rows),
        (rows.happened > 0).astype(float),
        weight=rows.weight,
        init_score=known.start[rows.month, rows.unit].astype(float),
        params=settings,
    )
    learnt = lgb.train(settings, data, trees).predict(inputs(wanted), raw_score=True, num_threads=1)
    odds = known.start[wanted.month, wanted.unit].astype(float) + np.asarray(learnt)
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def _changes(history: CellHistory, rows: CellRows, wanted: CellRows, *, trees: int, seed: int) -> Floats:
    """By how much the log of deaths in a deadly month will differ from the usual, for each row wanted."""
    known, deadly = history.known, rows.happened > 0

    def inputs(month: Ints, unit: Ints, step: Ints) -> NDArray[np.float32]:
        return np.column_stack([known.size_inputs[month, unit], step.astype(np.float32)])

    month, unit = rows.month[deadly], rows.unit[deadly]
    settings = booster_settings(
        seed,
        objective="regression",
        num_leaves=8,
        min_data_in_leaf=100,
        learning_rate=0.05,
        lambda_l2=20.0,
        boost_from_average=False,
    )
    data = lgb.Dataset(
        inputs(month, unit, rows.step[deadly]),
        np.log(rows.happened[deadly]) - known.size[month, unit],
        weight=rows.weight[deadly],
        params=settings,
    )
    booster = lgb.train(settings, data, trees)
    return np.asarray(booster.predict(inputs(wanted.month, wanted.unit, wanted.step), num_threads=1))


def _usual_sizes(history: CellHistory) -> Singles:
    """Return F (U, G) of deaths in a deadly month, from such months of the cell and around it."""
    mass = np.zeros((len(history.counts), len(COUNTS)))
    for half_life, months, spread, reach, own, weight in _PARTS:
        found = _faded(history.last(months), half_life=half_life, spread=spread)
        mass += weight * (found + boxed(found, history.gids, reach=reach, own=own))
    past = history.last(120)
    everywhere = np.bincount(
        np.minimum(np.searchsorted(COUNTS, past[past > 0]), len(COUNTS) - 1), minlength=len(COUNTS)
    ).astype(float)
    if everywhere.any():
        mass += 5 * _LEAST * everywhere / everywhere.sum()
    else:
        mass[:, 1] += _LEAST
    return np.asarray(mass.cumsum(axis=1) / mass.sum(axis=1, keepdims=True), dtype=np.float32)


def _faded(past: Floats, *, half_life: float, spread: float) -> Floats:
    """Return weights (U, G) of deaths in past deadly months, each times lognormal factors."""
    weight = 0.5 ** (np.arange(past.shape[1])[::-1] / half_life)
    unit, month = np.nonzero(past)
    total = np.zeros(past.shape[0] * len(COUNTS))
    for noise in _NOISE:
        count = np.maximum(np.rint(past[unit, month] * np.exp(spread * noise)), 1.0)
        place = np.minimum(np.searchsorted(COUNTS, count), len(COUNTS) - 1) + unit * len(COUNTS)
        total += np.bincount(place, weight[month], minlength=len(total))
    return np.asarray(total.reshape(len(past), -1) / weight.sum() / len(_NOISE))


def _multiplied(sizes: Singles, change: Floats) -> Floats:
    """Return F (N, G) of sizes times exp(change), still 1 or more: straight lines on the log of the count."""
    point = _LOG_COUNTS[None] - change[:, None]
    j = np.clip(np.searchsorted(_LOG_COUNTS, point, "right") - 1, 0, len(COUNTS) - 2)
    share = np.clip((point - _LOG_COUNTS[j]) / (_LOG_COUNTS[j + 1] - _LOG_COUNTS[j]), 0.0, 1.0)
    row = np.arange(len(sizes))[:, None]
    below = np.where(point < _LOG_COUNTS[0], 0.0, sizes[row, j] * (1 - share) + sizes[row, j + 1] * share)
    none = below[:, :1]
    return np.asarray(np.clip((below - none) / np.maximum(1.0 - none, 1e-6), 0.0, 1.0))
