"""Permutations keep weeks together and totals fixed; p values are never zero."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.shifts.resampling import bootstrap_weights, monte_carlo_p, positions

days = st.lists(st.integers(0, 1000), min_size=2, max_size=60).map(
    lambda d: np.sort(np.array(d, dtype=np.int64))
)


@settings(max_examples=40, deadline=None)
@given(days, st.integers(1, 120), st.integers(0, 2**32 - 1))
def test_every_replicate_is_a_permutation(day, block_days, seed):
    out = positions(day, replicates=20, rng=np.random.default_rng(seed), block_days=block_days)
    assert (np.sort(out, axis=1) == np.arange(len(day))).all()


def test_events_of_one_block_stay_neighbours():
    day = np.array([0, 1, 2, 500, 501, 502, 900, 901, 902])
    out = positions(day, replicates=200, rng=np.random.default_rng(0), block_days=30)
    gaps = np.diff(out.reshape(200, 3, 3), axis=2) % len(day)
    assert (gaps == 1).all()


def test_without_blocks_all_orders_are_equally_likely():
    day = np.arange(0, 400, 100)
    out = positions(day, replicates=24000, rng=np.random.default_rng(0), block_days=1)
    _, counts = np.unique(out, axis=0, return_counts=True)
    assert len(counts) == 24
    assert np.abs(counts - 1000).max() < 160  # five standard errors


def test_bootstrap_draws_as_many_blocks_as_there_are():
    day = np.array([0, 1, 200, 400, 401])
    weight = bootstrap_weights(day, replicates=50, rng=np.random.default_rng(0), block_days=30)
    assert (weight[:, [0, 2, 3]].sum(axis=1) == 3).all()
    assert (weight[:, 0] == weight[:, 1]).all()


def test_p_counts_the_observed_arrangement():
    assert monte_carlo_p(10.0, np.zeros(99)) == 0.01
    assert monte_carlo_p(0.0, np.zeros(99)) == 1.0
