"""Plans keep every limit and rule, equal brute force on small cases, and say what clashes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_plans import EXACT, RULES, brute, case, every

from toguna.core.errors import UnknownNameError, UsageError
from toguna.responses.evidence import load_catalogue
from toguna.responses.plan.conflicts import conflict
from toguna.responses.plan.constraints import broken, offered
from toguna.responses.plan.flips import Flip, flips, scaled
from toguna.responses.plan.judge import information, judged, shares_of
from toguna.responses.plan.least import Least, least
from toguna.responses.plan.problem import Aims, Demand, Floats, Problem
from toguna.responses.plan.regret import with_scenarios
from toguna.responses.plan.rules import Rule, all_rules, not_offered, rules_without
from toguna.responses.plan.solve import Effort, NoPlanError, solve
from toguna.responses.plan.value import Worth, worst


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_plan_is_the_best_of_all(seed: int) -> None:
    problem = case(seed, rules=RULES, size=15)
    found = solve(problem, EXACT)
    assert found.score == pytest.approx(brute(problem), abs=1e-6)
    assert found.gap < 1e-3


ANSWER = Rule("answer", "answer-warnings", measures=("care",), share=0.2)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    budget=st.floats(0, 8),
    more=st.floats(0, 4),
    warned=st.sampled_from([(), ("b",), ("a", "b")]),
)
def test_budget_and_rules_hold_and_more_money_is_never_worse(
    seed: int, budget: float, more: float, warned: tuple[str, ...]
) -> None:
    problem = replace(case(seed, budget=budget, rules=(*RULES, ANSWER), size=10), warned=warned)
    found, richer = solve(problem, EXACT), solve(replace(problem, budget=budget + more), EXACT)
    assert not broken(problem, found.x)
    assert problem.spent(found.x) <= budget + 1e-6
    assert richer.score >= found.score - 1e-5 * max(1.0, abs(found.score))
    assert found.score <= found.bound + 1e-12
    assert (found.x == np.round(found.x)).all()


def test_areas_with_much_of_the_forecast_get_their_part() -> None:
    rule = Rule("front", "follow-forecast", share=0.5, least=0.2)
    problem = case(7, rules=(rule,), budget=6.0)
    found = solve(problem, EXACT)
    assert found.score == pytest.approx(brute(problem), abs=1e-6)
    harm = problem.harm.mean(axis=0).sum(axis=1)
    spent = (problem.costs[:, :, None] * found.x).sum(axis=(0, 2))
    meant = harm / harm.sum() >= 0.2
    assert meant.any()
    assert found.x.any()
    assert (spent[meant] >= 0.5 * (harm / harm.sum())[meant] * spent.sum() - 1e-9).all()
    forced = np.zeros(problem.shape)
    forced[:, ~meant] = 1.0
    if (~meant).any():
        assert "rule/front" in broken(problem, forced)


@pytest.mark.parametrize("warned", [(), ("a",), ("b", "elsewhere"), ("a", "b")])
def test_areas_that_warnings_name_get_what_answers_them(warned: tuple[str, ...]) -> None:
    problem = replace(case(3, rules=(ANSWER,)), warned=warned)
    found = solve(problem, EXACT)
    assert found.score == pytest.approx(brute(problem), abs=1e-6)
    assert found.x.any()
    spent = problem.costs[:, :, None] * found.x
    for a, area in enumerate(problem.areas):
        if area in warned:
            assert spent[2, a].sum() >= 0.2 / 2 * spent.sum() - 1e-9
            without = found.x.copy()
            without[2, a] = 0.0
            assert "rule/answer" in broken(problem, without)
    shut = replace(problem, limits=replace(problem.limits, area=np.zeros((2, 2))))
    assert not broken(shut, np.zeros(problem.shape))  # what was shut out by name is no breach


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_slopes_bound_the_score_from_above(seed: int) -> None:
    from toguna.responses.plan.cuts import Cuts

    rng, problem = np.random.default_rng(seed), case(seed, size=12)
    x, y = (rng.uniform(0, 1, problem.shape) for _ in range(2))
    worth = Worth(problem)
    line = worth.score(x) + float((Cuts(worth).slopes(x) * (y - x)).sum())
    assert worth.score(y) <= line + 1e-9


def test_a_rounded_plan_keeps_limits_and_its_bound() -> None:
    problem = case(5, rules=RULES)
    exact, rounded = solve(problem, EXACT), solve(problem, Effort(small=0))
    assert not broken(problem, rounded.x)
    assert rounded.score <= exact.score + 1e-9 <= rounded.bound + 1e-6


def test_effects_are_never_added_up_and_are_capped() -> None:
    problem = replace(
        case(), averted=np.full((40, 3), 0.25), harm=np.full((40, 2, 2), 10.0), cover=np.ones(2)
    )
    x = np.zeros(problem.shape)
    x[0, 0, 0] = x[2, 0, 0] = 1
    assert Worth(problem).expected(x) == pytest.approx(10 * (1 - 0.75**2))
    x[1, 0, 0] = 1
    assert Worth(problem).by_area(x)[0] == pytest.approx(5.0 + 2.5)  # capped at half; the service lasts on


def test_harm_that_is_added_is_not_capped() -> None:
    worse, harm = np.full((40, 3), -1.0), np.full((40, 2, 2), 10.0)
    problem = replace(case(), averted=worse, harm=harm, cover=np.ones(2))
    x = np.zeros(problem.shape)
    x[0, 0, 0] = x[2, 0, 0] = 1
    assert Worth(problem).expected(x) == pytest.approx(-30.0)


def test_worst_draws_count_in_part() -> None:
    weights = worst(np.array([3.0, 1.0, 2.0]), 0.5)
    assert weights == pytest.approx([0, 2 / 3, 1 / 3])


def _least(problem: Problem) -> float | None:
    """By trying every plan there is."""
    rich = replace(problem, budget=1e9)
    spent = [problem.spent(x) for x in every(rich) if x.any()]
    return min(spent, default=None)


@pytest.mark.parametrize("warned", [(), ("a", "b")])
def test_a_budget_under_the_smallest_plan_begins_nothing_and_the_rules_that_make_it_are_told(
    warned: tuple[str, ...],
) -> None:
    problem = replace(case(3, rules=(*RULES, ANSWER)), warned=warned)
    found = least(problem)
    assert found is not None and found.cost is not None
    assert found.cost == pytest.approx(_least(problem))
    for rule in problem.rules:
        cost = _least(replace(problem, rules=tuple(r for r in problem.rules if r != rule)))
        assert dict(found.without).get(rule.id, found.cost) == pytest.approx(cost)
    assert ("answer" in dict(found.without)) == bool(warned)
    for budget, any_ in ((found.cost, True), (found.cost - 0.01, False)):
        assert max(x.any() for x in every(replace(problem, budget=budget))) == any_
    shut = replace(problem, limits=replace(problem.limits, area=np.zeros((2, 2))))
    assert least(shut) == Least(None, ())
    alone = replace(case(rules=(Rule("never", "together", measures=("force", "service", "care")),)))
    assert least(alone) == Least(None, (("never", 0.5),))


@pytest.mark.parametrize(("name", "value"), [("LARGE", 3), ("NODES", 0)])
def test_a_least_cost_that_is_not_proven_is_not_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    problem = replace(case(3, rules=(*RULES, ANSWER)), warned=("a", "b"))
    monkeypatch.setattr("toguna.responses.plan.least." + name, value)
    assert least(problem) is None


def test_a_clash_is_told_in_words_and_cannot_be_made_smaller() -> None:
    rules = (
        Rule("never-alone", "together", {"en": "EN", "fr": "FR"}, measures=("force",), any_of=("gone",)),
    )
    problem = replace(case(rules=rules), demands=(Demand("force", "a"), Demand("service", "b")))
    with pytest.raises(NoPlanError):
        solve(problem)
    found = conflict(problem)
    assert found is not None
    assert set(found.names) == {"rule/never-alone", "demand/0"}
    assert "never-alone" in found.sentences["en"] and "status" not in found.sentences["en"]
    assert found.sentences["fr"] != found.sentences["en"]
    assert conflict(replace(problem, rules=())) is None


def test_a_budget_that_is_too_small_is_named() -> None:
    found = conflict(replace(case(budget=0.3), demands=(Demand("force", "a"),)))
    assert found is not None
    assert set(found.names) == {"budget", "demand/0"}


def test_a_demand_that_a_rule_keeps_out_names_the_rule() -> None:
    found = conflict(replace(case(), demands=(Demand("S05_emergency_checkpoints"),)))
    assert found is not None
    assert "do-no-harm" in found.sentences["en"]


def test_every_rule_of_the_catalogue_is_held_and_every_default_off_is_kept_out() -> None:
    measures = load_catalogue().measures
    out = not_offered(all_rules())
    for measure in measures.values():
        assert measure.plannable == (measure.id not in out), measure.id
        for group in measure.requires:
            held = [
                r
                for r in all_rules()
                if r.kind in ("together", "before") and {measure.id} <= set(r.measures) and r.any_of == group
            ]
            assert held, (measure.id, group)
    named = {m for rule in all_rules() for m in (*rule.measures, *rule.any_of)}
    assert named <= set(measures)
    assert all(rule.text["en"] != rule.text["fr"] and rule.source for rule in all_rules())


def test_rules_are_switched_by_name() -> None:
    assert "economy-share" not in {r.id for r in rules_without(["economy-share"])}
    with pytest.raises(UnknownNameError):
        rules_without(["economy"])
    with pytest.raises(UsageError):
        rules_without(["places-only"])


def test_doing_nothing_is_worth_nothing_and_shares_sum_to_one() -> None:
    problem = case()
    plan = solve(problem, EXACT).x
    plans = {"plan": plan, "nothing": np.zeros(problem.shape)}
    rows = {r.policy: r for r in judged(problem, with_scenarios(problem, EXACT), plans)}
    assert rows["nothing"].expected == rows["nothing"].score == 0
    assert rows["plan"].beats_plan == 0
    assert rows["plan"].low <= rows["plan"].high
    for share in shares_of(problem, np.zeros(2)).values():
        assert share.sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_a_flip_flips(seed: int) -> None:
    """Beyond the factor the other portion is better; short of it the one in the plan is."""
    problem = case(seed, budget=4.0, size=60)
    x = solve(problem, EXACT).x
    found = flips(problem, x)
    assert {"effect", "need", "forecast"} & {f.kind for f in found}
    for flip in (f for f in found if f.factor is not None):
        m, a = problem.ids.index(flip.measure), problem.areas.index(flip.area)
        other = x.copy()
        other[m, a, problem.quarters.index(flip.quarter)] -= 1
        n, b, r = flip.instead.split("/")
        other[problem.ids.index(n), problem.areas.index(b), problem.quarters.index(r)] += 1

        def lead(factor: float, flip: Flip = flip, at: tuple[int, int] = (m, a), y: Floats = other) -> float:
            worth = Worth(scaled(problem, flip.kind, at, factor))
            return worth.score(x) - worth.score(y)

        near, far = sorted((1.0, flip.factor), key=lambda f: abs(f - 1))
        assert lead(near) >= -1e-9
        assert lead(far + 0.02 * np.sign(far - near)) <= 1e-6


def test_information_is_that_of_a_choice_known_in_closed_form() -> None:
    """Act or not on one normal effect of mean 0: perfect information is worth sd times 0.3989."""
    rng = np.random.default_rng(3)
    size = 4000
    problem = replace(
        case(size=size),
        averted=np.column_stack([rng.normal(0, 0.05, size), np.zeros(size), np.zeros(size)]),
        harm=np.full((size, 2, 2), 10.0),
        need=np.zeros(2),
        cover=np.ones(2),
        aims=Aims(1.0, 0.0, 0.0),
    )
    act = np.zeros(problem.shape)
    act[0, 0, 0] = 1
    found = information(problem, [act, np.zeros(problem.shape)])
    truth = 0.05 * 10 / 40 * 0.3989
    assert found.everything == pytest.approx(truth, rel=0.06)
    assert found.measures["force"] == pytest.approx(truth, rel=0.1)


def test_the_causal_truth_of_a_simulated_world_is_found() -> None:
    """One measure works, in a world where deaths fall by what the planner believes: it goes there."""
    problem = replace(case(budget=1.5, size=200), averted=np.tile([0.3, 0.0, 0.0], (200, 1)))
    problem = replace(problem, aims=Aims(1.0, 0.0, 0.0), cover=np.ones(2))
    x = solve(problem, EXACT).x
    assert x[0, 1].sum() == 1 and x.sum() == 1
    rng, q = np.random.default_rng(9), int(np.argmax(x[0, 1]))
    rate = np.broadcast_to([[3.0, 4.0], [8.0, 6.0]], (20000, 2, 2))
    without = rng.poisson(rate)
    treated = rate.copy()
    treated[:, 1, q] *= 0.7
    seen = (without.sum(axis=(1, 2)) - rng.poisson(treated).sum(axis=(1, 2))).mean()
    assert Worth(problem).expected(x) == pytest.approx(seen, abs=0.15)


def test_offered_is_the_most_of_each() -> None:
    assert offered(case()).max() == 1
