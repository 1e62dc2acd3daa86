"""Incidents in the assessment and in the briefing: which source gave which figure, and nothing withheld."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from toguna.core.language import Language
from toguna.core.names import EVENT_SCHEMA
from toguna.events.links import Linked, link
from toguna.events.viewpoint import STANDARD, viewpoint
from toguna.room.briefing.incidents import incidents
from toguna.room.incidents import told
from toguna.room.sheets import SHEETS

WINDOWS = {
    "recent": {"start": "2014-11-25", "end": "2015-11-24"},
    "reference": {"start": "2012-11-25", "end": "2014-11-24"},
}


def row(name: str, **changes: Any) -> dict[str, Any]:
    source, _, _ = name.partition(":")
    day = changes.pop("day", date(2015, 3, 1))
    plain = {
        "event_id": name,
        "source": source,
        "date_start": day,
        "date_end": day,
        "date_prec": 1,
        "where_prec": 1,
        "published_at": day,
        "perpetrators": ["A"],
        "best": 3,
        "low": 3,
        "high": 3,
        "lat": 14.0,
        "lon": -4.0,
        "place": "Somewhere",
        "country": "FIC",
    }
    return {c: (plain | changes).get(c) for c in EVENT_SCHEMA}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=EVENT_SCHEMA)


@pytest.fixture
def three() -> tuple[Linked, pl.DataFrame]:
    """Three incidents told by two sources: they agree, differ a little, differ widely."""
    days = [date(2015, 3, 1), date(2015, 4, 1), date(2015, 5, 1)]
    rows = [row(f"chronology:{n}", day=day, best=9, low=2, high=60) for n, day in enumerate(days)]
    rows += [
        row(f"acled:{n}", day=day, best=best, low=best, high=best, place="Secret place")
        for n, (day, best) in enumerate(zip(days, (9, 12, 54), strict=True))
    ]
    events = frame(*rows)
    return link(events), events


def test_every_source_keeps_its_figure(three: tuple[Linked, pl.DataFrame]) -> None:
    found = told(*three, (), STANDARD)
    assert found["n_told"] == 6
    assert found["n"] == found["n_several_sources"] == 3
    assert [i["figures"]["acled"]["best"] for i in found["several_sources"]] == [9, 12, 54]
    assert all(i["figures"]["chronology"]["best"] == 9 for i in found["several_sources"])
    assert found["thresholds"]["measured"]["pairs"] > 100


def test_nothing_of_a_row_that_may_not_be_passed_on_is_told(three: tuple[Linked, pl.DataFrame]) -> None:
    found = told(*three, ("acled",), STANDARD)
    said = json.dumps(found["several_sources"])
    assert "acled:2" in said
    assert "Secret" not in said
    assert "54" not in said
    assert "deaths" not in said  # nor a reason that would betray it
    for incident in found["several_sources"]:
        assert incident["figures"]["acled"] == {
            "withheld": True, "events": 1, "best": None, "low": None, "high": None,
        }  # fmt: skip


def test_a_withheld_speaker_hides_its_days(three: tuple[Linked, pl.DataFrame]) -> None:
    events = frame(row("acled:1"), row("chronology:1", date_prec=3))
    (incident,) = told(link(events), events, ("acled",), STANDARD)["several_sources"]
    assert incident["representative"] == "acled:1"
    assert incident["date_start"] is None
    assert incident["place"] == "Somewhere"


def words(found: dict[str, Any], code: str, sources: int = 2) -> str:
    block = incidents({"incidents": found, "windows": WINDOWS, "data": [{}] * sources}, Language(code))
    return json.dumps(block, ensure_ascii=False)


@pytest.mark.parametrize(
    ("code", "heading", "withheld"),
    [
        ("en", "Where sources differ on deaths", "withheld"),
        ("fr", "Désaccords entre sources", "non communiqué"),
    ],
)
def test_the_briefing_names_the_widest_gap_first(
    three: tuple[Linked, pl.DataFrame], code: str, heading: str, withheld: str
) -> None:
    found = told(*three, (), STANDARD)
    said = words(found, code)
    assert heading in said
    rows = next(b for b in json.loads(said)["blocks"] if b["kind"] == "table")["rows"]
    assert len(rows) == 2  # the two that differ
    assert "54" in rows[0][2]["text"]
    hidden = told(*three, ("acled",), STANDARD)
    assert withheld not in words(hidden, code)  # nothing to compare: no row, no figure
    assert "54" not in words(hidden, code)


def test_the_briefing_says_why_nothing_is_linked(three: tuple[Linked, pl.DataFrame]) -> None:
    _, events = three
    alone = frame(row("chronology:1"))
    assert "nothing to link" in words(told(link(alone), alone, (), STANDARD), "en", sources=1)
    far = frame(row("chronology:1"), row("ucdp:1", lat=3.0))
    assert "No incident was found" in words(told(link(far), far, (), STANDARD), "en")
    apart = told(link(far), events, (), viewpoint("as-told"))
    assert "stand apart" in words(apart, "en")


def test_incidents_are_a_sheet(three: tuple[Linked, pl.DataFrame]) -> None:
    sheet = next(s for s in SHEETS if s.name == "incidents")
    rows = sheet.rows({"incidents": told(*three, (), STANDARD)})
    assert len(rows) == 6
    assert {r["source"] for r in rows} == {"acled", "chronology"}
    assert sheet.rows({}) == []
