"""Events and deaths by month and area: whatever the viewpoint, nothing is lost or made."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache

import polars as pl
import pytest

from toguna.events.viewpoint import VIEWPOINTS
from toguna.room.months import months
from toguna.room.view import Question, View, collect, windows_of
from toguna.shifts.detect import Detection
from toguna.store.theatre import load_theatre

AS_OF = date(2012, 12, 31)


@cache
def view(rule: str) -> View:
    theatre = load_theatre("mali")
    question = Question(
        theatre=theatre,
        windows=windows_of(theatre, AS_OF),
        sources=("chronology",),
        viewpoint=VIEWPOINTS[rule],
    )
    return View(question, collect(question), Detection((), {}, [], ()), [])


@pytest.mark.parametrize("rule", sorted(VIEWPOINTS))
def test_deaths_and_events_are_conserved(rule: str) -> None:
    told, rows = view(rule).told, pl.DataFrame(months(view(rule)))
    assert rows["events"].sum() == pytest.approx(told.height, abs=1e-3)
    for figure in ("best", "low", "high"):
        assert rows[figure].sum() == told[figure].sum(), figure
    assert rows["unknown"].sum() == pytest.approx(told["best"].null_count(), abs=1e-3)


def _of(rule: str, area: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for row in months(view(rule)):
        if row["area"] == area:
            found[row["month"]] += row["events"]
    return found


def test_a_siege_of_two_months_counts_in_every_month_of_it() -> None:
    """Tessalit, 17 January to 11 March 2012: one event, whole in January or shared by its days."""
    whole, shared = _of("standard", "Kidal"), _of("spread-days", "Kidal")
    days = {"2012-01": 15, "2012-02": 29, "2012-03": 11}
    for month, n in days.items():
        moved = n / sum(days.values()) - (1 if month == "2012-01" else 0)
        assert shared[month] - whole[month] == pytest.approx(moved, abs=1e-3)
