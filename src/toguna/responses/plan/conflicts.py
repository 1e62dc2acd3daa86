"""Why there is no plan: the smallest set of limits, rules and demands that cannot hold together, in words.

Enters: a `Problem` that has no plan. Leaves: a `Conflict`. Called when the solver finds none.

Every block of inequalities is left out in turn; what is not needed for the clash stays out (deletion filter).
What remains is irreducible: leave out any one of it and there is a plan.

References
----------
Chinneck (2008), doi 10.1007/978-0-387-74932-7 (deletion filter).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from toguna.core.language import LANGUAGES, Language
from toguna.responses.plan.constraints import Block, blocks, offered
from toguna.responses.plan.problem import Problem
from toguna.responses.plan.rules import all_rules, not_offered

__all__ = ["Conflict", "conflict", "named"]

MOST = "most"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What cannot hold together.

    Parameters
    ----------
    names : tuple of str
        Names of blocks, see `toguna.responses.plan.constraints.Block`; "most": the most of a measure.
    sentences : dict of str to str
        One sentence by language.
    """

    names: tuple[str, ...]
    sentences: dict[str, str]


def conflict(problem: Problem) -> Conflict | None:
    """Return what clashes, or None when there is a plan."""
    every = blocks(problem)
    names = list(dict.fromkeys([*(b.name for b in every), MOST]))
    if _possible(problem, every, names):
        return None
    kept = list(names)
    # Demands last: what a person asked for is part of the answer whenever it can be.
    for name in sorted(names, key=lambda n: (n.startswith("demand/"), names.index(n))):
        fewer = [n for n in kept if n != name]
        if not _possible(problem, every, fewer):
            kept = fewer
    return Conflict(tuple(kept), {code: _sentence(problem, kept, Language(code)) for code in LANGUAGES})


def _possible(problem: Problem, every: Iterable[Block], names: Iterable[str]) -> bool:
    """Whether whole portions exist that keep the named blocks."""
    wanted = set(names)
    held = [b for b in every if b.name in wanted]
    n = int(np.prod(problem.shape))
    if not held:
        return True
    high = offered(problem).ravel() if MOST in wanted else np.full(n, 1e6)
    if not n:
        return all((b.right >= 0).all() for b in held)
    rows = sparse.vstack([b.rows for b in held]).tocsr()
    right = np.concatenate([b.right for b in held])
    # A cost of every portion keeps the search short: the question is only whether there are any.
    found = milp(
        np.ones(n),
        constraints=LinearConstraint(rows, -np.inf, right),
        integrality=np.ones(n),
        bounds=Bounds(np.zeros(n), high),
        options={"mip_rel_gap": 0.99},
    )
    return bool(found.status != 2)


def _sentence(problem: Problem, names: Iterable[str], lang: Language) -> str:
    parts = [named(problem, name, lang) for name in names]
    if len(parts) == 1:
        return lang("There is no plan: this cannot hold: {part}.", part=parts[0])
    return lang(
        "There is no plan: these cannot hold together: {parts}. Change or switch off one of them.",
        parts=lang.typeset("; ".join(parts)),
    )


def named(problem: Problem, name: str, lang: Language) -> str:
    """Say in words what a block stands for."""
    kind, _, rest = name.partition("/")
    if kind == "rule":
        text = {rule.id: rule.text for rule in problem.rules}.get(rest, {})
        return lang("the rule “{id}” ({text})", id=rest, text=text.get(lang.code, rest))
    if kind == "demand":
        return _demanded(problem, int(rest), lang)
    words = {
        "budget": lang("the budget of {budget}", budget=lang.number(problem.budget)),
        "spend": lang("what an area may spend"),
        "quarter": lang("the most that can be begun in a quarter"),
        "area": lang("the most that can be begun in an area and quarter"),
        "running": lang("one programme of a measure at a time in an area"),
        MOST: lang("the most portions of one measure in an area and quarter"),
    }
    return words[kind]


def _demanded(problem: Problem, number: int, lang: Language) -> str:
    demand = problem.demands[number]
    said = lang.plural(
        "{n} portion of {measure} in {area} was demanded",
        "{n} portions of {measure} in {area} were demanded",
        demand.least,
        measure=demand.measure,
        area=demand.area or lang("any area"),
    )
    rule = not_offered(all_rules()).get(demand.measure)
    if demand.measure in problem.ids or rule is None:
        return said
    return said + lang(", which the rule “{id}” keeps out unless allowed", id=rule.id)
