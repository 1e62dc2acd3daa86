"""Limits and rules as linear inequalities, each block with the name of what it is for.

Enters: a `Problem`. Leaves: `Block` values: rows @ x <= right. Called by the solver, and by
`toguna.responses.plan.conflicts`, which finds the blocks that cannot hold together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from toguna.core.errors import UnknownNameError
from toguna.responses.plan.problem import Demand, Floats, Problem
from toguna.responses.plan.rules import Rule

__all__ = ["Block", "blocks", "broken", "offered"]


@dataclass(frozen=True)
class Block:
    """Inequalities that stand for one limit, rule or demand.

    Parameters
    ----------
    name : str
        "budget", "quarter", "area", "running", "spend", "rule/ID" or "demand/N".
    rows : sparse (K, M*A*Q)
    right : (K,) float
    """

    name: str
    rows: sparse.csr_matrix
    right: Floats


def offered(problem: Problem) -> Floats:
    """Return the most portions of each measure, area and quarter, (M, A, Q)."""
    most = np.array([float(option.most) for option in problem.options])
    return np.broadcast_to(most[:, None, None], problem.shape).copy()


def blocks(problem: Problem) -> list[Block]:
    """Return all inequalities of a problem."""
    found = [
        _budget(problem),
        _per_quarter(problem),
        _per_area(problem),
        *_running(problem),
        *_spend(problem),
    ]
    found += [block for rule in problem.rules for block in _rule(problem, rule)]
    found += [_demand(problem, d, i) for i, d in enumerate(problem.demands)]
    return found


def broken(problem: Problem, x: Floats, *, slack: float = 1e-6) -> list[str]:
    """Name the blocks that portions do not keep."""
    flat = x.ravel()
    return [b.name for b in blocks(problem) if (b.rows @ flat > b.right + slack).any()]


def _numbers(problem: Problem) -> np.ndarray:
    return np.arange(int(np.prod(problem.shape))).reshape(problem.shape)


def _block(name: str, problem: Problem, rows: Iterable[np.ndarray], right: Floats) -> Block:
    """Make a block whose rows each sum the named variables."""
    listed = [np.ravel(row) for row in rows]
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *listed])
    row = np.repeat(np.arange(len(listed)), [len(one) for one in listed])
    shape = (len(listed), int(np.prod(problem.shape)))
    return Block(name, sparse.csr_matrix((np.ones(len(columns)), (row, columns)), shape=shape), right)


def _prices(problem: Problem) -> Floats:
    return np.broadcast_to(problem.costs[:, :, None], problem.shape).ravel()


def _budget(problem: Problem) -> Block:
    return Block("budget", sparse.csr_matrix(_prices(problem)[None]), np.array([problem.budget]))


def _per_quarter(problem: Problem) -> Block:
    n, right = _numbers(problem), problem.limits.quarter
    return _block("quarter", problem, (n[:, :, q] for q in range(n.shape[2])), right)


def _per_area(problem: Problem) -> Block:
    n, right = _numbers(problem), problem.limits.area
    rows = (n[:, a, q] for a in range(n.shape[1]) for q in range(n.shape[2]))
    return _block("area", problem, rows, right.ravel())


def _running(problem: Problem) -> Iterator[Block]:
    """Keep the portions of one measure that act at once within its most."""
    n, rows, right = _numbers(problem), [], []
    for m, option in enumerate(problem.options):
        for q in range(1, n.shape[2] if option.lasts > 1 else 0):
            begun = n[m, :, max(0, q - option.lasts + 1) : q + 1]
            rows += list(begun)
            right += [float(option.most)] * len(begun)
    if rows:
        yield _block("running", problem, rows, np.array(right))


def _spend(problem: Problem) -> Iterator[Block]:
    """Keep what each area may spend, where that is bounded."""
    if problem.limits.spend is None:
        return
    n, prices = _numbers(problem), _prices(problem)
    rows = np.zeros((n.shape[1], n.size))
    for a in range(n.shape[1]):
        own = n[:, a].ravel()
        rows[a, own] = prices[own]
    yield Block("spend", sparse.csr_matrix(rows), problem.limits.spend)


def _of(problem: Problem, ids: Iterable[str]) -> list[int]:
    wanted = set(ids)
    return [m for m, id in enumerate(problem.ids) if id in wanted]


def _rule(problem: Problem, rule: Rule) -> Iterator[Block]:
    name = f"rule/{rule.id}"
    if rule.kind in ("together", "before"):
        for m in _of(problem, rule.measures):
            yield _needs(name, problem, m, rule)
    elif rule.kind in ("least-share", "most-share"):
        counted = [
            m
            for m, option in enumerate(problem.options)
            if option.pillar in rule.pillars or option.term in rule.terms or option.id in rule.measures
        ]
        prices = _prices(problem).reshape(problem.shape).copy()
        parts = -rule.share * prices
        parts[counted] += prices[counted]
        sign = 1.0 if rule.kind == "most-share" else -1.0
        yield Block(name, sparse.csr_matrix(sign * parts.reshape(1, -1)), np.zeros(1))
    elif rule.kind == "follow-forecast":
        yield from _follow(name, problem, rule)
    elif rule.kind == "answer-warnings":
        parts = _warned(problem) * rule.share / len(problem.areas)
        yield from _at_least(name, problem, parts, _of(problem, rule.measures))


def _follow(name: str, problem: Problem, rule: Rule) -> Iterator[Block]:
    """Give areas with much of the harm forecast at least a part of their part of what is spent.

    Areas where nothing may be begun are left out: what was shut out by name is no breach of the rule.
    """
    harm = np.where(_open(problem), problem.harm.mean(axis=0).sum(axis=1), 0.0)
    parts = harm / harm.sum() if harm.sum() > 0 else harm
    meant = (parts >= rule.least) & (rule.least > 0)
    yield from _at_least(name, problem, rule.share * parts * meant, range(len(problem.options)))


def _open(problem: Problem) -> NDArray[np.bool_]:
    """Where anything may be begun."""
    return np.asarray(problem.limits.area.max(axis=1) > 0)


def _warned(problem: Problem) -> Floats:
    return (np.isin(problem.areas, problem.warned) & _open(problem)).astype(float)


def _at_least(name: str, problem: Problem, parts: Floats, counted: Sequence[int]) -> Iterator[Block]:
    """Give measures in each area at least a part, (A,), of what is spent; 0: no such row."""
    prices, rows, kept = _prices(problem).reshape(problem.shape), [], list(counted)
    for a in np.flatnonzero(parts) if kept else ():
        row = parts[a] * prices
        row[kept, a] -= prices[kept, a]
        rows.append(row.ravel())
    if rows:
        yield Block(name, sparse.csr_matrix(np.array(rows)), np.zeros(len(rows)))


def _needs(name: str, problem: Problem, m: int, rule: Rule) -> Block:
    """Portions of a measure are at most those of its companions there and then (or by then)."""
    n = _numbers(problem)
    own = n[m].ravel()
    companions = _of(problem, rule.any_of)
    size = len(own)
    rows = sparse.csr_matrix((np.ones(size), (np.arange(size), own)), shape=(size, n.size))
    for c in companions:
        for q in range(n.shape[2]):
            since = range(q + 1) if rule.kind == "before" else (q,)
            for p in since:
                at = np.arange(n.shape[1]) * n.shape[2] + q
                one = (np.full(len(at), -1.0), (at, n[c, :, p]))
                rows = rows + sparse.csr_matrix(one, shape=rows.shape)
    return Block(name, rows.tocsr(), np.zeros(size))


def _demand(problem: Problem, demand: Demand, number: int) -> Block:
    if demand.area is not None and demand.area not in problem.areas:
        raise UnknownNameError("area", demand.area, problem.areas)
    places = slice(None) if demand.area is None else problem.areas.index(demand.area)
    n = _numbers(problem)
    chosen = [n[m][places].ravel() for m in _of(problem, [demand.measure])]
    block = _block(f"demand/{number}", problem, [np.concatenate([np.zeros(0, int), *chosen])], np.zeros(1))
    return Block(block.name, -block.rows, np.array([-float(demand.least)]))
