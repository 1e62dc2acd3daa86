"""Features know the past only, and say what their names say."""

from __future__ import annotations

import numpy as np
import pytest

from toguna.panels.features import history_features
from toguna.panels.neighbours import around

COUNTS = np.random.default_rng(7).negative_binomial(0.3, 0.02, (5, 150)).astype(float)


@pytest.mark.parametrize("month", [0, 11, 60, 149])
def test_nothing_after_a_month_moves_its_features(month: int) -> None:
    at = np.arange(month + 1)
    before = history_features(COUNTS, at)
    changed = COUNTS.copy()
    changed[:, month + 1 :] = 9_999.0
    np.testing.assert_array_equal(history_features(changed, at).values, before.values)
    shorter = history_features(COUNTS[:, : month + 1], at)
    np.testing.assert_array_equal(shorter.values, before.values)


def test_every_feature_of_a_month_is_the_same_when_later_months_are_asked_for_too() -> None:
    every = history_features(COUNTS, np.arange(150))
    one = history_features(COUNTS, np.array([70]))
    np.testing.assert_allclose(every.values[70], one.values[0], rtol=1e-5, atol=1e-6)


def test_the_last_month_does_move_them() -> None:
    changed = COUNTS.copy()
    changed[:, 70] += 50
    at = np.array([70])
    moved = (history_features(changed, at).values != history_features(COUNTS, at).values).any(axis=(0, 1))
    assert moved.mean() > 0.6


def test_names_mean_what_they_say() -> None:
    counts = np.array([[0.0, 4.0, 0.0, 30.0, 0.0, 0.0], [0, 0, 0, 0, 0, 0]])
    f = history_features(counts, np.array([5]))
    value = {name: float(f.of(name)[0, 0]) for name in f.names}
    assert value["lag0"] == 0.0 and value["lag2"] == pytest.approx(np.log1p(30))
    assert value["m3"] == pytest.approx(np.log1p(10)) and value["m6"] == pytest.approx(np.log1p(34 / 6))
    assert value["k6"] == pytest.approx(2 / 6) and value["k25_12"] == pytest.approx(1 / 6)
    assert value["s1"] == pytest.approx(np.log1p(2)) and value["s100"] == pytest.approx(np.log1p(600))
    assert value["mx12"] == pytest.approx(np.log1p(30)) and value["gk"] == pytest.approx(1 / 6)
    assert float(f.of("s1")[0, 1]) == pytest.approx(np.log1p(600))


def test_lags_before_the_first_month_are_missing() -> None:
    assert np.isnan(history_features(COUNTS, np.array([0])).of("lag1")).all()


def test_cells_around() -> None:
    gids = np.array([200 * 720 + 5, 200 * 720 + 6, 201 * 720 + 7, 210 * 720 + 5])
    values = np.array([1.0, 10.0, 100.0, 1000.0])
    assert around(values, gids).tolist() == [10.0, 101.0, 10.0, 0.0]
    assert around(values, gids, reach=2).tolist() == [110.0, 101.0, 11.0, 0.0]
    both = around(np.stack([values, 2 * values], axis=1), gids)
    assert both[:, 1].tolist() == [20.0, 202.0, 20.0, 0.0]
