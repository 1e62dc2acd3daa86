"""What goes in comes out: rows and deaths add up whatever the rows hold."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from toguna.events.admit import admit, sum_deaths
from toguna.events.checks.context import Context, Ground
from toguna.sources.protocol import RawFile
from toguna.sources.ucdp import SOURCE
from toguna.store.areas import Area

COUNTS = st.sampled_from(
    ["", "0", "3", "12", "3.0", "2.5", "-1", "many", " 4 ", "1e3", "nan", "inf", "1 200", "10-15", "about 20"]
)
DATES = st.sampled_from(
    ["", "2015-11-20", "2015-11-20 00:00:00.000", "2015-13-01", "20/11/2015", "2031-01-01"]
)
ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["", "1", "2", "3", "4", "5", "6.0"]),
        "date_start": DATES,
        "date_end": DATES,
        "type_of_violence": st.sampled_from(["1", "2", "3", "4", "", "x"]),
        "side_a": st.sampled_from(["Government of X", "B, C", ""]),
        "side_b": st.sampled_from(["Civilians", "D"]),
        "latitude": st.sampled_from(["14.2", "0", "99", "", "south"]),
        "longitude": st.sampled_from(["-4.2", "0", "200", ""]),
        "country": st.sampled_from(["X", "Senegal", ""]),
        "best": COUNTS,
        "low": COUNTS,
        "high": COUNTS,
        "where_prec": st.sampled_from(["", "1", "7", "8", "300", "-5", "x"]),
    }
)
SENEGAL = Area("Senegal", "SEN", "adm0", box(-18.0, 12.0, -11.0, 17.0))
GROUND = Ground((SENEGAL,), (), frozenset({"somewhere"}))
LIVES = {"b": (date(2016, 1, 1), None), "d": (None, date(2014, 1, 1))}
NUMERIC = {"1 200": 1200, "about 20": 20, "0": 0, "3": 3, "12": 12, "3.0": 3, "-1": -1, " 4 ": 4, "1e3": 1000}


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=12))
def test_rows_and_deaths_are_conserved(rows: list[dict[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    parsed = SOURCE.parse(RawFile(frame, published_at=date(2021, 6, 30)), theatre=None)
    known = Context("t", parsed.unreadable, parsed.columns, date(2021, 6, 30), ground=GROUND, lifetimes=LIVES)
    admission = admit(parsed.events, known)
    assert parsed.events.height == len(rows)
    assert admission.accepted.height + admission.quarantined.height == len(rows)
    published = sum(NUMERIC.get(row["best"], 0) for row in rows)
    accepted, quarantined = sum_deaths(admission.accepted), sum_deaths(admission.quarantined)
    assert accepted.best + quarantined.best == published == admission.published.best
    assert accepted.low + admission.widened.low + quarantined.low == admission.published.low
    assert accepted.high - admission.widened.high + quarantined.high == admission.published.high
    assert accepted.unknown + quarantined.unknown == admission.published.unknown
    failed = {f.row for f in admission.findings if f.severity == "failure"}
    assert failed == set(admission.quarantined["row"])
    for row in admission.accepted.iter_rows(named=True):
        known = [row[n] for n in ("low", "best", "high") if row[n] is not None]
        assert known == sorted(known)
        assert row["date_start"] <= row["date_end"] <= date(2031, 1, 1)
        assert row["event_id"] is not None
    assert admission.accepted["event_id"].is_unique().all()
