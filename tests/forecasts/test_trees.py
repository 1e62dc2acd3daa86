"""Trees recover known chances in simulated conflicts, see no future, and give the same twice."""

from __future__ import annotations

import numpy as np
import pytest
from drifts import drifting, steady

from toguna.forecasts.corrected import corrected
from toguna.forecasts.exceedance import exceedance
from toguna.forecasts.history import History
from toguna.forecasts.reaching import ASKED, fading_chances
from toguna.forecasts.recent import recent
from toguna.forecasts.relative import relative
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import COUNTS, loss
from toguna.forecasts.training import asked, training_rows

STEPS = (3, 8, 14)


def test_no_training_row_reaches_beyond_the_origin() -> None:
    history = History(steady(20, 90, np.random.default_rng(1))[0])
    rows = training_rows(history, STEPS, np.random.default_rng(2), quiet=0.5, per_month=2)
    assert (rows.month + rows.step).max() == history.origin and rows.month.min() >= 24
    assert set(rows.step) <= set(STEPS) and set(np.unique(rows.weight)) <= {1.0, 2.0}
    wanted = asked(history, STEPS)
    assert len(wanted.unit) == 60 and set(wanted.month) == {history.origin}


@pytest.mark.parametrize("model", [exceedance(trees=40), corrected()])
def test_chances_of_any_death_are_recovered(model) -> None:  # type: ignore[no-untyped-def]
    counts, busy, _ = steady(100, 120, np.random.default_rng(5))
    said = 1.0 - model(History(counts), STEPS)[:, :, 0].mean(axis=1)
    assert np.abs(said - busy).mean() < 0.06
    assert abs(said.mean() - busy.mean()) < 0.03


def test_trees_for_change_beat_last_year_where_levels_drift() -> None:
    counts, _ = drifting(80, 160, np.random.default_rng(6))
    known, later = History(counts[:, :146]), counts[:, 145 + np.array(STEPS)]
    change, mended, last_year = (
        loss(m(known, STEPS), later, log=True).mean()
        for m in (relative(trees=30), corrected(), past_months(12))
    )
    assert change < 0.97 * last_year
    assert mended < 0.9 * last_year


def test_correction_beats_the_resampling_that_it_starts_from() -> None:
    counts, level = drifting(80, 160, np.random.default_rng(6))
    known, later = History(counts[:, :146]), counts[:, 145 + np.array(STEPS)]
    start = recent(60, spread=0.5, half_life=6)
    mended, before = (loss(m(known, STEPS), later, log=True).mean() for m in (corrected(), start))
    assert mended < 0.95 * before, "levels revert to 3, which months alone do not say and trees can learn"
    # a unit high above that level is expected to fall, one far below it to rise
    median = np.argmax(corrected()(known, STEPS)[:, -1] >= 0.5, axis=-1)
    high, low = level[:, 145] > 4.5, level[:, 145] < 2.0
    assert np.log1p(COUNTS[median[high]]).mean() < level[high, 145].mean() - 0.5
    assert np.log1p(COUNTS[median[low]]).mean() > level[low, 145].mean() + 0.2


def test_weighed_by_level_a_great_war_is_learnt_from_great_wars() -> None:
    rng = np.random.default_rng(9)
    level, spread = np.r_[np.full(30, 100.0), np.full(4, 20_000.0)], np.r_[np.full(30, 1.2), np.full(4, 0.1)]
    counts = np.rint(level[:, None] * np.exp(spread[:, None] * rng.normal(size=(34, 100))))
    known, later = History(counts[:, :86]), counts[:, 85 + np.array(STEPS)]
    for model, trees in ((relative, 3), (corrected, 30)):
        alike, weighed = (
            loss(model(trees=trees, by_level=by)(known, STEPS)[30:], later[30:], log=True).mean()
            for by in (False, True)
        )
        assert weighed < 0.95 * alike, model.__name__


def test_chances_of_every_month_are_those_of_that_month_alone() -> None:
    counts = drifting(6, 70, np.random.default_rng(7))[0]
    every = fading_chances(counts, half_life=4.0, spread=0.5)
    np.testing.assert_allclose(
        fading_chances(counts[:, :41], half_life=4.0, spread=0.5)[:, -1], every[:, 40], atol=1e-6
    )
    said = recent(60, spread=0.5, half_life=4.0)(History(counts[:, :61]), (3,))[:, 0]
    for k in (4, 8, 12):
        of_sample = 1.0 - said[:, np.searchsorted(COUNTS, ASKED[k] - 1)]
        np.testing.assert_allclose(every[:, 60, k], of_sample, atol=0.06)


@pytest.mark.parametrize("model", [exceedance(3, trees=10), relative(3, trees=10), corrected(3, trees=10)])
def test_the_same_seed_gives_the_same_forecast(model) -> None:  # type: ignore[no-untyped-def]
    history = History(drifting(40, 80, np.random.default_rng(8))[0])
    np.testing.assert_array_equal(model(history, STEPS), model(history, STEPS))


def test_a_world_without_any_death_is_forecast_as_such() -> None:
    quiet = History(np.zeros((30, 80)))
    for model in (exceedance(trees=5), relative(trees=5), corrected(trees=5)):
        assert model(quiet, STEPS)[:, :, 0].min() > 0.999


def test_distributions_rise_to_one() -> None:
    history = History(drifting(40, 80, np.random.default_rng(8))[0])
    for model in (exceedance(trees=10), relative(trees=10), corrected(trees=10)):
        f = model(history, STEPS)
        assert f.shape == (40, 3, len(COUNTS)) and (np.diff(f, axis=-1) > -1e-5).all()
        assert f.min() >= 0 and f[..., -1].min() > 0.99
