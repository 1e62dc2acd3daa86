"""What a plan is chosen from: measures, areas, quarters, draws of harm and effect, costs, limits, rules.

Enters: plain arrays. Leaves: a `Problem`. Called by everything in this package; made from a theatre by
`toguna.responses.plan.assemble`.

The decision is whole portions ``x[m, a, q]`` of a measure begun in an area and a quarter. Nothing else can
be decided: a plan has no field for a person, a family or a people.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.responses.plan.rules import Rule

__all__ = ["GOALS", "Aims", "Demand", "Floats", "Goal", "Limits", "Option", "Problem", "Scenarios"]

Floats = NDArray[np.float64]
Term = Literal["short", "long"]
Goal = Literal["mixed", "expected", "cvar", "regret"]
GOALS: tuple[Goal, ...] = ("mixed", "expected", "cvar", "regret")


@dataclass(frozen=True, slots=True)
class Option:
    """One measure that may be chosen.

    Parameters
    ----------
    id, pillar : str
        Identity; strand of the response.
    term : {"short", "long"}
        Whether it is meant to act within months or over years.
    lead : int
        Quarters from the start to the first quarter it acts in, 0 or more.
    lasts : int
        Quarters it acts, 1 or more. While one is acting another of the same measure may not begin there.
    most : int
        Most portions begun in one area and quarter.
    evidence : tuple of str
        Ids of the rows its effect rests on; empty when none was found.
    """

    id: str
    pillar: str
    term: Term = "short"
    lead: int = 0
    lasts: int = 1
    most: int = 1
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aims:
    """What a plan is judged by.

    Parameters
    ----------
    harm, need : float
        Weights of harm averted (share of the harm expected without a plan) and of need met (share of all
        need); 0 or more, not both 0.
    caution : float
        0 to 1: how much of the weight of harm goes to the worst draws instead of the mean.
    tail : float
        Share of draws that count as the worst, above 0, at most 1.
    regret : bool
        Whether the largest regret over `Problem.scenarios` is made small instead of the score made large;
        `caution` then has no part in it.
    """

    harm: float = 0.7
    need: float = 0.3
    caution: float = 0.1
    tail: float = 0.1
    regret: bool = False

    def towards(self, goal: str) -> Aims:
        """Return these weights with another goal: mean, worst tenth, nine parts to one of both, or regret.

        Raises
        ------
        UsageError
            There is no such goal.
        """
        if goal not in GOALS:
            raise UsageError(f"a plan aims at one of {', '.join(GOALS)}; got {goal!r}.")
        cautions = {"mixed": Aims().caution, "expected": 0.0, "cvar": 1.0}
        return replace(self, caution=cautions.get(goal, self.caution), regret=goal == "regret")

    @property
    def goal(self) -> Goal:
        """Name of what is made as good as can be."""
        if self.regret:
            return "regret"
        return "expected" if self.caution == 0 else "cvar" if self.caution == 1 else "mixed"

    def __post_init__(self) -> None:
        if min(self.harm, self.need) < 0 or self.harm + self.need <= 0:
            raise UsageError("the weights of harm and need are 0 or more, and not both 0.")
        if not 0 <= self.caution <= 1 or not 0 < self.tail <= 1:
            raise UsageError("caution lies between 0 and 1, the tail above 0 and at most 1.")


@dataclass(frozen=True, slots=True)
class Limits:
    """What can be delivered.

    Parameters
    ----------
    quarter : (Q,) float
        Most portions begun in a quarter.
    area : (A, Q) float
        Most portions begun in an area and quarter.
    spend : (A,) float or None
        Most that may be spent in an area over all quarters; None: no such limit.
    """

    quarter: Floats
    area: Floats
    spend: Floats | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What must be in a plan whatever it is worth: at least `least` portions of a measure.

    Parameters
    ----------
    measure : str
    area : str or None
        None: anywhere.
    least : int
        Portions over all quarters.
    """

    measure: str
    area: str | None = None
    least: int = 1


@dataclass(frozen=True)
class Scenarios:
    """Kinds of world over which regret is taken, and how good the best plan is in each.

    Parameters
    ----------
    labels : (S,) int
        The scenario of each draw, 0 to K - 1.
    least, most : (K,) float
        In the unit of the score: what the best plan found there scores, and what no plan exceeds there. What
        the best plan of all scores lies between them.
    """

    labels: NDArray[np.int64]
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Problem:
    """Everything a plan is chosen from.

    Parameters
    ----------
    options : tuple of Option, length M
    areas, quarters : tuple of str, lengths A and Q
    harm : (S, A, Q) float
        Draws of the harm that comes without a plan, 0 or more.
    averted : (S, M) float
        Draws of the share of harm that one portion averts, below 1; negative: it adds harm. A draw holds
        for all areas and quarters, so that a wrong belief about a measure is wrong everywhere at once.
    need : (A,) float
        Need of a quarter, 0 or more, in any unit (score times people).
    reach : (M, A) float
        Share of the unmet need of an area and quarter that one portion meets, 0 to below 1.
    cover : (A,) float
        Share of the harm of an area that a measure there can act on, above 0, at most 1.
    costs : (M, A) float
        Of one portion, above 0.
    budget : float
        0 or more, in the unit of `costs`.
    limits : Limits
    rules : tuple of Rule
        Those that are on.
    demands : tuple of Demand
    aims : Aims
    most_together : float
        Largest share of the harm of an area and quarter that all measures together are credited with.
    need_at_least : float
        Share of all need that a plan must meet, 0 to below 1.
    scenarios : Scenarios or None
        Over which regret is taken; needed when `aims` ask for little regret.
    warned : tuple of str
        Areas that warnings name.
    """

    options: tuple[Option, ...]
    areas: tuple[str, ...]
    quarters: tuple[str, ...]
    harm: Floats
    averted: Floats
    need: Floats
    reach: Floats
    cover: Floats
    costs: Floats
    budget: float
    limits: Limits
    rules: tuple[Rule, ...] = ()
    demands: tuple[Demand, ...] = ()
    aims: Aims = field(default_factory=Aims)
    most_together: float = 0.5
    need_at_least: float = 0.0
    scenarios: Scenarios | None = None
    warned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        M, A, Q = self.shape
        S = self.harm.shape[0] if self.harm.ndim == 3 else 0
        wanted = {
            "harm": (self.harm, (S, A, Q)),
            "averted": (self.averted, (S, M)),
            "need": (self.need, (A,)),
            "reach": (self.reach, (M, A)),
            "cover": (self.cover, (A,)),
            "costs": (self.costs, (M, A)),
            "limits.quarter": (self.limits.quarter, (Q,)),
            "limits.area": (self.limits.area, (A, Q)),
        }
        for name, (array, shape) in wanted.items():
            if array.shape != shape or not np.isfinite(array).all():
                raise UsageError(f"{name} has shape {array.shape}, expected {shape} of finite numbers.")
        if S < 1 or min(self.harm.min(initial=0), self.need.min(initial=0)) < 0:
            raise UsageError("harm needs at least one draw, and harm and need are 0 or more.")
        if self.averted.max(initial=0) >= 1:
            raise UsageError(f"a measure averts a share below 1, got {self.averted.max()}.")
        if self.reach.min(initial=0) < 0 or self.reach.max(initial=0) >= 1:
            raise UsageError("a portion meets a share of need from 0 to below 1.")
        if self.cover.min(initial=1) <= 0 or self.cover.max(initial=1) > 1:
            raise UsageError("a measure covers a share of an area above 0 and at most 1.")
        if self.costs.min(initial=1) <= 0 or not 0 <= self.budget < np.inf:
            raise UsageError("every cost is above 0, the budget 0 or more.")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of measures, areas and quarters."""
        return len(self.options), len(self.areas), len(self.quarters)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the measures."""
        return tuple(option.id for option in self.options)

    def spent(self, x: Floats) -> float:
        """Return what portions (M, A, Q) cost."""
        return float((self.costs[:, :, None] * x).sum())
