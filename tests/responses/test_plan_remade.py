"""What changes a plan when it is made anew, held against every plan there is."""

from __future__ import annotations

import numpy as np
import pytest
from small_plans import CLOSE, EXACT, RULES, case, every

from toguna.responses.plan.constraints import broken
from toguna.responses.plan.flips import flips
from toguna.responses.plan.problem import Floats, Problem
from toguna.responses.plan.remade import FURTHEST, STEP, Trial, moved, remade, trials
from toguna.responses.plan.solve import solve
from toguna.responses.plan.value import Worth

MATTER = 0.002


def ahead(problem: Problem, x: Floats, trial: Trial, factor: float) -> float:
    """How far the best of all plans is ahead at a factor; infinite where this one is not allowed there."""
    posed = moved(problem, trial, factor)
    if broken(posed, x):
        return np.inf
    worth = Worth(posed)
    return max(worth.score(y) for y in every(posed)) - worth.score(x)


@pytest.mark.parametrize("seed", [1, 4])
def test_a_change_is_one_against_every_plan(seed: int) -> None:
    problem = case(seed, rules=RULES if seed == 1 else (), budget=3.0, size=6)
    x = solve(problem, EXACT).x
    tried = [
        Trial("budget", "", True),
        *(Trial("effect", m, up) for m, up in (("force", True), ("service", False))),
        Trial("forecast", "a", True),
        Trial("forecast", "b", False),
    ]
    found = remade(problem, x, tried, CLOSE, solves=200, matter=MATTER)
    assert [(one.kind, one.name) for one in found] == [(t.kind, t.name) for t in tried]
    assert [one for one in found if one.factor is not None], "a case where nothing changes shows nothing"
    base = abs(Worth(problem).score(x))
    for trial, one in zip(tried, found, strict=True):

        def needed(factor: float, trial: Trial = trial) -> float:
            return MATTER * max(base, abs(Worth(moved(problem, trial, factor)).score(x)))

        # No plan is ahead up to `same`, looked at on a grid of its own; one is at `factor`.
        for factor in np.linspace(1.0, one.same, 3):
            assert ahead(problem, x, trial, factor) <= needed(factor) + 1e-6, (trial, factor)
        assert one.proven or one.same == 1.0
        if one.factor is None:
            assert one.same == (FURTHEST if trial.up else 0.0)
            continue
        assert ahead(problem, x, trial, one.factor) > needed(one.factor) - 1e-6
        assert (one.factor / one.same - 1 if trial.up else one.same - one.factor) <= STEP + 1e-9
        assert 0 <= one.moved <= 1


def test_searches_are_limited_and_shared() -> None:
    problem = case(2, budget=3.0, size=6)
    x = solve(problem, EXACT).x
    tried = trials(problem, x, flips(problem, x))
    assert tried[0] == Trial("budget", "", True)
    assert {t.kind for t in tried} == {"budget", "effect", "forecast"}
    for most in (0, 7):
        found = remade(problem, x, tried, CLOSE, solves=most)
        assert sum(one.solves for one in found) <= most
        assert len(found) <= len(tried)
    assert remade(problem, np.zeros(problem.shape), tried, EXACT) == []


def test_a_single_exchange_is_a_bound() -> None:
    """Where one portion for another is better by what matters, the plan made anew is too."""
    problem = case(4, budget=4.0, size=60)
    x = solve(problem, EXACT).x
    near = [f for f in flips(problem, x) if f.kind != "need" and f.factor is not None]
    tried = [Trial(f.kind, f.measure if f.kind == "effect" else f.area, (f.factor or 0.0) > 1) for f in near]
    near = [f for f in near if (f.factor or 0.0) < FURTHEST]
    assert near
    for flip, one in zip(near, remade(problem, x, tried, CLOSE, solves=200, matter=1e-6), strict=True):
        assert one.factor is not None and flip.factor is not None
        assert abs(one.same - 1) <= abs(flip.factor - 1) + 0.02
