"""The field's accident: one incident submitted four times to one source is found, kept and counted."""

from __future__ import annotations

from datetime import date
from typing import Any

from toguna.events.links import repeated

from .rows import events

REPORT: dict[str, Any] = {
    "source": "field",
    "date_start": date(2014, 3, 1),
    "date_end": date(2014, 3, 1),
    "place": "Kourou market",
    "note": "Armed men on motorcycles fired on traders at the weekly market; three were killed.",
}


def report(n: int, **changes: Any) -> dict[str, Any]:
    return REPORT | {"event_id": f"field:{n}"} | changes


def test_four_submissions_are_one_finding_and_every_row_stays() -> None:
    copies = [
        report(1),
        report(2),
        report(3, place="Kourou Market", lat=14.2505),
        report(4, note="Armed men on motorcycles fired on traders at the weekly market: 3 were killed"),
    ]
    rows = events(*copies, report(5, date_start=date(2014, 3, 8), date_end=date(2014, 3, 8)))
    findings, extra = repeated(rows)
    (found,) = findings
    assert found.code == "likely-duplicate"
    assert found.severity == "note"
    assert found.found.startswith("4 rows")
    assert all(f"field:{n}" in found.found for n in (1, 2, 3, 4))
    assert "field:5" not in found.found
    assert extra == 3
    assert rows.height == 5


def test_what_differs_is_not_a_copy() -> None:
    others = [
        {"date_start": date(2014, 3, 2), "date_end": date(2014, 3, 2)},
        {"lat": 14.4},
        {"best": 4},
        {"perpetrators": ["B"]},
        {"note": "A convoy hit a mine on the road to the north and two soldiers were wounded."},
        {"source": "other"},
        {"within": "field:1"},
    ]
    rows = events(report(1), *(report(n, **changes) for n, changes in enumerate(others, start=2)))
    assert repeated(rows) == ([], 0)


def test_equal_codes_alone_are_no_copy() -> None:
    """A toll split evenly over villages at one point looks the same row by row (as in UCDP GED)."""
    bare: dict[str, Any] = {"note": None, "best": 1, "low": 1, "high": 1}
    assert repeated(events(report(1, **bare), report(2, **bare))) == ([], 0)
    telling: dict[str, Any] = {"note": None, "best": 17, "low": 17, "high": 20}
    assert repeated(events(report(1, **telling), report(2, **telling)))[1] == 1
    vague = telling | {"date_prec": 4}
    assert repeated(events(report(1, **vague), report(2, **vague)))[1] == 0


def test_words_that_every_row_has_are_no_own_words() -> None:
    shared = "Government of Nowhere - Movement for Somewhere"
    rows = [
        report(n, note=shared, best=1, low=1, high=1, date_start=date(2014, 3, d), date_end=date(2014, 3, d))
        for n, d in enumerate((1, 1, 2, 3), start=1)
    ]
    assert repeated(events(*rows)) == ([], 0)


def test_a_file_of_nothing_but_copies_ends_soon() -> None:
    rows = events(*(report(n) for n in range(1, 1001)))
    findings, extra = repeated(rows)
    assert len(findings) == 1
    assert extra == 999


def test_many_groups_are_counted() -> None:
    rows = [
        report(2 * n + k, note=f"Number {n} of many incidents told twice.", lat=10 + 0.1 * n)
        for n in range(101)
        for k in (1, 2)
    ]
    findings, extra = repeated(events(*rows))
    assert len(findings) == 101
    assert findings[-1].found.startswith("1 more group")
    assert extra == 101


def test_no_rows() -> None:
    assert repeated(events()) == ([], 0)
