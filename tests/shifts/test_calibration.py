"""The stated false alarms: bursts as large as they are, thresholds that can be met, honest intervals."""

from datetime import date

import numpy as np
import pytest

from toguna.shifts.battery import THRESHOLD, alarms, enough, planned, run
from toguna.shifts.falsealarms import DIMENSIONS, FalseAlarms, calibrate
from toguna.shifts.fdr import q_values
from toguna.shifts.windows import windows_ending
from toguna.shifts.worlds import Tempo, cluster_days, fit_tempo
from toguna.testing.conflict import simulate

WINDOWS = windows_ending(date(2015, 12, 31))
SPAN = (WINDOWS.reference.start.toordinal(), WINDOWS.as_of.toordinal())


@pytest.mark.parametrize("burst", [1.5, 3.0])
def test_bursts_that_straddle_blocks_are_recovered(burst):
    """Null worlds made from a fit must have the bursts that were fitted."""
    rng = np.random.default_rng(0)
    tempo = Tempo(0.3, burst)
    found = [fit_tempo(cluster_days(tempo, *SPAN, rng), WINDOWS).burst for _ in range(150)]
    assert np.mean(found) - 1 == pytest.approx(burst - 1, rel=0.15)


@pytest.mark.parametrize("count", [0, 1, 7, 16, 30, 51, 60, 200])
def test_every_threshold_of_the_step_up_rule_is_a_p_that_can_occur(count):
    permutations = enough(count, at_least=399)
    assert permutations >= 399
    steps = THRESHOLD * np.arange(1, count + 1) / max(count, 1) * (permutations + 1)
    assert steps == pytest.approx(np.round(steps))


@pytest.mark.parametrize("count", [15, 30, 60])
def test_alarms_among_null_tests_are_as_frequent_as_stated(count):
    rng = np.random.default_rng(1)
    r, worlds = enough(count, at_least=399), 4000
    p = (1 + rng.binomial(r, rng.random((worlds, count)))) / (1 + r)
    sounding = sum(bool(alarms(dict(enumerate(row)))) for row in p)
    assert sounding / worlds == pytest.approx(0.10, abs=5 * np.sqrt(0.1 * 0.9 / worlds))


def test_a_p_of_exactly_the_threshold_is_an_alarm():
    for count in range(1, 80):
        p = dict.fromkeys(map(str, range(count)), 1.0) | {"0": 3 / (30 * count)}
        assert alarms(p) == ["0"], (count, q_values(list(p.values()))[0])


def test_alarms_that_come_in_bunches_widen_the_interval():
    tempo = Tempo(0.1, 1.5)
    single = FalseAlarms(100, {"tempo": 40}, tempo)
    bunched = FalseAlarms(100, {"tempo": 40}, tempo, {"tempo": 4.0})
    (rate, low, high), (same, lower, higher) = (f.per_year("tempo") for f in (single, bunched))
    assert rate == same
    assert (higher - lower) / (high - low) == pytest.approx(2.0, rel=0.05)


def test_a_calibration_measures_how_bunched_its_alarms_are():
    pool = simulate(np.random.default_rng(2), span=SPAN).sample
    found = calibrate(pool, WINDOWS, worlds=3, seed=1, replicates=99)
    assert set(found.dispersion) == set(DIMENSIONS)
    assert min(found.dispersion.values()) >= 1


def test_tests_are_named_before_they_are_run():
    sample = simulate(np.random.default_rng(2), span=SPAN).sample
    battery = run(sample, WINDOWS, replicates=19, rng=np.random.default_rng(0))
    assert list(battery.p) == planned(sample, WINDOWS)
