"""Reactive and proactive worlds are told apart; one without a tie is called tied as often as stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from worlds import END, LAST, START, attacks, bursts, frame, measure, on

from toguna.responses.attacks import attacks_of
from toguna.responses.timing import WITHIN, Trigger, timing

DAY = date(2015, 6, 1)
NUMBER = (DAY - date(1970, 1, 1)).days


def judged(responses, struck, *, seed=0, areas=None, end=END, triggers=()):
    rng = np.random.default_rng(seed)
    return timing(responses, struck, areas=areas or {}, end=end, rng=rng, triggers=triggers)


@pytest.mark.parametrize(
    ("offsets", "when", "delay"),
    [
        ([0], "after", 0),
        ([-WITHIN], "after", WITHIN),
        ([-WITHIN - 1], "apart", WITHIN + 1),
        ([-200, 1], "before", 200),
        ([-200, WITHIN], "before", 200),
        ([-200, WITHIN + 1], "apart", 200),
        ([-3, 2], "after", 3),
        ([-400, 400], "apart", None),
    ],
)
def test_where_a_measure_stands(offsets, when, delay):
    struck = attacks([NUMBER - 900, *(NUMBER + o for o in offsets)])
    (timed,) = judged([measure("R", DAY)], struck, end=date(2017, 1, 1)).timed
    assert timed.when == when
    assert [b.delay for b in timed.before if b.kind == "attack"] == ([] if delay is None else [delay])


def test_days_that_are_not_over_are_open():
    struck = attacks([NUMBER - 900])
    assert judged([measure("R", DAY)], struck, end=DAY + timedelta(days=WITHIN)).timed[0].when == "apart"
    assert judged([measure("R", DAY)], struck, end=DAY + timedelta(days=WITHIN - 1)).timed[0].when == "open"


def test_a_measure_for_an_area_is_held_against_that_area():
    struck = attacks([NUMBER - 900, NUMBER - 5, NUMBER - 9], areas=["A", "B", "A"])
    near = {a: judged([measure("R", DAY)], struck, areas={"R": a}).timed[0] for a in ("A", "B", "C")}
    assert {a: t.when for a, t in near.items()} == {"A": "after", "B": "after", "C": "apart"}
    assert [b.delay for b in near["A"].before] == [9]
    assert [b.delay for b in near["B"].before] == [5]


def test_a_measure_for_all_is_held_against_the_gravest_tenth():
    struck = attacks([NUMBER - 900, *range(NUMBER - 100, NUMBER - 1)], tolls=[90, *[1] * 99])
    found = judged([measure("R", DAY)], struck)
    assert found.grave_from == 90
    assert found.timed[0].when == "apart"


def test_equal_tolls_never_make_the_gravest_more_than_their_share():
    grave, limit = attacks(range(100), tolls=[9] * 3 + [5] * 30 + [1] * 67).gravest(0.1)
    assert (len(grave.ids), limit) == (3, 9.0)
    none, limit = attacks([1, 2], tolls=[np.nan, np.nan]).gravest(0.1)
    assert none.ids == () and np.isnan(limit)


def test_shifts_and_warnings_before_a_measure():
    told = [
        Trigger("warning", "w1", DAY - timedelta(days=9), "A"),
        Trigger("warning", "w2", DAY - timedelta(days=4), "B"),
        Trigger("shift", "s1", DAY - timedelta(days=400)),
        Trigger("shift", "s2", DAY + timedelta(days=1)),
    ]
    struck = attacks([NUMBER - 900])
    (timed,) = judged([measure("R", DAY)], struck, areas={"R": "A"}, triggers=told).timed
    assert [(b.kind, b.id, b.delay) for b in timed.before] == [("warning", "w1", 9)]


def test_advice_is_no_measure_and_what_came_before_the_record_is_not_judged():
    early, advice = measure("E", on(START - 5)), replace(measure("A", DAY), recommendation=True)
    found = judged([early, advice, measure("R", DAY)], attacks([START, NUMBER]))
    assert [t.id for t in found.timed] == ["R"]
    assert found.outside == 1


def test_spending_needs_one_currency():
    struck = attacks([NUMBER - 900, NUMBER - 1, NUMBER + 205])
    one = replace(measure("1", DAY), cost=30.0, currency="XOF")
    two = replace(measure("2", DAY + timedelta(days=190)), cost=10.0, currency="XOF")
    found = judged([one, two, measure("3", DAY)], struck)
    assert (found.spending["after"], found.spending["before"], found.costs_stated) == (30.0, 10.0, 2)
    assert judged([one, replace(two, currency="EUR")], struck).spending == {}


def test_nothing_on_record():
    assert judged([measure("R", DAY)], attacks([])).timed == ()
    assert judged([], attacks([NUMBER])).share_after is None
    assert attacks_of(frame()).ids == ()


def test_vague_days_and_events_within_wider_ones_are_left_out():
    rows = [{"date_start": DAY}, {"date_start": DAY, "date_prec": 4}, {"date_start": DAY, "within": "s:0"}]
    found = attacks_of(frame(*rows))
    assert (found.ids, found.left_out) == (("s:0",), 1)


def world(rng, tie):
    """Thirty measures: days after an attack, days before a burst of them, or in bursts of their own."""
    struck = bursts(rng)
    if tie == "none":
        days = bursts(rng, 32)[:30]
    else:
        struck = np.sort(struck)
        quiet = struck[np.diff(struck, prepend=struck[0] - 99) > 45]
        days = (
            rng.choice(struck, 30) + rng.integers(1, 15, 30)
            if tie == "after"
            else rng.choice(quiet, 30) - rng.integers(1, 15, 30)
        )
        days = np.clip(days, START, LAST)
    return [measure(f"R{i}", on(d)) for i, d in enumerate(days)], attacks(struck)


def test_a_reactive_world_is_seen_and_a_world_without_a_tie_is_not():
    rng = np.random.default_rng(7)
    p = {
        tie: np.array([judged(*world(rng, tie), seed=k).p_after for k in range(60)])
        for tie in ("after", "none")
    }
    assert np.mean(p["after"] <= 0.05) > 0.9
    assert np.mean(p["none"] <= 0.1) < 0.25  # 0.1 and three standard errors; bench/responses.py has the size


def test_a_proactive_world_is_not_called_reactive():
    rng = np.random.default_rng(8)
    found = [judged(*world(rng, "before"), seed=k) for k in range(20)]
    assert np.mean([f.p_before <= 0.05 for f in found]) > 0.7
