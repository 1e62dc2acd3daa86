"""The competition: every model forecasts from past days what followed, and is scored on it.

Enters: a `History`, a `Grid` of questions alike. Leaves: `Record`: scores of every model and which one is
chosen. Called by `toguna.forecasts.recurrence.recur` and the bench.

At each origin a model sees the events until that day and no others. One question for one place would
be scored on a handful of events; so all areas and kinds with some history by then are asked, and the
model that is best over them answers. Areas that were struck only later are not asked: to list them at
an earlier day would be to know the future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.recurrence import pooled, rates, selfexciting
from toguna.forecasts.recurrence.history import Chances, Grid, History
from toguna.forecasts.recurrence.selfexciting import Effort

__all__ = ["BLEND", "MODELS", "Record", "Scored", "blend", "compete", "forecasts", "origins"]

CONSTANT, LAST_YEAR, POOLED, SELF_EXCITING = (
    "constant rate",
    "last year's rate",
    "pooled rates",
    "self-exciting",
)
BLEND = "mean of pooled and self-exciting"
MODELS = (CONSTANT, LAST_YEAR, POOLED, SELF_EXCITING, BLEND)
STEP_DAYS, MOST_ORIGINS = 91.3125, 12
FEWEST_EVENTS, FEWEST_DAYS = 10, 365.25
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """Forecasts of one model at all origins, and what happened.

    Parameters
    ----------
    probability, expected : (M,) float
        M forecasts: origins by areas by kinds by horizons, those whose horizon is over.
    happened : (M,) bool
        Whether there was at least one event.
    count : (M,) float
        How many.
    months : (M,) float
        Horizon in days of each.
    """

    probability: Floats
    expected: Floats
    happened: NDArray[np.bool_]
    count: Floats
    days: Floats

    @property
    def ignorance(self) -> float:
        """Mean ignorance in bits."""
        p = np.where(self.happened, self.probability, 1 - self.probability)
        return float(-np.log2(p).mean())

    @property
    def brier(self) -> float:
        """Mean Brier score."""
        return float(((self.probability - self.happened) ** 2).mean())


@dataclass(frozen=True, slots=True)
class Record:
    """What the competition gave.

    Parameters
    ----------
    scored : dict
        Model -> `Scored`; empty when the record is too short.
    chosen : str
        The model with the least ignorance.
    added : dict
        What each plain rule adds to a count: the best in hindsight, which favours it.
    origins : int
        Past days from which was forecast.
    """

    scored: dict[str, Scored]
    chosen: str
    added: dict[str, float]
    origins: int


def origins(history: History, *, shortest: float) -> list[float]:
    """List past days, latest first, with enough record before and `shortest` days after them."""
    found = []
    for k in range(MOST_ORIGINS):
        at = history.span - shortest - k * STEP_DAYS
        if at < FEWEST_DAYS or np.searchsorted(history.time, at) < FEWEST_EVENTS:
            break
        found.append(at)
    return found


def blend(*parts: Chances) -> Chances:
    """Average what models say."""
    means = (
        np.mean([getattr(p, name) for p in parts], axis=0)
        for name in ("probability", "low", "high", "expected")
    )
    return Chances(*means)


def forecasts(
    history: History, grid: Grid, *, effort: Effort, rng: np.random.Generator, start: Floats | None = None
) -> tuple[dict[str, Chances], Floats]:
    """Let the three models speak, without limits, which no score asks for; and where a fit ended."""
    fitted = selfexciting.fit(history, start=start)
    excited = selfexciting.chances(fitted, grid, effort=effort, rng=rng)
    drawn = pooled.chances(pooled.fit(history, grid), history, grid, rng=rng, limits=False)
    return {POOLED: drawn, SELF_EXCITING: excited, BLEND: blend(drawn, excited)}, fitted.center


def plain(history: History, grid: Grid, name: str, added: float) -> Chances:
    """Let a plain rule speak."""
    days = history.span if name == CONSTANT else rates.YEAR_DAYS
    return rates.rate_of(history, grid, days=days, added=added)


def _outcomes(history: History, grid: Grid, at: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Count what followed an origin and say which forecasts are scored, both (A, K, H).

    Scored are those whose horizon is over, in areas and of kinds that had been seen by then.
    """
    over = at + grid.horizon <= history.span + 1e-9
    past = grid.counts(history, since=0.0, until=at)
    seen = np.outer(past.sum(axis=1) > 0, past.sum(axis=0) > 0)
    asked = seen[:, :, None] & over[None, None, :]
    counts = [grid.counts(history, since=at, until=at + days) for days in grid.horizon]
    return np.stack(counts, axis=-1), asked


def compete(history: History, grid: Grid, *, effort: Effort, rng: np.random.Generator) -> Record:
    """Forecast from past days with every model and score what it said.

    Parameters
    ----------
    history : History
        All that is known.
    grid : Grid
        Questions alike.
    effort : Effort
        Simulated futures at each origin.
    rng : numpy Generator

    Returns
    -------
    Record
        The pooled model is chosen, unscored, when the record is too short for a single origin.
    """
    days = origins(history, shortest=float(grid.horizon[0]))
    said: dict[tuple[str, float], list[Chances]] = {}
    truth: list[tuple[Floats, NDArray[np.bool_]]] = []
    start: Floats | None = None
    for at in days:
        past = history.until(at)
        found, start = forecasts(past, grid, effort=effort, rng=rng, start=start)
        for name, one in found.items():
            said.setdefault((name, 0.0), []).append(one)
        for name in (CONSTANT, LAST_YEAR):
            for added in rates.ADDED:
                said.setdefault((name, added), []).append(plain(past, grid, name, added))
        truth.append(_outcomes(history, grid, at))
    if not days:
        return Record({}, POOLED, dict.fromkeys((CONSTANT, LAST_YEAR), 0.1), 0)
    return _judged({key: _scored(parts, truth, grid) for key, parts in said.items()}, len(days))


def _scored(
    parts: Sequence[Chances], truth: Sequence[tuple[Floats, NDArray[np.bool_]]], grid: Grid
) -> Scored:
    shape = (grid.areas, grid.kinds, len(grid.horizon))
    kept = [asked for _, asked in truth]
    p, mean = (
        np.concatenate([getattr(c, name)[k] for c, k in zip(parts, kept, strict=True)])
        for name in ("probability", "expected")
    )
    count = np.concatenate([seen[k] for (seen, _), k in zip(truth, kept, strict=True)])
    days = np.concatenate([np.broadcast_to(grid.horizon, shape)[k] for k in kept])
    return Scored(np.clip(p, 1e-9, 1 - 1e-9), mean, count > 0, count, days)


def _judged(all_scored: dict[tuple[str, float], Scored], n: int) -> Record:
    best: dict[str, tuple[float, Scored]] = {}
    for (name, added), one in all_scored.items():
        if name not in best or one.ignorance < best[name][1].ignorance:
            best[name] = added, one
    scored = {name: best[name][1] for name in MODELS}
    chosen = min(scored, key=lambda name: scored[name].ignorance)
    return Record(scored, chosen, {name: best[name][0] for name in (CONSTANT, LAST_YEAR)}, n)
