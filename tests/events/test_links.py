"""Tellings of one incident meet, those of two are kept apart, and a person has the last word."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.events.links import Kinship, Linked, Ruling, link
from toguna.events.links.score import model

from .rows import events

DAY = date(2014, 3, 1)
ROOT = Path(__file__).parents[2]
PLAIN = {"date_start": DAY, "date_end": DAY, "published_at": DAY, "note": None, "responsibility": None}


def told(source: str, name: str, **changes: Any) -> dict[str, Any]:
    """Return one event of a source, by default at the same place and day, by A, with 3 dead."""
    return {**PLAIN, "event_id": f"{source}:{name}", "source": source, **changes}


def groups(linked: Linked) -> set[frozenset[str]]:
    """Incidents of more than one event, as sets of ids."""
    rows = linked.table.group_by("incident_id").agg("event_id")["event_id"].to_list()
    return {frozenset(ids) for ids in rows if len(ids) > 1}


def speakers(linked: Linked) -> set[str]:
    return set(linked.table.filter("speaks")["event_id"].to_list())


def test_one_incident_told_twice_is_linked_with_its_reasons() -> None:
    linked = link(events(told("left", "1"), told("right", "1", best=4, high=6)))
    (incident,) = linked.incidents
    assert incident.event_ids == ("left:1", "right:1")
    assert {name: row["best"] for name, row in incident.figures.items()} == {"left": 3, "right": 4}
    (found,) = incident.links
    levels = {r.feature: r.level for r in found.reasons}
    assert levels["day"] == "same-day"
    assert levels["distance"] == "same-point"
    assert levels["deaths"] == "ranges-meet"
    assert found.probability >= model().link
    assert linked.table["speaks"].sum() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"date_start": date(2014, 3, 9), "date_end": date(2014, 3, 9)},
        {"lat": 15.1},
        {"date_start": date(2014, 3, 3), "date_end": date(2014, 3, 3), "best": 40, "low": 40, "high": 40},
        {"perpetrators": ["B"], "violence": "os", "best": 40, "low": 40, "high": 40},
    ],
    ids=[
        "a week later",
        "90 km away",
        "two days later with ten times the dead",
        "others, civilians, more dead",
    ],
)
def test_two_incidents_are_kept_apart(changes: dict[str, Any]) -> None:
    rows = events(told("left", "1", violence="sb"), told("right", "1", violence="sb") | changes)
    linked = link(rows)
    assert not linked.incidents
    assert linked.table["speaks"].sum() == 2


def test_vague_days_and_places_still_meet() -> None:
    month = told("left", "1", date_prec=4, date_start=date(2014, 3, 15), date_end=date(2014, 3, 15))
    sharp = told("right", "1")
    assert link(events(month, sharp)).compared == 1
    region = told("left", "1", where_prec=4, lat=15.6)
    assert link(events(region, sharp)).compared == 1
    assert link(events(told("left", "1", lat=15.6), sharp)).compared == 0


def test_an_event_without_a_point_is_compared_in_its_country() -> None:
    nowhere = {"lat": None, "lon": None, "gid": None, "country": "MLI"}
    linked = link(events(told("left", "1", **nowhere), told("right", "1", country="MLI")))
    assert linked.compared == 1
    assert not [r for i in linked.incidents for x in i.links for r in x.reasons if r.feature == "distance"]
    assert link(events(told("left", "1", **nowhere), told("right", "1", country="NER"))).compared == 0


def test_two_events_of_one_source_are_two_incidents() -> None:
    rows = [told("left", "1"), told("right", "1"), told("right", "2", lat=14.30, best=4, low=4, high=4)]
    linked = link(events(*rows))
    assert groups(linked) == {frozenset({"left:1", "right:1"})}
    assert ("left:1", "right:2") in {(x.event_a, x.event_b) for x in linked.review}


def test_one_incident_split_over_pairs_of_sides_is_one() -> None:
    parts = [
        told("right", str(n), perpetrators=["GOV", who], best=6, low=6, high=6, violence="sb")
        for n, who in enumerate("AB")
    ]
    linked = link(events(told("left", "1", perpetrators=["A", "B"], best=12, low=12, high=13), *parts))
    assert groups(linked) == {frozenset({"left:1", "right:0", "right:1"})}
    (incident,) = linked.incidents
    assert incident.figures["right"] == {"events": 2, "best": 12, "low": 12, "high": 12}
    assert incident.representative == "left:1"  # says it in one row


def test_a_long_event_holds_several_but_not_more_dead_than_it_has() -> None:
    campaign = told("left", "1", date_end=date(2014, 3, 20), best=20, low=15, high=30)
    days = [
        told("right", str(d), date_start=date(2014, 3, d), date_end=date(2014, 3, d), best=8, low=8, high=8)
        for d in (2, 9, 16)
    ]
    assert groups(link(events(campaign, *days))) == {frozenset({"left:1", "right:2", "right:9", "right:16"})}
    heavy = [row | {"best": 40, "low": 40, "high": 40} for row in days]
    assert all(len(g) < 4 for g in groups(link(events(campaign, *heavy))))


def test_an_event_within_a_wider_one_goes_with_it() -> None:
    wide = told("left", "1", date_end=date(2014, 3, 9))
    inner = told("left", "2", within="left:1")
    linked = link(events(wide, inner, told("right", "1")))
    assert groups(linked) == {frozenset({"left:1", "left:2", "right:1"})}
    assert linked.incidents[0].figures["left"]["events"] == 1
    assert len(speakers(linked)) == 1


def test_parts_and_wholes_are_kin() -> None:
    rows = events(told("left", "1", perpetrators=["PART"]), told("right", "1", perpetrators=["WHOLE"]))
    kin = link(rows, kinship=Kinship(kin=frozenset({("PART", "WHOLE")})))
    (found,) = kin.incidents[0].links
    assert "kin" in {r.level for r in found.reasons}
    nobody = link(rows, kinship=Kinship(nobody=frozenset({"PART"})))
    assert "actors" not in {r.feature for i in nobody.incidents for x in i.links for r in x.reasons}


def test_what_many_tell_counts_once() -> None:
    linked = link(events(*(told(s, "1") for s in ("a", "b", "c"))))
    assert groups(linked) == {frozenset({"a:1", "b:1", "c:1"})}
    assert len(speakers(linked)) == 1


def test_who_speaks() -> None:
    sharp, vague = told("left", "1", date_prec=1), told("right", "1", date_prec=3)
    assert speakers(link(events(sharp, vague))) == {"left:1"}
    silent = told("left", "1", best=None, low=None, high=None)
    assert speakers(link(events(silent, told("right", "1")))) == {"right:1"}
    newer = told("right", "1", published_at=date(2014, 4, 1))
    assert speakers(link(events(told("left", "1"), newer))) == {"right:1"}
    chosen = Ruling("left:1", "right:1", "same", speaks="right:1")
    assert speakers(link(events(sharp, vague), rulings=[chosen])) == {"right:1"}


def test_a_person_outweighs_the_score() -> None:
    near = events(told("left", "1"), told("right", "1"))
    assert not link(near, rulings=[Ruling("left:1", "right:1", "different")]).incidents
    far = events(told("left", "1"), told("right", "1", lat=10.0))
    (incident,) = link(far, rulings=[Ruling("left:1", "right:1", "same")]).incidents
    assert incident.score == 1.0
    assert [x.status for x in incident.links] == ["confirmed"]


def test_the_newest_statement_about_a_pair_holds() -> None:
    rows = events(told("left", "1"), told("right", "1"))
    said = [Ruling("left:1", "right:1", "different"), Ruling("left:1", "right:1", "same")]
    assert link(rows, rulings=said).incidents
    assert not link(rows, rulings=said[::-1]).incidents


def test_statements_that_contradict_are_told() -> None:
    rows = events(*(told(s, "1", lat=14.25 + 3 * n) for n, s in enumerate("abc")))
    said = [
        Ruling("a:1", "b:1", "same"),
        Ruling("b:1", "c:1", "same"),
        Ruling("a:1", "c:1", "different"),
    ]
    assert link(rows, rulings=said).contradictions == (("a:1", "c:1"),)


def test_statements_about_unknown_events_change_nothing() -> None:
    rows = events(told("left", "1"), told("right", "1"))
    assert link(rows, rulings=[Ruling("left:1", "later:9", "same")]).rulings == ()


def test_nothing_and_one_source() -> None:
    none = link(events())
    assert none.table.is_empty()
    alone = link(events(told("left", "1"), told("left", "2", within="left:1")))
    assert alone.table["incident_id"].to_list() == ["incident/left:1"] * 2
    assert alone.table["speaks"].sum() == 1


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    rows = [
        told(
            s,
            str(n),
            date_start=date(2014, 3, 1 + n // 2),
            date_end=date(2014, 3, 1 + n // 2),
            best=n % 3 + 1,
        )
        | {"low": 1, "high": 9, "lat": 14.2 + 0.02 * (n % 2)}
        for s in ("left", "right", "third")
        for n in range(4)
    ]
    frame = events(*rows)
    mixed = link(frame[order])
    assert mixed.table.equals(link(frame).table)
    assert mixed.incidents == link(frame).incidents


def test_levels_without_agreement_never_weigh_more() -> None:
    for feature in ("day", "distance", "actors", "victims", "deaths", "place"):
        weights = model().weights[feature]
        assert list(weights) == sorted(weights, reverse=True), feature


def test_a_pair_that_says_nothing_is_not_linked_by_that() -> None:
    """Silence is no agreement: without sides and deaths the same pair is no likelier than with them."""
    mute: dict[str, Any] = {"perpetrators": None, "best": None, "low": None, "high": None}
    speaking = link(events(told("left", "1"), told("right", "1"))).incidents[0].score
    silent = link(events(told("left", "1", **mute), told("right", "1", **mute))).incidents
    assert not silent or silent[0].score < speaking


def test_frames_with_more_columns_are_fine() -> None:
    rows = events(told("left", "1"), told("right", "1")).with_columns(extra=pl.lit(1))
    assert link(rows).incidents


def test_the_figures_that_are_told_are_those_of_the_bench() -> None:
    """An assessment says how often links are right: on held-out pairs, as recorded."""
    recorded = json.loads((ROOT / "bench" / "results" / "linking.json").read_text(encoding="utf-8"))
    held_out = recorded["labels"]["held_out"]["links"]
    told = model().measured
    assert set(told) == {"pairs", "same", "precision", "precision_95", "recall", "recall_95"}
    assert told == {name: held_out[name] for name in told}
    assert held_out["pairs"] != recorded["labels"]["tune"]["links"]["pairs"]
