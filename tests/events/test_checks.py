"""Every check catches a bad row and lets a good one pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from shapely.geometry import box

import toguna.events.checks as checks
from toguna.core.text import fold
from toguna.events.admit import admit
from toguna.events.checks.context import Context, Ground
from toguna.sources.protocol import UNREADABLE_SCHEMA
from toguna.store.areas import Area

from .rows import GOOD, events


def square(name: str, country: str, west: float, *, level: str = "adm0") -> Area:
    return Area(name, country, level, box(west, 12.0, west + 4.0, 16.0))


GROUND = Ground(
    countries=(square("Westland", "AAA", -6.0), square("Eastland", "BBB", 2.0)),
    areas=(square("West Province", "AAA", -6.0, level="adm1"),),
    places=frozenset({"somewhere", "west"}),
)
CONTEXT = Context(
    "test",
    published_at=date(2014, 6, 30),
    known_actors=frozenset({"A", "B", "E", "L"}),
    lifetimes={fold("E"): (date(2014, 3, 3), None), fold("L"): (None, date(2014, 2, 28))},
    ground=GROUND,
    licence="CC BY 4.0",
)

BAD = [
    ("id-missing", "failure", {"event_id": None}),
    ("date-missing", "failure", {"date_start": None}),
    ("dates-out-of-order", "failure", {"date_end": date(2014, 2, 1)}),
    ("date-in-future", "failure", {"date_start": date(2014, 7, 1), "date_end": date(2014, 7, 1)}),
    ("deaths-negative", "failure", {"low": -1}),
    ("deaths-negative", "failure", {"wounded": -2}),
    ("deaths-range-widened", "note", {"low": 4}),
    ("deaths-range-widened", "note", {"high": 2}),
    ("deaths-range-widened", "note", {"low": 2, "high": 1}),
    ("deaths-out-of-order", "failure", {"low": 4, "high": 2}),
    ("deaths-out-of-order", "failure", {"best": None, "low": 6}),
    ("published-before-event", "failure", {"published_at": date(2014, 2, 27)}),
    ("summary-event", "note", {"date_prec": 5}),
    ("summary-event", "note", {"date_start": date(2014, 1, 1)}),
    ("point-outside-country", "note", {"country": "AAA", "lat": 16.5, "gid": None}),
    ("coordinates-swapped", "failure", {"country": "AAA", "lat": -4.25, "lon": 14.25, "gid": None}),
    ("point-outside-area", "note", {"admin1": "west province", "lat": 16.5, "gid": None}),
    ("place-unknown", "note", {"place": "Nowhere"}),
    ("actor-not-yet-founded", "note", {"perpetrators": ["A", "E"]}),
    ("actor-dissolved", "note", {"perpetrators": ["L"]}),
    ("formula-in-cell", "note", {"note": '=HYPERLINK("http://example.org")'}),
    ("formula-in-cell", "note", {"note": "-2+3+cmd|' /C calc'!A0"}),
    ("formula-in-cell", "note", {"note": "@SUM(1+1)"}),
    ("text-repaired", "note", {"note": "SÃ©gou â€“ l'Ã‰tat"}),
    ("parts-exceed-total", "note", {"deaths_civilians": 4, "deaths_security": 2}),
    ("coordinates-out-of-range", "failure", {"lat": 91.0, "gid": None}),
    ("coordinates-out-of-range", "failure", {"lon": -181.0, "gid": None}),
    ("coordinates-zero", "failure", {"lat": 0.0, "lon": 0.0, "gid": None}),
    ("coordinates-missing", "note", {"lat": None, "gid": None}),
    ("cell-not-matching", "note", {"gid": 1}),
    ("precision-unknown", "failure", {"date_prec": 6}),
    ("precision-unknown", "failure", {"where_prec": 0}),
    ("actor-unknown", "note", {"perpetrators": ["A", "C"]}),
    ("actor-unknown", "note", {"responsibility": "A+C"}),
    ("within-unknown", "note", {"within": "test:99"}),
    ("within-unknown", "note", {"within": "test:1"}),
    ("text-garbled", "note", {"note": "SÃ©gou, Sévaré"}),
    ("text-garbled", "note", {"note": "lost \ufffd letter"}),
    ("markup-in-cell", "note", {"note": "<script>alert(1)</script>"}),
    ("markup-in-cell", "note", {"side_a": "a &amp; b"}),
]


@pytest.mark.parametrize(("code", "severity", "change"), BAD)
def test_bad_row_is_found_and_good_one_passes(code: str, severity: str, change: dict) -> None:
    admission = admit(events(change, {}), CONTEXT)
    row = None if code == "summary-event" else 1
    assert [(f.code, f.severity, f.row) for f in admission.findings] == [(code, severity, row)]
    assert admission.tally == {(severity, code): 1}
    assert admission.quarantined.height == (severity == "failure")
    assert admission.accepted.height == 2 - (severity == "failure")
    finding = admission.findings[0]
    assert all((finding.found, finding.expected, finding.repair, finding.field))


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("date_start", "date-unreadable"),
        ("date_end", "date-unreadable"),
        ("deaths_best", "deaths-not-a-number"),
        ("high", "deaths-not-a-number"),
        ("latitude", "number-unreadable"),
        ("geo_precision", "precision-unknown"),
        ("type_of_violence", "violence-unknown"),
    ],
)
def test_unreadable_cell_is_found(field: str, code: str) -> None:
    cells = pl.DataFrame({"row": [2], "field": [field], "text": ["§§"]}, schema=UNREADABLE_SCHEMA)
    change = {"date_start": None} if field == "date_start" else {}
    context = Context("test", unreadable=cells, columns={"where_prec": "geo_precision"})
    admission = admit(events({}, change), context)
    assert [(f.code, f.row, "'§§'" in f.found) for f in admission.findings] == [(code, 2, True)]
    assert admission.quarantined["row"].to_list() == [2]


def test_first_of_an_id_is_kept() -> None:
    admission = admit(
        events({"event_id": "x"}, {"event_id": "x"}, {"event_id": "x", "best": 4}, {"event_id": None})
    )
    assert [(f.code, f.row) for f in admission.findings] == [
        ("id-duplicated", 2),
        ("id-reused", 3),
        ("id-missing", 4),
    ]
    assert admission.accepted["row"].to_list() == [1]


def test_row_with_two_failures_is_quarantined_once() -> None:
    admission = admit(events({"best": -1, "low": None, "date_start": None}))
    assert admission.quarantined.height == 1
    assert len(admission.findings) > 1


def test_wider_event_in_quarantine_does_not_swallow_the_row() -> None:
    admission = admit(events({"event_id": "w", "low": 9, "high": 2}, {"event_id": "x", "within": "w"}))
    assert admission.accepted["within"].to_list() == [None]
    assert "within-unknown" in {f.code for f in admission.findings}


def test_cell_on_a_border_belongs_to_both_neighbours() -> None:
    # A point on the border of cells may be given to the cell on either side.
    south_west = GOOD["gid"] - 721
    admission = admit(events({"lat": 14.0, "lon": -4.5, "gid": south_west}))
    assert not admission.findings


def test_many_notes_are_said_once_with_their_number() -> None:
    admission = admit(events(*[{"within": "gone"}] * 150))
    (finding,) = admission.findings
    assert finding.row is None
    assert "150 rows" in finding.found
    assert "test:1;" in finding.found


def test_failures_are_never_grouped() -> None:
    assert len(admit(events(*[{"low": 4, "high": 2}] * 150)).findings) == 150


def test_file_that_is_wrong_as_a_whole_is_said_in_one_sentence() -> None:
    admission = admit(events(*[{"low": 4, "high": 2}] * 10_001))
    assert admission.quarantined.height == 10_001
    (finding,) = admission.findings
    assert (finding.code, finding.severity, finding.row) == ("deaths-out-of-order", "failure", None)
    assert "10001 rows" in finding.found


def test_every_file_beside_them_is_run() -> None:
    folder = Path(checks.__file__).parent
    files = {p.stem for p in folder.glob("*.py")} - {"__init__", "context", "within_unknown"}
    assert files == {check.__module__.rsplit(".", 1)[1] for check in checks.CHECKS}
    assert len(files) >= 20


@pytest.mark.parametrize(
    "change",
    [
        {"country": "AAA", "lat": 16.2, "gid": None},  # 22 km off a simplified outline
        {"country": "CCC", "lat": 40.0, "gid": None},  # no outline of that country
        {"country": "BBB", "lat": None, "lon": 3.0, "gid": None},
        {"admin1": "West Province", "lat": 30.0, "where_prec": 6, "gid": None},
        {"place": "Town of Somewhere"},
        {"perpetrators": ["E"], "date_start": date(2014, 2, 1), "date_end": date(2014, 3, 3)},
        {"note": "- one killed"},
        {"note": "-3"},
        {"note": "-"},
        {"note": "São Paulo, Ñandú, l’État, € 5"},
    ],
)
def test_what_is_in_order_is_let_pass(change: dict) -> None:
    codes = {f.code for f in admit(events(change), CONTEXT).findings} - {"coordinates-missing"}
    assert codes == set()


@pytest.mark.parametrize(("licence", "said"), [("", 1), ("as stated in the mapping", 1), (None, 0)])
def test_absent_licence_is_said_once(licence: str | None, said: int) -> None:
    found = admit(events({}, {}), Context("test", licence=licence)).findings
    assert [f.code for f in found] == ["licence-absent"] * said


def test_piles_are_told_from_places() -> None:
    vague = [{"where_prec": 4, "best": 2}] * 12
    elsewhere = {"lat": 14.75, "gid": None, "best": 6, "high": 6}
    (pile,) = admit(events(*vague, elsewhere), Context("test")).findings
    assert (pile.code, pile.severity) == ("centroid-pile", "note")
    assert "12 of 13 events (92.3 %), 24 of 30 deaths (80.0 %)" in pile.found
    exact = [{"where_prec": 1}] * 12
    assert not admit(events(*exact), Context("test")).findings
    middle = {"lat": 14.0, "lon": -4.0, "where_prec": None, "gid": None}
    (pile,) = admit(events(*[middle] * 10), Context("test", ground=GROUND)).findings
    assert pile.code == "centroid-pile"


def test_share_of_deaths_of_summary_events_is_said() -> None:
    (found,) = admit(events({"date_prec": 5, "best": 30, "high": 30}, {"best": 10, "high": 10})).findings
    assert "1 of 2 events (50.0 %), 30 of 40 deaths (75.0 %)" in found.found
    (found,) = admit(events({"date_prec": 5, "best": None}, {})).findings
    assert "none with a figure of deaths" in found.found
