"""A hidden Markov model of levels: how long does a level last, and what follows it?

Every unit is in one of a few hidden states each month: a level (deaths a month, in steps of two) and a kind
of spread around it. Counts are negative binomial given the state; the level moves as a Markov chain
whose chances are learnt from all units (Baum and Welch), and a unit rarely changes its kind of spread.
What was seen gives chances of the present state; the chain carries them h months on.

From 30 deaths a month chances of going up or down by a factor are the same at every level: a record war is
judged by its course, not by its size (see `toguna.forecasts.relative`).

Enters: a history. Leaves: chances. Called by `toguna.forecasts.members`.

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

__all__ = ["LEVELS", "SIZES", "Chain", "fitted_chain", "hidden_markov"]

Floats = NDArray[np.float64]

LEVELS: Floats = np.concatenate([[0.005, 0.05, 0.2, 0.5], 2.0 ** np.arange(17)])
"""Mean deaths a month of the levels, (L,): four below one, then doubling to 65,536."""
SIZES = (0.7, 2.0, 6.0)
"""Sizes of the negative binomials, one for each kind of spread: var = mean + mean^2 / size."""
_SIZE_BELOW_ONE = 0.5
_SHARED_FROM = 30.0
_STAYS = 0.99
"""Chance that a unit keeps its kind of spread for a month."""
_PRIOR = 2.0
"""Months that were seen before any: to stay, or to go d levels away, e times rarer for each."""

_KINDS, _L = len(SIZES), len(LEVELS)
_MEAN = np.tile(LEVELS, _KINDS)
_SIZE = np.concatenate([np.where(LEVELS < 1, min(s, _SIZE_BELOW_ONE), s) for s in SIZES])
_OFFSET = np.arange(2 * _L - 1) - (_L - 1)
_APART = np.exp(-np.abs(np.arange(_L)[:, None] - np.arange(_L)[None]).astype(float))


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


def hidden_markov(iterations: int = 20) -> Model:
    """Return the model; more iterations fit the past closer, and forecast no better."""

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        chain = fitted_chain(history.counts, iterations)
        ahead = chain.ahead(steps).astype(np.float32)
        said = np.minimum(ahead @ _distributions(), 1.0)
        said[..., -1] = 1.0
        return np.asarray(said)

    return fitted


def fitted_chain(counts: Floats, iterations: int = 20) -> Chain:
    """Estimate the chain from counts (U, T) by expectation and maximisation, from `_PRIOR` on."""
    series, which, times = np.unique(np.rint(counts), axis=0, return_inverse=True, return_counts=True)
    likely = _likelihood(series)
    within = [_APART / _APART.sum(axis=1, keepdims=True)] * _KINDS
    first = np.full(len(_MEAN), 1.0 / len(_MEAN))
    for _ in range(iterations):
        expected, first = _expected(likely, first, _moves(within), times)
        within = [_shared(e) for e in expected.reshape(_KINDS, _L, _KINDS, _L).sum(axis=2)]
    moves = _moves(within)
    filtered, _ = _forward(likely, first, moves)
    return Chain(moves, filtered[-1][which.ravel()])


def _likelihood(series: Floats) -> Floats:
    """P(count | state), scaled to a maximum of 1 over states, (T, U, S)."""
    from scipy.stats import nbinom

    seen, place = np.unique(series, return_inverse=True)
    logs = nbinom.logpmf(seen[:, None], _SIZE, _SIZE / (_SIZE + _MEAN))
    chance = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.ascontiguousarray(chance[place.reshape(series.shape)].transpose(1, 0, 2))


def _distributions() -> Singles:
    """F of each state on the support of counts, (S, G)."""
    from scipy.stats import nbinom

    f = nbinom.cdf(COUNTS, _SIZE[:, None], (_SIZE / (_SIZE + _MEAN))[:, None])
    f[:, -1] = 1.0
    return np.asarray(f, dtype=np.float32)


def _forward(likely: Floats, first: Floats, moves: Floats) -> tuple[Floats, Floats]:
    """Chances of states given counts up to each month, (T, U, S), and what they were divided by, (T, U)."""
    filtered, scale = np.empty_like(likely), np.empty(likely.shape[:2])
    at = np.broadcast_to(first, likely.shape[1:])
    for t, seen in enumerate(likely):
        at = (at @ moves if t else at) * seen
        scale[t] = at.sum(axis=1)
        at = at / scale[t][:, None]
        filtered[t] = at
    return filtered, scale


def _expected(
    likely: Floats, first: Floats, moves: Floats, times: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Expected numbers of moves between states, (S, S), and chances of the first state, (S,)."""
    filtered, scale = _forward(likely, first, moves)
    after, expected = np.ones(likely.shape[1:]), np.zeros_like(moves)
    for t in range(len(likely) - 2, -1, -1):
        ahead = likely[t + 1] * after / scale[t + 1][:, None]
        expected += (filtered[t] * times[:, None]).T @ ahead
        after = ahead @ moves.T
    start = filtered[0] * after
    start = times @ (start / start.sum(axis=1, keepdims=True)) / times.sum() + 1e-3
    return expected * moves, start / start.sum()


def _shared(expected: Floats) -> Floats:
    """Chances to go from level to level, (L, L), of expected numbers; from `_SHARED_FROM` by offset alone."""
    moves = expected + _PRIOR * _APART / _APART.sum(axis=1, keepdims=True)
    high = np.flatnonzero(LEVELS >= _SHARED_FROM)
    by_offset = _PRIOR * np.exp(-np.abs(_OFFSET)) / 2
    for i in high:
        by_offset[_L - 1 - i : 2 * _L - 1 - i] += expected[i]
    for i in high:
        row = by_offset[_L - 1 - i : 2 * _L - 1 - i].copy()
        row[0] += by_offset[: _L - 1 - i].sum()
        row[-1] += by_offset[2 * _L - 1 - i :].sum()
        moves[i] = row
    return np.asarray(moves / moves.sum(axis=1, keepdims=True))


def _moves(within: list[Floats]) -> Floats:
    """Chances between all states, (S, S): the level moves as it does in the kind left."""
    changes = (1.0 - _STAYS) / (_KINDS - 1)
    rows = [
        [level * (_STAYS if k == to else changes) for to in range(_KINDS)] for k, level in enumerate(within)
    ]
    return np.block(rows)
