"""Joint scores: by definition, and they see wrong correlations."""

import numpy as np
import pytest

from toguna.core.errors import DataError, UsageError
from toguna.scores.crps import crps, crps_fair
from toguna.scores.multivariate import energy, variogram


def test_energy_of_one_value_is_the_crps():
    rng = np.random.default_rng(0)
    x, y = rng.poisson(3, (6, 1, 30)), rng.poisson(3, (6, 1))
    np.testing.assert_allclose(energy(x, y, fair=False), crps(x[:, 0], y[:, 0]), atol=1e-12)
    np.testing.assert_allclose(energy(x, y, fair=True), crps_fair(x[:, 0], y[:, 0]), atol=1e-12)


def test_by_definition():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 3, 4, 9)), rng.normal(size=(2, 3, 4))
    far = np.sqrt(((x[..., :, None] - x[..., None, :]) ** 2).sum(axis=2)).sum(axis=(-1, -2))
    near = np.sqrt(((x - y[..., None]) ** 2).sum(axis=2)).mean(axis=-1)
    np.testing.assert_allclose(energy(x, y, fair=False), near - far / (2 * 81), atol=1e-12)
    said = (np.abs(x[:, :, :, None] - x[:, :, None]) ** 0.5).mean(axis=-1)
    truth = np.abs(y[..., :, None] - y[..., None, :]) ** 0.5
    w = rng.random((4, 4))
    np.testing.assert_allclose(
        variogram(x, y, order=0.5, weights=w), (w * (truth - said) ** 2).sum(axis=(-1, -2)), atol=1e-12
    )


def test_variogram_sees_wrong_correlation():
    rng = np.random.default_rng(2)
    n, size = 1500, 50
    together = np.array([[1.0, 0.9], [0.9, 1.0]])
    seen = rng.multivariate_normal([0, 0], together, n)
    right = rng.multivariate_normal([0, 0], together, (n, size)).swapaxes(1, 2)
    apart = rng.normal(size=(n, 2, size))
    for score in (lambda x: variogram(x, seen, order=0.5), lambda x: energy(x, seen, fair=True)):
        loss = score(apart) - score(right)
        assert loss.mean() > 3 * loss.std() / np.sqrt(n)


@pytest.mark.parametrize("size", [1, 20])
def test_perfect_forecast_scores_best(size):
    y = np.array([[1.0, 5.0, 0.0]])
    x = np.repeat(y[..., None], size, axis=2)
    assert energy(x, y, fair=False)[0] == 0
    assert variogram(x, y, order=0.5)[0] < 1e-25  # the mean of equal numbers may be off by one bit


def test_refusals():
    x, y = np.ones((2, 3, 5)), np.ones((2, 3))
    with pytest.raises(UsageError, match=r"expected \(\.\.\., D, S\)"):
        energy(np.ones(3), 1.0, fair=False)
    with pytest.raises(UsageError, match="at least 2 draws"):
        energy(x[..., :1], y, fair=True)
    with pytest.raises(UsageError, match="order"):
        variogram(x, y, order=0)
    with pytest.raises(UsageError, match="weights of shape"):
        variogram(x, y, order=1, weights=np.ones(3))
    x[1, 2, 3] = np.nan
    with pytest.raises(DataError, match=r"\[1, 2, 3\]"):
        energy(x, y, fair=False)
