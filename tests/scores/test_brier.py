"""Brier: by hand, the parts add up, fair to few draws; average precision by definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.core.errors import DataError, UsageError
from toguna.scores.brier import average_precision, brier, brier_at_least, brier_parts, share_at_least

TENTHS = np.linspace(0, 1, 11)
pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80)


def test_by_hand():
    np.testing.assert_allclose(brier([0.2, 0.9], [0, 1]), [0.04, 0.01])
    draws = [[0, 0, 30, 25]]
    assert share_at_least(draws, threshold=25)[0] == 0.5
    assert brier_at_least(draws, [10], threshold=25, fair=False)[0] == 0.25
    assert brier_at_least(draws, [10], threshold=25, fair=True)[0] == pytest.approx(0.25 - 0.25 / 3)


@settings(max_examples=80, deadline=None)
@given(pairs)
def test_parts_add_up(said):
    p, y = np.array([a for a, _ in said]), np.array([b for _, b in said])
    parts = brier_parts(p, y, edges=TENTHS)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(parts.score, abs=1e-12)
    assert parts.score == pytest.approx(brier(p, y).mean(), abs=1e-12)


def test_parts_of_known_forecasts():
    y = np.repeat([0, 1], [30, 10])
    base = brier_parts(np.full(40, 0.25), y, edges=TENTHS)
    assert (base.reliability, base.resolution, base.uncertainty) == pytest.approx((0, 0, 0.1875))
    sure = brier_parts(y.astype(float), y, edges=TENTHS)
    assert (sure.score, sure.reliability, sure.resolution) == pytest.approx((0, 0, 0.1875))


def test_fair_score_does_not_depend_on_the_number_of_draws():
    rng = np.random.default_rng(0)
    n = 60_000
    p = rng.beta(0.5, 2, n)
    seen = rng.random(n) < p
    truth = (p * (1 - p)).mean()  # the Brier score of the true chances
    for size in (2, 10):
        draws = rng.random((n, size)) < p[:, None]
        fair = brier_at_least(draws, seen, threshold=1, fair=True)
        assert fair.mean() == pytest.approx(truth, abs=4 * fair.std() / np.sqrt(n))


def precision_by_definition(p, y):
    total, before = 0.0, 0.0
    for cut in sorted(set(p), reverse=True):
        kept = p >= cut
        recall = y[kept].sum() / y.sum()
        total += (recall - before) * y[kept].mean()
        before = recall
    return total


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.35, 0.9, 1.0]), st.booleans()), min_size=1))
def test_average_precision(said):
    p, y = np.array([a for a, _ in said]), np.array([b for _, b in said])
    if not y.any():
        with pytest.raises(DataError, match="none of the"):
            average_precision(p, y)
        return
    assert average_precision(p, y) == pytest.approx(precision_by_definition(p, y), abs=1e-12)


def test_refusals():
    with pytest.raises(UsageError, match="increase from 0 to 1"):
        brier_parts([0.5], [1], edges=[0, 0.5])
    with pytest.raises(DataError, match="nothing to score"):
        brier_parts([], [], edges=TENTHS)
    with pytest.raises(UsageError, match="at least 2 draws"):
        brier_at_least([[1]], [1], threshold=1, fair=True)
    with pytest.raises(UsageError, match="finite"):
        share_at_least([[1]], threshold=np.inf)
