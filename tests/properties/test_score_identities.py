"""Scores that are computed in different ways must agree where mathematics says they are one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from toguna.scores.brier import brier, brier_at_least
from toguna.scores.crps import crps, crps_at_least, crps_fair
from toguna.scores.ignorance import ignorance
from toguna.scores.interval import interval_score
from toguna.scores.multivariate import energy

COUNTS = arrays(np.int64, (3, 6), elements=st.integers(0, 12))
SEEN = arrays(np.int64, 3, elements=st.integers(0, 14))


@settings(max_examples=50, deadline=None)
@given(COUNTS, SEEN, st.booleans(), st.integers(1, 14))
def test_crps_of_counts_is_the_sum_of_brier_scores(
    draws: np.ndarray, seen: np.ndarray, fair: bool, threshold: int
) -> None:
    """Hersbach (2000): the CRPS is the sum of the Brier scores of "at least k"; so is its part."""
    every = {k: brier_at_least(draws, seen, threshold=k, fair=fair) for k in range(1, 15)}
    whole = (crps_fair if fair else crps)(draws, seen)
    np.testing.assert_allclose(sum(every.values()), whole, atol=1e-12)
    above = [score for k, score in every.items() if k > threshold]
    part = crps_at_least(draws, seen, threshold=threshold, fair=fair)
    np.testing.assert_allclose(sum(above, np.zeros(3)), part, atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(COUNTS, SEEN, st.integers(-50, 50), st.sampled_from([0.5, 2.0, 8.0]))
def test_units_and_order_do_not_matter(draws: np.ndarray, seen: np.ndarray, shift: int, scale: float) -> None:
    """Scores in the unit of deaths move with it, and do not see where zero is or which draw came first."""
    moved, mixed = draws * scale + shift, draws[:, [3, 1, 5, 0, 2, 4]]
    for score in (crps, crps_fair, lambda x, y: interval_score(x, y, level=0.8)):
        told = score(draws, seen)
        np.testing.assert_allclose(score(moved, seen * scale + shift), scale * told, atol=1e-9)
        np.testing.assert_allclose(score(mixed, seen), told, atol=1e-12)
    joint = energy(draws[None], seen[None], fair=True)
    np.testing.assert_allclose(energy(moved[None], (seen * scale + shift)[None], fair=True), scale * joint)


def test_crps_is_the_mean_of_interval_scores() -> None:
    """Bracher and others (2021): the interval score times (1 - level) / 2, over all levels."""
    rng = np.random.default_rng(0)
    draws, seen = rng.normal(size=(5, 4001)), rng.normal(size=5) * 2
    levels = (np.arange(400) + 0.5) / 400
    mean = np.mean([(1 - v) / 2 * interval_score(draws, seen, level=v) for v in levels], axis=0)
    np.testing.assert_allclose(mean, crps(draws, seen), rtol=0.01)


def test_both_scores_of_chances_are_symmetric_and_least_at_the_truth() -> None:
    chance = np.linspace(0.01, 0.99, 99)
    for score in (brier, ignorance):
        yes, no = score(chance, np.ones(99)), score(chance, np.zeros(99))
        np.testing.assert_allclose(yes, score(1 - chance, np.zeros(99)))
        for k in (9, 49, 89):
            assert int(np.argmin(chance[k] * yes + (1 - chance[k]) * no)) == k
