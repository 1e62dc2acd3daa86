"""What the same forecasts would have said at past origins, and how right they were.

Enters: a `Chain`. Leaves: a `Record` for each of its levels. Called by `toguna.forecasts.outlook.outlook`: no
forecast is stated without it.

At each past origin weights are learnt from outcomes known by then, draws are made and fitted to the larger
unit as today, and intervals are moved by what earlier origins taught. The counts are those known today, not
those of that day: the record flatters where reports come late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History
from toguna.forecasts.outcomes import KINDS, kind_of
from toguna.forecasts.outlook.adjust import EDGES, LEVEL, Limits, Moves, limits_of, moves_of
from toguna.forecasts.outlook.chain import Chain
from toguna.forecasts.outlook.pool import LEAST_HISTORY, WITH_TREES
from toguna.forecasts.outlook.span import month_name
from toguna.scores.calibration import pit
from toguna.scores.crps import crps

__all__ = ["FEWEST_RECORD", "Cases", "Record", "records_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EVERY_RECORD, MOST_RECORD, SIZE = 3, 24, 200
"""Months between the past origins of the record; their largest number; draws of each."""
FEWEST_RECORD = 3


@dataclass(frozen=True)
class Cases:
    """Past forecasts of one level beside what happened: arrays of N.

    `score` has CRPS of the forecast and of last-year resampling, then the same for log1p, (N, 4); `inside`
    whether the interval held, before and after it was moved, (N, 2); `rank` the randomised PIT value.
    """

    origin: Ints
    unit: Ints
    step: Ints
    kind: Ints
    observed: Floats
    limits: Limits
    score: Floats
    inside: NDArray[np.bool_]
    rank: Floats


@dataclass(frozen=True)
class Record:
    """The cases of one level, and the moves that they teach for today."""

    units: tuple[str, ...]
    first: int
    cases: Cases
    moves: Moves

    @property
    def origins(self) -> int:
        """Number of past origins."""
        return len(np.unique(self.cases.origin))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values: scores beside last-year resampling, coverage, by step, kind, unit and size."""
        c = self.cases
        n = len(c.origin)
        if not n:
            return {"origins": 0, "cases": 0}
        months = [month_name(self.first + int(t)) for t in (c.origin.min(), c.origin.max())]
        everything = np.ones(n, dtype=bool)
        pick = {KINDS[k]: c.kind == k for k in np.unique(c.kind)}
        edges = (0.0, *EDGES, None)
        size = {g: c.limits.group == g for g in np.unique(c.limits.group)}
        return {
            "origins": self.origins,
            "from": months[0],
            "to": months[1],
            **self._scored(everything),
            "by_step": [{"step": int(h), **self._scored(c.step == h)} for h in np.unique(c.step)],
            "by_kind": [{"kind": name, **self._scored(mine)} for name, mine in pick.items()],
            "by_unit": [{"unit": unit, **self._scored(c.unit == u)} for u, unit in enumerate(self.units)],
            "by_size": [
                {
                    "from": edges[g],
                    "below": edges[g + 1],
                    "calibrated": bool(self.moves.told(np.array([g]))[0]),
                }
                | self._scored(mine)
                for g, mine in size.items()
            ],
        }

    def _scored(self, mine: NDArray[np.bool_]) -> dict[str, Any]:
        c, n = self.cases, int(mine.sum())
        if not n:
            return {"cases": 0}
        own, last, own_log, last_log = (round(float(v), 4) for v in c.score[mine].mean(axis=0))
        before, after = (round(float(v), 4) for v in c.inside[mine].mean(axis=0))
        return {
            "cases": n,
            "crps": own,
            "crps_last_year": last,
            "crps_log1p": own_log,
            "crps_log1p_last_year": last_log,
            f"coverage@{LEVEL:g}_before": before,
            f"coverage@{LEVEL:g}": after,
            f"coverage_pit@{LEVEL:g}": round(float((abs(c.rank[mine] - 0.5) <= LEVEL / 2).mean()), 4),
        }


def records_of(chain: Chain, *, first: int) -> tuple[Record, ...]:
    """Forecast from past origins and score, one record for each level of the chain."""
    pool = chain.pools[0]
    slow = any(p.members.stepped for p in chain.pools)
    least, every, most = WITH_TREES if slow else (LEAST_HISTORY, EVERY_RECORD, MOST_RECORD)
    last = pool.counts.shape[1] - 1
    past = [t for t in range(least - 1, pool.settled) if (last - t) % every == 0][-most:]
    parts: list[list[Cases]] = [[] for _ in chain.layers]
    for t in past:
        for own, drawn, layer in zip(parts, chain.draw(t, size=SIZE), chain.layers, strict=True):
            own.append(_cases(layer.counts[chain.target], t, pool, drawn.draws, own))
    return tuple(_record(layer.units, found, first) for layer, found in zip(chain.layers, parts, strict=True))


def _record(units: tuple[str, ...], found: list[Cases], first: int) -> Record:
    cases = _joined(found) if found else _none()
    return Record(units, first, cases, moves_of(cases.limits, cases.observed, cases.origin))


def _cases(counts: Floats, t: int, pool: Any, draws: Floats, before: list[Cases]) -> Cases:
    """Score what was said at one origin; intervals are moved by cases that were over by then."""
    known = [k for k, h in enumerate(pool.steps) if t + h <= pool.settled]
    steps = np.array([pool.steps[k] for k in known])
    units = len(counts)
    said = draws[known].reshape(len(steps) * units, -1)
    happened = counts[:, t + steps].T
    history = History(counts[:, : t + 1])
    year = np.tile(history.last(12), (len(steps), 1))
    seen = happened.ravel()
    limits = limits_of(said)
    moved = _learnt(before, t).moved(limits) if before else limits
    logs = [np.log1p(x) for x in (said, year, seen)]
    rng = np.random.default_rng([t, len(seen)])
    return Cases(
        origin=np.full(len(seen), t),
        unit=np.tile(np.arange(units), len(steps)),
        step=np.repeat(steps, units),
        kind=kind_of(history, happened.T).T.ravel(),
        observed=seen,
        limits=limits,
        score=np.stack(
            [crps(said, seen), crps(year, seen), crps(logs[0], logs[2]), crps(logs[1], logs[2])], axis=1
        ),
        inside=np.stack([(x.low <= seen) & (seen <= x.high) for x in (limits, moved)], axis=1),
        rank=pit(said, seen, rng=rng),
    )


def _learnt(before: list[Cases], t: int) -> Moves:
    cases = _joined(before)
    over = cases.origin + cases.step <= t
    limits = Limits(cases.limits.low[over], cases.limits.high[over], cases.limits.group[over])
    return moves_of(limits, cases.observed[over], cases.origin[over])


def _joined(found: list[Cases]) -> Cases:
    def put(name: str) -> Any:
        return np.concatenate([getattr(c, name) for c in found])

    limits = Limits(
        *(np.concatenate([getattr(c.limits, name) for c in found]) for name in ("low", "high", "group"))
    )
    rest = {n: put(n) for n in Cases.__dataclass_fields__ if n != "limits"}
    return Cases(limits=limits, **rest)


def _none() -> Cases:
    whole, empty = np.empty(0, dtype=np.int64), np.empty(0)
    return Cases(
        whole, whole, whole, whole, empty, Limits(empty, empty, whole), np.empty((0, 4)),
        np.empty((0, 2), dtype=bool), empty,
    )  # fmt: skip
