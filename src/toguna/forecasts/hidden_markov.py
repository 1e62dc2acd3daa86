"""A hidden Markov model of levels: how long does a level last, and what follows it?

Every unit is in one of a few hidden states each month: a level (deaths a month, in steps of two) and a kind
of spread around it. Counts are negative binomial given the state; the level moves as a Markov chain
whose chances are learnt from all units (Baum and Welch), and a unit rarely changes its kind of spread.
What was seen gives chances of the present state; the chain carries them h months on.

From 30 deaths a month (countries) chances of going up or down by a factor are the same at every level: a
record war is judged by its course, not by its size (see `toguna.forecasts.relative`). Cells have states of
their own.

Enters: a history. Leaves: chances. Called by `toguna.forecasts.members` and `toguna.forecasts.cell_levels`.

References
----------
Baum and others (1970), doi 10.1214/aoms/1177697196 (estimation).
Rabiner (1989), doi 10.1109/5.18626 (forward and backward passes, scaled).
Williams and others (2024), doi 10.48550/arXiv.2110.05475 (hidden Markov models of conflicts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.support import COUNTS

__all__ = ["LEVELS", "OF_COUNTRIES", "SIZES", "Chain", "States", "fitted_chain", "hidden_markov"]

Floats = NDArray[np.float64]
Likely = NDArray[np.floating]

LEVELS: Floats = np.concatenate([[0.005, 0.05, 0.2, 0.5], 2.0 ** np.arange(17)])
"""Mean deaths a month of the levels of countries, (L,): four below one, then doubling to 65,536."""
SIZES = (0.7, 2.0, 6.0)
"""Sizes of the negative binomials, one for each kind of spread: var = mean + mean^2 / size."""
_PRIOR = 2.0
"""Months that were seen before any: to stay, or to go d levels away, e times rarer for each."""


@dataclass(frozen=True, eq=False)
class States:
    """The hidden states: levels within kinds of spread.

    Parameters
    ----------
    levels : (L,) float
        Mean deaths a month, rising.
    sizes : tuple of float, length K
        Sizes of the negative binomials, one for each kind of spread.
    size_below_one : float
        Size at most of levels below one death a month.
    shared_from : float
        Deaths a month from which moves depend on the factor alone.
    stays : float
        Chance that a unit keeps its kind of spread for a month.
    single : bool
        Work in single precision, for many units.
    """

    levels: Floats
    sizes: tuple[float, ...]
    size_below_one: float = 0.5
    shared_from: float = 30.0
    stays: float = 0.99
    single: bool = False

    @property
    def mean(self) -> Floats:
        """Mean of each state, (S,)."""
        return np.tile(self.levels, len(self.sizes))

    @property
    def size(self) -> Floats:
        """Size of each state, (S,)."""
        below = self.levels < 1
        return np.concatenate([np.where(below, min(s, self.size_below_one), s) for s in self.sizes])


OF_COUNTRIES = States(LEVELS, SIZES)


@dataclass(frozen=True, slots=True)
class Chain:
    """What was learnt: `moves` (S, S) from month to month, `now` (U, S) chances of each unit's state.

    States are levels within kinds of spread: state k * L + i is level i of kind k.
    """

    moves: Floats
    now: Floats

    def ahead(self, steps: tuple[int, ...]) -> Floats:
        """Return chances of states after steps, (U, H, S)."""
        out, at = {}, self.now
        for h in range(1, max(steps) + 1):
            at = at @ self.moves
            out[h] = at
        return np.stack([out[h] for h in steps], axis=1)


def hidden_markov(iterations: int = 20, states: States = OF_COUNTRIES) -> Model:
    """Return the model; more iterations fit the past closer, and forecast no better."""

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        chain = fitted_chain(history.counts, iterations, states)
        ahead = chain.ahead(steps).astype(np.float32)
        said = np.minimum(ahead @ _distributions(states), 1.0)
        said[..., -1] = 1.0
        return np.asarray(said)

    return fitted


def fitted_chain(counts: Floats, iterations: int = 20, states: States = OF_COUNTRIES) -> Chain:
    """Estimate the chain from counts (U, T) by expectation and maximisation, from `_PRIOR` on."""
    series, which, times = np.unique(np.rint(counts), axis=0, return_inverse=True, return_counts=True)
    likely = _likelihood(series, states)
    kinds, levels = len(states.sizes), len(states.levels)
    within = [_apart(levels)] * kinds
    first = np.full(kinds * levels, 1.0 / (kinds * levels))
    for _ in range(iterations):
        expected, first = _expected(likely, first, _moves(within, states), times)
        within = [_shared(e, states) for e in expected.reshape(kinds, levels, kinds, levels).sum(axis=2)]
    moves = _moves(within, states)
    filtered, _ = _forward(likely, first, moves)
    return Chain(moves, filtered[-1][which.ravel()].astype(float))


def _apart(levels: int) -> Floats:
    """Chances to go from level to level before anything was seen, (L, L)."""
    chance = np.exp(-np.abs(np.arange(levels)[:, None] - np.arange(levels)[None]).astype(float))
    return np.asarray(chance / chance.sum(axis=1, keepdims=True))


def _likelihood(series: Floats, states: States) -> Likely:
    """P(count | state), scaled to a maximum of 1 over states, (T, U, S)."""
    from scipy.stats import nbinom

    seen, place = np.unique(series, return_inverse=True)
    mean, size = states.mean, states.size
    logs = nbinom.logpmf(seen[:, None], size, size / (size + mean))
    chance = np.exp(logs - logs.max(axis=1, keepdims=True))
    if states.single:
        chance = chance.astype(np.float32)
    return np.ascontiguousarray(chance[place.reshape(series.shape)].transpose(1, 0, 2))


def _distributions(states: States) -> Singles:
    """F of each state on the support of counts, (S, G)."""
    from scipy.stats import nbinom

    mean, size = states.mean[:, None], states.size[:, None]
    f = nbinom.cdf(COUNTS, size, size / (size + mean))
    f[:, -1] = 1.0
    return np.asarray(f, dtype=np.float32)


def _forward(likely: Likely, first: Floats, moves: Floats) -> tuple[Likely, Likely]:
    """Chances of states given counts up to each month, (T, U, S), and what they were divided by, (T, U)."""
    filtered, scale = np.empty_like(likely), np.empty(likely.shape[:2], dtype=likely.dtype)
    moves = moves.astype(likely.dtype)
    at = np.broadcast_to(first.astype(likely.dtype), likely.shape[1:])
    for t, seen in enumerate(likely):
        at = (at @ moves if t else at) * seen
        scale[t] = at.sum(axis=1)
        at = at / scale[t][:, None]
        filtered[t] = at
    return filtered, scale


def _expected(
    likely: Likely, first: Floats, moves: Floats, times: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Expected numbers of moves between states, (S, S), and chances of the first state, (S,)."""
    filtered, scale = _forward(likely, first, moves)
    many, back = times.astype(likely.dtype)[:, None], moves.T.astype(likely.dtype)
    after, expected = np.ones(likely.shape[1:], dtype=likely.dtype), np.zeros_like(moves)
    for t in range(len(likely) - 2, -1, -1):
        ahead = likely[t + 1] * after / scale[t + 1][:, None]
        expected += (filtered[t] * many).T @ ahead
        after = ahead @ back
    start = (filtered[0] * after).astype(float)
    start = times @ (start / start.sum(axis=1, keepdims=True)) / times.sum() + 1e-3
    return expected * moves, start / start.sum()


def _shared(expected: Floats, states: States) -> Floats:
    """Chances to go from level to level, (L, L), of expected numbers; from `shared_from` by offset alone."""
    n = len(expected)
    moves = expected + _PRIOR * _apart(n)
    high = np.flatnonzero(states.levels >= states.shared_from)
    by_offset = _PRIOR * np.exp(-np.abs(np.arange(2 * n - 1) - (n - 1))) / 2
    for i in high:
        by_offset[n - 1 - i : 2 * n - 1 - i] += expected[i]
    for i in high:
        row = by_offset[n - 1 - i : 2 * n - 1 - i].copy()
        row[0] += by_offset[: n - 1 - i].sum()
        row[-1] += by_offset[2 * n - 1 - i :].sum()
        moves[i] = row
    return np.asarray(moves / moves.sum(axis=1, keepdims=True))


def _moves(within: list[Floats], states: States) -> Floats:
    """Chances between all states, (S, S): the level moves as it does in the kind left."""
    kinds = len(states.sizes)
    changes = (1.0 - states.stays) / (kinds - 1)
    rows = [
        [level * (states.stays if k == to else changes) for to in range(kinds)]
        for k, level in enumerate(within)
    ]
    return np.block(rows)
