"""The best plan within a proven distance: outer lines, whole portions, and the true gap.

Enters: a `Problem`. Leaves: a `Solved`, or a `NoPlanError`; `toguna.responses.plan.conflicts` says in words
what clashes. Called by whoever needs a plan.

The score is concave in the portions (`toguna.responses.plan.value`), so lines that touch it bound it from
above. First portions may be split: the linear programme under all lines gives a bound; lines are put between
its answer and the best answer so far (which settles sooner than Kelley's method alone), and again. Then
portions are whole: small problems go on in the same way with an integer programme and end with its bound;
large ones round the split answer, polish it, and keep the first bound. What is reported is always the exact
score of whole portions over all draws, and the distance to the bound.

References
----------
Kelley (1960), doi 10.1137/0108053 (cutting planes). Ben-Ameur and Neto (2007), doi 10.1002/net.20137 (in-out
points). Rockafellar and Uryasev (2000), doi 10.21314/JOR.2000.038 (mean of the worst draws).
Huangfu and Hall (2018), doi 10.1007/s12532-017-0130-5 (HiGHS, the solver inside scipy).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from toguna.core.errors import DataError
from toguna.responses.plan.constraints import Block, blocks, offered
from toguna.responses.plan.cuts import UNIT, Cuts
from toguna.responses.plan.polish import Room, polish
from toguna.responses.plan.problem import Floats, Problem
from toguna.responses.plan.value import Worth

__all__ = ["Effort", "NoPlanError", "Solved", "bound_of", "solve"]


class NoPlanError(DataError):
    """No plan keeps all limits, rules and demands; `toguna.responses.plan.conflicts` says which clash."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try. Nothing is bounded by time, so that the answer does not depend on the machine.

    Parameters
    ----------
    gap : float
        Distance to the bound that is good enough, as a share of the bound.
    rounds : int
        Most rounds of each stage.
    small : int
        Problems with at most so many variables are solved in whole portions by the integer programme.
    nodes : int
        Most nodes of an integer programme.
    steps : int
        Most changes of one portion when a large answer is polished.
    roundings : int
        Times that split portions are rounded, 1 or more.
    """

    gap: float = 0.01
    rounds: int = 40
    small: int = 60
    nodes: int = 2000
    steps: int = 60
    roundings: int = 4


@dataclass(frozen=True)
class Solved:
    """Whole portions and how good they are.

    Parameters
    ----------
    x : (M, A, Q) float
        Whole numbers, 0 or more.
    score, bound : float
        What they score; no plan scores more than the bound.
    rounds : int
        Linear and integer programmes that were solved.
    yardstick : float
        When regret is made small: the most that any plan scores in any scenario. Regret may be nothing, and a
        distance to nothing has no share.
    """

    x: Floats
    score: float
    bound: float
    rounds: int
    yardstick: float = 0.0

    @property
    def gap(self) -> float:
        """Distance to the bound as a share of the bound (of `yardstick` where that is larger), 0 or more."""
        return max(0.0, self.bound - self.score) / max(abs(self.bound), self.yardstick, 1e-9)


@dataclass
class _Search:
    """The state of one search."""

    problem: Problem
    effort: Effort
    cuts: Cuts
    rows: sparse.csr_matrix
    right: Floats
    high: Floats
    best: Floats
    score: float = -np.inf
    bound: float = np.inf
    rounds: int = 0

    @classmethod
    def begin(cls, problem: Problem, effort: Effort, held: list[Block]) -> _Search:
        rows = sparse.vstack([b.rows for b in held]).tocsr()
        right = np.concatenate([b.right for b in held])
        worth = Worth(problem)
        nothing = np.zeros(problem.shape)
        return cls(problem, effort, Cuts(worth), rows, right, offered(problem), nothing)

    @property
    def scale(self) -> float:
        return max(abs(self.bound), self.yardstick, 1e-9)

    @property
    def yardstick(self) -> float:
        known = self.problem.scenarios
        return float(np.abs(known.most).max()) if known is not None and self.problem.aims.regret else 0.0

    @property
    def gap(self) -> float:
        return (self.bound - self.score) / self.scale

    def matrix(self) -> tuple[sparse.csr_matrix, Floats]:
        """Return limits above lines."""
        lines, right = self.cuts.all()
        wide = sparse.hstack(
            [self.rows, sparse.csr_matrix((self.rows.shape[0], self.cuts.width - self.cuts.n))]
        )
        floor, least = self.cuts.floor()
        return sparse.vstack([wide, floor, lines]).tocsr(), np.concatenate([self.right, least, right])

    def enough(self, x: Floats) -> bool:
        """Whether portions meet the need that is asked for, to a hundredth of it."""
        least = self.problem.need_at_least
        return least <= 0 or self.cuts.worth.need_met(x) >= 0.99 * least

    def ranges(self) -> tuple[Floats, Floats]:
        low, high = self.cuts.ceilings()
        return np.concatenate([np.zeros(self.cuts.n), low]), np.concatenate([self.high.ravel(), high])


def solve(problem: Problem, effort: Effort | None = None, *, held: list[Block] | None = None) -> Solved:
    """Return the best plan that was found, and the bound that no plan exceeds.

    Parameters
    ----------
    problem : Problem
    effort : Effort, optional
    held : list of Block, optional
        Limits, rules and demands to keep in place of those of the problem.

    Raises
    ------
    NoPlanError
        Limits, rules and demands cannot all hold.
    """
    effort = effort or Effort()
    search = _Search.begin(problem, effort, blocks(problem) if held is None else held)
    if not search.cuts.n or not len(problem.areas):
        return Solved(search.best, 0.0, 0.0, 0)
    split = _split(search)
    return _whole(search, split) if search.cuts.n <= effort.small else _rounded(search, split)


def bound_of(problem: Problem, effort: Effort) -> float:
    """Return a score that no plan exceeds: the first stage alone, with portions that may be split.

    Raises
    ------
    NoPlanError
        Limits, rules and demands cannot all hold.
    """
    search = _Search.begin(problem, effort, blocks(problem))
    if search.cuts.n:
        _split(search)
    return search.bound if search.cuts.n else 0.0


def _split(search: _Search) -> Floats:
    """Solve with portions that may be split; return the best of them."""
    x = best = search.best
    search.cuts.add(x)
    settled, score = search.effort.gap * 0.3, -np.inf
    for turn in range(search.effort.rounds):
        rows, right = search.matrix()
        low, high = search.ranges()
        found = linprog(
            -search.cuts.goal, A_ub=rows, b_ub=right, bounds=np.stack([low, high], 1), method="highs"
        )
        search.rounds += 1
        if found.status != 0:
            raise NoPlanError("no plan keeps all limits, rules and demands.")
        search.bound = min(search.bound, -found.fun / UNIT)
        if turn > 1:
            first = search.rows.shape[0] + 1
            duals, slack = found.ineqlin.marginals[first:], found.slack[first:]
            search.cuts.keep((duals < -1e-12) | (slack < 1e-9))
        x = np.clip(found.x[: search.cuts.n].reshape(search.high.shape), 0, search.high)
        share = 0.5 if turn == 0 else 0.35
        between = best + share * (x - best)
        tried = [between, x] if turn % 3 == 2 or turn == 0 else [between]
        for one in tried:
            if (own := search.cuts.add(one)) > score and search.enough(one):
                score, best = own, one
        if search.bound - score <= settled * search.scale:
            break
    return best


def _whole(search: _Search, split: Floats) -> Solved:
    """Go on with whole portions until the gap is small enough."""
    _try(search, np.floor(split + 1e-9))
    for _ in range(search.effort.rounds):
        rows, right = search.matrix()
        low, high = search.ranges()
        whole = np.concatenate([np.ones(search.cuts.n), np.zeros(search.cuts.width - search.cuts.n)])
        found = milp(
            -search.cuts.goal,
            constraints=LinearConstraint(rows, -np.inf, right),
            integrality=whole,
            bounds=Bounds(low, high),
            options={"mip_rel_gap": search.effort.gap * 0.3, "node_limit": search.effort.nodes},
        )
        search.rounds += 1
        if found.x is None:
            if found.status == 2:
                raise NoPlanError("no plan keeps all limits, rules and demands.")
            break
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
        search.bound = min(search.bound, -bound / UNIT)
        x = np.round(found.x[: search.cuts.n]).reshape(search.high.shape)
        known = search.score
        _try(search, x)
        search.cuts.add(x)
        if search.gap <= search.effort.gap or (search.score <= known and found.mip_gap is None):
            break
    if not np.isfinite(search.score):
        return _rounded(search, split)
    return _done(search)


def _try(search: _Search, x: Floats) -> None:
    """Keep portions if they keep the limits and score more."""
    if (search.rows @ x.ravel() <= search.right + 1e-6).all() and search.enough(x):
        score = search.cuts.worth.score(x)
        if score > search.score:
            search.best, search.score = x, score


def _rounded(search: _Search, split: Floats) -> Solved:
    """Round split portions up or down as the limits allow, then polish."""
    low, high = np.floor(split + 1e-9), np.minimum(np.ceil(split - 1e-9), search.high)
    at = split
    _try(search, np.zeros(search.high.shape))  # where worst draws weigh most, nothing may be best
    for turn in range(search.effort.roundings):
        x = _direct(search, at, low, high)
        _try(search, x)
        search.cuts.add(x)
        if search.gap <= search.effort.gap / 2:
            break
        # The slope half-way to the whole portions knows how fast more of the same is worth less.
        at = split + (x - split) / (2 if turn == 0 else 3)
    shape = search.high.shape
    room = Room.of(search.rows, search.right, search.high.ravel(), search.best.ravel())
    better = polish(
        room,
        lambda flat: search.cuts.worth.score(flat.reshape(shape)),
        lambda flat: search.cuts.slopes(flat.reshape(shape)).ravel(),
        steps=search.effort.steps,
        outs=max(8, min(60, 150_000 // search.cuts.n)),
    )
    _try(search, better.reshape(shape))
    return _done(search)


def _direct(search: _Search, at: Floats, low: Floats, high: Floats) -> Floats:
    """Choose whole portions beside split ones, further from them where the limits leave no other way."""
    for wider in (0.0, 1.0, np.inf):
        ranges = np.maximum(low - wider, 0), np.minimum(high + wider, search.high)
        x = _directions(search, at, *ranges)
        if x is not None:
            return x
    raise NoPlanError("no plan in whole portions keeps all limits, rules and demands.")


def _directions(search: _Search, split: Floats, low: Floats, high: Floats) -> Floats | None:
    """Choose up or down for each split portion: slopes at the split answer, lines for the worst draws."""
    cuts = search.cuts
    lines, right = cuts.all()
    tail = lines[:, -1].toarray().ravel() > 0
    slope = cuts.mean_slopes(split)
    free = np.nonzero((high > low).ravel())[0]
    fixed = low.ravel()
    first = search.rows.shape[0]
    every = sparse.vstack([search.rows, lines[tail][:, : cuts.n]]).tocsr()
    floor, least = _needed(search, split)
    every = sparse.vstack([every, floor]).tocsr()
    own = every[:, free]
    own = sparse.hstack(
        [own, sparse.csr_matrix(np.repeat([0.0, 1.0, 0.0], [first, tail.sum(), floor.shape[0]])[:, None])]
    )
    limit = np.concatenate([search.right, right[tail], least]) - every @ fixed
    span = (high.ravel() - fixed)[free]
    found = milp(
        np.concatenate([-UNIT * slope.ravel()[free], [-1.0]]),
        constraints=LinearConstraint(own.tocsr(), -np.inf, limit),
        integrality=np.concatenate([np.ones(len(free)), [0.0]]),
        bounds=Bounds(np.concatenate([np.zeros(len(free)), [-np.inf]]), np.concatenate([span, [UNIT]])),
        options={"mip_rel_gap": search.effort.gap * 0.2, "node_limit": search.effort.nodes},
    )
    search.rounds += 1
    if found.x is None:
        return None
    x = fixed.copy()
    x[free] += np.round(found.x[:-1])
    return x.reshape(split.shape)


def _needed(search: _Search, at: Floats) -> tuple[sparse.csr_matrix, Floats]:
    """Return the line that asks for need to be met, touching what is met at portions; none if not asked."""
    worth, least = search.cuts.worth, search.problem.need_at_least
    if least <= 0:
        return sparse.csr_matrix((0, search.cuts.n)), np.zeros(0)
    slope = (worth.reach[:, :, None] * worth.met(at)[1][None] / worth.all_need).ravel()
    room = worth.need_met(at) - float(slope @ at.ravel()) - least
    return sparse.csr_matrix(-UNIT * slope[None]), np.array([UNIT * room])


def _done(search: _Search) -> Solved:
    if not np.isfinite(search.score):
        raise NoPlanError("no plan in whole portions was found that meets the need asked for.")
    bound = max(search.bound, search.score)
    return Solved(search.best, search.score, bound, search.rounds, search.yardstick)
