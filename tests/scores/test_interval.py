"""Interval score and coverage: by hand, proper, and with the level in the name."""

import numpy as np
import pytest
from scipy.stats import norm

from toguna.core.errors import DataError, UsageError
from toguna.scores.interval import coverage, interval_score, limits, limits_score


def test_by_hand():
    draws = np.arange(11.0)[None]  # 0..10: the interval of level 0.8 is from 1 to 9
    low, high = limits(draws, level=0.8)
    assert (low[0], high[0]) == pytest.approx((1.0, 9.0))
    for seen, score, inside in ((5, 8, 1), (9.5, 8 + 10 * 0.5, 0), (-1, 8 + 10 * 2, 0)):
        assert interval_score(draws, [seen], level=0.8)[0] == pytest.approx(score)
        assert coverage(draws, [seen], level=0.8)[0] == inside
    assert coverage(np.zeros((1, 12)), [0.0], level=0.5)[0] == 1


def test_true_limits_score_best():
    rng = np.random.default_rng(0)
    seen = rng.normal(size=40_000)
    half = norm.ppf(0.95)
    truth = limits_score(np.full(40_000, -half), np.full(40_000, half), seen, level=0.9)
    for low, high in ((-half * 0.8, half * 0.8), (-half * 1.25, half * 1.25), (-half + 0.3, half + 0.3)):
        loss = limits_score(np.full(40_000, low), np.full(40_000, high), seen, level=0.9) - truth
        assert loss.mean() > 3 * loss.std() / 200


def test_coverage_of_a_calibrated_forecast():
    rng = np.random.default_rng(1)
    mean = coverage(rng.normal(size=(20_000, 400)), rng.normal(size=20_000), level=0.9).mean()
    assert mean == pytest.approx(0.9, abs=0.01)  # 400 draws lose about 0.002


def test_refusals():
    for level in (0.0, 1.0, 90):
        with pytest.raises(UsageError, match="expected a share between 0 and 1"):
            interval_score([[1.0]], [1.0], level=level)
    with pytest.raises(DataError, match="exceed"):
        limits_score([1.0], [0.0], [0.0], level=0.9)
    with pytest.raises(UsageError, match="do not match"):
        limits_score([1.0], [2.0, 3.0], [0.0], level=0.9)
    with pytest.raises(DataError, match=r"mis@0.9: 1 of 2 draws"):
        interval_score([[1.0, np.inf]], [1.0], level=0.9)
    with pytest.raises(DataError, match="low limits"):
        limits_score([np.nan], [1.0], [1.0], level=0.5)
