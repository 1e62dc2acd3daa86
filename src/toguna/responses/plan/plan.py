"""A plan: what to begin where and when, why, what it is worth, what binds it, what would change it.

Enters: a `Setting`, deaths of the last year by area. Leaves: a `Plan`. Called by `toguna.room.planning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toguna.core.errors import NoAnswerError
from toguna.core.findings import Finding
from toguna.core.language import LANGUAGES, Language, in_every_language
from toguna.responses.plan.assemble import Setting
from toguna.responses.plan.conflicts import conflict
from toguna.responses.plan.flips import Flip, flips
from toguna.responses.plan.goals import Aimed, Draws, goals, solved_for
from toguna.responses.plan.judge import Information, Judged, front, information, judged, simpler
from toguna.responses.plan.least import Least, least
from toguna.responses.plan.problem import Floats, Problem
from toguna.responses.plan.reasons import Bare, bare, grounds, reasons
from toguna.responses.plan.regret import with_scenarios
from toguna.responses.plan.remade import MATTER, Change, remade, trials
from toguna.responses.plan.rules import Rule
from toguna.responses.plan.solve import Effort, NoPlanError, Solved, bound_of
from toguna.responses.plan.value import Worth

__all__ = ["Binding", "Item", "Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Item:
    """Portions of one measure begun in one area and quarter.

    Parameters
    ----------
    area, quarter, measure : str
        Where, when (first/last month), what.
    amount : int
        Portions; four make a full programme.
    cost : float
        In points or local money.
    reason : dict of str to str
        Why, by language.
    evidence : tuple of str
        Ids of rows of evidence; empty when none was found.
    basis : str
        Kind of prior: "estimate", "direction", "conflicting", "none", "need".
    averted : float
        Deaths that taking it out of the plan would add, on average; negative where it adds deaths.
    external : bool
        Whether another actor decides it.
    harm : float
        Deaths forecast in the area over the months of the plan, mean.
    """

    area: str
    quarter: str
    measure: str
    amount: int
    cost: float
    reason: dict[str, str]
    evidence: tuple[str, ...]
    basis: str
    averted: float
    external: bool
    harm: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "area": self.area,
            "quarter": self.quarter,
            "measure": self.measure,
            "amount": self.amount,
            "cost": round(self.cost, 6),
            "reason": dict(self.reason),
            "evidence": list(self.evidence),
            "basis": self.basis,
            "averted": round(self.averted, 4),
            "external": self.external,
            "harm": round(self.harm, 2),
        }


@dataclass(frozen=True, slots=True)
class Binding:
    """A rule that costs something: how much the bound of the score rises without it."""

    rule: Rule
    price: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**self.rule.as_dict(), "price": round(self.price, 6)}


@dataclass(frozen=True)
class Plan:
    """A plan and everything that must be read with it.

    Parameters
    ----------
    setting : Setting
    solved : Solved
    items : tuple of Item
        By area and quarter.
    judged : tuple of Judged
        The plan first, then simpler ways.
    binding : tuple of Binding
    flips : tuple of Flip
    information : Information
    changes : tuple of Change
        Found by making the plan anew; empty when not asked for.
    front : list of dict
        Pareto points of harm averted and need met; empty when not asked for.
    goals : tuple of Aimed
        Pareto points of mean, worst tenth and regret; empty when not asked for.
    bare : tuple of Bare
        Areas where nothing is begun.
    least : Least or None
        What the smallest plan costs; only where nothing is begun at all, and where it could be proven.
    matter : float
        Share of the score by which another plan had to be ahead to count as a change.
    withheld : tuple of Finding
        What stands against publishing the forecast it rests on; empty when nothing does.
    """

    setting: Setting
    solved: Solved
    items: tuple[Item, ...]
    judged: tuple[Judged, ...]
    binding: tuple[Binding, ...]
    flips: tuple[Flip, ...]
    information: Information
    changes: tuple[Change, ...] = ()
    front: tuple[dict[str, float], ...] = ()
    goals: tuple[Aimed, ...] = ()
    bare: tuple[Bare, ...] = ()
    least: Least | None = None
    matter: float = MATTER
    withheld: tuple[Finding, ...] = ()

    @property
    def value(self) -> Judged:
        """What the plan is worth on fresh draws."""
        return self.judged[0]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        problem, setting = self.setting.problem, self.setting
        value = self.value.as_dict()
        open_ = [q for q, most in zip(problem.quarters, problem.limits.quarter, strict=True) if most > 0]
        aims = problem.aims
        return {
            "id": "plan/best",
            "policy": "plan",
            "budget": problem.budget,
            "unit": setting.currency or "points",
            "spent": round(problem.spent(self.solved.x), 6),
            "quarters": open_,
            "aims": {
                "goal": aims.goal,
                "harm": aims.harm,
                "need": aims.need,
                "caution": aims.caution,
                "tail": aims.tail,
            },
            "items": [item.as_dict() for item in self.items],
            "value": {k: value[k] for k in ("expected", "low", "high", "cvar", "need")},
            "without_plan": round(Worth(setting.fresh).expected_harm, 4),
            "unplaced": round(setting.unplaced, 4),
            "gap": round(self.solved.gap, 6),
            "policies": [row.as_dict() for row in self.judged],
            "binding": [b.as_dict() for b in self.binding],
            "rules": [rule.as_dict() for rule in problem.rules],
            "kept_out": {m: rule.id for m, rule in setting.kept_out.items()},
            "flips": [flip.as_dict() for flip in self.flips],
            "changes": [change.as_dict() for change in self.changes],
            "information": self.information.as_dict(),
            "front": list(self.front),
            "goals": [aimed.as_dict() for aimed in self.goals],
            "grounds": grounds(self.setting, self.solved.x),
            "bare": [one.as_dict() for one in self.bare],
            "least": self.least.as_dict() if self.least else None,
            "matter": round(self.matter, 6),
            "withheld": [finding.as_dict() for finding in self.withheld],
        }


THOROUGH = Effort(rounds=25, nodes=20, steps=300)
QUICK = Effort(rounds=12, nodes=5, steps=100, roundings=1)
PRICING = Effort(gap=0.01, rounds=25)
BRISK = Effort(gap=0.05, rounds=8, nodes=1, steps=40, roundings=1)


def make_plan(setting: Setting, last_year: Floats, *, thorough: bool = True) -> Plan:
    """Make the best plan that was found and say what must be read with it.

    Parameters
    ----------
    setting : Setting
    last_year : (A,) float
        Deaths of the last year known, by area: what a reactive planner goes by.
    thorough : bool
        Whether to try harder, work out Pareto points, and price the rules by solving without each.

    Raises
    ------
    NoAnswerError
        Limits, rules and demands cannot all hold; the message names the smallest set that clashes.
    """
    goal = setting.problem.aims.goal
    efforts, others = ([THOROUGH, QUICK], QUICK) if thorough else ([QUICK], BRISK)
    try:
        chosen_on = _draws(setting.problem, BRISK) if thorough or goal == "regret" else None
        problem = chosen_on.posed(goal) if chosen_on else setting.problem
        solved = solved_for(problem, goal, efforts)
    except NoPlanError:
        found = conflict(setting.problem)
        none = in_every_language("There is no plan: none was found within the limits.")
        raise NoAnswerError(found.sentences if found else none) from None
    fresh = _draws(setting.fresh, BRISK)
    plans = {"plan": solved.x, **simpler(problem, last_year, others)}
    near = flips(problem, solved.x)
    told = Plan(
        setting=setting,
        solved=solved,
        items=_items(setting, solved.x),
        judged=tuple(judged(fresh.drawn, fresh.imagined, plans)),
        binding=(),
        flips=tuple(near),
        information=information(setting.fresh, list(plans.values())),
        bare=tuple(bare(problem, solved.x)),
        least=None if solved.x.any() else least(problem),
    )
    if chosen_on is None or not thorough:
        return told
    # A plan known only within a gap is not changed by what is ahead of it by less.
    matter = max(MATTER, solved.gap)
    tried = trials(problem, solved.x, near)
    return replace(
        told,
        binding=_binding(problem, PRICING),
        changes=tuple(remade(problem, solved.x, tried, BRISK, matter=matter)),
        matter=matter,
        front=tuple(front(setting.problem, setting.fresh, BRISK, points=3)),
        goals=tuple(goals(chosen_on, fresh, {goal: solved}, QUICK)),
    )


def _draws(problem: Problem, effort: Effort) -> Draws:
    return Draws(problem, with_scenarios(problem, effort))


def _items(setting: Setting, x: Floats) -> tuple[Item, ...]:
    problem, worth = setting.fresh, Worth(setting.fresh)
    whole = worth.expected(x)
    found = []
    for a, q, m in zip(*np.nonzero(x.transpose(1, 2, 0)), strict=True):
        option = problem.options[m]
        without = x.copy()
        without[m, a, q] = 0
        averted = whole - worth.expected(without)
        belief = setting.priors[option.id]
        found.append(
            Item(
                area=problem.areas[a],
                quarter=problem.quarters[q],
                measure=option.id,
                amount=int(x[m, a, q]),
                cost=float(problem.costs[m, a] * x[m, a, q]),
                reason=_reason(setting, x, (int(m), int(a), int(q))),
                evidence=belief.evidence,
                basis=belief.kind,
                averted=averted,
                external=setting.measures[option.id].external,
                harm=float(setting.problem.harm.mean(axis=0)[a].sum()),
            )
        )
    return tuple(found)


def _reason(setting: Setting, x: Floats, at: tuple[int, int, int]) -> dict[str, str]:
    said: Mapping[str, list[str]] = {code: reasons(setting, x, at, Language(code)) for code in LANGUAGES}
    return {code: Language(code).typeset(" ".join(parts)) for code, parts in said.items()}


def _binding(problem: Problem, effort: Effort) -> tuple[Binding, ...]:
    """Price every rule by the bound of the score with and without it: whole portions would add noise.

    A price below a hundredth of the bound is not told.
    """
    base = bound_of(problem, effort)
    found = []
    for rule in problem.rules:
        if rule.kind in ("off", "external", "structure"):
            continue
        free = replace(problem, rules=tuple(r for r in problem.rules if r.id != rule.id))
        price = bound_of(free, effort) - base
        if price > 0.01 * abs(base):
            found.append(Binding(rule, price))
    return tuple(sorted(found, key=lambda b: (-b.price, b.rule.id)))
