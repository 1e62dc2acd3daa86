"""Small cases of planning, and every plan they have: what a search finds is held against all of them."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np

from toguna.responses.plan.constraints import blocks
from toguna.responses.plan.problem import Floats, Limits, Option, Problem
from toguna.responses.plan.rules import Rule
from toguna.responses.plan.solve import Effort
from toguna.responses.plan.value import Worth

EXACT = Effort(gap=1e-6, rounds=60)
CLOSE = Effort(gap=1e-4, rounds=30)


def case(seed: int = 0, *, budget: float = 4.0, rules: tuple[Rule, ...] = (), size: int = 40) -> Problem:
    """Three measures, two areas, two quarters."""
    rng = np.random.default_rng(seed)
    options = (
        Option("force", "security", most=1),
        Option("service", "basic_services", "long", lasts=2, most=1),
        Option("care", "security", most=1),
    )
    return Problem(
        options=options,
        areas=("a", "b"),
        quarters=("q0", "q1"),
        harm=rng.poisson([[3.0, 4.0], [8.0, 6.0]], (size, 2, 2)).astype(float),
        averted=np.clip(rng.normal([0.15, 0.05, 0.02], 0.15, (size, 3)), -0.9, 0.9),
        need=np.array([3.0, 1.0]),
        reach=np.array([[0.0, 0.0], [0.4, 0.4], [0.0, 0.0]]),
        cover=np.array([1.0, 0.6]),
        costs=np.array([[1.0, 1.5], [1.2, 0.8], [0.5, 0.7]]),
        budget=budget,
        limits=Limits(np.full(2, 4.0), np.full((2, 2), 2.0)),
        rules=rules,
    )


RULES = (
    Rule("with-service", "together", measures=("force",), any_of=("service",)),
    Rule("with-care", "together", measures=("force",), any_of=("care",)),
    Rule("services", "least-share", pillars=("basic_services",), share=0.2),
)


@lru_cache(maxsize=1)
def _corners(size: int) -> Floats:
    return np.array(list(itertools.product((0.0, 1.0), repeat=size)))


def every(problem: Problem) -> Floats:
    """Every plan that keeps limits, rules and demands, (N, M, A, Q)."""
    x = _corners(int(np.prod(problem.shape)))
    for block in blocks(problem):
        x = x[(block.rows @ x.T <= block.right[:, None] + 1e-9).all(axis=0)]
    return x.reshape(-1, *problem.shape)


def brute(problem: Problem) -> float:
    """The best score over every plan there is."""
    worth = Worth(problem)
    return max(worth.score(x) for x in every(problem))
