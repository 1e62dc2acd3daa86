"""The publish guard: every reason, nothing without a reason, and tests of the size that is stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from toguna.forecasts.guard import Account, Bounds, Draft, Record, effective, guard

CELLS = frozenset((unit, month) for unit in ("MLI", "NER") for month in (430, 431))
GOOD = Draft(
    "deaths, country-month",
    origin=date(2015, 10, 31),
    as_of=date(2015, 11, 24),
    expected=CELLS,
    given=CELLS,
    records=(Record("all", 0.9, (90, 88, 92), (100, 100, 100)),),
    accounts=(
        Account("rows", 10, {"accepted": 8, "quarantined": 2}),
        Account("deaths", 0.3, {"a": 0.1, "b": 0.2}),
    ),
)


def codes(draft: Draft, bounds: Bounds | None = None) -> list[str]:
    found = guard(draft, bounds)
    assert all(f.severity == "stop" and f.table == draft.target for f in found)
    assert all(f.found and f.expected and f.repair for f in found)
    return [f.code for f in found]


def test_nothing_stands_against_a_good_forecast():
    assert guard(GOOD) == ()


@pytest.mark.parametrize(
    ("days", "said"), [(-1, ["forecast-ahead"]), (0, []), (62, []), (63, ["forecast-stale"])]
)
def test_stale_and_from_the_future(days, said):
    assert codes(replace(GOOD, as_of=GOOD.origin + timedelta(days))) == said


def test_incomplete():
    found = guard(replace(GOOD, given=CELLS - {("NER", 431)}))
    assert [f.code for f in found] == ["forecast-incomplete"]
    assert found[0].found == "1 of 4 cells missing (1 units, 1 months); the first is NER in month 431"
    assert codes(replace(GOOD, given=CELLS | {("BFA", 430)})) == []
    assert codes(replace(GOOD, expected=(), given=())) == ["forecast-incomplete"]


@pytest.mark.parametrize("records", [(), (Record("all", 0.9, (26,), (29,)),), (Record("all", 0.9, (), ()),)])
def test_without_a_record(records):
    assert codes(replace(GOOD, records=records)) == ["forecast-without-record"]


@pytest.mark.parametrize(
    ("held", "said"), [(70, "too narrow"), (100, "too wide"), (85, None), (95, None), (90, None)]
)
def test_miscalibrated(held, said):
    found = guard(replace(GOOD, records=(Record("all", 0.9, (held, held), (100, 100)),)))
    assert [f.code for f in found] == (["forecast-miscalibrated"] if said else [])
    assert said is None or said in found[0].found


@pytest.mark.parametrize(
    "account",
    [
        Account("rows", 11, {"accepted": 8, "quarantined": 2}),
        Account("rows", None, {"accepted": 8}),
        Account("rows", 8, {"accepted": 8, "quarantined": None}),
        Account("rows", float("nan"), {"accepted": 8}),
        Account("rows", 3, {}),
    ],
)
def test_an_account_that_does_not_add_up(account):
    assert codes(replace(GOOD, accounts=(account,))) == ["account-unbalanced"]


def test_every_reason_is_told_at_once():
    bad = replace(
        GOOD, as_of=date(2016, 6, 1), given=(), records=(), accounts=(Account("rows", 1, {"accepted": 2}),)
    )
    assert codes(bad) == [
        "forecast-stale", "forecast-incomplete", "forecast-without-record", "account-unbalanced",
    ]  # fmt: skip


def refused(coverage: float, *, spread: float, origins: int, n: int, seed: int, worlds: int = 400) -> float:
    """Share of simulated records that are refused; `spread` makes the outcomes of an origin hang together."""
    rng, count = np.random.default_rng(seed), 0
    for _ in range(worlds):
        each = np.full(origins, coverage)
        if spread:
            each = rng.beta(coverage * (1 / spread - 1), (1 - coverage) * (1 / spread - 1), origins)
        held = rng.binomial(n, each)
        record = Record("all", 0.9, tuple(held.tolist()), (n,) * origins)
        count += bool(guard(replace(GOOD, records=(record,))))
    return count / worlds


@pytest.mark.parametrize("spread", [0.0, 0.05])
@pytest.mark.parametrize("coverage", [0.85, 0.9, 0.95])
def test_coverage_within_the_bounds_is_seldom_refused(coverage, spread):
    """Size: at most 2.5 % on the edge, and what 400 worlds add by chance; the design effect is estimated."""
    assert refused(coverage, spread=spread, origins=40, n=50, seed=1) <= 0.05


@pytest.mark.parametrize(("coverage", "power"), [(0.75, 0.95), (0.995, 0.95)])
def test_coverage_far_outside_is_refused(coverage, power):
    assert refused(coverage, spread=0.0, origins=40, n=50, seed=2) >= power


def test_outcomes_that_hang_together_count_for_fewer():
    apart = Record("all", 0.9, (9, 9, 9, 9), (10, 10, 10, 10))
    together = Record("all", 0.9, (10, 10, 10, 6), (10, 10, 10, 10))
    assert effective(apart) == (0.9, 40.0)
    share, n = effective(together)
    assert share == 0.9
    assert n == pytest.approx(40 / (4 / 3 * 12 / 1600 / (0.09 / 40)))
