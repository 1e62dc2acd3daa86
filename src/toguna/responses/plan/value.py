"""What portions are worth: harm averted draw by draw, and need met.

Enters: a `Problem` and portions (M, A, Q). Leaves: values and slopes. Called by the solver and by whoever
compares plans.

In one draw, area and quarter let ``L`` be the sum over acting portions of ``-log(1 - share averted)``, times
the share of the area that is covered. The harm averted is ``harm * min(most_together, 1 - exp(-L))``: shares
multiply, they never add up, and the whole is capped. Harm that a measure adds makes ``L`` negative and is not
capped. The function is concave in ``L``, ``L`` is linear in the portions, so the mean and the mean of the
worst draws are concave in the portions too: every slope bounds the value from above. The solver rests on
that; nothing is linearised in what is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from toguna.core.errors import UsageError
from toguna.responses.plan.problem import Floats, Problem, Scenarios

__all__ = ["Given", "Worth", "acting", "worst"]


def acting(problem: Problem) -> Floats:
    """Return (M, Q, Q): 1 where a portion begun in quarter q acts in quarter r."""
    M, _, Q = problem.shape
    when = np.zeros((M, Q, Q))
    for m, option in enumerate(problem.options):
        for q in range(Q):
            when[m, q, q + option.lead : q + option.lead + option.lasts] = 1
    return when


def worst(values: Floats, tail: float) -> Floats:
    """Return weights (S,) that make the mean of the lowest share `tail` of values; they sum to 1.

    The last draw counts in part when `tail` times S is no whole number.
    """
    S = len(values)
    room = np.full(S, 1 / (tail * S))
    order = np.argsort(values, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(room)[:-1]])
    weights = np.zeros(S)
    weights[order] = np.clip(1 - before, 0, room)
    return weights


@dataclass(frozen=True)
class Given:
    """What a problem says whatever the portions are."""

    problem: Problem

    @cached_property
    def when(self) -> Floats:
        """When portions act; see `acting`."""
        return acting(self.problem)

    @cached_property
    def logs(self) -> Floats:
        """Return -log(1 - share averted), (S, M)."""
        return np.asarray(-np.log1p(-self.problem.averted))

    @cached_property
    def reach(self) -> Floats:
        """Return -log(1 - reach), (M, A)."""
        return np.asarray(-np.log1p(-self.problem.reach))

    @cached_property
    def expected_harm(self) -> float:
        """Mean harm without a plan, over all areas and quarters."""
        return float(self.problem.harm.sum(axis=(1, 2)).mean())

    @cached_property
    def all_need(self) -> float:
        """Need over all areas and the quarters in which anything may be begun."""
        return float(self.problem.need.sum()) * int((self.problem.limits.quarter > 0).sum())

    @cached_property
    def ceiling(self) -> float:
        """Return the log at which the cap is reached."""
        return float(-np.log1p(-self.problem.most_together))

    @cached_property
    def mean_harm(self) -> Floats:
        """Mean harm without a plan, (A, Q)."""
        return np.asarray(self.problem.harm.mean(axis=0))

    @cached_property
    def scales(self) -> tuple[float, float, float]:
        """Weights of one unit of mean harm averted, of the worst draws, and of need met."""
        aims = self.problem.aims
        harm = aims.harm / self.expected_harm if self.expected_harm > 0 else 0.0
        need = aims.need / self.all_need if self.all_need > 0 else 0.0
        caution = 1.0 if aims.regret else aims.caution
        return harm * (1 - caution), harm * caution, need

    @cached_property
    def scenarios(self) -> Scenarios:
        """Return those of the problem; when it has none, all draws are one."""
        none = np.zeros(1)
        return self.problem.scenarios or Scenarios(np.zeros(len(self.logs), dtype=np.int64), none, none)

    @cached_property
    def parts(self) -> Floats:
        """Weights of draws in each scenario, (K, S); those of a scenario sum to 1."""
        labels = self.scenarios.labels
        inside = labels[None] == np.arange(len(self.scenarios.most))[:, None]
        return np.asarray(inside / np.maximum(inside.sum(axis=1, keepdims=True), 1))

    @cached_property
    def levels(self) -> Floats:
        """Harm of each draw as its scenario has it on average, (S, A, Q); see `Worth.expected`."""
        S = len(self.logs)
        means = (self.parts @ self.problem.harm.reshape(S, -1)).reshape(-1, *self.problem.harm.shape[1:])
        return np.asarray(means[self.scenarios.labels])


class Worth(Given):
    """The value of portions under one problem."""

    def shares(self, x: Floats) -> tuple[Floats, Floats]:
        """Return the share of harm averted and its slope in L, both (S, A, Q)."""
        L = self._logs_of(x)
        left = np.exp(-np.minimum(L, self.ceiling))
        return 1 - left, np.where(self.ceiling > L, left, 0.0)

    def share(self, x: Floats) -> Floats:
        """Return the share of harm averted alone, (S, A, Q)."""
        left = np.minimum(self._logs_of(x), self.ceiling)
        np.exp(np.negative(left, out=left), out=left)
        return np.asarray(np.subtract(1, left, out=left))

    def _logs_of(self, x: Floats) -> Floats:
        acts = np.einsum("maq,mqr->mar", x, self.when) * self.problem.cover[:, None]
        return np.asarray((self.logs @ acts.reshape(len(acts), -1)).reshape(-1, *x.shape[1:]))

    def averted(self, x: Floats) -> Floats:
        """Return the harm averted in each draw, (S,); negative where harm is added."""
        return np.asarray((self.problem.harm * self.share(x)).sum(axis=(1, 2)))

    def by_area(self, x: Floats) -> Floats:
        """Return the mean harm averted by area, (A,)."""
        return np.asarray((self.mean_harm * self.share(x).mean(axis=0)).sum(axis=1))

    def expected(self, x: Floats) -> float:
        """Return the mean harm averted.

        Effects and harm are drawn independently, so the mean of the product is the product of the means:
        chance agreement between draws of harm and draws of effect must not choose a measure.
        """
        return float(self.by_area(x).sum())

    def met(self, x: Floats) -> tuple[Floats, Floats]:
        """Return need met and its slope in the log of reach, both (A, Q)."""
        left = np.exp(-np.einsum("ma,maq->aq", self.reach, x))
        need = self.problem.need[:, None]
        return need * (1 - left), need * left

    def need_met(self, x: Floats) -> float:
        """Return the share of all need that is met, 0 to 1."""
        return float(self.met(x)[0].sum() / self.all_need) if self.all_need > 0 else 0.0

    def lows(self, share: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what bounds the part of the score for bad cases: values, weights of draws, harm of draws.

        That part is the smallest of the values (N,). One value: the mean of the worst draws, times its weight
        in the score. When regret is made small, a value for each scenario: what harm averted scores there,
        less what the best plan there scores at most. Weights are (N, S), harm is (S, A, Q).
        """
        low = self.scales[1]
        if self.problem.aims.regret:
            if self.problem.scenarios is None:
                raise UsageError("regret needs scenarios; see toguna.responses.plan.regret.")
            averted = (self.levels * share).sum(axis=(1, 2))
            return low * (self.parts @ averted) - self.scenarios.most, self.parts, self.levels
        averted = (self.problem.harm * share).sum(axis=(1, 2))
        weights = worst(averted, self.problem.aims.tail)[None]
        return low * (weights @ averted), weights, self.problem.harm

    def score(self, x: Floats) -> float:
        """Return what the plan is chosen by, a weighted share; 0 for doing nothing.

        When regret is made small: the largest regret with its sign turned.
        """
        mean, _, need = self.scales
        share = self.share(x)
        tail = float(self.lows(share)[0].min())
        expected = float((self.mean_harm * share.mean(axis=0)).sum())
        return mean * expected + tail + need * float(self.met(x)[0].sum())

    def by_scenario(self, x: Floats) -> Floats:
        """Return what portions score in each scenario, (K,): harm averted and need met, weighed."""
        mean, low, need = self.scales
        averted = (self.levels * self.share(x)).sum(axis=(1, 2))
        return np.asarray((mean + low) * (self.parts @ averted) + need * float(self.met(x)[0].sum()))

    def regret(self, x: Floats) -> tuple[float, float]:
        """Return bounds of the largest regret: over scenarios, how far the best plan there is ahead.

        The first is against the best plans found, the second against scores that no plan exceeds.
        """
        own, known = self.by_scenario(x), self.scenarios
        return max(0.0, float((known.least - own).max())), max(0.0, float((known.most - own).max()))
