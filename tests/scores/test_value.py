"""The value of a forecast to somebody who decides: identities, and simulated forecasters of known quality."""

from __future__ import annotations

import numpy as np
import pytest

from toguna.core.errors import DataError, UsageError
from toguna.scores.value import decisions, relative_value

RATIOS = np.round(np.arange(0.01, 1.0, 0.01), 2)


def by_hand(p, y, a):
    """Sum what every single decision cost."""
    spent = sum(a if chance >= a else float(came) for chance, came in zip(p, y, strict=True))
    never, always, known = float(np.sum(y)), a * len(y), a * float(np.sum(y))
    return (min(never, always) - spent) / (min(never, always) - known)


def test_a_perfect_forecast_has_value_one_at_every_ratio():
    y = np.random.default_rng(1).random(500) < 0.07
    assert relative_value(y.astype(float), y, RATIOS) == pytest.approx(np.ones(len(RATIOS)))


@pytest.mark.parametrize("share", [0.002, 0.1, 0.5, 0.93])
def test_the_overall_frequency_has_value_zero_at_every_ratio(share):
    y = np.arange(1000) < 1000 * share
    assert relative_value(np.full(1000, y.mean()), y, RATIOS) == pytest.approx(
        np.zeros(len(RATIOS)), abs=1e-9
    )


def test_it_is_what_every_single_decision_sums_up_to():
    rng = np.random.default_rng(2)
    p, y = rng.random(200).round(2), rng.random(200) < 0.3
    hand = [by_hand(p, y, a) for a in RATIOS]
    assert relative_value(p, y, RATIOS) == pytest.approx(hand)


def test_a_forecast_calibrated_on_the_very_cases_never_costs_more_than_none():
    """By Jensen's inequality: the mean of min(a, p) is at most min(a, mean p)."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        group = rng.integers(0, 6, 400)
        y = rng.random(400) < rng.random(6)[group]
        share = np.array([y[group == g].mean() if (group == g).any() else 0.0 for g in range(6)])
        assert np.nanmin(relative_value(share[group], y, RATIOS)) >= -1e-9


def test_a_simulated_calibrated_forecaster_is_worth_it_at_every_ratio():
    rng = np.random.default_rng(4)
    p = rng.beta(0.3, 2.0, 200_000)
    y = rng.random(len(p)) < p
    found = relative_value(p, y, RATIOS)
    spent = np.where(p[:, None] >= RATIOS, RATIOS, y[:, None])
    saved = np.where(y.mean() > RATIOS, RATIOS, y[:, None].astype(float)) - spent
    possible = np.minimum(RATIOS, y.mean()) - RATIOS * y.mean()
    assert (found >= -4 * saved.std(axis=0) / np.sqrt(len(p)) / possible).all()
    assert found[:60].min() > 0
    assert found.max() > 0.35
    assert np.argmax(found) == pytest.approx(100 * y.mean() - 1, abs=3)


def test_one_that_is_too_sure_costs_more_than_none_at_some_ratio():
    rng = np.random.default_rng(5)
    p = rng.beta(1.0, 2.0, 50_000)
    y = rng.random(len(p)) < p
    sure = (p > 0.3).astype(float)
    found, calm = relative_value(sure, y, RATIOS), relative_value(p, y, RATIOS)
    assert found.min() < -0.5
    assert (found <= calm + 0.02).all()


def test_nothing_to_decide_is_not_a_number():
    assert np.isnan(relative_value([0.1, 0.2], [0, 0], [0.1, 0.5])).all()
    assert np.isnan(relative_value([0.1, 0.2], [1, 1], [0.1])).all()


def test_decisions_are_counted():
    found = decisions([0.9, 0.2, 0.1, 0.0], [1, 0, 1, 0], [0.15])
    assert (found.acted[0], found.hits[0], found.events, found.cases) == (2, 1, 2, 4)
    assert found.expense[0] == pytest.approx(0.15 * 2 + 1)


@pytest.mark.parametrize("ratio", [0.0, 1.0, -0.1, 7, float("nan")])
def test_a_ratio_that_is_none_is_refused(ratio):
    with pytest.raises(UsageError, match="cost-loss ratio"):
        relative_value([0.1], [0], [0.5, ratio])


def test_what_is_missing_is_refused():
    with pytest.raises(DataError):
        relative_value([np.nan], [0], [0.5])
    with pytest.raises(UsageError):
        decisions([0.1, 0.2], [0], [0.5])
