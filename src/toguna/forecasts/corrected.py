"""Trees that correct a resampling of recent months.

A resampling of a unit's own months that fades with a half-life of four and eight months gives a chance
of reaching any count. One boosted classifier starts from the log odds of that chance and learns what
to add to it from the course of the conflict. A row is a unit, a month, a number of steps and a count
asked about: all counts share one model, and where it has learnt nothing the resampling stands. Record
wars therefore keep their level, unless their course speaks against it. Levels are shown up to 30 deaths
a month only, for the same reason (see `toguna.forecasts.relative`).

Enters: a history. Leaves: chances. Called by `toguna.forecasts.members`.

References
----------
Friedman (2001), doi 10.1214/aos/1013203451 (boosting from a first guess).
Foresi and Peracchi (1995), doi 10.2307/2291056 (a distribution from chances of reaching thresholds).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.reaching import ASKED, LOG_ASKED, fading_chances, log_odds
from toguna.forecasts.relative import level_of, stake_of
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import COUNTS
from toguna.forecasts.training import Rows, asked, booster_settings, training_rows

__all__ = ["corrected"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HALF_LIVES, _SPREAD = (2.0, 4.0, 8.0, 24.0), 0.5
_START = (1, 2)
"""Which half-lives make the first guess: four and eight months. The others are inputs."""
_FROM_LEVEL = (
    *("lag0", "lag1", "lag2", "m3", "m6", "m12", "m24", "m60", "l6", "l12", "l24"),
    *("mx12", "mx60", "e2", "e6", "e18"),
)
_AS_THEY_ARE = ("k6", "k12", "k60", "kall", "sd12", "sd60", "k25_12", "s1", "s25", "s100")
_SHOWN = np.log(30.0)
_REACH = 8.0
"""Times the largest count of five years (and 4 more): above, chances fall with the square of the count."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A history and what resampling says of each of its months, one array (U, T, K) for each half-life."""

    history: History
    chances: tuple[Singles, ...]

    @classmethod
    def of(cls, history: History) -> _Known:
        lives = (fading_chances(history.counts, half_life=h, spread=_SPREAD) for h in _HALF_LIVES)
        return cls(history, tuple(lives))

    def feature(self, name: str, rows: Rows) -> Singles:
        return np.asarray(self.history.features.of(name)[rows.month, rows.unit])

    def inputs(self, rows: Rows, which: Ints) -> tuple[NDArray[np.float32], Floats]:
        """Return inputs (N * m, K) and first log odds (N * m,) for counts `ASKED[which]`, (N, m)."""
        level = level_of(self.history, rows)
        own: list[NDArray[Any]] = [self.feature(n, rows) - level for n in _FROM_LEVEL]
        own += [self.feature(n, rows) for n in _AS_THEY_ARE]
        own += [np.minimum(level, _SHOWN), rows.step]
        said = [c[rows.unit[:, None], rows.month[:, None], which] for c in self.chances]
        start = log_odds(np.mean([said[i] for i in _START], axis=0)).ravel().astype(float)
        count = LOG_ASKED[which]
        other = [log_odds(s).ravel() - start for s in said]
        other += [start, (count - level[:, None]).ravel(), np.minimum(count, _SHOWN).ravel()]
        repeated = np.repeat(np.column_stack(own).astype(np.float32), which.shape[1], axis=0)
        return np.column_stack([repeated, *other]).astype(np.float32), start

    def reach(self, rows: Rows) -> Floats:
        """Return the count beyond which little was ever seen, (N,)."""
        largest = np.maximum(self.feature("mx60", rows), self.feature("mx12", rows)).astype(float)
        return np.asarray(_REACH * (np.expm1(largest) + 4.0))


def corrected(seed: int = 0, *, trees: int = 75, per_row: int = 4, by_level: bool = False) -> Model:
    """Return the model with a seed for its choice of rows, counts and features.

    Parameters
    ----------
    seed, trees : int
        Of the boosting.
    per_row : int
        Counts asked about for each unit, month and step, drawn anew for each.
    by_level : bool
        Whether rows weigh as much as their recent level (see `toguna.forecasts.relative`) or all alike.
    """

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        rng = np.random.default_rng(seed)
        rows = training_rows(history, steps, rng, quiet=0.15, per_month=1)
        rows = rows.where(rows.month % 2 == history.origin % 2)
        if by_level:
            rows = rows.by_weight(stake_of(history, rows))
        known, wanted = _Known.of(history), asked(history, steps)
        top = np.clip(np.searchsorted(ASKED, known.reach(rows)), 3, len(ASKED))
        which = (rng.random((len(rows.unit), per_row)) * top[:, None]).astype(np.int64)
        hit = (rows.outcome(history)[:, None] >= ASKED[which]).ravel()
        if not hit.any():
            return past_months(12)(history, steps)
        settings = booster_settings(
            seed, num_leaves=16, min_data_in_leaf=200, learning_rate=0.05, lambda_l2=50.0
        )
        inputs, start = known.inputs(rows, which)
        weight = np.repeat(rows.weight, per_row)
        data = lgb.Dataset(inputs, hit.astype(float), weight=weight, init_score=start, params=settings)
        booster = lgb.train(settings, data, trees)
        inputs, start = known.inputs(wanted, np.tile(np.arange(len(ASKED)), (len(wanted.unit), 1)))
        odds = start + np.asarray(booster.predict(inputs, raw_score=True, num_threads=1))
        chances = _from_odds(odds.reshape(len(wanted.unit), -1), known.reach(wanted))
        return chances.reshape(len(history.counts), len(steps), -1)

    return fitted


def _from_odds(odds: Floats, reach: Floats) -> Singles:
    """Turn log odds of reaching `ASKED`, (N, K), into F (N, G): straight lines on the log of the count."""
    odds = np.minimum.accumulate(odds, axis=1)
    point = np.log(COUNTS + 0.5)  # F(c) = 1 - P(count >= c + 1)
    j = np.clip(np.searchsorted(LOG_ASKED, point, "right") - 1, 0, len(ASKED) - 2)
    share = (point - LOG_ASKED[j]) / (LOG_ASKED[j + 1] - LOG_ASKED[j])
    line = odds[:, j] * (1 - share) + odds[:, j + 1] * share
    line -= 2.0 * np.maximum(point[None] - np.log(reach)[:, None], 0.0)
    above = 1.0 / (1.0 + np.exp(-np.clip(line, -30, 30)))
    above[:, -1] = 0.0
    return np.asarray(1.0 - np.minimum.accumulate(above, axis=1), dtype=np.float32)
