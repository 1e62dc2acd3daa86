"""Claims, suspicions and what they amount to."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_theatres import actor, small_theatre

from toguna.actors.registry import Registry
from toguna.actors.responsibility import Rules, account, accounts, attribute, statements


def event(claims=None, blamed=None, kind="hostage_taking"):
    return {"event_id": "s:1", "responsibility": claims, "perpetrators": blamed, "event_type": kind}


def rows(mali):
    return mali.tables["incidents"].select(
        event_id="id",
        event_type="event_type",
        responsibility="claimed_by",
        perpetrators=pl.col("perpetrator").str.split(";"),
    )


def test_rival_joint_claims_are_both_kept(mali):
    registry = Registry.build(mali, as_of=date(2015, 11, 24))
    found = next(a for a in accounts(rows(mali), registry) if a["event_id"] == "MLI-20151120-1")
    assert [(s["actors"], s["basis"], s["rival_of"]) for s in found["statements"]] == [
        (["MOURABITOUN", "AQIM"], "claimed and blamed", [1]),
        (["MLF", "ANSAR_DINE"], "claimed", [0]),
    ]
    assert found["probabilities"] == {
        "ANSAR_DINE": 0.3077,
        "AQIM": 0.6154,
        "MLF": 0.3077,
        "MOURABITOUN": 0.6154,
    }
    assert found["none"] == 0.0769


def test_two_groups_that_claim_and_are_blamed_stay_rivals(mali):
    registry = Registry.build(mali, as_of=date(2015, 11, 24))
    found = next(a for a in accounts(rows(mali), registry) if a["event_id"] == "MLI-20150807-1")
    assert [(s["actors"], s["rival_of"]) for s in found["statements"]] == [
        (["MOURABITOUN"], [1]),
        (["MLF"], [0]),
    ]


def test_claim_and_suspicion_stay_apart():
    said = statements(event("A", ["A", "B"]))
    assert [(s.actors, s.basis, s.rival_of) for s in said] == [
        (("A",), "claimed and blamed", (1,)),
        (("B",), "blamed", (0,)),
    ]
    assert attribute(said) == {"A": 0.7273, "B": 0.1818}


def test_sides_of_a_battle_are_no_rivals():
    said = statements(event("A", ["A", "B"], "battle"))
    assert [(s.actors, s.basis, s.rival_of) for s in said] == [
        (("A",), "claimed and blamed", ()),
        (("B",), "fought", ()),
    ]
    assert attribute(said) == {"A": 0.8889, "B": 0.8889}


def test_nobody_named():
    for nothing in (event(), event("", []), event(" | + ", [None])):
        assert statements(nothing) == ()
        found = account(nothing)
        assert (found["probabilities"], found["none"]) == ({}, 1.0)


def test_labels_for_the_unidentified_blame_nobody():
    theatre = small_theatre([actor("A", aliases="Front A"), actor("UNKNOWN", kind="unknown")])
    registry = Registry.build(theatre, as_of=date(2015, 1, 1))
    assert statements(event("front a", ["UNKNOWN"]), registry)[0].actors == ("A",)
    assert len(statements(event("front a", ["UNKNOWN"]), registry)) == 1


def test_only_disputed_or_joint_claims_are_listed():
    frame = pl.DataFrame(
        [
            event("A", ["A"]) | {"event_id": "1"},
            event("A+B", ["A"]) | {"event_id": "2"},
            event("A", ["C"]) | {"event_id": "3"},
            event(None, ["C", "D"]) | {"event_id": "4"},
        ]
    )
    assert [a["event_id"] for a in accounts(frame)] == ["2", "3"]


def test_rule_is_told_with_its_numbers():
    rules = Rules(claimed=3)
    found = account(event("A|B"), rules=rules)
    assert "claimed 3," in found["rule"]
    assert found["probabilities"]["A"] == pytest.approx(3 / 6.5, abs=1e-4)


IDS = st.sampled_from("ABCD")
CLAIM = st.lists(st.lists(IDS, min_size=1, max_size=3).map("+".join), max_size=3).map("|".join)


@given(claims=CLAIM, blamed=st.lists(IDS, max_size=3), kind=st.sampled_from(["battle", "bombing"]))
def test_probabilities_add_up(claims, blamed, kind):
    found = account(event(claims, blamed, kind))
    named = {a for part in claims.split("|") for a in part.split("+") if a} | set(blamed)
    assert set(found["probabilities"]) == named
    assert all(0 < p < 1 for p in found["probabilities"].values())
    suspects = [s["probability"] for s in found["statements"] if s["basis"] != "fought"]
    assert sum(suspects) < 1
    if len(suspects) == len(found["statements"]):
        assert sum(suspects) + found["none"] == pytest.approx(1, abs=1e-3)
