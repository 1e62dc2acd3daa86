"""Ignorance: the VIEWS definition by hand, the same for any number of draws, and in bits."""

import numpy as np
import pytest

from toguna.core.errors import DataError, UsageError
from toguna.scores.ignorance import VIEWS_BINS, ignorance, ignorance_views, ignorance_views_of


def by_hand(draws, seen):
    counts, _ = np.histogram(draws, bins=[*VIEWS_BINS, np.inf])
    at = next(k for k in range(11) if VIEWS_BINS[k] <= seen < [*VIEWS_BINS, np.inf][k + 1])
    return -np.log2((counts[at] + 1) / (len(draws) + 11))


def test_views_definition():
    rng = np.random.default_rng(0)
    draws = np.round(rng.lognormal(1, 3, (200, 12)))
    observed = np.round(rng.lognormal(1, 3, 200))
    observed[:3] = [0, 1000, 1001]
    ours = ignorance_views(draws, observed)
    np.testing.assert_allclose(
        ours, [by_hand(x, y) for x, y in zip(draws, observed, strict=True)], atol=1e-12
    )
    assert ignorance_views([[0.5, 2.4]], [2.5])[0] == np.log2(13)  # a border belongs above it


def test_number_of_draws_matters_to_views_and_not_to_the_other():
    """Draws of the same forecast, 12 and 300 of them: ign@views differs, ign@views,of=12 does not."""
    rng = np.random.default_rng(1)
    n = 4000
    observed = rng.negative_binomial(0.5, 0.05, n)
    few, many = rng.negative_binomial(0.5, 0.05, (n, 12)), rng.negative_binomial(0.5, 0.05, (n, 300))
    assert ignorance_views(few, observed).mean() - ignorance_views(many, observed).mean() > 0.2
    gap = ignorance_views_of(few, observed, of=12) - ignorance_views_of(many, observed, of=12)
    assert abs(gap.mean()) < 4 * gap.std() / np.sqrt(n)
    assert (ignorance_views_of(few, observed, of=12) == ignorance_views(few, observed)).all()


def test_mean_over_all_choices_of_draws():
    from itertools import combinations

    draws, seen = np.array([0, 0, 0, 3, 3, 700]), 3
    mean = np.mean([by_hand(np.array(chosen), seen) for chosen in combinations(draws, 4)])
    assert ignorance_views_of(draws[None], [seen], of=4)[0] == pytest.approx(mean, abs=1e-12)


@pytest.mark.parametrize("size", [1, 12, 1000])
def test_perfect_forecast_scores_best(size):
    observed = np.array([0.0, 30.0, 5000.0])
    perfect = np.repeat(observed[:, None], size, axis=1)
    best = ignorance_views(perfect, observed)
    off = perfect.copy()
    off[:, 0] = 3
    assert (best < ignorance_views(off, observed)).all()


def test_bits():
    np.testing.assert_array_equal(ignorance([0.5, 0.25, 1.0, 0.0], [0, 1, 1, 1]), [1, 2, 0, np.inf])


def test_log_score_is_proper():
    p = np.linspace(0.01, 0.99, 99)
    truth = 0.3
    mean = truth * ignorance(p, np.ones(99)) + (1 - truth) * ignorance(p, np.zeros(99))
    assert p[mean.argmin()] == pytest.approx(truth)


def test_refusals():
    with pytest.raises(DataError, match="negative"):
        ignorance_views([[1, -1]], [0])
    with pytest.raises(DataError, match="negative"):
        ignorance_views([[1, 1]], [-1])
    with pytest.raises(UsageError, match="expected 1 to 2 draws"):
        ignorance_views_of([[1, 1]], [1], of=3)
    with pytest.raises(DataError, match=r"found 1\.5 at \[1\]; expected from 0 to 1"):
        ignorance([0.5, 1.5], [0, 1])
    with pytest.raises(DataError, match="0 or 1"):
        ignorance([0.5], [2])
    with pytest.raises(DataError, match="missing"):
        ignorance([np.nan], [1])
    with pytest.raises(UsageError, match="do not match"):
        ignorance([0.5, 0.5], [1])
