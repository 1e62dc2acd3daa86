"""What would change a plan, by making it anew: with another effect, forecast or budget, until one wins.

Enters: a `Problem`, a plan, what to try. Leaves: `Change` values. Called by `toguna.responses.plan.plan`.

For each factor looked at the whole plan is made anew, unless a plan made for another factor is ahead already,
and plans are scored under it. The plan has changed where another one scores more by `matter`; the present
one has also changed where it breaks a limit or rule there. Halving the range between a factor at which it
has not changed and one at which it has leaves a bracket no wider than `STEP`, or wider when the programmes
that may be solved run out: both ends are told.

A search that misses the best plan finds a change too late, never too early: the far end is proven by a better
plan, the near end only where `proven` says that the bound leaves no room. One crossing is found; were there
several, it need not be the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from toguna.responses.plan.constraints import broken
from toguna.responses.plan.flips import Flip, scaled
from toguna.responses.plan.problem import Floats, Problem
from toguna.responses.plan.solve import Effort, NoPlanError, solve
from toguna.responses.plan.value import Worth

__all__ = ["FURTHEST", "MATTER", "STEP", "Change", "Trial", "remade", "trials"]

STEP = 0.1
"""Width of a bracket that is narrow enough: a tenth of the factor above 1, a tenth of the range below 1."""
MATTER = 0.01
"""Share of the score by which another plan must be ahead."""
FURTHEST = 4.0
"""Largest factor that is looked at."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is moved, and which way: kind "effect", "forecast" or "budget"; a measure, an area or ""."""

    kind: str
    name: str
    up: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changes the plan when it is made anew.

    Parameters
    ----------
    kind, name : str
        What moves: the effect of a measure, the deaths forecast in an area, or the budget ("").
    same, factor : float
        Times its value: still the same plan, and another one; the change lies between. None: no other plan
        was found up to `same`, the furthest looked at.
    before, after : float
        Share of what is spent on the measure or in the area, 0 to 1, in this plan and in the new one (made
        for `factor` or beyond); for the budget: what is spent, in parts of the present budget.
    moved : float
        Share of what the plan spends, 0 to 1, that the new one takes away from it.
    solves : int
        Plans that were made to find it.
    proven : bool
        Whether at `same` it is proven that no plan is ahead by what matters.
    """

    kind: str
    name: str
    same: float
    factor: float | None
    before: float
    after: float
    moved: float
    solves: int
    proven: bool

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def trials(problem: Problem, x: Floats, near: Sequence[Flip], *, most: int = 2) -> list[Trial]:
    """Return what to try: what single exchanges say is nearest, where most is spent, and more budget.

    Parameters
    ----------
    problem : Problem
    x : (M, A, Q) float
        The plan.
    near : sequence of Flip
        Of single exchanges, the nearest first.
    most : int
        Trials of each kind.
    """
    spent = problem.costs * x.sum(axis=2)
    first = {
        "effect": problem.ids[int(spent.sum(axis=1).argmax())],
        "forecast": problem.areas[int(spent.sum(axis=0).argmax())],
    }
    found = []
    for kind, name in first.items():
        own = [
            Trial(kind, f.measure if kind == "effect" else f.area, (f.factor or 0.0) > 1)
            for f in near
            if f.kind == kind
        ]
        found += list(dict.fromkeys([*own, Trial(kind, name, True), Trial(kind, name, False)]))[:most]
    return [Trial("budget", "", True), *found]


def remade(
    problem: Problem,
    x: Floats,
    tried: Sequence[Trial],
    effort: Effort,
    *,
    solves: int = 20,
    matter: float = MATTER,
) -> list[Change]:
    """Return what changes the plan, in the order tried; what no search was left for is not told.

    Parameters
    ----------
    problem : Problem
        Chosen by score: under little regret the best plan of each scenario would move as well.
    x : (M, A, Q) float
        The plan.
    tried : sequence of Trial
    effort : Effort
        Of each search.
    solves : int
        Most plans made over all trials; what one does not need is left to the next.
    matter : float
        See `MATTER`.
    """
    if problem.aims.regret or not x.any():
        return []
    left, found = solves, []
    pool: list[Floats] = []
    base = abs(Worth(problem).score(x))
    for number, trial in enumerate(tried):
        search = _Bracket(problem, x, trial, effort, matter, pool, base)
        change = search.find(-(-left // (len(tried) - number)))
        left -= search.solves
        if change is not None:
            found.append(change)
    return found


@dataclass
class _Bracket:
    """The state of one bisection."""

    problem: Problem
    x: Floats
    trial: Trial
    effort: Effort
    matter: float
    pool: list[Floats]
    base: float = 0.0
    solves: int = 0
    proven: bool = False
    other: Floats = field(default_factory=lambda: np.zeros(0))

    def find(self, most: int) -> Change | None:
        """Return the change, or None when no search is left."""
        same, far = 1.0, FURTHEST if self.trial.up else 0.0
        if most < 1:
            return None
        if not self._changed(far):
            here = _on(self.problem, self.trial, self.x)
            return self._told(far, None, here, here)
        while self.solves < most and not self._narrow(same, far):
            middle = float(np.sqrt(same * far)) if self.trial.up else (same + far) / 2
            if self._changed(middle):
                far = middle
            else:
                same = middle
        before, after = (_on(self.problem, self.trial, y) for y in (self.x, self.other))
        return self._told(same, far, before, after)

    def _told(self, same: float, factor: float | None, before: float, after: float) -> Change:
        other = self.x if factor is None else self.other
        gone = self.problem.spent(np.maximum(self.x - other, 0)) / self.problem.spent(self.x)
        kind, name = self.trial.kind, self.trial.name
        return Change(kind, name, same, factor, before, after, gone, self.solves, self.proven and same != 1)

    def _narrow(self, same: float, far: float) -> bool:
        return (far / same - 1 if self.trial.up else same - far) <= STEP

    def _changed(self, factor: float) -> bool:
        """Whether another plan is ahead at a factor; keeps it if so."""
        posed = moved(self.problem, self.trial, factor)
        worth = Worth(posed)
        own = worth.score(self.x) if not broken(posed, self.x) else -np.inf
        needed = self.matter * max(abs(own), self.base, 1e-9) if np.isfinite(own) else 0.0
        known = [y for y in self.pool if worth.score(y) - own > needed and not broken(posed, y)]
        if known:
            self.other = max(known, key=worth.score)
            return True
        self.solves += 1
        try:
            found = solve(posed, self.effort)
        except NoPlanError:
            return False
        self.pool.append(found.x)
        if found.score - own > needed:
            self.other = found.x
            return True
        self.proven = found.bound - own <= needed
        return False


def moved(problem: Problem, trial: Trial, factor: float) -> Problem:
    """Return the problem with what is tried times a factor."""
    if trial.kind == "budget":
        return replace(problem, budget=problem.budget * factor)
    m = problem.ids.index(trial.name) if trial.kind == "effect" else 0
    a = problem.areas.index(trial.name) if trial.kind == "forecast" else 0
    return scaled(problem, trial.kind, (m, a), factor)


def _on(problem: Problem, trial: Trial, x: Floats) -> float:
    """Return the share of spending on what is tried; for the budget: what is spent, in parts of it."""
    spent = problem.costs * x.sum(axis=2)
    if trial.kind == "budget":
        return float(spent.sum()) / problem.budget
    effect = trial.kind == "effect"
    own = spent[problem.ids.index(trial.name)] if effect else spent[:, problem.areas.index(trial.name)]
    return float(own.sum() / spent.sum()) if spent.sum() > 0 else 0.0
