"""What is worked out by a shorter way is what the long way gives: orders, fronts, tempo, reach, mix."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from toguna.shifts import fronts, mix, reach, tempo, zones
from toguna.shifts.comparison import Comparison, compare
from toguna.shifts.resampling import positions, ranks, reached_by
from toguna.shifts.sample import Coded, Sample
from toguna.shifts.windows import windows_ending

WINDOWS = windows_ending(date(2015, 11, 24))


@pytest.mark.parametrize("seed", range(4))
def test_blocks_are_put_in_order_as_their_marks_would_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    block = np.repeat(np.arange(7), rng.integers(1, 5, size=7))
    keys = rng.integers(0, 5, size=(40, 7)) / 5  # some are equal
    long = np.argsort(np.argsort(keys[:, block], axis=1, kind="stable"), axis=1)
    assert (ranks(keys, block, np.zeros((40, 1), dtype=int)) == long).all()


def _compared(seed: int, n: int = 150) -> Comparison:
    rng = np.random.default_rng(seed)
    first = WINDOWS.reference.start.toordinal()
    names = ("a", "b", "c", "d")
    codes = {k: rng.integers(-1, 4, size=n) for k in ("admin1", "admin2", "cell", "tactic", "target")}
    sample = Sample(
        ids=np.array([str(k) for k in range(n)]),
        day=np.sort(first + rng.integers(0, WINDOWS.days, size=n)),
        place=rng.normal(scale=200, size=(n, 2)).round(),
        origin=(17.0, -2.0),
        coded={k: Coded(names, v) for k, v in codes.items()},
        families={"f": rng.random(n) < 0.5},
    )
    return compare(sample, WINDOWS, replicates=199, rng=rng)


@pytest.mark.parametrize(("seed", "n"), [(0, 150), (1, 64), (2, 63), (3, 12)])
def test_the_least_p_of_a_scan_is_the_least_of_its_zones(seed: int, n: int) -> None:
    c = _compared(seed, n)
    assert fronts.least_p(c) == fronts.scan(c).p.min()
    long = {tuple(z.members) for z in zones.zones(c.sample)}
    assert sorted(tuple(np.flatnonzero(one)) for one in zones.sets_of(c.sample)) == sorted(long)


def test_a_scan_in_which_nothing_stands_out_has_p_1() -> None:
    c = _compared(0)
    alike = {k: Coded(("a",), np.zeros(len(c.sample), dtype=int)) for k in c.sample.coded}
    same = Sample(c.sample.ids, c.sample.day, c.sample.place * 0, (17.0, -2.0), alike, c.sample.families)
    flat = compare(same, WINDOWS, replicates=199, rng=np.random.default_rng(0))
    assert fronts.least_p(flat) == fronts.scan(flat).p.min() == 1.0


@pytest.mark.parametrize("mean", [0.2, 2.0, 30.0])
def test_permuted_tempos_that_reach_a_ratio_are_counted_as_by_the_ratio_itself(mean: float) -> None:
    rng = np.random.default_rng(3)
    order = tempo.orders(WINDOWS, replicates=150, rng=rng)
    for _ in range(20):
        counts = rng.negative_binomial(2, 2 / (2 + mean), size=36).astype(float)
        ratios = np.array([tempo.glr(counts[row], 24, 2)[0] for row in order])
        for observed in (tempo.glr(counts, 24, 2)[0], 0.0, float(np.median(ratios))):
            least = reached_by(observed)
            assert tempo._reaching(counts, 24, 2, order, least) == (ratios >= least).sum()


def test_the_mix_has_the_ratio_of_its_table() -> None:
    c = _compared(5)
    codes = c.sample.coded["tactic"].codes
    table = np.array([[(codes[m] == k).sum() for k in range(4)] for m in (c.recent, ~c.recent)])
    expected = table.sum(1, keepdims=True) * table.sum(0) / table.sum()
    got = mix._g(table[0], table.sum(0))
    assert got == pytest.approx(2 * (table * np.log(table / expected)).sum())


def test_reach_is_the_same_when_nothing_was_struck_before() -> None:
    distance = np.array([[0.0, 3.0], [3.0, 0.0]])
    assert reach._mean_nearest(distance, np.array([[True, True], [True, False]])).tolist() == [np.inf, 3.0]


def test_positions_are_permutations() -> None:
    day = np.array([1, 1, 2, 40, 41, 90, 200, 201])
    got = positions(day, replicates=50, rng=np.random.default_rng(1), block_days=30)
    assert (np.sort(got, axis=1) == np.arange(len(day))).all()
