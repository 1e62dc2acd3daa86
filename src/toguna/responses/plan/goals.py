"""The plan for each goal, and what each is worth on all of them: what caution and little regret cost.

Enters: a `Problem` with scenarios, the same with fresh draws. Leaves: `Aimed` rows. Called by
`toguna.responses.plan.plan`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from toguna.responses.plan.problem import GOALS, Floats, Goal, Problem
from toguna.responses.plan.solve import Effort, Solved, solve
from toguna.responses.plan.value import Worth, worst

__all__ = ["Aimed", "Draws", "Values", "goals", "solved_for"]


@dataclass(frozen=True, slots=True)
class Values:
    """A plan by every goal, in the unit of the score: each goal is best served by its own plan.

    Parameters
    ----------
    expected, cvar : float
        Score when the mean of all draws counts, and when only the worst tenth does; need weighs alike in
        both.
    regret, regret_least : float
        Largest regret over scenarios: at most, and at least.
    """

    expected: float
    cvar: float
    regret: float
    regret_least: float


@dataclass(frozen=True, slots=True)
class Aimed:
    """The plan for one goal.

    Parameters
    ----------
    goal : {"mixed", "expected", "cvar", "regret"}
    deaths, worst : float
        Deaths averted on fresh draws: mean, and mean of the worst tenth.
    need : float
        Share of need met.
    spent : float
    gap : float
        Distance to the bound, see `toguna.responses.plan.solve.Solved`.
    chosen_on, fresh : Values
        On the draws the plan was chosen on, and on others.
    """

    goal: Goal
    deaths: float
    worst: float
    need: float
    spent: float
    gap: float
    chosen_on: Values
    fresh: Values

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        told = asdict(self)
        for name in ("chosen_on", "fresh"):
            told[name] = {k: round(v, 6) for k, v in told[name].items()}
        return {k: round(v, 6) if isinstance(v, float) else v for k, v in told.items()}


def solved_for(problem: Problem, goal: Goal, efforts: Iterable[Effort]) -> Solved:
    """Return the best plan for a goal over several searches, with the lowest of their bounds."""
    posed = replace(problem, aims=problem.aims.towards(goal))
    found = [solve(posed, effort) for effort in efforts]
    best = max(found, key=lambda one: one.score)
    return replace(best, bound=max(best.score, min(one.bound for one in found)))


@dataclass(frozen=True, slots=True)
class Draws:
    """A problem as drawn, and its scenarios, see `toguna.responses.plan.regret`."""

    drawn: Problem
    imagined: Problem

    def posed(self, goal: Goal) -> Problem:
        """Return what a plan for a goal is chosen from."""
        return self.imagined if goal == "regret" else self.drawn

    def values(self, x: Floats) -> Values:
        """Value a plan by every goal."""
        drawn = {
            goal: Worth(replace(self.drawn, aims=self.drawn.aims.towards(goal))).score(x)
            for goal in ("expected", "cvar")
        }
        least, most = Worth(self.imagined).regret(x)
        return Values(drawn["expected"], drawn["cvar"], most, least)


def goals(chosen_on: Draws, fresh: Draws, known: dict[Goal, Solved], effort: Effort) -> list[Aimed]:
    """Return the plan for every goal, each valued by all.

    Parameters
    ----------
    chosen_on, fresh : Draws
    known : dict of Goal to Solved
        Plans that are made already.
    effort : Effort
        Of the others.
    """
    rows, worth = [], Worth(fresh.drawn)
    for goal in GOALS:
        found = known.get(goal) or solved_for(chosen_on.posed(goal), goal, [effort])
        averted = worth.averted(found.x)
        rows.append(
            Aimed(
                goal=goal,
                deaths=worth.expected(found.x),
                worst=float(worst(averted, fresh.drawn.aims.tail) @ averted),
                need=worth.need_met(found.x),
                spent=fresh.drawn.spent(found.x),
                gap=found.gap,
                chosen_on=chosen_on.values(found.x),
                fresh=fresh.values(found.x),
            )
        )
    return rows
