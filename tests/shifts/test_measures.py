"""Each measure against numbers worked out by hand or by brute force."""

from datetime import date

import numpy as np
import pytest

from toguna.shifts import fronts, mix, reach, spread, tempo
from toguna.shifts.comparison import compare
from toguna.shifts.sample import Coded, Sample
from toguna.shifts.windows import windows_ending

AS_OF = date(2015, 12, 31)
WINDOWS = windows_ending(AS_OF)
RECENT = WINDOWS.recent.start.toordinal()
REFERENCE = WINDOWS.reference.start.toordinal()


def sample(place, day, *, tactic=None, area=None, family=None):
    n = len(day)
    tactics = tactic or ["raid"] * n
    areas = area or ["all"] * n

    def coded(values):
        names = tuple(sorted(set(values)))
        return Coded(names, np.array([names.index(v) for v in values]))

    marks = {"tactic": coded(tactics), "target": coded(tactics), "setting": coded(tactics)}
    marks |= {"admin1": coded(areas), "cell": coded(areas), "admin2": Coded((), np.full(n, -1))}
    own = np.ones(n, dtype=bool) if family is None else np.array(family)
    ids = np.array([f"e{k}" for k in range(n)])
    return Sample(ids, np.array(day), np.array(place, dtype=float), (0.0, 0.0), marks, {"group": own})


def northern_then_southern(n=10):
    day = [REFERENCE + 50 * k for k in range(n)] + [RECENT + 30 * k for k in range(n)]
    place = [[0, 200 + k] for k in range(n)] + [[0, -100 + k] for k in range(n)]
    return sample(place, day, area=["n"] * n + ["s"] * n, tactic=["raid"] * n + ["siege"] * n)


def compared(s, replicates=999):
    return compare(s, WINDOWS, replicates=replicates, rng=np.random.default_rng(0))


def test_the_centre_moves_by_the_distance_of_the_means():
    c = compared(northern_then_southern())
    m = spread.measure(c, rng=np.random.default_rng(0))["centre"]
    assert m.effect.value == pytest.approx(300.0)
    assert m.numbers["direction"] == "south"
    assert m.numbers["south_km"] == pytest.approx(300.0)
    assert m.effect.low <= 300 <= m.effect.high
    assert spread.p_values(c)["centre"] < 0.01


def test_dispersion_is_the_root_mean_square_distance_from_the_centre():
    day = [REFERENCE + 40 * k for k in range(8)] + [RECENT + 30 * k for k in range(8)]
    place = [[-10, 0], [10, 0]] * 4 + [[-30, 0], [30, 0]] * 4
    m = spread.measure(compared(sample(place, day)), rng=np.random.default_rng(0))["dispersion"]
    assert m.numbers == {"reference_km": 10.0, "recent_km": 30.0}


@pytest.mark.parametrize(
    ("degrees", "wind"),
    [(0, "north"), (44, "north-east"), (180, "south"), (225, "south-west"), (350, "north")],
)
def test_compass(degrees, wind):
    assert spread.compass(degrees) == wind


def test_a_mix_that_turns_over_completely_moves_by_100_points():
    m = mix.measure(compared(northern_then_southern()), "tactic", rng=np.random.default_rng(0))
    assert m.effect.value == pytest.approx(100.0)
    rows = {r["category"]: r for r in m.numbers["categories"]}
    assert rows["siege"]["recent"] == 10
    assert rows["raid"]["recent_share"] == 0.0
    assert len(m.event_ids) == 10


def test_an_unchanged_mix_is_never_significant():
    n = 20
    day = [REFERENCE + 30 * k for k in range(n)] + [RECENT + 15 * k for k in range(n)]
    s = sample([[0, 0]] * (2 * n), day, tactic=["raid", "siege"] * n)
    assert mix.p_value(compared(s), "tactic") > 0.5


def test_reach_is_the_distance_to_the_nearest_earlier_strike():
    n = 8
    day = [REFERENCE + 40 * k for k in range(n)] + [RECENT + 40 * k for k in range(n)]
    place = [[10 * k, 0] for k in range(n)] + [[10 * k, 250] for k in range(n)]
    m = reach.measure(compared(sample(place, day)), "group", rng=np.random.default_rng(0))
    assert m.effect.value == pytest.approx(250 - 10)
    assert m.numbers["outside"] == n
    assert m.numbers["range_km"] == pytest.approx(10)


def test_reach_kernel_against_brute_force():
    rng = np.random.default_rng(4)
    place = rng.normal(size=(12, 2))
    distance = np.sqrt(((place[:, None] - place[None]) ** 2).sum(-1))
    recent = rng.random((50, 12)) < 0.5
    recent[:, 0], recent[:, 1] = True, False
    got = reach._mean_nearest(distance, recent)
    want = [distance[np.ix_(r, ~r)].min(axis=1).mean() for r in recent]
    assert got == pytest.approx(want)


def test_tempo_counts_every_event_once():
    day = np.arange(REFERENCE, AS_OF.toordinal() + 1)
    counts, before = tempo.counts_by_step(day, WINDOWS)
    assert counts.sum() == len(day)
    assert before == 24
    assert len(counts) == 36


def test_a_doubling_of_tempo_is_measured_as_two():
    day = [REFERENCE + 5 * k for k in range(146)] + [RECENT + 2 * k + k // 2 for k in range(146)]
    s = sample([[0, 0]] * 292, day)
    m = tempo.measure(compared(s), "all", np.ones(292, dtype=bool))
    assert m.effect.value == pytest.approx(2.0, rel=0.1)
    assert m.numbers["direction"] == "surge"
    assert m.effect.low < m.effect.value < m.effect.high


def test_scan_ratio_against_the_two_by_two_table():
    n, zone, late = 40, 10, 15
    xlogx = np.arange(n + 1) * np.log(np.maximum(np.arange(n + 1), 1.0))
    members = np.arange(25, 35)  # all ten land in the last fifteen
    got, _ = fronts._ratios(np.arange(n), np.array([n - late]), np.array([0, zone]), members, xlogx)
    table = np.array([[10, 0], [5, 25]])
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        want = np.nansum(table * np.log(table / expected))
    assert got[0] == pytest.approx(want)


def test_scan_finds_the_area_that_lights_up():
    c = compared(northern_then_southern())
    found = fronts.scan(c)
    best = found.zones[int(np.argmax(found.ratio))]
    assert set(best.members) == set(range(10, 20))
    rows = fronts.areas(c, found, c.sample)
    assert {r["name"]: r["status"] for r in rows} == {"n": "quiet", "s": "new"}


@pytest.mark.parametrize(
    ("counts", "status"),
    [((0, 0, 3), "new"), ((2, 0, 3), "re-activated"), ((0, 4, 3), "active"), ((5, 5, 0), "quiet")],
)
def test_status_of_an_area(counts, status):
    assert fronts.status(*counts) == status


def test_too_few_events_are_not_tested():
    from toguna.shifts.battery import run

    s = sample([[0, 0]] * 6, [REFERENCE, RECENT, RECENT + 1, RECENT + 2, RECENT + 3, RECENT + 4])
    assert run(s, WINDOWS, replicates=99, rng=np.random.default_rng(0)).p == {}


def test_an_empty_sample_is_not_tested():
    from toguna.shifts.battery import run

    empty = northern_then_southern().take(np.array([], dtype=np.int64))
    assert run(empty, WINDOWS, replicates=99, rng=np.random.default_rng(0)).p == {}


def test_the_largest_ratio_of_an_arrangement_is_the_largest_by_zone() -> None:
    rng = np.random.default_rng(3)
    for n, periods, count in ((85, 6, 60), (10, 1, 3), (7, 3, 2)):
        position = np.array([rng.permutation(n) for _ in range(50)])
        first = np.sort(rng.choice(n, periods, replace=False)).astype(np.int64)
        found = [rng.choice(n, rng.integers(1, max(2, n // 3)), replace=False) for _ in range(count)]
        start = np.concatenate([[0], np.cumsum([len(one) for one in found])]).astype(np.int64)
        steps = np.arange(n + 1, dtype=np.float64)
        told = first, start, np.concatenate(found).astype(np.int64), steps * np.log(np.maximum(steps, 1))
        by_zone = [fronts._ratios(row, *told)[0].max() for row in position]
        assert fronts._largest(position, *told).tolist() == by_zone
