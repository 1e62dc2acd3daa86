"""Our scores equal those of `scoringrules`, an independent implementation, to 1e-10."""

import numpy as np
import pytest

from toguna.scores import crps as module
from toguna.scores.brier import brier
from toguna.scores.crps import crps, crps_at_least, crps_fair
from toguna.scores.interval import limits_score
from toguna.scores.multivariate import energy, variogram

RNG = np.random.default_rng(0)
CASES = {
    "counts": (RNG.negative_binomial(0.3, 0.03, (300, 60)).astype(float), RNG.poisson(5, 300).astype(float)),
    "fractions": (RNG.gamma(0.5, 9, (300, 60)), RNG.gamma(0.5, 9, 300)),
}
close = {"rtol": 0, "atol": 1e-10}


@pytest.fixture(scope="module")
def sr():
    """The other implementation: four seconds of compiling, which only the worker that comes here waits."""
    import scoringrules

    return scoringrules


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("compiled", [False, True])
def test_crps(sr, kind, compiled, monkeypatch):
    monkeypatch.setattr(module, "FEW_DRAWS", 0 if compiled else 1 << 60)
    x, y = CASES[kind]
    for theirs in ("nrg", "qd", "int"):
        truth = sr.crps_ensemble(y, x, estimator=theirs, backend="numpy")
        np.testing.assert_allclose(crps(x, y), truth, **close)
    for theirs in ("fair", "pwm"):  # probability-weighted moments are unbiased too
        fair = sr.crps_ensemble(y, x, estimator=theirs, backend="numpy")
        np.testing.assert_allclose(crps_fair(x, y), fair, **close)
    weighted = sr.twcrps_ensemble(y, x, a=7.5, estimator="nrg", backend="numpy")
    np.testing.assert_allclose(crps_at_least(x, y, threshold=7.5, fair=False), weighted, **close)


def test_interval_and_brier(sr):
    low, high, y = RNG.normal(-1, 1, 200), RNG.normal(3, 0.5, 200) + 2, RNG.normal(size=200) * 3
    high = np.maximum(low, high)
    theirs = sr.interval_score(y, low, high, 0.1, backend="numpy")
    np.testing.assert_allclose(limits_score(low, high, y, level=0.9), theirs, **close)
    p, happened = RNG.random(200), RNG.random(200) < 0.4
    np.testing.assert_allclose(
        brier(p, happened), sr.brier_score(happened.astype(float), p, backend="numpy"), **close
    )


def test_joint_scores(sr):
    x, y = RNG.gamma(0.5, 4, (8, 5, 40)), RNG.gamma(0.5, 4, (8, 5))
    theirs = sr.es_ensemble(y, x, m_axis=-1, v_axis=-2, estimator="nrg", backend="numpy")
    np.testing.assert_allclose(energy(x, y, fair=False), theirs, **close)
    fair = sr.es_ensemble(y, x, m_axis=-1, v_axis=-2, estimator="fair", backend="numpy")
    np.testing.assert_allclose(energy(x, y, fair=True), fair, **close)
    theirs = sr.vs_ensemble(y, x, m_axis=-1, v_axis=-2, p=0.5, estimator="nrg", backend="numpy")
    np.testing.assert_allclose(variogram(x, y, order=0.5), theirs, **close)
