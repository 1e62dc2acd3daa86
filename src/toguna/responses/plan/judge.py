"""What a plan is worth on draws it was not chosen on, beside simpler ways to place the same budget.

Enters: a `Problem`, the same with fresh draws, a plan. Leaves: `Judged` rows, Pareto points, the value of
information. Called by `toguna.responses.plan.plan`.

The simpler ways keep the same limits and rules and choose measures as well as they can; only where the money
goes is theirs: area by area in equal parts, by last year's deaths, by forecast deaths, by need. On the draws
it was chosen on the plan can therefore hardly lose to them; fresh draws say more.

References
----------
Savage (1951), doi 10.1080/01621459.1951.10500768 (regret). Haimes, Lasdon and Wismer (1971), doi
10.1109/TSMC.1971.4308298 (epsilon constraint). Strong, Oakley and Brennan (2014), doi
10.1177/0272989X13505910 (value of partial information by regression).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from toguna.responses.plan.problem import Aims, Floats, Problem
from toguna.responses.plan.solve import Effort, NoPlanError, solve
from toguna.responses.plan.value import Worth, worst

__all__ = ["POLICIES", "Information", "Judged", "front", "information", "judged", "shares_of", "simpler"]

POLICIES = ("nothing", "equal", "reactive", "forecast", "need")
DEGREE = 3
"""Of the polynomial by which the value of partial information is estimated."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One way to spend the budget, on fresh draws.

    Parameters
    ----------
    policy : str
        "plan", or one of `POLICIES`.
    spent : float
        What it costs.
    expected, low, high, cvar : float
        Deaths averted: mean, 5 % and 95 % of the draws, mean of the worst tenth. Negative: deaths added.
    need : float
        Share of need met.
    score : float
        The weighted share that plans are chosen by.
    regret, regret_least : float
        Largest regret: over scenarios (deaths low, middling, high; measures doing worse or better than usual)
        how far its score falls behind that of the best plan there. At most and at least: the best plan of a
        scenario is known only between bounds.
    beats_plan : float
        Share of draws in which it scores more than the plan.
    """

    policy: str
    spent: float
    expected: float
    low: float
    high: float
    cvar: float
    need: float
    score: float
    regret: float
    regret_least: float
    beats_plan: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        told = asdict(self)
        return {k: round(v, 6) if isinstance(v, float) else v for k, v in told.items()}


def shares_of(problem: Problem, last_year: Floats) -> dict[str, Floats]:
    """Return the share of the budget that each simpler way gives to each area; they sum to 1.

    Parameters
    ----------
    last_year : (A,) float
        Deaths of the last year known.
    """
    A = len(problem.areas)
    weights = {
        "equal": np.ones(A),
        "reactive": last_year,
        "forecast": problem.harm.mean(axis=0).sum(axis=1),
        "need": problem.need,
    }
    return {name: w / w.sum() if w.sum() > 0 else np.full(A, 1 / max(A, 1)) for name, w in weights.items()}


def simpler(problem: Problem, last_year: Floats, effort: Effort) -> dict[str, Floats]:
    """Return the portions of each simpler way; one that no plan can follow is left out.

    Where to spend is what they are: rules that spending follows forecasts and warnings do not bind them.
    """
    where = ("follow-forecast", "answer-warnings")
    rules = tuple(rule for rule in problem.rules if rule.kind not in where)
    problem = replace(problem, rules=rules)
    found: dict[str, Floats] = {"nothing": np.zeros(problem.shape)}
    for name, share in shares_of(problem, last_year).items():
        held = replace(problem, limits=replace(problem.limits, spend=share * problem.budget))
        try:
            found[name] = solve(held, effort).x
        except NoPlanError:
            continue
    return found


def _scores(worth: Worth, x: Floats) -> Floats:
    """Return the score of each draw, (S,): harm and need weighed, no worst draws."""
    aims = worth.problem.aims
    per_harm = aims.harm / worth.expected_harm if worth.expected_harm > 0 else 0.0
    return np.asarray(per_harm * worth.averted(x) + aims.need * worth.need_met(x))


def judged(fresh: Problem, imagined: Problem, plans: Mapping[str, Floats]) -> list[Judged]:
    """Judge plans on fresh draws; "plan" must be among them.

    Regret is taken over the scenarios of `imagined`, see `toguna.responses.plan.regret`; a plan at hand may
    be better in one than the best plan found for it.
    """
    worth, world = Worth(fresh), Worth(imagined)
    scores = {name: _scores(worth, x) for name, x in plans.items()}
    by_scenario = np.array([world.by_scenario(x) for x in plans.values()])
    least = np.maximum(world.scenarios.least, by_scenario.max(axis=0))
    rows = []
    for (name, x), own in zip(plans.items(), by_scenario, strict=True):
        averted = worth.averted(x)
        low, high = np.quantile(averted, [0.05, 0.95])
        rows.append(
            Judged(
                policy=name,
                spent=fresh.spent(x),
                expected=worth.expected(x),
                low=float(low),
                high=float(high),
                cvar=float(worst(averted, 0.1) @ averted),
                need=worth.need_met(x),
                score=(world if imagined.aims.regret else worth).score(x),
                regret=max(0.0, float((world.scenarios.most - own).max())),
                regret_least=max(0.0, float((least - own).max())),
                beats_plan=float((scores[name] > scores["plan"] + 1e-12).mean()),
            )
        )
    return rows


def front(problem: Problem, fresh: Problem, effort: Effort, *, points: int = 4) -> list[dict[str, float]]:
    """Return what is given up for what: most harm averted for a least share of need met (epsilon constraint).

    The first point asks for no need to be met, the last for nearly all that the budget can meet; a point is
    left out where no plan in whole portions was found that meets it.
    """
    only_need = replace(problem, aims=replace(problem.aims, harm=0.0, need=1.0, regret=False))
    most = Worth(problem).need_met(solve(only_need, effort).x)
    only_harm = replace(problem, aims=Aims(harm=1.0, need=0.0, caution=0.0))
    worth, found = Worth(fresh), []
    for share in np.linspace(0, 0.95, points):
        try:
            x = solve(replace(only_harm, need_at_least=float(share) * most), effort).x
        except NoPlanError:
            continue
        averted = worth.averted(x)
        told = {
            "need_asked": float(share) * most,
            "need": worth.need_met(x),
            "expected": worth.expected(x),
            "cvar": float(worst(averted, 0.1) @ averted),
        }
        found.append({k: round(v, 6) for k, v in told.items()})
    return found


@dataclass(frozen=True, slots=True)
class Information:
    """What it would be worth to know, in the unit of the score.

    Parameters
    ----------
    everything : float
        Knowing harm and all effects beforehand, choosing among the plans at hand: a lower bound of the
        value of perfect information, which could also choose a plan that nobody has made.
    measures : dict of str to float
        Knowing the effect of one measure.
    """

    everything: float
    measures: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; measures of value above 0, the largest first."""
        ordered = sorted(self.measures.items(), key=lambda item: (-item[1], item[0]))
        told = {id: round(v, 6) for id, v in ordered if v > 1e-6}
        return {"everything": round(self.everything, 6), "measures": told}


def information(problem: Problem, plans: Sequence[Floats]) -> Information:
    """Return the value of information for a choice among plans.

    Notes
    -----
    One measure: ``E[max_c E[V_c | effect]] - max_c E[V_c]``, the inner mean by least squares on a polynomial
    of degree 3 of the effect. Fitting noise makes it too large by about ``(3 / S)`` of the variance of the
    differences between plans; the same fit on shuffled effects is therefore subtracted.
    """
    worth = Worth(problem)
    values = np.array([_scores(worth, x) for x in plans])
    base = float(values.mean(axis=1).max())
    used = [m for m in range(len(problem.options)) if any(x[m].any() for x in plans)]
    shuffled = np.random.default_rng(0).permutation(len(problem.averted))
    found = {}
    for m in used:
        effect = problem.averted[:, m]
        gain = _known(values, effect) - _known(values, effect[shuffled])
        found[problem.options[m].id] = max(0.0, gain)
    return Information(float(values.max(axis=0).mean()) - base, found)


def _known(values: Floats, effect: Floats) -> float:
    """Return the mean of the best fitted value, for values (C, S) and an effect (S,)."""
    spread = effect.std()
    if spread <= 0:
        return float(values.mean(axis=1).max())
    basis = np.vander((effect - effect.mean()) / spread, DEGREE + 1)
    fitted = basis @ np.linalg.lstsq(basis, values.T, rcond=None)[0]
    return float(fitted.max(axis=1).mean())
