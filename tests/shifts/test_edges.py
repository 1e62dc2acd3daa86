"""Windows, samples and families at the edge of what can be tested."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from toguna.shifts import mix, spread, tempo
from toguna.shifts.battery import planned, run
from toguna.shifts.comparison import compare
from toguna.shifts.sample import Coded, Sample
from toguna.shifts.windows import windows_ending
from toguna.shifts.zones import MOST_CENTRES, zones
from toguna.testing.conflict import simulate

AS_OF = date(2016, 2, 29)


def sample(day, place=None, tactic=None):
    n = len(day)
    one, none = Coded(("a",), np.zeros(n, dtype=np.int64)), Coded((), np.full(n, -1))
    coded = {"tactic": tactic or none, "target": none, "setting": none}
    coded |= {"admin1": one, "admin2": none, "cell": one}
    ids = np.array([f"e{k}" for k in range(n)])
    where = np.zeros((n, 2)) if place is None else np.asarray(place, dtype=float)
    return Sample(ids, np.asarray(day), where, (0.0, 0.0), coded, {"group": np.ones(n, dtype=bool)})


def span(windows):
    return windows.reference.start.toordinal(), windows.as_of.toordinal()


def compared(s, windows, replicates=199):
    return compare(s, windows, replicates=replicates, rng=np.random.default_rng(0))


@pytest.mark.parametrize("days", [(365, 730), (365, 106), (365, 110), (200, 500), (90, 100), (36, 72)])
def test_one_event_a_day_is_no_change_of_tempo_in_any_windows(days):
    """Reference days that fill no whole step must not pass for a lower or a higher rate."""
    windows = windows_ending(AS_OF, recent_days=days[0], reference_days=days[1])
    first, last = span(windows)
    s = sample(np.repeat(np.arange(first, last + 1), 12))
    counts, before = tempo.counts_by_step(s.day, windows)
    width = 12 * windows.recent.days / tempo.STEPS
    assert len(counts) == before + tempo.STEPS
    assert np.abs(counts - width).max() <= 12
    m = tempo.measure(compared(s, windows), "all", np.ones(len(s), dtype=bool))
    assert m.effect.value == pytest.approx(1.0, abs=0.05)


def test_a_reference_of_less_than_two_steps_gives_no_test_of_tempo():
    windows = windows_ending(AS_OF, recent_days=365, reference_days=40)
    found = planned(sample(np.arange(*span(windows))), windows)
    assert "spread/centre" in found
    assert not [t for t in found if t.startswith("tempo/")]


def test_a_lull_to_nothing_shows_what_was_there_before():
    windows = windows_ending(AS_OF)
    first, last = span(windows)
    s = sample(np.array([*range(first, first + 600, 6), *range(last - 9, last + 1)]))
    north = np.arange(len(s)) < 100
    m = tempo.measure(compared(s, windows), "north", north)
    assert m.effect.value == 0
    assert m.numbers["direction"] == "lull"
    assert len(m.event_ids) == 100


def test_categories_outside_the_windows_do_not_make_a_mix():
    windows = windows_ending(AS_OF)
    day = np.arange(*span(windows), 30)
    tactic = Coded(("ambush", "raid"), np.ones(len(day), dtype=np.int64))
    assert not mix.testable(compared(sample(day, tactic=tactic), windows), "tactic")


def test_events_at_one_place_have_not_moved_or_widened():
    windows = windows_ending(AS_OF)
    day = np.arange(*span(windows), 17)
    c = compared(sample(day, place=np.full((len(day), 2), [317.123, -411.7])), windows)
    assert spread.p_values(c) == {"centre": 1.0, "dispersion": 1.0, "areas": 1.0}


def test_a_further_family_changes_no_other_test():
    windows = windows_ending(date(2015, 12, 31))
    s = simulate(np.random.default_rng(3), span=span(windows)).sample
    more = replace(s, families={"another": s.families["group-0"] | s.families["group-1"], **s.families})
    few, many = (run(x, windows, replicates=199, rng=np.random.default_rng(1)).p for x in (s, more))
    assert "reach/another" in many
    assert {name: many[name] for name in few} == few


def test_many_places_share_circles():
    rng = np.random.default_rng(0)
    s = sample(np.sort(rng.integers(1, 1000, size=6000)), place=rng.normal(0, 250, size=(6000, 2)))
    circles = [z for z in zones(s) if z.level == "circle"]
    assert 0 < len({z.name.split(":")[0] for z in circles}) <= MOST_CENTRES
