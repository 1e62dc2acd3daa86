"""In simulated conflicts the battery finds what was put there, and little else.

Small versions of bench/shifts_size_power.py: bounds are five standard errors wide, so that they hold
for any correct implementation and fail for a wrong one.
"""

from collections import defaultdict
from datetime import date

import numpy as np
import pytest

from toguna.shifts import spread
from toguna.shifts.battery import alarms, dimension_of, run
from toguna.shifts.falsealarms import calibrate, year_of_looks
from toguna.shifts.windows import windows_ending
from toguna.shifts.worlds import fit_tempo, null_world
from toguna.testing.conflict import HOMES, NEW_PLACES, OLD_PLACES, Habits, Truth, simulate

WINDOWS = windows_ending(date(2015, 12, 31))
SPAN = (WINDOWS.reference.start.toordinal(), WINDOWS.as_of.toordinal())
YEAR = WINDOWS.recent.start.toordinal()
WORLDS = 200


@pytest.fixture(scope="module")
def null_p():
    rng = np.random.default_rng(7)
    out = defaultdict(list)
    for _ in range(WORLDS):
        for test, p in run(simulate(rng, span=SPAN).sample, WINDOWS, replicates=299, rng=rng).p.items():
            out[dimension_of(test)].append(p)
    return out


@pytest.mark.parametrize(
    "dimension", ["fronts", "spread", "reach", "tactics", "targets", "settings", "tempo"]
)
def test_size_is_nominal(null_p, dimension):
    p = np.array(null_p[dimension])
    assert len(p) >= WORLDS
    error = 5 * np.sqrt(0.05 * 0.95 / WORLDS)  # tests of one world count as one
    assert np.mean(p <= 0.05) <= 0.05 + error


def _sounding(truth, worlds=30, seed=11):
    rng = np.random.default_rng(seed)
    found = defaultdict(int)
    for _ in range(worlds):
        world = simulate(rng, truth=truth, span=SPAN)
        p = run(world.sample, WINDOWS, replicates=999, rng=rng).p
        for dimension in {dimension_of(t) for t in alarms(p)}:
            found[dimension] += 1
    return {d: n / worlds for d, n in found.items()}


def test_a_move_south_is_found_as_a_move():
    found = _sounding(Truth("place", YEAR))
    assert found["spread"] >= 0.8
    assert found["fronts"] >= 0.5
    assert found.get("tactics", 0) <= 0.35


def test_a_group_that_leaves_its_range_is_found():
    assert _sounding(Truth("reach", YEAR))["reach"] >= 0.8


@pytest.mark.parametrize("kind", ["tactic", "target", "setting"])
def test_a_new_mix_is_found_in_its_own_column(kind):
    found = _sounding(Truth(kind, YEAR), worlds=20)
    others = {"tactic", "target", "setting"} - {kind}
    assert found.get(f"{kind}s", 0) > max(found.get(f"{o}s", 0) for o in others)


def test_a_tripled_tempo_is_found_and_moves_nothing_else():
    found = _sounding(Truth("tempo", YEAR, 2.0), worlds=20)
    assert found["tempo"] >= 0.7
    assert found.get("spread", 0) <= 0.35


def test_more_reporting_everywhere_is_no_shift_of_place_or_mix():
    """Tests of place and mix are conditional on the totals: a doubled count alone must not sound."""
    found = _sounding(Truth("tempo", YEAR, 1.0), worlds=40, seed=3)
    for dimension in ("spread", "fronts", "tactics", "targets", "settings"):
        assert found.get(dimension, 0) <= 0.1 + 5 * np.sqrt(0.1 * 0.9 / 40)


def test_the_displacement_is_recovered_without_bias():
    rng = np.random.default_rng(5)
    south = []
    for _ in range(60):
        world = simulate(rng, truth=Truth("place", YEAR), span=SPAN, habits=Habits(per_day=0.3))
        c = run(world.sample, WINDOWS, replicates=19, rng=rng).comparison
        south.append(spread.measure(c, rng=rng, replicates=19)["centre"].numbers["south_km"])
    truth = float(-((NEW_PLACES - OLD_PLACES) @ HOMES)[1])
    error = np.std(south) / np.sqrt(len(south))
    assert np.mean(south) == pytest.approx(truth, abs=5 * error + 10)  # bursts that straddle the day


def test_burst_size_is_recovered():
    rng = np.random.default_rng(2)
    sizes = [
        fit_tempo(
            simulate(rng, span=SPAN, habits=Habits(per_day=1.0, burst=3.0, lag_days=2.0)).sample.day, WINDOWS
        ).burst
        for _ in range(20)
    ]
    assert np.mean(sizes) == pytest.approx(3.0, rel=0.25)


def test_a_null_world_keeps_the_rate_and_invents_no_marks():
    rng = np.random.default_rng(2)
    pool = simulate(rng, span=SPAN).sample
    tempo = fit_tempo(pool.day, WINDOWS)
    worlds = [null_world(pool, tempo, first=SPAN[0], last=SPAN[1], rng=rng) for _ in range(40)]
    assert np.mean([len(w) for w in worlds]) == pytest.approx(len(pool), rel=0.15)
    places = {tuple(p) for p in pool.place}
    assert all(tuple(p) in places for w in worlds for p in w.place)


def test_calibration_does_not_depend_on_threads_and_never_claims_zero():
    pool = simulate(np.random.default_rng(2), span=SPAN).sample
    first, second = (calibrate(pool, WINDOWS, worlds=2, seed=1, replicates=99) for _ in range(2))
    assert first == second
    rate, low, high = first.per_year("spread")
    assert 0 < low < rate < high


def test_a_year_of_looks_counts_only_what_starts():
    rng = np.random.default_rng(1)
    pool = simulate(rng, truth=Truth("place", YEAR), span=SPAN).sample
    tempo = fit_tempo(pool.day, WINDOWS)
    started = year_of_looks(pool, WINDOWS, tempo, replicates=99, rng=rng)
    assert all("/" in test for test in started)
