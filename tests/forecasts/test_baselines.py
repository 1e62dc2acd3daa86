"""Baselines say exactly what they promise; none needs more than a month of history."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from toguna.core.errors import UsageError
from toguna.forecasts.forecast import Forecast
from toguna.forecasts.history import History, Model
from toguna.forecasts.last_month import last_month
from toguna.forecasts.negative_binomial import own_negative_binomial
from toguna.forecasts.recent import recent
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import COUNTS
from toguna.forecasts.zero import zero

PAST = np.array([[0.0] * 20, [5, 0, 7, 1] * 5, [30.0] * 20])
ALL = [zero, last_month, past_months(12), own_negative_binomial(), recent(12, spread=0.5, half_life=3)]
UP_TO_9 = slice(0, 10)


@pytest.mark.parametrize("model", ALL)
@pytest.mark.parametrize("months", [1, 20])
def test_every_baseline_is_a_distribution(model: Model, months: int) -> None:
    f = model(History(PAST[:, :months]), (1, 6))
    assert f.shape == (3, 2, len(COUNTS)) and f.min() >= 0 and f[..., -1].min() > 0.999
    assert (np.diff(f, axis=-1) >= -1e-6).all()
    assert f[0].min() > 0.999, "a unit without a death in its past is said to have none"


def test_last_year_is_twelve_months_with_one_chance_each() -> None:
    f = past_months(12)(History(PAST), (1,))
    assert f[1, 0, 0] == pytest.approx(3 / 12) and f[1, 0, 1] == pytest.approx(6 / 12)
    assert f[1, 0, 4] == pytest.approx(6 / 12) and f[1, 0, 5] == pytest.approx(9 / 12)


def test_last_month_is_poisson() -> None:
    f = last_month(History(PAST), (1,))
    np.testing.assert_allclose(f[2, 0, UP_TO_9], poisson(30).cdf(np.arange(10)), atol=1e-6)


def test_negative_binomial_has_the_moments_of_the_past() -> None:
    f = own_negative_binomial(12)(History(PAST), (1,))
    m, v = PAST[1, -12:].mean(), PAST[1, -12:].var()
    truth = nbinom(m * m / (v - m), m / v).cdf(np.arange(10))
    np.testing.assert_allclose(f[1, 0, UP_TO_9], truth, atol=1e-5)


def test_decay_follows_a_change_and_spread_reaches_beyond_the_record() -> None:
    past = np.array([[10.0] * 20 + [40.0] * 4])
    slow, fast = past_months(24)(History(past), (1,)), recent(24, half_life=2)(History(past), (1,))
    at = COUNTS.tolist().index(39)
    assert fast[0, 0, at] < slow[0, 0, at]
    wide = recent(24, spread=0.5)(History(past), (1,))
    assert wide[0, 0, np.searchsorted(COUNTS, 60)] < 1.0


def test_a_history_refuses_what_it_is_not() -> None:
    with pytest.raises(UsageError, match="units, months"):
        History(np.zeros(3))
    with pytest.raises(UsageError, match="not within"):
        History(PAST).until(20)


def test_a_forecast_reads_quantiles_and_chances() -> None:
    draws = np.arange(100.0).reshape(1, 1, 100)
    forecast = Forecast("country/deaths", "test", 400, (3,), ("a",), draws, 0)
    assert forecast.quantile(0.9)[0, 0] == 89 and forecast.chance_of(25)[0, 0] == 0.75
    assert forecast.mean()[0, 0] == 49.5
    with pytest.raises(UsageError, match="draws have shape"):
        Forecast("country/deaths", "test", 400, (3, 4), ("a",), draws, 0)
    with pytest.raises(UsageError, match="a step is"):
        Forecast("country/deaths", "test", 400, (0,), ("a",), draws, 0)
