"""Names in events become ids; what is unsure stays and is told."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from small_theatres import actor, relation, small_theatre

from toguna.actors.attach import attach, families, kinds
from toguna.actors.registry import Registry
from toguna.core.names import EVENT_SCHEMA, empty_events

REGISTRY = Registry.build(
    small_theatre(
        [
            actor("ALPHA", aliases="Alpha Front;AF"),
            actor("BETA", name="Béta, Sons and Brothers", kind="separatist", aliases="AF"),
            actor("NOBODY", name="Unidentified", kind="unknown"),
        ],
        [relation("ALPHA component_of BETA", "2014")],
    ),
    as_of=date(2015, 11, 24),
)


def events(*lists, day=date(2015, 1, 1)):
    rows = [
        {"event_id": f"s:{i}", "source": "s", "perpetrators": names, "date_start": day}
        for i, names in enumerate(lists)
    ]
    return pl.DataFrame(
        rows, schema={k: EVENT_SCHEMA[k] for k in ("event_id", "source", "perpetrators", "date_start")}
    )


def attached(*lists):
    frame, findings = attach(events(*lists), REGISTRY)
    return frame["perpetrators"].to_list(), [(f.code, f.found.split("'")[1]) for f in findings]


def test_names_become_ids_and_the_rest_stays():
    found, findings = attached(
        ["alpha front", "ALPHA"], None, [], ["Alfa Frontt"], ["béta sons and brothers"]
    )
    assert found == [["ALPHA"], None, [], ["Alfa Frontt"], ["BETA"]]
    assert findings == [("actor-unresolved", "Alfa Frontt")]


def test_shared_alias_is_not_decided():
    found, findings = attached(["AF"], ["AF", "ALPHA"])
    assert found == [["AF"], ["AF", "ALPHA"]]
    assert findings == [("actor-ambiguous", "AF")]


def test_several_in_one_name():
    found, findings = attached(["Béta, Sons and Brothers"], ["Alpha Front, Gamma"], ["Gamma, Delta"])
    assert found == [["BETA"], ["ALPHA", "Gamma"], ["Gamma, Delta"]]
    assert findings == [("actor-unresolved", "Gamma"), ("actor-unresolved", "Gamma, Delta")]


def test_finding_says_where_and_what_is_near():
    _, findings = attach(events(["Alpha Frontt"], ["ALPHA"], ["Alpha Frontt"]), REGISTRY)
    assert findings[0].found == "'Alpha Frontt' in 2 events (first by id: s:0)"
    assert "Nearest in spelling: ALPHA (0.8" in findings[0].repair
    assert (findings[0].table, findings[0].severity) == ("s", "note")


def test_empty_frames_and_full_schema():
    frame, findings = attach(empty_events(), REGISTRY)
    assert (frame.schema, findings) == (EVENT_SCHEMA, [])
    assert kinds(frame, REGISTRY).to_list() == [] == families(frame, REGISTRY).to_list()


def test_kinds_and_families():
    frame = events(["BETA", "ALPHA"], ["NOBODY"], None, [], ["Gamma"])
    assert kinds(frame, REGISTRY).to_list() == [
        ["jihadist", "separatist"],
        ["unknown"],
        None,
        [],
        ["unlisted"],
    ]
    assert families(frame, REGISTRY).to_list() == [["BETA"], ["NOBODY"], None, [], ["Gamma"]]
    before = events(["BETA", "ALPHA"], day=date(2013, 1, 1))
    assert families(before, REGISTRY).to_list() == [["ALPHA", "BETA"]]


NAMES = st.sampled_from(["ALPHA", "alpha front", "AF", "Gamma", "Alpha Front, Gamma", "BETA", "NOBODY"])


@settings(max_examples=50, deadline=None)
@given(lists=st.lists(st.none() | st.lists(NAMES, max_size=3), max_size=6))
def test_attach_keeps_rows_and_is_idempotent(lists):
    once, findings = attach(events(*lists), REGISTRY)
    again, more = attach(once, REGISTRY)
    assert once.equals(again)
    assert [f.code for f in findings] == [f.code for f in more]
    assert once.drop("perpetrators").equals(events(*lists).drop("perpetrators"))
    assert [x is None for x in once["perpetrators"].to_list()] == [x is None for x in lists]


def test_shipped_chronology_resolves(mali):
    registry = Registry.build(mali, as_of=date(2015, 11, 24))
    rows = mali.tables["incidents"].select(
        event_id="id", source=pl.lit("chronology"), perpetrators=pl.col("perpetrator").str.split(";")
    )
    frame, findings = attach(rows, registry)
    assert findings == []
    assert frame.equals(rows)
