"""A chain of levels is recovered where there is one, and says nothing of size where size is not shown."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from drifts import drifting
from numpy.typing import NDArray
from scipy.stats import nbinom

from toguna.forecasts.hidden_markov import LEVELS, OF_COUNTRIES, SIZES, Chain, fitted_chain, hidden_markov
from toguna.forecasts.history import History
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import COUNTS, draws_from, loss
from toguna.scores.calibration import pit

STEPS = tuple(range(3, 15))
L, KINDS = len(LEVELS), len(SIZES)
Floats = NDArray[np.float64]


def chained(units: int, months: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
    """Counts of units that stay nine months of ten, else go one level up or down, and their levels."""
    low, high = int(np.searchsorted(LEVELS, 2.0)), int(np.searchsorted(LEVELS, 512.0))
    level = np.empty((units, months), dtype=np.int64)
    level[:, 0] = rng.integers(low, high + 1, units)
    for t in range(1, months):
        step = rng.choice([-1, 0, 1], units, p=[0.05, 0.9, 0.05])
        level[:, t] = np.clip(level[:, t - 1] + step, low, high)
    mean = LEVELS[level]
    return rng.negative_binomial(6.0, 6.0 / (6.0 + mean)).astype(float), level


def by_level(chances: Floats) -> Floats:
    """Chances of levels (..., L), over kinds of spread."""
    return np.asarray(chances.reshape(*chances.shape[:-1], KINDS, L).sum(axis=-2))


@pytest.fixture(scope="module")
def world() -> tuple[Floats, NDArray[np.int64], Chain]:
    counts, level = chained(60, 200, np.random.default_rng(1))
    return counts, level, fitted_chain(counts[:, :186])


def test_moves_of_a_known_chain_are_recovered(world: tuple[Floats, NDArray[np.int64], Chain]) -> None:
    moves = world[2].moves
    last = (KINDS - 1) * L  # the kind of spread that the counts have
    for mean in (8.0, 64.0, 128.0):
        row = by_level(moves[last + int(np.searchsorted(LEVELS, mean))])
        at = int(np.searchsorted(LEVELS, mean))
        np.testing.assert_allclose(row[at - 1 : at + 2], [0.05, 0.9, 0.05], atol=0.04)


def test_the_present_level_is_known_and_its_spread(world: tuple[Floats, NDArray[np.int64], Chain]) -> None:
    _, level, chain = world
    said = by_level(chain.now)
    assert np.abs(said.argmax(axis=1) - level[:, 185]).mean() < 0.5
    assert said[np.arange(60), level[:, 185]].mean() > 0.6
    kinds = chain.now.reshape(60, KINDS, L).sum(axis=(0, 2)) / 60
    assert kinds.argmax() == KINDS - 1


def test_the_forecast_is_calibrated_and_beats_last_year(
    world: tuple[Floats, NDArray[np.int64], Chain],
) -> None:
    counts, level, _ = world
    history, observed = History(counts[:, :186]), counts[:, 188:200]
    said = hidden_markov()(history, STEPS)
    assert loss(said, observed).mean() < 0.95 * loss(past_months(12)(history, STEPS), observed).mean()
    draws = draws_from(said, 200, np.random.default_rng(0))
    inside = np.abs(pit(draws, observed, rng=np.random.default_rng(0)) - 0.5) <= 0.45
    assert 0.86 <= inside.mean() <= 0.97
    assert (np.diff(said, axis=-1) >= 0).all() and (said[..., -1] == 1).all()
    known = nbinom.cdf(COUNTS, 6.0, 6.0 / (6.0 + LEVELS[level[:, 188:200]][..., None]))
    assert loss(said, observed).mean() > loss(known.astype(np.float32), observed).mean(), "levels are hidden"


def test_what_is_known_now_is_bayes_rule_over_all_paths() -> None:
    counts = np.array([[0.0, 3.0, 40.0]])
    chain = fitted_chain(counts, iterations=0)
    mean = np.tile(LEVELS, KINDS)
    size = np.concatenate([np.where(LEVELS < 1, min(s, 0.5), s) for s in SIZES])
    seen = nbinom.pmf(counts[0][:, None], size, size / (size + mean))
    total = np.zeros(len(mean))
    for a, b, c in product(range(len(mean)), repeat=3):
        total[c] += seen[0, a] * chain.moves[a, b] * seen[1, b] * chain.moves[b, c] * seen[2, c]
    np.testing.assert_allclose(chain.now[0], total / total.sum(), rtol=1e-6)
    np.testing.assert_allclose(chain.moves.sum(axis=1), 1.0)
    np.testing.assert_allclose(chain.ahead((1, 2))[:, 1], chain.now @ chain.moves @ chain.moves)


def test_above_thirty_deaths_a_month_size_says_nothing(
    world: tuple[Floats, NDArray[np.int64], Chain],
) -> None:
    moves = world[2].moves
    first = int(np.searchsorted(LEVELS, 32.0))
    for kind in range(KINDS):
        block = moves[kind * L : (kind + 1) * L, kind * L : (kind + 1) * L]
        rows = [block[i, i - 4 : i + 4] for i in range(first, L - 4)]
        np.testing.assert_allclose(rows, np.broadcast_to(rows[0], np.shape(rows)))


def test_units_alike_are_one_unit_many_times() -> None:
    counts, _ = drifting(6, 60, np.random.default_rng(2))
    twice = hidden_markov(3)(History(np.concatenate([counts, counts])), STEPS)
    np.testing.assert_array_equal(twice[:6], twice[6:])
    mixed = hidden_markov(3)(History(counts[::-1]), STEPS)
    np.testing.assert_allclose(mixed[::-1], hidden_markov(3)(History(counts), STEPS), atol=1e-6)


def test_a_world_without_deaths_stays_so_and_one_month_is_enough() -> None:
    said = hidden_markov()(History(np.zeros((5, 120))), STEPS)
    assert (said[..., 0] > 0.96).all()
    one = hidden_markov()(History(np.array([[7.0], [0.0]])), (1, 2))
    assert one.shape == (2, 2, len(COUNTS)) and (np.diff(one, axis=-1) >= 0).all()
    assert np.isfinite(hidden_markov(2)(History(np.array([[1e6, 2e6, 5e6]])), (1,))).all()


def test_single_precision_says_the_same() -> None:
    counts, _ = drifting(8, 90, np.random.default_rng(4))
    double, single = (fitted_chain(counts, 8, replace(OF_COUNTRIES, single=how)) for how in (False, True))
    np.testing.assert_allclose(single.moves, double.moves, atol=1e-3)
    np.testing.assert_allclose(single.now, double.now, atol=5e-3)
