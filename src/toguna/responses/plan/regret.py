"""Regret: how far a plan falls behind the plan one would have made, had one known the kind of world.

Enters: a `Problem`. Leaves: a problem of scenarios, over which regret is told and made small. Called by
`toguna.responses.plan.plan`.

A scenario is a set of draws of forecast *and* effect: a third of the forecast (all harm low, middling, high)
with every measure in the worse or the better half of what is believed of it. Harm and effects are drawn
independently, so draws may be paired anew without changing what is believed of either; paired as they fell, a
half would differ from another by luck in few draws, and a plan of little regret would rest on that luck.

For each scenario the best plan is sought with the same limits, rules and demands: what it scores and the
bound that no plan exceeds hold the true best between them, and regret is told with both. The largest regret
is convex in the portions, so the solver makes it small with the lines that make a score large.

Regret over sets of draws is no larger than over single draws: within a set nothing is known beforehand. Which
measures do better is no scenario; that all do better or worse alike is the harder case for a budget.

References
----------
Savage (1951), doi 10.1080/01621459.1951.10500768. Kouvelis and Yu (1997), doi 10.1007/978-1-4757-2620-6.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from toguna.responses.plan.constraints import blocks
from toguna.responses.plan.problem import Aims, Floats, Problem, Scenarios
from toguna.responses.plan.solve import Effort, solve

__all__ = ["inside", "states", "with_scenarios"]

Labels = NDArray[np.int64]


def states(problem: Problem) -> tuple[Problem, Labels]:
    """Return the problem with draws paired anew, and the state of each draw, 0 to 5.

    State ``2 h + e``: h is the third of all harm (0 lowest); e is 0 where every measure averts what the lower
    half of its draws say, and 1 for the upper half. Each third of harm takes draws of a half at even steps,
    in an order of its own for every measure.
    """
    order = np.argsort(problem.harm.sum(axis=(1, 2)), kind="stable")
    S = len(order)
    third, better = 3 * np.arange(S) // S, np.arange(S) % 2
    ranked, rng = np.sort(problem.averted, axis=0), np.random.default_rng(0)
    averted = np.empty_like(problem.averted)
    for h, e in itertools.product(range(3), range(2)):
        cell = np.nonzero((third == h) & (better == e))[0]
        half = ranked[S // 2 :] if e else ranked[: (S + 1) // 2]
        steps = (np.arange(len(cell)) + (h + 0.5) / 3) * len(half) / max(len(cell), 1)
        drawn = half[np.minimum(steps.astype(int), len(half) - 1)]
        averted[cell] = rng.permuted(drawn, axis=0)
    labels = np.unique(2 * third + better, return_inverse=True)[1].astype(np.int64)
    # Every draw has the mean harm of its third: halves must not differ by the heavy tail of some area.
    harm = np.stack([problem.harm[order[third == h]].mean(axis=0) for h in np.unique(third)])
    levels = harm[np.unique(third, return_inverse=True)[1]]
    return replace(problem, harm=levels, averted=averted, scenarios=None), labels


def inside(problem: Problem, labels: Labels, k: int) -> Problem:
    """Return the problem of somebody who knows that the world is of scenario k, scored in the same unit."""
    own = labels == k
    harm, before = problem.harm[own], float(problem.harm.sum(axis=(1, 2)).mean())
    part = float(harm.sum(axis=(1, 2)).mean()) / before if before > 0 else 1.0
    # Above 0, so that there is something to aim at where neither harm nor need weighs anything.
    aims = Aims(max(problem.aims.harm * part, 1e-12), problem.aims.need, 0.0, problem.aims.tail)
    return replace(problem, harm=harm, averted=problem.averted[own], aims=aims, scenarios=None)


def with_scenarios(problem: Problem, effort: Effort, *, labels: Labels | None = None) -> Problem:
    """Return a problem of scenarios, with how good the best plan is in each.

    Parameters
    ----------
    problem : Problem
    effort : Effort
        Of each search for the best plan of a scenario.
    labels : (S,) int, optional
        Scenario of each draw as it is, every number from 0 to the largest; default: `states`.

    Raises
    ------
    NoPlanError
        Limits, rules and demands cannot all hold.
    """
    held = blocks(problem)
    if labels is None:
        problem, labels = states(problem)
    count = int(labels.max()) + 1
    found = [solve(inside(problem, labels, k), effort, held=held) for k in range(count)]
    least: Floats = np.array([one.score for one in found])
    return replace(problem, scenarios=Scenarios(labels, least, np.array([one.bound for one in found])))
