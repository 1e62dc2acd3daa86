"""Calibration: PIT values of a true forecast are uniform; tables say what happened."""

import numpy as np
import pytest
from scipy.stats import binom, kstest

from toguna.core.errors import UsageError
from toguna.scores.calibration import pit, reliability, share_limits


@pytest.mark.parametrize("size", [1, 5, 200])
def test_uniform_when_calibrated_however_many_zeros(size):
    rng = np.random.default_rng(0)
    draws, seen = rng.negative_binomial(0.2, 0.2, (5000, size)), rng.negative_binomial(0.2, 0.2, 5000)
    values = pit(draws, seen, rng=rng)
    assert kstest(values, "uniform").pvalue > 0.01
    assert 0 <= values.min() <= values.max() <= 1


def test_too_low_and_too_narrow_are_seen():
    rng = np.random.default_rng(1)
    seen = rng.poisson(6, 3000)
    low = pit(rng.poisson(3, (3000, 100)), seen, rng=rng)
    narrow = pit(rng.binomial(12, 0.5, (3000, 100)), rng.negative_binomial(2, 0.25, 3000), rng=rng)
    assert low.mean() > 0.7
    assert np.mean((narrow < 0.1) | (narrow > 0.9)) > 0.35


def test_table_by_hand():
    table = reliability([0.05, 0.05, 0.5, 1.0], [0, 1, 1, 1], edges=[0, 0.1, 0.5, 1], level=0.9)
    assert table.low.tolist() == [0, 0.5]  # the empty group is left out
    assert table.forecasts.tolist() == [2, 2]
    assert table.said.tolist() == [0.05, 0.75]
    assert table.happened.tolist() == [0.5, 1]
    assert (table.happened_low <= table.happened).all() and (table.happened <= table.happened_high).all()


@pytest.mark.parametrize("p", [0.02, 0.3, 0.97])
def test_interval_of_a_share_covers(p):
    hits = np.arange(41)
    low, high = share_limits(hits, np.full(41, 40), level=0.9)
    inside = (low <= p) & (p <= high)
    assert binom.pmf(hits, 40, p)[inside].sum() >= 0.9
    assert (low[0], high[-1]) == (0, 1)


def test_refusals():
    with pytest.raises(UsageError, match="level"):
        share_limits([1], [2], level=1.5)
    with pytest.raises(UsageError, match="increase"):
        reliability([0.5], [1], edges=[0, 0.7, 0.6, 1], level=0.9)
