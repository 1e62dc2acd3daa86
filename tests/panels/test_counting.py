"""Events are conserved: what is in no unit is counted as unplaced."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.core.errors import UsageError
from toguna.core.names import EVENT_SCHEMA
from toguna.panels.counting import COLUMNS, count_events, from_table
from toguna.panels.panel import LEVELS, Panel


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows or None, schema_overrides=EVENT_SCHEMA).select(
        *(
            (pl.col(n) if rows and n in rows[0] else pl.lit(None)).cast(t).alias(n)
            for n, t in EVENT_SCHEMA.items()
        )
    )


def event(number: int, **own: object) -> dict[str, object]:
    day = own.pop("day", date(2015, 3, 14))
    row = {"event_id": f"x:{number}", "date_start": day, "date_end": day, "violence": "sb", "best": 3}
    row |= {
        "country": "AAA",
        "admin1": "North",
        "admin2": "Hill",
        "gid": 150000,
        "where_prec": 1,
        "within": None,
    }
    return row | own


MARCH = (2015 - 1980) * 12 + 3
rows = st.lists(
    st.fixed_dictionaries(
        {
            "best": st.none() | st.integers(0, 900),
            "violence": st.sampled_from(["sb", "ns", "os", None]),
            "target": st.sampled_from(["civilians_local", "national_forces", None]),
            "deaths_civilians": st.none() | st.integers(0, 2),
            "country": st.sampled_from(["AAA", "BBB", None]),
            "admin1": st.sampled_from(["North", "South", None]),
            "gid": st.sampled_from([150000, 150001, None]),
            "where_prec": st.none() | st.integers(1, 7),
            "day": st.dates(date(2014, 11, 1), date(2015, 6, 30)),
        }
    ),
    min_size=1,
    max_size=25,
)


@settings(deadline=None, max_examples=30)
@given(rows, st.sampled_from(LEVELS))
def test_what_is_not_in_a_unit_is_unplaced(drawn: list[dict[str, object]], level: str) -> None:
    events = frame([event(i, **row) for i, row in enumerate(drawn)])
    panel = count_events(events, level=level, months=(MARCH - 2, MARCH + 1))
    inside = [r for r in drawn if date(2015, 1, 1) <= r["day"] <= date(2015, 4, 30)]
    assert panel.total("events") == len(inside)
    assert panel.total("deaths") == sum(r["best"] or 0 for r in inside)
    assert panel.total("without_figure") == sum(r["best"] is None for r in inside)
    kinds = sum(panel.total(f"deaths_{k}") for k in ("sb", "ns", "os"))
    assert kinds == sum(r["best"] or 0 for r in inside if r["violence"])
    harmed = [
        r
        for r in inside
        if r["target"] == "civilians_local" or r["deaths_civilians"] or r["violence"] == "os"
    ]
    assert panel.total("attacks_civilians") == len(harmed)


def test_levels_name_their_units_and_refuse_vague_places() -> None:
    events = frame([event(1), event(2, where_prec=4), event(3, where_prec=6), event(4, where_prec=7)])
    placed = {lv: count_events(events, level=lv, months=(MARCH, MARCH)) for lv in LEVELS}
    assert {lv: p.units for lv, p in placed.items()} == {
        "country": ("AAA",),
        "admin1": ("AAA/North",),
        "admin2": ("AAA/North/Hill",),
        "grid": ("150000",),
    }
    assert [placed[lv].counts("events").sum() for lv in LEVELS] == [3, 2, 1, 1]
    assert [placed[lv].unplaced["events"] for lv in LEVELS] == [1, 2, 3, 3]


def test_the_last_day_decides_and_contained_events_do_not_count_twice() -> None:
    late = event(1, date_start=date(2015, 2, 27), date_end=date(2015, 3, 2))
    panel = count_events(frame([late, event(2, within="x:1")]), level="country", months=(MARCH - 1, MARCH))
    assert panel.counts("deaths").tolist() == [[0.0, 3.0]]


def test_no_event_gives_an_empty_panel() -> None:
    panel = count_events(frame([]), level="grid", months=(MARCH, MARCH + 2))
    assert panel.values.shape == (3, 0, len(COLUMNS)) and panel.total("deaths") == 0


def test_a_table_becomes_a_panel_with_zeros_in_its_gaps() -> None:
    table = pl.DataFrame({"unit": ["b", "a", "a"], "month": [5, 5, 7], "deaths": [1, 2, 4]})
    panel = from_table(table, level="country", columns=["deaths"])
    assert panel.units == ("a", "b")
    assert panel.counts("deaths").tolist() == [[2, 0, 4], [1, 0, 0]]
    assert panel.until(6).counts("deaths").tolist() == [[2, 0], [1, 0]]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"unit": ["a"], "month": [1]}, "no column deaths"),
        ({"unit": ["a"], "month": [1], "deaths": [None]}, "not known"),
        ({"unit": [], "month": [], "deaths": []}, "empty"),
    ],
)
def test_a_table_that_cannot_be_a_panel_says_why(table: dict[str, list[object]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        from_table(pl.DataFrame(table), level="country", columns=["deaths"])


def test_a_panel_refuses_gaps_negatives_and_months_it_has_not() -> None:
    good = Panel("country", ("a",), np.array([1, 2]), ("deaths",), np.zeros((2, 1, 1)))
    with pytest.raises(UsageError, match="not in the panel; it has 1 to 2"):
        good.until(3)
    with pytest.raises(UsageError, match="no column 'dead'"):
        good.counts("dead")
    with pytest.raises(UsageError, match="follow one another"):
        Panel("country", ("a",), np.array([1, 3]), ("deaths",), np.zeros((2, 1, 1)))
    with pytest.raises(UsageError, match="0 or more"):
        Panel("country", ("a",), np.array([1, 2]), ("deaths",), np.full((2, 1, 1), -1.0))
    with pytest.raises(UsageError, match="none of"):
        Panel("town", ("a",), np.array([1, 2]), ("deaths",), np.zeros((2, 1, 1)))
