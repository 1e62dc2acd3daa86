"""The plan of least regret is the right one, its bounds hold, and it has less of it on other draws too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_plans import EXACT, RULES, case, every

from toguna.core.errors import UsageError
from toguna.responses.plan.cuts import Cuts
from toguna.responses.plan.goals import Draws, goals
from toguna.responses.plan.judge import front, judged
from toguna.responses.plan.problem import GOALS, Aims, Floats, Problem
from toguna.responses.plan.regret import inside, states, with_scenarios
from toguna.responses.plan.solve import Effort, NoPlanError, solve
from toguna.responses.plan.value import Worth


def regretful(problem: Problem) -> Problem:
    return replace(problem, aims=problem.aims.towards("regret"))


def scores_of_all(problem: Problem) -> Floats:
    """Score of every plan in every scenario, (N, K)."""
    worth = Worth(problem)
    return np.array([worth.by_scenario(x) for x in every(problem)])


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("single", [True, False])
def test_no_plan_has_less_regret(seed: int, single: bool) -> None:
    """Over single draws as scenarios, and over states, against every plan there is."""
    drawn = case(seed, rules=RULES, size=8)
    problem = with_scenarios(drawn, EXACT, labels=np.arange(8) if single else None)
    scores = scores_of_all(problem)
    best = scores.max(axis=0)
    assert problem.scenarios is not None
    assert problem.scenarios.least == pytest.approx(best, abs=1e-6)
    assert problem.scenarios.most == pytest.approx(best, abs=1e-6)
    truth = float((best - scores).max(axis=1).min())
    found = solve(regretful(problem), EXACT)
    assert Worth(problem).regret(found.x) == pytest.approx((truth, truth), abs=1e-6)
    assert -found.score == pytest.approx(truth, abs=1e-6)
    assert truth > 0.005, "a case in which every plan is the best everywhere would show nothing"


def test_bounds_hold_the_truth_however_little_is_tried() -> None:
    problem = with_scenarios(case(4, rules=RULES, size=12), Effort(rounds=2, nodes=1, steps=1, small=0))
    scores, known = scores_of_all(problem), problem.scenarios
    assert known is not None
    assert (known.least <= scores.max(axis=0) + 1e-9).all()
    assert (known.most >= scores.max(axis=0) - 1e-9).all()
    assert (known.most > known.least + 1e-6).any()
    x = solve(regretful(problem), Effort(rounds=2, small=0)).x
    least, most = Worth(problem).regret(x)
    own = float((scores.max(axis=0) - Worth(problem).by_scenario(x)).max())
    assert least - 1e-9 <= own <= most + 1e-9
    found = solve(regretful(problem), Effort(rounds=3, small=0))
    against_most = (known.most - scores).max(axis=1).min()
    assert -found.bound <= against_most + 1e-9 <= -found.score + 2e-9


def test_slopes_bound_regret() -> None:
    known = with_scenarios(case(3, size=9), Effort(rounds=3))
    worth = Worth(regretful(known))
    for seed in range(20):
        x, y = np.random.default_rng(seed).uniform(0, 1, (2, *known.shape))
        line = worth.score(x) + float((Cuts(worth).slopes(x) * (y - x)).sum())
        assert worth.score(y) <= line + 1e-9


def test_states_are_thirds_of_harm_and_halves_of_belief() -> None:
    drawn = case(3, size=60)
    problem, labels = states(drawn)
    assert np.bincount(labels).tolist() == [10] * 6
    assert problem.harm.mean(axis=0) == pytest.approx(drawn.harm.mean(axis=0))
    harm = [problem.harm[labels == k].sum(axis=(1, 2)).mean() for k in range(6)]
    assert harm[0] == harm[1] < harm[2] == harm[3] < harm[4] == harm[5]
    median = np.median(drawn.averted, axis=0)
    for k in range(6):
        own = problem.averted[labels == k]
        assert (own <= median).all() if k % 2 == 0 else (own >= median).all()
    assert problem.averted.mean(axis=0) == pytest.approx(drawn.averted.mean(axis=0), abs=0.01)


def test_a_scenario_is_scored_in_the_unit_of_the_whole() -> None:
    problem = with_scenarios(case(5, size=12), Effort(rounds=2))
    x = np.ones(problem.shape)
    assert problem.scenarios is not None
    for k, score in enumerate(Worth(problem).by_scenario(x)):
        assert Worth(inside(problem, problem.scenarios.labels, k)).score(x) == pytest.approx(score)


def test_without_scenarios_there_is_no_regret() -> None:
    with pytest.raises(UsageError, match="scenarios"):
        solve(regretful(case()))
    with pytest.raises(UsageError, match="mixed, expected, cvar, regret"):
        Aims().towards("bold")


def test_each_goal_is_best_served_by_its_own_plan() -> None:
    drawn = case(2, rules=RULES, size=30)
    chosen = Draws(drawn, with_scenarios(drawn, EXACT))
    rows = {row.goal: row for row in goals(chosen, chosen, {}, EXACT)}
    assert tuple(rows) == GOALS
    for row in rows.values():
        assert row.chosen_on.expected <= rows["expected"].chosen_on.expected + 1e-6
        assert row.chosen_on.cvar <= rows["cvar"].chosen_on.cvar + 1e-6
        assert row.chosen_on.regret >= rows["regret"].chosen_on.regret - 1e-6


def test_regret_told_is_against_every_plan_and_not_only_those_told() -> None:
    drawn = case(6, size=40)
    imagined = with_scenarios(drawn, EXACT)
    nothing = np.zeros(drawn.shape)
    (row,) = judged(drawn, imagined, {"plan": nothing})
    truth = float(scores_of_all(imagined).max(axis=0).max())
    assert row.regret == pytest.approx(truth, abs=1e-6) and row.regret_least == pytest.approx(truth, abs=1e-6)


def test_a_front_meets_the_need_it_asks_for() -> None:
    problem = case(1, size=30, budget=3.0)
    for effort in (EXACT, Effort(small=0)):
        points = front(problem, problem, effort, points=4)
        assert len(points) >= 3
        assert all(p["need"] >= 0.99 * p["need_asked"] - 1e-6 for p in points)
        if effort is EXACT:
            averted = [p["expected"] for p in points]
            assert averted == sorted(averted, reverse=True)
    with pytest.raises(NoPlanError):
        solve(replace(problem, need_at_least=0.99), Effort(small=0))


def test_where_every_measure_does_harm_nothing_is_done() -> None:
    problem = replace(case(size=20), averted=np.full((20, 3), -0.2), aims=Aims(1.0, 0.0, 1.0))
    for effort in (EXACT, Effort(small=0)):
        assert not solve(problem, effort).x.any()
