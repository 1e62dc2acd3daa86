"""Forecasts by cell: no sight of the future, a war keeps its level, and silence where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.cell_corrected import cell_corrected, cell_rows
from toguna.forecasts.cell_levels import THREE_KINDS, TWO_KINDS, cell_levels
from toguna.forecasts.cell_members import BY_CELL, CELL_REGIMES, cell_members
from toguna.forecasts.cells import CellHistory, boxed, fading
from toguna.forecasts.ensemble import Ensemble
from toguna.forecasts.history import History
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import COUNTS, loss

STEPS = (3, 8, 14)


def square(side: int) -> NDArray[np.int64]:
    return np.add.outer((100 + np.arange(side)) * 720, 10 + np.arange(side)).ravel()


def roaming(side: int, months: int, seed: int) -> CellHistory:
    """One front that walks about in the upper left part of a square."""
    rng, counts = np.random.default_rng(seed), np.zeros((side, side, months))
    y, x = 5, 5
    for t in range(months):
        y, x = (int(np.clip(v + rng.integers(-1, 2), 1, 6)) for v in (y, x))
        counts[y, x, t] = rng.poisson(8) + 1
    counts = counts.reshape(side * side, months)
    return CellHistory(counts, counts, square(side))


def drifting(side: int, months: int, seed: int) -> NDArray[np.float64]:
    """Counts by cell, whose chance of a deadly month and usual size drift, (U, T)."""
    rng, cells = np.random.default_rng(seed), side * side
    level, out = rng.normal(0, 1.5, cells), np.zeros((cells, months))
    for t in range(months):
        level += rng.normal(0, 0.25, cells) - 0.06 * level
        deadly = rng.random(cells) < 1 / (1 + np.exp(1.0 - level))
        out[:, t] = deadly * np.rint(np.exp(rng.normal(1.0 + 0.7 * level, 0.8)) + 0.5)
    return out


def test_nothing_after_the_origin_moves_a_forecast_by_cell() -> None:
    counts = drifting(6, 120, 4)
    changed = counts.copy()
    changed[:, 101:] = 500.0
    model = cell_corrected(trees=5, size_trees=5)
    before = CellHistory(counts[:, :101], counts[:, :101], square(6))
    after = CellHistory(changed, changed, square(6))
    np.testing.assert_array_equal(model(after.until(100), STEPS), model(before, STEPS))
    # 116 = 120 - 4: the rows are then cut from the table of the longer history, and must be the same
    shared, alone = after.until(107), CellHistory(changed[:, :108], changed[:, :108], square(6))
    assert shared.later is after and (after.origin - 107) % 4 == 0
    np.testing.assert_array_equal(shared.known.at, alone.known.at)
    for part in ("start", "size", "chance_inputs", "size_inputs", "spoken", "near"):
        np.testing.assert_array_equal(getattr(shared.known, part), getattr(alone.known, part))
    np.testing.assert_array_equal(model(shared, STEPS), model(alone, STEPS))


def test_no_row_is_learnt_from_beyond_the_origin() -> None:
    counts = drifting(6, 90, 5)
    counts[:, -1] = 777.0  # the last month known: an outcome of some rows, of none after it
    history = CellHistory(counts, counts, square(6))
    rows = cell_rows(history, STEPS, np.random.default_rng(1))
    at = history.known.at[rows.month] + rows.step
    assert at.max() == history.origin and (rows.happened == 777.0).sum() == (at == history.origin).sum() > 0
    assert set(np.unique(rows.weight)) <= {1.0, 10.0} and set(rows.step) <= set(STEPS)


def test_cells_beside_a_fight_are_at_risk_and_unknown_cells_are_not_spoken_of() -> None:
    side, history = 12, roaming(12, 90, 9)
    said = 1.0 - cell_corrected()(history, STEPS)[:, :, 0].mean(axis=1).reshape(side, side)
    assert said[10:, 10:].max() == 0.0
    assert said[1:7, 1:7].mean() > 4 * said[8:, :].mean()
    regime = BY_CELL.regime(history).reshape(side, side)
    assert regime[11, 11] == CELL_REGIMES.index("quiet") and {1, 2} <= set(regime[1:7, 1:7].ravel())


def announced(side: int, months: int, seed: int) -> CellHistory:
    """State-based deaths of ten months that a year of other violence comes before, at random times."""
    rng, cells = np.random.default_rng(seed), side * side
    other, target = np.zeros((cells, months)), np.zeros((cells, months))
    for cell in range(cells):
        for begin in np.arange(rng.integers(60), months, 60):
            other[cell, begin : begin + 12] = rng.poisson(3, min(12, months - begin)) + 1
            target[cell, begin + 12 : begin + 22] = rng.poisson(5, max(0, min(10, months - begin - 12))) + 1
    return CellHistory(target, other + target, square(side))


def test_trees_learn_what_resampling_cannot_say() -> None:
    whole, steps = announced(14, 190, 6), (3, 6, 9)
    known, later = whole.until(180), whole.counts[:, 180 + np.array(steps)]
    learnt, guess, last_year = (
        loss(m(known, steps), later).mean()
        for m in (cell_corrected(), cell_corrected(trees=1, size_trees=1), past_months(12))
    )
    assert learnt < 0.85 * guess and learnt < 0.75 * last_year


def test_a_deadly_month_of_a_record_war_keeps_its_level() -> None:
    counts = drifting(8, 140, 7)
    counts[[18, 19, 20, 26, 28, 34, 35, 36], -60:] = 0.0
    counts[27, -18:] = np.random.default_rng(1).poisson(900, 18)
    history = CellHistory(counts, counts, square(8))
    said = cell_corrected()(history, (3,))[27, 0]
    assert counts[:, :-18].max() < 300 and 1 - said[0] > 0.4
    half = COUNTS[np.searchsorted(said, (1 + said[0]) / 2)]
    assert 600 < half < 1400, "a deadly month of a war of 900 a month, thrice all that was seen before"


def test_the_pool_learns_from_past_octobers_and_gives_the_same_twice() -> None:
    history = CellHistory(counts := drifting(6, 130, 8), counts, square(6))
    said = [
        Ensemble(cell_members(0), BY_CELL, least_history=90, most_origins=2).pool(history, STEPS)
        for _ in range(2)
    ]
    assert said[0].origins == 2 and set(said[0].weights) == set(CELL_REGIMES)
    np.testing.assert_array_equal(said[0].chances, said[1].chances)
    assert (np.diff(said[0].chances, axis=-1) > -1e-5).all() and said[0].chances[..., -1].min() > 0.99


def test_a_world_without_deaths_is_forecast_as_such() -> None:
    quiet = CellHistory(np.zeros((36, 80)), np.zeros((36, 80)), square(6))
    assert cell_corrected()(quiet, STEPS)[:, :, 0].min() == 1.0
    early = CellHistory(np.ones((36, 5)), np.ones((36, 5)), square(6))
    assert early.known.at.tolist() == [4] and cell_corrected()(early, STEPS).shape == (36, 3, len(COUNTS))


def test_sums_that_fade_and_means_of_squares() -> None:
    np.testing.assert_allclose(fading(np.array([[4.0, 0.0, 2.0]]), half_life=1.0), [[4.0, 2.0, 3.0]])
    np.testing.assert_allclose(fading(np.ones((1, 5)), half_life=3.0, mean=True), 1.0)
    corner = np.zeros(9)
    corner[0] = 12.0
    said = boxed(corner, square(3), reach=1, own=4.0)
    np.testing.assert_allclose(said, [4.0, 1.0, 0, 1.0, 1.0, 0, 0, 0, 0])


def test_chains_of_levels_see_no_future_and_speak_of_known_cells_alone() -> None:
    history = roaming(12, 90, 9)
    changed = history.counts.copy()
    changed[:, 80:] = 500.0
    before, after = history.until(79), CellHistory(changed, changed, history.gids).until(79)
    for states in (TWO_KINDS, THREE_KINDS):
        said = cell_levels(states, 3)(before, STEPS)
        np.testing.assert_array_equal(cell_levels(states, 3)(after, STEPS), said)
        assert said.dtype == np.float32 and (np.diff(said, axis=-1) >= 0).all()
        assert (said.reshape(12, 12, 3, -1)[10:, 10:, :, 0] == 1.0).all()
        assert said.reshape(12, 12, 3, -1)[1:7, 1:7, :, 0].mean() < 0.99
        quiet = CellHistory(np.zeros((36, 80)), np.zeros((36, 80)), square(6))
        assert cell_levels(states)(quiet, STEPS)[..., 0].min() == 1.0


def test_chains_know_a_level_from_one_bloody_month() -> None:
    rng, counts = np.random.default_rng(3), drifting(10, 160, 11)
    counts[[11, 12, 55, 56]] = 0.0
    counts[11, -30:] = rng.poisson(20, 30)
    counts[55, -1] = 20.0
    history = CellHistory(counts, counts, square(10))
    for states in (TWO_KINDS, THREE_KINDS):
        deadly = 1.0 - cell_levels(states)(history, STEPS)[..., 0]
        assert (deadly[11] > deadly[55] + 0.05).all()
        assert (np.diff(deadly[11]) < 0).all(), "a level fades with the months"


def test_chains_speak_where_there_were_deaths_and_nowhere_else() -> None:
    for name, prior, least in zip(CELL_REGIMES, BY_CELL.priors, BY_CELL.log_odds, strict=True):
        speaks = name in ("some", "fighting")
        assert ("levels_2" in prior) == ("levels_3" in prior) == (least > 0) == speaks
        assert set(prior) <= set(cell_members(0))


def test_misuse_is_explained() -> None:
    counts = np.ones((36, 60))
    unknown = (cell_corrected(), cell_levels(TWO_KINDS))
    for wrong in (*(lambda h, m=m: m(h, STEPS) for m in unknown), BY_CELL.regime):
        with pytest.raises(UsageError, match="CellHistory"):
            wrong(History(counts))
    with pytest.raises(UsageError, match="same cells"):
        CellHistory(counts, counts[:5], square(6))
