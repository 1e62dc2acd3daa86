"""Every check catches a bad row and lets a good one pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import toguna.events.checks as checks
from toguna.events.admit import admit
from toguna.events.checks.context import Context
from toguna.sources.protocol import UNREADABLE_SCHEMA

from .rows import GOOD, events

CONTEXT = Context("test", published_at=date(2014, 6, 30), known_actors=frozenset({"A", "B"}))

BAD = [
    ("id-missing", "failure", {"event_id": None}),
    ("date-missing", "failure", {"date_start": None}),
    ("dates-out-of-order", "failure", {"date_end": date(2014, 2, 1)}),
    ("date-in-future", "failure", {"date_start": date(2014, 7, 1), "date_end": date(2014, 7, 1)}),
    ("deaths-negative", "failure", {"low": -1}),
    ("deaths-negative", "failure", {"wounded": -2}),
    ("deaths-out-of-order", "failure", {"low": 4}),
    ("deaths-out-of-order", "failure", {"high": 2}),
    ("deaths-out-of-order", "failure", {"best": None, "low": 6}),
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
    ("text-garbled", "note", {"place": "SÃ©gou"}),
    ("text-garbled", "note", {"note": "lost \ufffd letter"}),
    ("markup-in-cell", "note", {"note": "<script>alert(1)</script>"}),
    ("markup-in-cell", "note", {"place": "a &amp; b"}),
]


@pytest.mark.parametrize(("code", "severity", "change"), BAD)
def test_bad_row_is_found_and_good_one_passes(code: str, severity: str, change: dict) -> None:
    admission = admit(events(change, {}), CONTEXT)
    assert [(f.code, f.severity, f.row) for f in admission.findings] == [(code, severity, 1)]
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
    cells = pl.DataFrame({"row": [2], "field": [field], "text": ["many"]}, schema=UNREADABLE_SCHEMA)
    change = {"date_start": None} if field == "date_start" else {}
    context = Context("test", unreadable=cells, columns={"where_prec": "geo_precision"})
    admission = admit(events({}, change), context)
    assert [(f.code, f.row, "'many'" in f.found) for f in admission.findings] == [(code, 2, True)]
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
    admission = admit(events({"event_id": "w", "low": 9}, {"event_id": "x", "within": "w"}))
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
    assert len(admit(events(*[{"low": 4}] * 150)).findings) == 150


def test_file_that_is_wrong_as_a_whole_is_said_in_one_sentence() -> None:
    admission = admit(events(*[{"low": 4}] * 10_001))
    assert admission.quarantined.height == 10_001
    (finding,) = admission.findings
    assert (finding.code, finding.severity, finding.row) == ("deaths-out-of-order", "failure", None)
    assert "10001 rows" in finding.found


def test_every_file_beside_them_is_run() -> None:
    folder = Path(checks.__file__).parent
    files = {p.stem for p in folder.glob("*.py")} - {"__init__", "context", "within_unknown"}
    assert files == {check.__module__.rsplit(".", 1)[1] for check in checks.CHECKS}
