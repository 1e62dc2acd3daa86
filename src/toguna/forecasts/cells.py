"""What a PRIO-GRID cell and the cells around it knew at past months, as numbers to learn from.

Most cells never see a death; a cell beside a fighting cell may soon. For every fourth month the table holds
a first guess (how often deaths were recorded in the cell and around it, recent months counting most),
the usual size of a deadly month there, and the course of both. Levels are shown up to a cap only, sizes only
as differences from the usual size: a record war is to be judged by its course and not by its size.

Enters: counts by cell. Leaves: `CellHistory` and its `Known`. Called by `toguna.forecasts.cell_corrected`
and the bench of cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.history import History
from toguna.forecasts.reaching import log_odds
from toguna.forecasts.training import FIRST_MONTH
from toguna.panels.features import Features, history_features
from toguna.panels.neighbours import around

__all__ = ["BETWEEN", "CellHistory", "Known", "boxed", "fading"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Singles = NDArray[np.float32]

BETWEEN = 4
"""Months between two rows of the table; a divisor of 12, so that past Octobers share it."""
_REACHES = (1, 2, 6)
"""Squares of cells around that are summed over: some 80, 140 and 350 km each way."""
_RATES = ("k6", "k12", "k24", "k60", "kall", "s1", "s25")
_OWN_LOGS = ("lag0", "lag1", "m3", "m6", "m12", "m24", "m60", "e2", "e6", "e18", "mx12", "mx60")
_TO_SEE = np.log(20.0)


@dataclass(frozen=True, slots=True)
class Known:
    """Rows of M months and U cells.

    Parameters
    ----------
    at : (M,) int
        Indices of the months, rising.
    start : (M, U) float32
        Log odds of a month with deaths, as recent months of the cell and around it say.
    size : (M, U) float32
        Mean log of deaths in a deadly month, shrunk to the cells around and to all cells.
    chance_inputs, size_inputs : (M, U, K) float32
        What the boosters of chances and of sizes see.
    spoken : (M, U) bool
        Whether an event of any kind fell in the cell or beside it by then.
    near : (M, U) bool
        Whether anybody died within two cells in the last five years.
    """

    at: Ints
    start: Singles
    size: Singles
    chance_inputs: Singles
    size_inputs: Singles
    spoken: NDArray[np.bool_]
    near: NDArray[np.bool_]

    def until(self, month: int) -> Known:
        """Leave out all rows after a month."""
        n = int(np.searchsorted(self.at, month, "right"))
        return Known(
            self.at[:n],
            self.start[:n],
            self.size[:n],
            self.chance_inputs[:n],
            self.size_inputs[:n],
            self.spoken[:n],
            self.near[:n],
        )


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
    later : CellHistory, optional
        The longer history that this one was cut from: its table holds the rows of this one's, which know
        nothing of what came after them.
    """

    every_kind: Floats
    gids: Ints
    later: CellHistory | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.every_kind.shape != self.counts.shape or len(self.gids) != len(self.counts):
            raise UsageError("counts, every_kind and gids must tell of the same cells and months.")

    def until(self, month: int) -> CellHistory:
        """Return the history as it stood at an earlier month (index)."""
        earlier = History(self.counts).until(month)
        return CellHistory(earlier.counts, self.every_kind[:, : month + 1], self.gids, self)

    @cached_property
    def known(self) -> Known:
        """The table, its last row being that of the origin."""
        if self.later is not None and (self.later.origin - self.origin) % BETWEEN == 0:
            return self.later.known.until(self.origin)
        return _known(self)


def fading(values: Floats, *, half_life: float, mean: bool = False) -> Floats:
    """Sum months up to each month with weights that halve every `half_life` months, (U, T); or their mean."""
    from scipy.signal import lfilter  # half a second, which an assessment does not need

    keep = 0.5 ** (1.0 / half_life)
    total = lfilter([1.0], [1.0, -keep], values, axis=1)
    return np.asarray(total / lfilter([1.0], [1.0, -keep], np.ones(values.shape[1])) if mean else total)


def boxed(values: Floats, gids: Ints, *, reach: int, own: float) -> Floats:
    """Mean over the square within `reach`, the cell itself counting `own` times; unlisted cells are 0."""
    cells = (2 * reach + 1) ** 2 - 1
    return np.asarray((around(values, gids, reach=reach) + own * values) / (cells + own))


def _known(history: CellHistory) -> Known:
    at = np.arange(history.origin, FIRST_MONTH, -BETWEEN)[::-1]
    at = at if len(at) else np.array([history.origin])
    own, every = history_features(history.counts, at), history_features(history.every_kind, at)
    course, capped, near = _course(own, every, history.gids)
    odds = _odds(history, at)
    start = odds[0]
    size, sizes = _sizes(history, at)
    chances = [*course, *capped, *(o - start for o in odds[1:]), start]
    by_size: list[NDArray[np.floating]] = [own.of(n) - size for n in _OWN_LOGS]
    by_size += [*course, *sizes, start, np.minimum(size, _TO_SEE)]
    ever = np.expm1(every.of("mall").astype(float)).T
    spoken = (ever > 0) | (around(ever, history.gids) > 0)
    return Known(
        at,
        start.astype(np.float32),
        size.astype(np.float32),
        np.stack(chances, axis=-1, dtype=np.float32),
        np.stack(by_size, axis=-1, dtype=np.float32),
        spoken.T,
        near,
    )


def _course(
    own: Features, every: Features, gids: Ints
) -> tuple[list[NDArray[np.floating]], list[NDArray[np.floating]], NDArray[np.bool_]]:
    """Return shares of deadly months and changes of level, capped levels, and who has deaths near by."""
    course: list[NDArray[np.floating]] = [own.of(n) for n in _RATES]
    course += [every.of(n) for n in ("k12", "k60", "s1")]
    course += [(every.of("m12") - own.of("m12"))]
    capped: list[NDArray[np.floating]] = [
        np.minimum(values, np.log(10.0)) for values in (own.of("m12"), own.of("m60"), every.of("m12"))
    ]
    near = own.of("k60") > 0
    for reach, most in zip(_REACHES, (30.0, 60.0, 200.0), strict=True):
        total = _summed(own, gids, reach)
        course += [total(n, log=False) for n in ("k6", "k60")]
        three, twelve, sixty = (total(n, log=True) for n in ("m3", "m12", "m60"))
        course += [three - twelve, twelve - sixty]
        capped += [np.minimum(twelve, np.log(most))]
        if reach <= 2:
            course += [_summed(every, gids, reach)("m12", log=True) - twelve]
            near = near | (sixty > 0)
    return course, capped, near


def _summed(found: Features, gids: Ints, reach: int) -> Callable[..., Floats]:
    """Return a function of a name: the sum of a feature over the cells around, (M, U)."""

    def total(name: str, *, log: bool) -> Floats:
        values = found.of(name).astype(float)
        sums = around((np.expm1(values) if log else values).T, gids, reach=reach).T
        return np.log1p(sums) if log else sums

    return total


def _odds(history: CellHistory, at: Ints) -> list[NDArray[np.floating]]:
    """Return log odds of a deadly month: the first guess, then its parts, each (M, U)."""
    deadly = (history.counts > 0).astype(float)
    own = {h: fading(deadly, half_life=h, mean=True)[:, at] for h in (2, 6, 12, 36)}
    near = {
        h: boxed(own[h], history.gids, reach=reach, own=weight)
        for h, reach, weight in ((6, 1, 4.0), (12, 1, 4.0), (36, 2, 6.0))
    }
    guess = (own[6] + own[12] + near[6] + near[12] + 0.5 * own[36] + 0.5 * near[36]) / 5
    chances: list[Floats] = [np.asarray(guess), *own.values(), *near.values()]
    return [log_odds(chance.T) for chance in chances]


def _sizes(history: CellHistory, at: Ints) -> tuple[Floats, list[Floats]]:
    """Return the usual log of deaths in a deadly month, (M, U), and what it is made of."""
    deadly = (history.counts > 0).astype(float)
    logs = np.log(np.maximum(history.counts, 1.0))
    (n, sums), (n_long, sums_long) = (
        (fading(deadly, half_life=h)[:, at], fading(logs, half_life=h)[:, at]) for h in (12, 60)
    )
    world = sums_long.sum(axis=0) / np.maximum(n_long.sum(axis=0), 1e-9)
    n_near, near = (around(v, history.gids, reach=3) + v for v in (n, sums))
    near = (near + 2 * world) / (n_near + 2)
    size = np.asarray((sums + 0.3 * sums_long + 1.5 * near) / (n + 0.3 * n_long + 1.5))
    recent = np.where(n > 0.05, sums / np.maximum(n, 0.05), near)
    parts: list[Floats] = [np.asarray(recent - size), np.asarray(near - size), n, n_long, n_near]
    return size.T, [v.T for v in parts]
