"""What the publish guard refuses is withheld, with its reasons and without its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from small_theatre import AREAS, theatre, world

from toguna.forecasts.outlook.outlook import Asked, outlook
from toguna.forecasts.publish import published, refused
from toguna.warnings.foreseen import foreseen
from toguna.warnings.raising import Setting, propose
from toguna.warnings.rules import read_rules
from toguna.warnings.signals import of_forecasts

AS_OF = date(2006, 1, 10)


@dataclass(frozen=True)
class Rows:
    source: str
    read: int
    accepted: int
    quarantined: int = 0
    superseded: int = 0


@pytest.fixture(scope="module")
def found():
    events = world(months=72, seed=4, rates=dict.fromkeys(AREAS, 2.0))
    return outlook(events, theatre(), as_of=AS_OF, asked=Asked(targets=("deaths",), months=6, size=200))


def codes(found, rows=Rows("desk", 10, 10)):
    return {name: {f.code for f in told} for name, told in refused(found, [rows]).items()}


def test_a_sound_forecast_goes_out_whole(found):
    against = refused(found, [Rows("desk", 10, 10)])
    assert against == {}
    rows, records = published(found, against)
    assert len(rows) == 6 * (1 + len(AREAS) + 1)
    assert [r["withheld"] for r in records] == [[], []]
    assert all(r["drivers"] for r in records)


def test_every_kind_of_reason_is_found(found):
    assert codes(found, Rows("desk", 10, 8)) == {
        "country/deaths": {"account-unbalanced"},
        "admin1/deaths": {"account-unbalanced"},
    }
    assert codes(found, Rows("other", 10, 8)) == {}
    stale = replace(found, as_of=date(2006, 6, 1))
    assert codes(stale)["country/deaths"] == {"forecast-stale"}
    made = found.of("admin1", "deaths")
    holes = made.forecast.draws.copy()
    holes[2, 1, 5] = float("nan")
    torn = replace(made, forecast=replace(made.forecast, draws=holes))
    assert codes(replace(found, made=(found.made[0], torn))) == {"admin1/deaths": {"forecast-incomplete"}}
    lost = replace(made, known=made.known + 1)
    assert codes(replace(found, made=(found.made[0], lost))) == {"admin1/deaths": {"account-unbalanced"}}


def test_a_record_that_is_off_is_refused(found):
    made = found.of("country", "deaths")
    sure = replace(made.record.cases, rank=made.record.cases.rank * 0 + 0.99)
    off = replace(made, record=replace(made.record, cases=sure))
    assert codes(replace(found, made=(off,))) == {"country/deaths": {"forecast-miscalibrated"}}


def test_a_refused_forecast_leaves_reasons_and_no_numbers(found):
    against = refused(replace(found, as_of=date(2006, 6, 1)), [Rows("desk", 10, 10)])
    only = {"admin1/deaths": against["admin1/deaths"]}
    rows, records = published(found, only)
    assert {row["level"] for row in rows} == {"country"}
    country, areas = records
    assert country["withheld"] == [] and country["drivers"]
    assert areas["drivers"] == []
    assert [f["code"] for f in areas["withheld"]] == ["forecast-stale"]
    assert areas["record"]["origins"] > 0


def warned(found, rows):
    said = foreseen(published(found, refused(found, [rows]))[0], AS_OF)
    return propose(of_forecasts(said), read_rules(), Setting("small", {"en": "Small"}, AS_OF))


def test_a_deadly_area_is_warned_of_and_what_is_withheld_warns_of_nothing():
    """Some 40 deaths a month in one area, some 3 in others: one warning, and none from what is refused."""
    events = world(months=72, seed=5, rates=dict.fromkeys(AREAS, 1.0) | {"North": 13.0})
    asked = Asked(targets=("deaths",), months=4, size=200)
    deadly = outlook(events, theatre(), as_of=AS_OF, asked=asked)
    (made,) = warned(deadly, Rows("desk", 10, 10))
    assert ([a.name for a in made.areas], made.kind, made.severity) == (["North"], "forecast", "Severe")
    basis = made.basis[0]
    assert basis.id.startswith("forecast/admin1/deaths/XYZ/North/") and basis.rule == "many-deaths-forecast"
    draws = deadly.of("admin1", "deaths").forecast
    step = int(basis.id.rpartition("/")[2])
    drawn = draws.draws[step - 1, draws.units.index("XYZ/North")]
    assert basis.numbers["probability"] == pytest.approx((drawn >= 25).mean(), abs=1e-4)
    assert warned(deadly, Rows("desk", 10, 8)) == []
