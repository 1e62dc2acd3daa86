"""The score of replayed forecasts against what is known at the end.

Enters: looks that foretold, in the order of their dates. Leaves: one plain dict: scores by step beside the
baselines, calibration, value in a cost-loss decision. Called by `toguna.replay.lessons`. Definitions:
docs/methods/replay-forecasts.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import DataError
from toguna.forecasts.intervals import by_magnitude
from toguna.replay.foretold import counts_of, draws_of, stated_of
from toguna.replay.resampled import Blocks, interval_of
from toguna.replay.worth import worth
from toguna.scores.brier import share_at_least
from toguna.scores.calibration import pit, reliability
from toguna.scores.crps import crps
from toguna.scores.gate import Floats

__all__ = ["LEVEL", "THRESHOLDS", "Asked", "skill"]

THRESHOLDS = (1, 25, 100)
LEVEL = 0.9
MAGNITUDES = (0.5, 5.0, 50.0, 500.0)
CHANCES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
PIT_BINS = 10
Look = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asks of the score.

    Parameters
    ----------
    at_least : int
        The event decided about: so many deaths or more in the unit in that month.
    cost_loss : float or None
        The reader's own price of a false alarm, in units of what a miss costs; None = not stated.
    seed : int
        Of randomised ranks and of the resampling behind intervals.
    """

    at_least: int = 1
    cost_loss: float | None = None
    seed: int = 0


@dataclass(frozen=True)
class _Cases:
    """Every forecast whose outcome is known, flat: N cases, M methods."""

    names: tuple[str, ...]
    origin: NDArray[np.int64]
    step: NDArray[np.int64]
    observed: Floats
    crps: dict[str, Floats]
    log: dict[str, Floats]
    chance: dict[int, dict[str, Floats]]
    rank: dict[str, Floats]
    stated: Floats
    magnitudes: list[dict[str, Any]]

    @property
    def month(self) -> NDArray[np.int64]:
        """Month that was forecast."""
        return self.origin + self.step


def skill(looks: Sequence[Look], asked: Asked | None = None) -> dict[str, Any] | None:
    """Score all forecasts of a replay whose month is over at the last look.

    Returns
    -------
    dict or None
        ``frame`` (what was scored); ``methods``: of each the mean errors, ``coverage90``, ``by_step`` and the
        ratio to last-year resampling with its interval; ``calibration``; ``value`` by threshold; ``records``
        for the publish guard. None when nothing was foretold or nothing came due.
    """
    asked = asked or Asked()
    told = [look["found"]["forecasts"] for look in looks if look["found"].get("forecasts")]
    if not told:
        return None
    rng = np.random.default_rng(asked.seed)
    end = told[-1]
    told = [said for said in told if said.get("source") == end.get("source")]
    cases = _cases(told, end, sorted({*THRESHOLDS, asked.at_least}), rng)
    if cases is None:
        return None
    blocks = Blocks.of(cases.month, asked.seed)
    return {
        "frame": _frame(told, end, cases),
        "methods": [_method(cases, name, blocks) for name in cases.names],
        "calibration": _calibration(cases, asked),
        "value": {
            str(n): worth(cases.chance[n], cases.observed >= n, cases.month, asked.cost_loss, blocks)
            for n in cases.chance
        },
        "at_least": asked.at_least,
        "cost_loss": asked.cost_loss,
        "records": _records(cases),
    }


def _outcome(end: Look, said: Look) -> Floats:
    """Look up what happened, (H, U); NaN where the month is not over at the last look."""
    known, last = counts_of(end), int(end["origin"])
    out = np.full((len(said["steps"]), len(said["units"])), np.nan)
    for h, step in enumerate(said["steps"]):
        at = int(said["origin"]) + int(step) - int(end["first"])
        if said["origin"] + step <= last:
            out[h] = [known[unit][at] if unit in known else np.nan for unit in said["units"]]
    return out


def _cases(
    told: Sequence[Look], end: Look, thresholds: Sequence[int], rng: np.random.Generator
) -> _Cases | None:
    names = tuple(end["order"])
    parts: list[dict[str, Any]] = []
    for said in told:
        if tuple(said["order"]) != names:
            raise DataError("looks of one replay hold forecasts of other methods; replay into a new folder.")
        outcome = _outcome(end, said)
        if np.isfinite(outcome).any():
            parts.append(_part(said, outcome, thresholds, rng))
    if not parts:
        return None

    def joined(*keys: Any) -> Any:
        rows: list[Any] = list(parts)
        for key in keys:
            rows = [row[key] for row in rows]
        return np.concatenate(rows)

    def by_name(*keys: Any) -> dict[str, Floats]:
        return {n: joined(*keys, n) for n in names}

    held = by_magnitude(joined("draws"), joined("observed"), edges=MAGNITUDES, rng=rng, level=LEVEL)
    origin, step, observed = (joined(key) for key in ("origin", "step", "observed"))
    chance = {t: by_name("chance", t) for t in thresholds}
    return _Cases(
        names,
        origin,
        step,
        observed,
        by_name("crps"),
        by_name("log"),
        chance,
        by_name("rank"),
        joined("stated"),
        held,
    )


def _part(said: Look, outcome: Floats, thresholds: Sequence[int], rng: np.random.Generator) -> dict[str, Any]:
    """Score one look; the draws of the judged method are kept small, all looks stand side by side."""
    due = np.isfinite(outcome)
    observed = outcome[due]
    draws = {name: draws_of(said, name)[due] for name in said["order"]}
    steps, stated = np.asarray(said["steps"], dtype=np.int64), stated_of(said)
    return {
        "origin": np.full(len(observed), said["origin"], dtype=np.int64),
        "step": np.repeat(steps[:, None], due.shape[1], axis=1)[due],
        "observed": observed,
        "crps": {n: crps(d, observed) for n, d in draws.items()},
        "log": {n: crps(np.log1p(d), np.log1p(observed)) for n, d in draws.items()},
        "chance": {t: {n: share_at_least(d, threshold=t) for n, d in draws.items()} for t in thresholds},
        "rank": {n: pit(d, observed, rng=rng) for n, d in draws.items()},
        "stated": np.full(len(observed), np.nan) if stated is None else _inside(stated, outcome)[due],
        "draws": draws[said["order"][0]].astype(np.float32),
    }


def _inside(stated: Floats, outcome: Floats) -> Floats:
    return np.asarray((stated[0] <= outcome) & (outcome <= stated[1]), dtype=np.float64)


def _frame(told: Sequence[Look], end: Look, cases: _Cases) -> dict[str, Any]:
    unseen = {u: c for u, c in counts_of(end).items() if u not in told[0]["units"]}
    return {
        "level": end["level"],
        "column": end["column"],
        "units": len(end["units"]),
        "units_later": len(unseen),
        "origins": len(np.unique(cases.origin)),
        "months": len(np.unique(cases.month)),
        "steps": [int(s) for s in np.unique(cases.step)],
        "cases": len(cases.observed),
        "with_any": int((cases.observed > 0).sum()),
        "source": end.get("source"),
        "deaths_unplaced": end.get("deaths_unplaced"),
        "without_figure": end.get("without_figure"),
        "first_month": int(cases.month.min()),
        "last_month": int(cases.month.max()),
    }


def _method(cases: _Cases, name: str, blocks: Blocks) -> dict[str, Any]:
    base = cases.names[1] if len(cases.names) > 1 else cases.names[0]
    inside = np.abs(cases.rank[name] - 0.5) <= LEVEL / 2
    return {
        "name": name,
        "crps": _mean(cases.crps[name]),
        "crps_log1p": _mean(cases.log[name], 5),
        "coverage90": _mean(inside),
        "coverage90_where_any": _mean(inside[cases.observed > 0]),
        "stated90": _stated(cases, cases.observed >= 0) if name == cases.names[0] else None,
        "stated90_where_any": _stated(cases, cases.observed > 0) if name == cases.names[0] else None,
        "ratio": interval_of(cases.crps[name], cases.crps[base], blocks),
        "log_ratio": interval_of(cases.log[name], cases.log[base], blocks),
        "by_step": [
            {
                "step": int(s),
                "cases": int((cases.step == s).sum()),
                "crps": _mean(cases.crps[name][cases.step == s]),
                "crps_log1p": _mean(cases.log[name][cases.step == s], 5),
                "ratio": _ratio(cases.crps, name, base, cases.step == s),
                "log_ratio": _ratio(cases.log, name, base, cases.step == s),
            }
            for s in np.unique(cases.step)
        ],
    }


def _stated(cases: _Cases, rows: NDArray[np.bool_]) -> float | None:
    """Return how often the interval that was stated held; None where none was."""
    told = cases.stated[rows]
    return None if not len(told) or np.isnan(told).any() else _mean(told)


def _ratio(scores: Mapping[str, Floats], name: str, base: str, rows: NDArray[np.bool_]) -> float | None:
    below = float(scores[base][rows].sum())
    return round(float(scores[name][rows].sum()) / below, 4) if below > 0 else None


def _mean(values: NDArray[Any], digits: int = 4) -> float | None:
    return round(float(values.mean()), digits) if values.size else None


def _calibration(cases: _Cases, asked: Asked) -> dict[str, Any]:
    """Ranks of all methods; reliability and magnitudes of the one that is judged."""
    edges = np.linspace(0, 1, PIT_BINS + 1)
    ours = cases.names[0]
    table = reliability(
        cases.chance[asked.at_least][ours], cases.observed >= asked.at_least, edges=CHANCES, level=LEVEL
    )
    return {
        "pit": {name: [int(n) for n in np.histogram(ranks, edges)[0]] for name, ranks in cases.rank.items()},
        "by_magnitude": cases.magnitudes,
        "reliability": [
            {
                "low": float(table.low[k]),
                "high": float(table.high[k]),
                "cases": int(table.forecasts[k]),
                "said": round(float(table.said[k]), 4),
                "happened": round(float(table.happened[k]), 4),
            }
            for k in range(len(table.low))
        ],
    }


def _records(cases: _Cases) -> list[dict[str, Any]]:
    """Count what the intervals of the judged method held, origin by origin, as the publish guard reads it."""
    inside = np.abs(cases.rank[cases.names[0]] - 0.5) <= LEVEL / 2
    origins = np.unique(cases.origin)
    rows = {"all cells": np.ones(len(inside), dtype=bool), "cells with deaths": cases.observed > 0}
    return [
        {
            "name": name,
            "level": LEVEL,
            "held": [int(inside[(cases.origin == o) & mine].sum()) for o in origins],
            "n": [int(((cases.origin == o) & mine).sum()) for o in origins],
        }
        for name, mine in rows.items()
    ]
