"""What each release told of an event is kept apart, for the events that were told otherwise later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from toguna.core.names import EVENT_SCHEMA
from toguna.events.histories import TOLD, histories
from toguna.events.ingest import ingest
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

from .test_revisions import _ged


def test_only_what_changed_is_told_oldest_first(tmp_path: Path) -> None:
    home, day = Home(tmp_path / "home"), date(2023, 10, 2)
    ingest("ucdp", _ged(tmp_path / "GEDEvent_v23_0_10.csv", {"1": 5, "2": 3, "3": 1}, day), home)
    ingest("ucdp", _ged(tmp_path / "GEDEvent_v24_1.csv", {"1": 8, "2": 3, "4": 2}, day), home)
    theatre = load_theatre("mali")
    found = histories(home, ["ucdp"], as_of=date(2024, 7, 1), theatre=theatre)
    assert found.select("event_id", "version", "best").rows() == [
        ("ucdp:1", "23.0.10", 5),
        ("ucdp:1", "24.1", 8),
    ]
    assert {name: found.schema[name] for name in TOLD} == {name: EVENT_SCHEMA[name] for name in TOLD}


def test_a_release_of_later_is_not_known(tmp_path: Path) -> None:
    home, day = Home(tmp_path / "home"), date(2023, 10, 2)
    ingest("ucdp", _ged(tmp_path / "GEDEvent_v23_0_10.csv", {"1": 5}, day), home)
    ingest("ucdp", _ged(tmp_path / "GEDEvent_v24_1.csv", {"1": 8}, day), home)
    assert histories(home, ["ucdp"], as_of=date(2024, 1, 1), theatre=load_theatre("mali")).height == 0


def test_without_releases_nothing_is_told(tmp_path: Path) -> None:
    found = histories(Home(tmp_path), ["ucdp"], as_of=date(2024, 1, 1), theatre=load_theatre("mali"))
    assert found.height == 0
    assert "event_id" in found.columns
