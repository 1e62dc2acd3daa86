"""Families of threat, shares over the year, and changes of rank that one massacre cannot make."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from worlds import END, LAST, START, frame, on

from toguna.responses.threats import FAMILIES, harm_of, threats

KINDS = {"J": "jihadist", "S": "separatist", "M": "pro_government_militia", "G": "state_force",
         "I": "international_force"}  # fmt: skip


def kind(actor):
    return KINDS.get(actor, "unlisted")


def one(*who, violence=None):
    shares = harm_of(frame({"date_start": END, "perpetrators": list(who), "violence": violence}), kind).shares
    return {f: float(s) for f, s in zip(FAMILIES, shares[0], strict=True) if s}


@pytest.mark.parametrize(
    ("who", "violence", "shares"),
    [
        (["J"], None, {"jihadist": 1.0}),
        (["J", "S"], None, {"jihadist": 0.5, "separatist": 0.5}),
        (["J", "J2"], None, {"jihadist": 1.0}),
        (["G", "S"], None, {"separatist": 1.0}),
        (["G"], "os", {"state": 1.0}),
        (["I"], None, {"unattributed": 1.0}),
        (["M"], None, {"communal": 1.0}),
        (["X", "Y"], "ns", {"communal": 1.0}),
        (["X"], None, {"unattributed": 1.0}),
        ([], None, {"unattributed": 1.0}),
    ],
)
def test_an_event_is_shared_among_families(who, violence, shares):
    assert one(*who, violence=violence) == shares


def ranked(rows, measure="deaths", seed=0):
    return threats(harm_of(frame(*rows), kind), measure, end=END, rng=np.random.default_rng(seed))


def steady(rng, rates, *, until=LAST, start=START):
    """Monthly events of families at given rates."""
    return [
        {"date_start": on(day + rng.integers(0, 30)), "perpetrators": [who], "best": int(rng.integers(1, 4))}
        for day in range(start, until - 30, 30)
        for who, rate in rates.items()
        for _ in range(rng.poisson(rate))
    ]


def test_shares_sum_to_one_and_months_end_on_the_date():
    first = {"date_start": on(START), "perpetrators": ["J"], "best": 1}
    found = ranked([first, *steady(np.random.default_rng(0), {"J": 2, "S": 1})])
    assert found.months[0] == "2012-12" and found.months[-1] == "2015-12"
    assert all(sum(s.values()) == pytest.approx(1) for s in found.shares)
    assert found.ranking[:2] == ("jihadist", "separatist") and found.first == "jihadist"


def test_a_turn_that_lasts_is_found_within_a_year():
    rng = np.random.default_rng(3)
    turn = START + 2 * 365
    rows = steady(rng, {"J": 1, "S": 4}, until=turn) + steady(rng, {"J": 4, "S": 1}, start=turn)
    found = ranked(rows)
    (change,) = [c for c in found.changes if c.rank == 1]
    assert (change.risen, change.fallen) == ("jihadist", "separatist")
    assert "2014-03" <= change.month <= "2014-12"
    assert found.ranking[0] == "jihadist" and found.first == "separatist"


def test_one_massacre_changes_no_rank():
    rows = steady(np.random.default_rng(4), {"J": 1, "S": 3})
    rows.append({"date_start": date(2014, 6, 1), "perpetrators": ["J"], "best": 500})
    found = ranked(rows)
    assert max(found.shares[-12]["jihadist"], found.shares[-10]["jihadist"]) > 0.5
    assert [c for c in found.changes if c.rank == 1] == []


def test_steady_equals_seldom_trade_places():
    rng = np.random.default_rng(5)
    changes = [len(ranked(steady(rng, {"J": 2, "S": 2}), "events", seed=k).changes) for k in range(12)]
    assert np.mean(changes) < 1.0  # over four years; bench/responses.py has the rate


def test_nothing_published_after_a_month_counts_in_it():
    rows = steady(np.random.default_rng(6), {"J": 1})
    late = {
        "date_start": date(2013, 3, 1),
        "perpetrators": ["S"],
        "best": 99,
        "published_at": date(2015, 1, 1),
    }
    with_late, without = ranked([*rows, late]), ranked(rows)
    at = with_late.months.index("2014-01")
    assert with_late.shares[: at + 1] == without.shares[: at + 1]


def test_unknown_tolls_are_counted_and_weigh_nothing():
    rows = [{"date_start": on(START), "perpetrators": ["J"], "best": 1},
            {"date_start": END - timedelta(days=3), "perpetrators": ["S"], "best": None},
            {"date_start": END - timedelta(days=3), "perpetrators": ["J"], "low": 2}]  # fmt: skip
    found = ranked(rows)
    assert found.unknown == 1
    assert found.shares[-1]["jihadist"] == 1.0


def test_less_than_a_year_gives_no_ranking():
    found = ranked([{"date_start": END - timedelta(days=90), "perpetrators": ["J"], "best": 1}])
    assert (found.months, found.ranking, found.first, found.changes) == ((), (), None, ())
    assert ranked([]).months == ()
