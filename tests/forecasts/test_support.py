"""Distributions on the support: scored, mixed and drawn from without loss that matters."""

from __future__ import annotations

import numpy as np
import pytest

from toguna.forecasts.support import COUNTS, distribution_of, draws_from, loss, survival
from toguna.scores.crps import crps

RNG = np.random.default_rng(3)


def test_small_counts_are_scored_exactly() -> None:
    draws, seen = RNG.integers(0, 41, (50, 12)).astype(float), RNG.integers(0, 41, 50).astype(float)
    np.testing.assert_allclose(loss(distribution_of(draws), seen), crps(draws, seen), rtol=1e-4)
    logs = crps(np.log1p(draws), np.log1p(seen))
    np.testing.assert_allclose(loss(distribution_of(draws), seen, log=True), logs, rtol=1e-4, atol=1e-5)


def test_large_counts_are_scored_within_a_few_percent() -> None:
    draws, seen = RNG.lognormal(6, 1.5, (400, 60)).round(), RNG.lognormal(6, 1.5, 400).round()
    assert loss(distribution_of(draws), seen).sum() == pytest.approx(crps(draws, seen).sum(), rel=0.04)


def test_draws_give_the_distribution_back() -> None:
    chances = distribution_of(RNG.negative_binomial(0.3, 0.02, (8, 3, 500)).astype(float))
    draws = draws_from(chances, 400, np.random.default_rng(1))
    assert draws.shape == (8, 3, 400) and (draws == draws.round()).all() and draws.min() >= 0
    assert np.abs(distribution_of(draws) - chances).max() <= 1 / 400 + 1e-6
    np.testing.assert_array_equal(draws, draws_from(chances, 400, np.random.default_rng(1)))


def test_one_rank_order_for_all_steps_of_a_unit() -> None:
    chances = distribution_of(RNG.poisson(30, (2, 4, 300)).astype(float))
    draws = draws_from(chances, 101, np.random.default_rng(1))
    ranks = draws.argsort(axis=-1, kind="stable").argsort(axis=-1, kind="stable")
    assert np.corrcoef(ranks[0, 0], ranks[0, 3])[0, 1] > 0.99
    assert abs(np.corrcoef(ranks[0, 0], ranks[1, 0])[0, 1]) < 0.5


def test_chances_of_reaching_become_a_distribution() -> None:
    f = survival(np.array([[0.5, 0.2], [0.0, 0.0]]), np.array([1.0, 10.0]))
    assert (np.diff(f, axis=1) >= -1e-6).all()
    assert f[0, 0] == pytest.approx(0.5) and f[0, COUNTS.tolist().index(9)] == pytest.approx(0.8)
    assert f[0, -1] > 0.999 and f[1, 0] == pytest.approx(1.0, abs=1e-5)
