"""The CRPS equals its definition, is fair where it says so, and refuses what is missing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from toguna.core.errors import DataError, UsageError
from toguna.scores import crps as module
from toguna.scores.crps import crps, crps_at_least, crps_fair
from toguna.scores.crps_kernels import counted_or_sorted


def by_definition(draws, observed, *, fair, floor=-np.inf):
    x, y = np.maximum(draws, floor), np.maximum(observed, floor)
    size = x.shape[1]
    pairs = np.abs(x[:, :, None] - x[:, None, :]).sum(axis=(1, 2))
    return np.abs(x - y[:, None]).mean(axis=1) - pairs / (2 * size * (size - fair))


def samples(rng):
    counts = rng.negative_binomial(0.4, 0.03, (60, 41)).astype(float)
    return {
        "counts": counts,
        "fractions": counts * 1.37,
        "both": np.where(np.arange(60)[:, None] % 2, counts, counts + 0.25),
        "wide": np.round(rng.lognormal(5, 3, (60, 41))),
        "negative": counts - 7.0,
    }


@pytest.mark.parametrize("kind", ["counts", "fractions", "both", "wide", "negative"])
@pytest.mark.parametrize("compiled", [False, True])
def test_definition(kind, compiled, monkeypatch):
    monkeypatch.setattr(module, "FEW_DRAWS", 0 if compiled else 1 << 60)
    rng = np.random.default_rng(1)
    draws = samples(rng)[kind]
    observed = np.where(rng.random(60) < 0.5, draws[:, 0], rng.normal(4, 20, 60))
    scale = np.abs(draws).max(axis=1) + 1
    for floor in (-np.inf, 5.0, 5.3):
        for fair in (False, True):
            truth = by_definition(draws, observed, fair=fair, floor=floor)
            if np.isfinite(floor):
                ours = crps_at_least(draws, observed, threshold=floor, fair=fair)
            else:
                ours = (crps_fair if fair else crps)(draws, observed)
            assert (np.abs(ours - truth) <= 1e-12 * scale).all()


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, (3, 7), elements=st.integers(-30, 400)), st.integers(-40, 500), st.booleans())
def test_compiled_and_plain_code_agree(draws, seen, fair):
    observed = np.array([seen, seen + 0.5, draws[2, 0]])
    plain = module._sorted(draws, observed, fair=fair, floor=-np.inf)
    assert np.abs(counted_or_sorted(draws, observed, fair, -np.inf) - plain).max() < 1e-11
    assert np.abs(counted_or_sorted(draws / 3, observed, fair, 2.5)
                  - module._sorted(draws / 3, observed, fair=fair, floor=2.5)).max() < 1e-11  # fmt: skip


def test_no_cancellation_far_from_zero():
    x = np.array([[0.125, 0.5, 0.75, 3.0]])
    assert crps(x + 2.0**40, [2.0**40 + 1])[0] == pytest.approx(crps(x, [1.0])[0], rel=1e-12)


def test_any_shape_and_type_of_number(monkeypatch):
    monkeypatch.setattr(module, "FEW_DRAWS", 0)
    rng = np.random.default_rng(2)
    draws, observed = rng.poisson(3, (4, 3, 50)), rng.poisson(3, (4, 3))
    truth = by_definition(draws.reshape(12, 50), observed.ravel(), fair=False).reshape(4, 3)
    for kind in (np.int16, np.int64, np.float32, np.float64):
        np.testing.assert_allclose(crps(draws.astype(kind), observed), truth, atol=1e-12)
    np.testing.assert_allclose(crps(np.swapaxes(draws, 0, 1), observed.T), truth.T, atol=1e-12)
    np.testing.assert_allclose(crps(draws[:, :, ::-1], observed), truth, atol=1e-12)
    assert crps(np.empty((0, 5)), np.empty(0)).shape == (0,)
    assert crps(draws[0, 0], 3).shape == ()


def test_slices_do_not_change_scores(monkeypatch):
    from toguna.scores import rows

    monkeypatch.setattr(module, "FEW_DRAWS", 0)
    rng = np.random.default_rng(3)
    draws, observed = rng.poisson(2, (101, 20)), rng.poisson(2, 101)
    whole = crps(draws, observed)
    monkeypatch.setattr(rows, "SLICE_DRAWS", 140)
    assert (crps(draws, observed) == whole).all()


@pytest.mark.parametrize("size", [2, 5, 40])
def test_fair_score_does_not_depend_on_the_number_of_draws(size):
    """The mean fair score is the CRPS of the distribution, here of a normal: sigma (1/sqrt(pi)) at best."""
    rng = np.random.default_rng(4)
    draws, observed = rng.normal(size=(40_000, size)), rng.normal(size=40_000)
    fair, plain = crps_fair(draws, observed), crps(draws, observed)
    error = fair.std() / np.sqrt(len(fair))
    assert abs(fair.mean() - 1 / np.sqrt(np.pi)) < 4 * error
    assert plain.mean() == pytest.approx((1 + 1 / size) / np.sqrt(np.pi), abs=4 * error)  # Ferro (2014)


@pytest.mark.parametrize("size", [1, 2, 12, 1000])
def test_perfect_forecast_scores_best(size):
    observed = np.array([0.0, 3.0, 250.0])
    perfect = np.repeat(observed[:, None], size, axis=1)
    assert (crps(perfect, observed) == 0).all()
    off = perfect.copy()
    off[:, 0] += 1
    assert (crps(off, observed) > 0).all()


@pytest.mark.parametrize("score", ["fair", "at least 4"])
def test_truth_wins_on_average(score):
    """Propriety: on counts of a negative binomial, wider, narrower and shifted forecasts lose."""
    rng = np.random.default_rng(5)
    n, size = 20_000, 20
    observed = rng.negative_binomial(0.8, 0.2, n)

    def mean(k, p, plus=0):
        draws = rng.negative_binomial(k, p, (n, size)) + plus
        if score == "fair":
            return crps_fair(draws, observed)
        return crps_at_least(draws, observed, threshold=4.0, fair=True)

    truth = mean(0.8, 0.2)
    for other in (mean(0.3, 0.0857), mean(3.0, 0.484), mean(0.8, 0.14), mean(0.8, 0.2, 2)):
        loss = other - truth
        assert loss.mean() > 3 * loss.std() / np.sqrt(n)


@pytest.mark.parametrize("few", [0, 1 << 60])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_missing_draws_are_refused_with_their_place(few, bad, monkeypatch):
    monkeypatch.setattr(module, "FEW_DRAWS", few)
    draws = np.ones((3, 2, 9))
    draws[1, 1, 4] = bad
    for score in (crps, crps_fair, lambda x, y: crps_at_least(x, y, threshold=2, fair=False)):
        with pytest.raises(DataError, match=r"1 of 54 draws of shape \(3, 2, 9\).* \[1, 1, 4\]"):
            score(draws, np.ones((3, 2)))
    with pytest.raises(DataError, match=r"1 of 2 observations"):
        crps(np.ones((2, 4)), [1.0, np.nan])


def test_misuse_says_what_was_expected():
    with pytest.raises(UsageError, match=r"expected observations of shape \(5, 2\)"):
        crps(np.ones((5, 2, 9)), np.ones(5))
    with pytest.raises(UsageError, match="no draw"):
        crps(np.ones((5, 0)), np.ones(5))
    with pytest.raises(UsageError, match="at least 2 draws"):
        crps_fair(np.ones((5, 1)), np.ones(5))
    with pytest.raises(UsageError, match="expected numbers"):
        crps([["a"]], [1.0])
    with pytest.raises(UsageError, match="threshold"):
        crps_at_least(np.ones((5, 1)), np.ones(5), threshold=np.nan, fair=False)
