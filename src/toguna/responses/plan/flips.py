"""What would change a choice: how far an effect, a forecast or the budget must move before a portion changes.

Enters: a `Problem` and a plan. Leaves: `Flip` values. Called by `toguna.responses.plan.plan`.

First order: found from the slopes at the plan, by exchange of one portion, without making the plan again. A
portion is given up when its slope falls below that of the best portion that could stand in its place.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from toguna.responses.plan.constraints import blocks, offered
from toguna.responses.plan.cuts import Cuts
from toguna.responses.plan.polish import Room
from toguna.responses.plan.problem import Floats, Problem
from toguna.responses.plan.value import Worth

__all__ = ["Flip", "flips"]

MOST = 3
"""Flips told of each kind."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One thing that would change a choice.

    Parameters
    ----------
    kind : {"effect", "forecast", "need", "budget"}
        What moves: the expected effect of `measure`, the deaths forecast in `area`, the weight of need; or
        one more portion of budget.
    measure, area, quarter : str
        The portion given up ("" for the budget).
    factor : float or None
        Times its value at which the portion is given up; None for the budget.
    instead : str
        "measure/area/quarter" that would take its place, or be begun next.
    gain : float
        For the budget: score of that portion. Otherwise: how much the portion is ahead now.
    """

    kind: str
    measure: str
    area: str
    quarter: str
    factor: float | None
    instead: str
    gain: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        factor = None if self.factor is None else round(self.factor, 4)
        return asdict(self) | {"factor": factor, "gain": round(self.gain, 8)}


def flips(problem: Problem, x: Floats) -> list[Flip]:
    """Return the nearest flips of each kind, the nearest first."""
    if not x.any():
        return []
    held = blocks(problem)
    rows = sparse.vstack([b.rows for b in held]).tocsr()
    room = Room.of(rows, np.concatenate([b.right for b in held]), offered(problem).ravel(), x.ravel())
    total, need = (part.ravel() for part in _parts(problem, x))
    found = []
    for j in np.nonzero(x.ravel())[0]:
        other = _instead(room, int(j), total)
        if other is not None:
            found += _moves(problem, int(j), other, (total, need))
    near = [
        flip
        for kind in ("effect", "forecast", "need")
        for flip in sorted((f for f in found if f.kind == kind), key=_distance)[:MOST]
    ]
    return near + _more(problem, x, total)


def _parts(problem: Problem, x: Floats) -> tuple[Floats, Floats]:
    """Return slopes of the score at portions, and of the part that is need."""
    cuts = Cuts(Worth(problem))
    return cuts.slopes(x), cuts.need_slopes(x)


def _instead(room: Room, out: int, total: Floats) -> int | None:
    """Return the best portion that fits where one is dropped."""
    room.change(out, -1)
    fits = room.fitting()
    fits[out] = False
    sound = room.sound
    room.change(out, 1)
    able = np.nonzero(fits)[0]
    return int(able[np.argmax(total[able])]) if sound and len(able) else None


def _moves(problem: Problem, j: int, other: int, slopes: tuple[Floats, Floats]) -> list[Flip]:
    """Return the factors at which portion `j` is no better than another."""
    total, need = slopes
    m, a, q = np.unravel_index(j, problem.shape)
    n, b, _ = np.unravel_index(other, problem.shape)
    ahead = float(total[j] - total[other])
    harm, served = total - need, float(need[j] - need[other])
    # What moves with the factor: the harm part of this portion, less that of the other when it moves too.
    pulls = {
        "effect": float(harm[j] - (harm[other] if n == m else 0.0)),
        "forecast": float(harm[j] - (harm[other] if b == a else 0.0)),
        "need": served,
    }
    out = []
    for kind, pull in pulls.items():
        factor = 1 - ahead / pull if abs(pull) > 1e-12 else -1.0
        if factor >= 0 and ahead >= 0:
            names = problem.options[m].id, problem.areas[a], problem.quarters[q]
            out.append(Flip(kind, *names, factor, _name(problem, other), ahead))
    return out


def _distance(flip: Flip) -> tuple[float, str, str, str]:
    factor = max(flip.factor or 0.0, 1e-6)
    return abs(float(np.log(factor))), flip.measure, flip.area, flip.quarter


def _name(problem: Problem, j: int) -> str:
    m, a, q = np.unravel_index(j, problem.shape)
    return f"{problem.options[m].id}/{problem.areas[a]}/{problem.quarters[q]}"


def _more(problem: Problem, x: Floats, total: Floats) -> list[Flip]:
    """Return the portion that one more portion of budget would begin."""
    richer = replace(problem, budget=problem.budget + float(problem.costs.max(initial=0)))
    held = blocks(richer)
    rows = sparse.vstack([b.rows for b in held]).tocsr()
    room = Room.of(rows, np.concatenate([b.right for b in held]), offered(richer).ravel(), x.ravel())
    able = np.nonzero(room.fitting() & (total > 0))[0]
    if not len(able):
        return []
    best = int(able[np.argmax(total[able])])
    return [Flip("budget", "", "", "", None, _name(problem, best), float(total[best]))]
