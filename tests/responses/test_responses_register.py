"""Measures and recommendations as of a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from toguna.responses.register import findings, responses
from toguna.store.theatre import load_theatre

DAY = date(2015, 11, 24)


@dataclass(frozen=True)
class Tables:
    tables: dict[str, pl.DataFrame]


def theatre(*rows):
    return Tables({"responses": pl.DataFrame([dict(r) for r in rows])})


def row(id_, start, end=None, **more):
    return {"id": id_, "date_start": start, "date_end": end, "kind": "dialogue", "actor": "UN", **more}


def test_shipped_pack():
    mali = load_theatre("mali")
    found = responses(mali, DAY)
    assert len(found) == 49
    assert [r.id for r in found if r.recommendation] == ["RSP-048", "RSP-049"]
    assert found[-1].actor == "ISS Africa"
    assert findings(mali, DAY) == []
    assert len(responses(mali, date(2013, 12, 31))) == 16


def test_order_and_filter():
    made = theatre(row("B", "2015-01-02"), row("A", "2015-01-02"), row("C", "2014"), row("D", "2015-11-25"))
    assert [r.id for r in responses(made, DAY)] == ["C", "A", "B"]


def test_ends_that_lie_ahead_are_not_known():
    made = theatre(row("A", "2015-11-20", "2015-11-30"), row("B", "2015-11-20", "2015-11-24"))
    assert [r.date_end for r in responses(made, DAY)] == [None, DAY]


@pytest.mark.parametrize(
    ("more", "advised"),
    [
        ({"actor": "Think tank (Recommendation)"}, True),
        ({"actor": "Think tank (recommendation) of old"}, False),
        ({"recommendation": "yes"}, True),
        ({"recommendation": "no"}, False),
    ],
)
def test_recommendations(more, advised):
    (found,) = responses(theatre(row("A", "2015", **more)), DAY)
    assert found.recommendation == advised


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("soon", None, "date_start"),
        (None, None, "date_start"),
        ("2015", "x", "date_end"),
        ("2015-02", "2015-01", "date_end"),
    ],
)
def test_unreadable_dates(start, end, field):
    made = theatre(row("A", start, end), row("B", "2015"))
    assert [r.id for r in responses(made, DAY)] == ["B"]
    assert [(f.code, f.field) for f in findings(made, DAY)] == [("response-date", field)]


def test_no_table():
    assert responses(Tables({}), DAY) == []


def test_plain_values():
    (found,) = responses(theatre(row("A", "2015-02", source_urls="http://a http://b")), DAY)
    assert found.as_dict()["date_start"] == "2015-02-01"
    assert found.as_dict()["sources"] == ["http://a", "http://b"]
