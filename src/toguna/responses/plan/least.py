"""What the smallest plan costs, and which rules make it cost so much: why a small budget begins nothing.

Enters: a `Problem`. Leaves: a `Least`. Called by `toguna.responses.plan.plan` where a plan is empty.

A portion is whole, and rules of coherence ask for several at once, so that there is a least cost under which
nothing can be begun. Rules speak of parts of what is spent, never of the budget: what may be begun with one
budget may be begun with a larger one, and the value of the best plan never falls as the budget grows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from toguna.responses.plan.constraints import Block, blocks, offered
from toguna.responses.plan.problem import Problem

__all__ = ["Least", "least"]

NODES = 2000
LARGE = 6000
"""Variables beyond which the search would take minutes: the least cost is then not looked for."""


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest plan that is not empty, whatever the budget.

    Parameters
    ----------
    cost : float or None
        In points or local money; None when limits and rules allow nothing at all.
    without : tuple of (str, float)
        Rules without which it would cost less (or cost anything at all), the cheapest first, with that cost.
    """

    cost: float | None
    without: tuple[tuple[str, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "cost": None if self.cost is None else round(self.cost, 6),
            "without": [{"rule": rule, "cost": round(cost, 6)} for rule, cost in self.without],
        }


class _UnsettledError(Exception):
    """The search ended before it was proven what costs least."""


def least(problem: Problem) -> Least | None:
    """Return what the smallest plan costs that keeps all limits, rules and demands but the budget.

    None where that is not known: the problem is too large, or the search did not end with a proof.
    """
    if int(np.prod(problem.shape)) > LARGE:
        return None
    try:
        return _least(problem)
    except _UnsettledError:
        return None


def _least(problem: Problem) -> Least:
    held = [block for block in blocks(problem) if block.name != "budget"]
    whole = _cheapest(problem, held)
    lower = []
    for rule in problem.rules:
        fewer = [block for block in held if block.name != f"rule/{rule.id}"]
        cost = _cheapest(problem, fewer) if len(fewer) < len(held) else None
        if cost is not None and (whole is None or cost < whole - 1e-6):
            lower.append((rule.id, cost))
    return Least(whole, tuple(sorted(lower, key=lambda pair: (pair[1], pair[0]))))


def _cheapest(problem: Problem, held: Iterable[Block]) -> float | None:
    """Return the cost of the cheapest portions that keep the blocks, at least one; None without any."""
    prices = np.broadcast_to(problem.costs[:, :, None], problem.shape).ravel()
    if not prices.size:
        return None
    limits = [LinearConstraint(block.rows, -np.inf, block.right) for block in held]
    found = milp(
        prices,
        constraints=[*limits, LinearConstraint(sparse.csr_matrix(np.ones((1, prices.size))), 1.0, np.inf)],
        integrality=np.ones(prices.size),
        bounds=Bounds(np.zeros(prices.size), offered(problem).ravel()),
        options={"node_limit": NODES},
    )
    if found.status not in (0, 2):
        raise _UnsettledError
    return None if found.x is None else float(prices @ np.round(found.x))
