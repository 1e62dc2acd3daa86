"""Parts add up to the whole in every draw, and the whole keeps its draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.core.errors import UsageError
from toguna.forecasts.reconcile import reconcile


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.floats(0.0, 1.0), st.sampled_from([0.01, 0.3, 40.0]))
def test_every_draw_adds_up(seed: int, quiet: float, size: float) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.poisson(size, (2, 5, 40)) * (rng.random((2, 5, 1)) > quiet) * 1.0
    whole = rng.poisson(3 * size, (2, 40)).astype(float)
    out = reconcile(parts, whole)
    np.testing.assert_array_equal(out.sum(axis=1), whole)
    assert out.min() >= 0 and (out == np.rint(out)).all()


def test_draws_that_agree_already_stay_as_they_are() -> None:
    parts = np.random.default_rng(1).poisson(7, (1, 4, 50)).astype(float)
    np.testing.assert_array_equal(reconcile(parts, parts.sum(axis=1)), parts)


def test_shares_are_kept_in_the_mean() -> None:
    rng = np.random.default_rng(2)
    parts = rng.poisson(np.array([[[2.0], [8.0]]]), (1, 2, 4000)).astype(float)
    out = reconcile(parts, rng.poisson(50, (1, 4000)).astype(float))
    assert out[0, 1].mean() / out.sum(axis=1).mean() == pytest.approx(0.8, abs=0.02)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError, match="are not"):
        reconcile(np.zeros((1, 2, 3)), np.zeros((2, 3)))
