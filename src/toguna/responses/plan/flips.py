"""What would change a choice: how far an effect, a forecast or the budget must move before a portion changes.

Enters: a `Problem` and a plan. Leaves: `Flip` values. Called by `toguna.responses.plan.plan`.

By exchange of one portion, without making the plan again: a fast bound, for a plan made anew changes no later
(`toguna.responses.plan.remade`). The portions nearest to giving way are found from
the slopes at the plan; for each the factor is then found by bisection on exact scores.
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

__all__ = ["Flip", "flips", "scaled"]

MOST = 3
"""Flips told of each kind."""
FURTHEST, STEPS = 8.0, 12
"""Largest factor that is looked at; halvings of the range."""


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
    """Return the nearest flips of each kind, the nearest first.

    None for a plan of little regret: what it is measured by moves with every factor.
    """
    if not x.any() or problem.aims.regret:
        return []
    held = blocks(problem)
    rows = sparse.vstack([b.rows for b in held]).tocsr()
    room = Room.of(rows, np.concatenate([b.right for b in held]), offered(problem).ravel(), x.ravel())
    total, need = (part.ravel() for part in _parts(problem, x))
    worth = Worth(problem)
    best, found = worth.score(x), []
    for j in np.nonzero(x.ravel())[0]:
        other = _instead(room, int(j), total)
        if other is not None:
            ahead = best - worth.score(_exchanged(x, int(j), other))
            found += _moves(problem, (int(j), other), (total - need, need), ahead)
    near = [
        _settled(problem, x, flip)
        for kind in ("effect", "forecast", "need")
        for flip in sorted((f for f in found if f.kind == kind), key=_distance)[:MOST]
    ]
    return [flip for flip in near if flip is not None] + _more(problem, x, total)


def scaled(problem: Problem, kind: str, at: tuple[int, int], factor: float) -> Problem:
    """Return the problem with the effect of a measure, the deaths of an area, or the weight of need scaled.

    Deaths elsewhere keep their weight: the weight of harm grows with all deaths.
    """
    m, a = at
    if kind == "effect":
        averted = problem.averted.copy()
        averted[:, m] = np.minimum(averted[:, m] * factor, 0.99)
        return replace(problem, averted=averted)
    if kind == "need":
        return replace(problem, aims=replace(problem.aims, need=problem.aims.need * factor))
    harm = problem.harm.copy()
    harm[:, a] *= factor
    before, after = problem.harm.sum(), harm.sum()
    weight = problem.aims.harm * (after / before if before > 0 else 1.0)
    return replace(problem, harm=harm, aims=replace(problem.aims, harm=float(weight)))


def _settled(problem: Problem, x: Floats, flip: Flip) -> Flip | None:
    """Find the factor by bisection; None when the portion never gives way to the other one."""
    m, a = problem.ids.index(flip.measure), problem.areas.index(flip.area)
    n, b, r = flip.instead.split("/", 2)
    other = x.copy()
    other[m, a, problem.quarters.index(flip.quarter)] -= 1
    other[problem.ids.index(n), problem.areas.index(b), problem.quarters.index(r)] += 1

    def lead(factor: float) -> float:
        worth = Worth(scaled(problem, flip.kind, (m, a), factor))
        return worth.score(x) - worth.score(other)

    near, far = 1.0, 0.0 if (flip.factor or 0.0) < 1 else FURTHEST
    if lead(far) >= 0:
        return None
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (middle, far) if lead(middle) >= 0 else (near, middle)
    return replace(flip, factor=far)


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


def _exchanged(x: Floats, out: int, put: int) -> Floats:
    changed = x.copy().ravel()
    changed[out] -= 1
    changed[put] += 1
    return changed.reshape(x.shape)


def _moves(
    problem: Problem, pair: tuple[int, int], slopes: tuple[Floats, Floats], ahead: float
) -> list[Flip]:
    """Return the factors at which a portion is no better than the one in its place."""
    (j, other), (harm, need) = pair, slopes
    m, a, q = np.unravel_index(j, problem.shape)
    n, b, _ = np.unravel_index(other, problem.shape)
    # What moves with the factor: the part of this portion, less that of the other when it moves too.
    pulls = {
        "effect": float(harm[j] - (harm[other] if n == m else 0.0)),
        "forecast": float(harm[j] - (harm[other] if b == a else 0.0)),
        "need": float(need[j] - need[other]),
    }
    out = []
    for kind, pull in pulls.items():
        if abs(pull) > 1e-12 and ahead >= 0:
            factor = max(1 - ahead / pull, 0.0)
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
