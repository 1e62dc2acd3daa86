"""What was found makes the warnings that the rules say, and no other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from toguna.core.errors import DataError
from toguna.core.language import Language
from toguna.warnings.foreseen import foreseen
from toguna.warnings.options import options_of, read_options
from toguna.warnings.raising import Setting, propose
from toguna.warnings.rules import Rule, read_rules
from toguna.warnings.signals import Signal, of_chances, of_forecasts, of_shifts
from toguna.warnings.types import Area, Option

DAY = date(2015, 11, 24)
SAID = {"en": "Something changed.", "fr": "Quelque chose a changé."}
SETTING = Setting("fictia", {"en": "Fictia", "fr": "Fictie"}, DAY, {"Nordia": Area("Nordia", "adm1")})


def shift(what: str, dimension: str = "tempo", **changes: Any) -> dict[str, Any]:
    told = {
        "id": f"{dimension}/chronology/raids/{what}",
        "dimension": dimension,
        "alarm": True,
        "q": 0.04,
        "false_alarms_per_year": 0.5,
        "numbers": {"direction": "surge"},
        "event_ids": ["chronology:E1", "chronology:E2"],
        "text": SAID,
    }
    return {**told, **changes}


def chance(months: int, probability: float, low: float, **changes: Any) -> dict[str, Any]:
    told = {
        "id": f"recurrence/north/{months}",
        "place": "Nordia",
        "kind": {},
        "horizon_months": months,
        "probability": probability,
        "low": low,
        "high": 0.99,
        "text": SAID,
        "event_ids": [],
        "record": {"models": {}},
    }
    return {**told, **changes}


def test_a_surge_in_an_area_asks_for_a_decision() -> None:
    (made,) = propose(of_shifts([shift("area/Nordia")]), read_rules(), SETTING)
    assert (made.kind, made.level, made.urgency, made.certainty) == (
        "surge",
        "warning",
        "Immediate",
        "Observed",
    )
    assert [a.name for a in made.areas] == ["Nordia"]
    assert (made.start, made.acknowledge_by, made.deadline) == (
        DAY, DAY + timedelta(days=3), DAY + timedelta(days=14),
    )  # fmt: skip
    (basis,) = made.basis
    assert (basis.rule, basis.as_of) == ("surge-in-an-area", "2015-11-24")
    assert basis.numbers == {"q": 0.04, "false_alarms_per_year": 0.5}
    assert made.headline["fr"].startswith("Alerte")
    assert "0.5 times a year" in made.text["en"]
    assert "0,5 fausse alerte" in made.text["fr"]


@pytest.mark.parametrize(
    "row",
    [
        shift("area/Nordia", alarm=False),
        shift("area/Nordia", q=None),
        shift("area/Nordia", q=0.2),
        shift("area/Nordia", numbers={"direction": "lull"}),
        shift("began/x", dimension="alliances", q=None),
    ],
)
def test_no_alarm_no_warning(row: dict[str, Any]) -> None:
    assert propose(of_shifts([row]), read_rules(), SETTING) == []


def test_equality_counts_as_in_the_tests_of_shifts() -> None:
    row = shift("area/Nordia", q=0.1 + 1e-12)
    assert len(propose(of_shifts([row]), read_rules(), SETTING)) == 1


def test_chances_need_their_bounds() -> None:
    def levels(*rows: dict[str, Any]) -> list[str]:
        return [w.level for w in propose(of_chances(rows), read_rules(), SETTING)]

    assert levels(chance(6, 0.8, 0.5)) == ["warning"]
    assert levels(chance(6, 0.8, 0.49)) == []
    assert levels(chance(12, 0.5, 0.1)) == ["watch"]
    assert levels(chance(12, 0.49, 0.4)) == []
    assert levels(chance(3, 0.99, 0.9)) == []
    assert levels(chance(6, 0.8, 0.5), chance(12, 0.95, 0.8)) == ["warning"]


def test_how_often_such_a_warning_is_wrong_is_that_of_the_loudest() -> None:
    (made,) = propose(of_chances([chance(12, 0.95, 0.8), chance(6, 0.8, 0.5)]), read_rules(), SETTING)
    assert "about 20 of 100" in made.text["en"]
    assert "environ 20 alertes" in made.text["fr"]
    assert [b.id for b in made.basis] == ["recurrence/north/6", "recurrence/north/12"]


def test_what_is_about_one_place_is_one_warning_and_the_loudest_come_first() -> None:
    rows = [
        shift("mix", "settings"),
        shift("mix", "tactics"),
        shift("scan", "fronts", numbers={"areas": ["Nordia", "Sudania"]}),
        shift("all"),
        shift("family/GROUP"),
        shift("GROUP", "reach"),
    ]
    made = propose(of_shifts(rows), read_rules(), replace(SETTING, names={"GROUP": "The Group"}))
    assert [w.level for w in made] == ["warning", *["watch"] * 4]
    assert [len(w.basis) for w in made if w.kind == "method"] == [2]
    assert len({w.key for w in made}) == len(made)
    assert any(w.headline["en"] == "Watch: surge of attacks, The Group" for w in made)
    assert any("Fictia as a whole" in w.headline["en"] for w in made)


def test_the_order_of_what_was_found_changes_nothing() -> None:
    signals = of_shifts(
        [shift("area/Nordia"), shift("mix", "tactics"), shift("mix", "settings"), shift("all")]
    )
    assert propose(signals, read_rules(), SETTING) == propose(signals[::-1], read_rules(), SETTING)


@pytest.mark.parametrize(
    ("deaths", "severity"),
    [({}, "Unknown"), ({"chronology:E1": 0.0}, "Minor"), ({"chronology:E1": 5.0}, "Moderate"),
     ({"chronology:E1": 13.0, "chronology:E2": 12.0}, "Severe"), ({"chronology:E2": 100.0}, "Extreme"),
     ({"elsewhere": 1000.0}, "Unknown")],
)  # fmt: skip
def test_severity_by_known_deaths(deaths: dict[str, float], severity: str) -> None:
    (made,) = propose(of_shifts([shift("area/Nordia")]), read_rules(), replace(SETTING, deaths=deaths))
    assert made.severity == severity


def test_options_of_a_plan_are_taken_over_and_none_is_none() -> None:
    option = Option("M1", SAID, 0.2, "share", ("E1",))
    with_plan = replace(SETTING, options={"Nordia": [option]})
    assert propose(of_shifts([shift("area/Nordia")]), read_rules(), with_plan)[0].options == (option,)
    assert propose(of_shifts([shift("area/Nordia")]), read_rules(), SETTING)[0].options == ()


def both(text: str) -> dict[str, str]:
    return {"en": text, "fr": text}


def test_a_warning_about_everything_has_the_options_of_the_worst_areas() -> None:
    harm = {"Nordia": 9.0, "Sudania": 40.0, "Estia": 0.5, "Westia": 12.0}
    items = [{"measure": "M1", "area": area, "harm": deaths, "cost": 1} for area, deaths in harm.items()]
    items += [{"measure": "M2", "area": "Westia", "harm": 12.0, "cost": 2}, {"measure": "M3", "cost": 3}]
    found = options_of(items, "points")
    (made,) = propose(of_shifts([shift("all")]), read_rules(), replace(SETTING, options=found))
    assert made.areas == ()
    assert [(o.measure, o.area) for o in made.options] == [
        ("M3", ""), ("M1", "Sudania"), ("M1", "Westia"), ("M2", "Westia"), ("M1", "Nordia"),
    ]  # fmt: skip
    assert Option.of(made.as_dict()["options"][1]) == made.options[1]
    (local,) = propose(of_shifts([shift("area/Estia")]), read_rules(), replace(SETTING, options=found))
    assert [o.area for o in local.options] == ["Estia"]
    assert "" not in options_of([{"measure": "M1", "area": "Nordia"}])


def test_items_of_a_plan_become_options(tmp_path: Path) -> None:
    item = {
        "measure": "M1",
        "area": "Nordia",
        "quarter": "2016Q1",
        "reason": "Talks.",
        "cost": 5,
        "evidence": ["E1"],
    }
    plan = {"unit": "share", "items": [item, {**item, "quarter": "2016Q2"}, {"measure": "M2", "cost": None}]}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"plans": [plan]}), encoding="utf-8")
    found = read_options(path)
    assert found == {
        "Nordia": (Option("M1", both("Nordia – Talks."), 10.0, "share", ("E1",), "Nordia"),),
        "": (Option("M2", both("M2"), None, "share"),),
    }  # fmt: skip
    (made,) = propose(of_shifts([shift("area/Nordia")]), read_rules(), replace(SETTING, options=found))
    assert [o.measure for o in made.options] == ["M1"]
    for text in ("[]", "{", '{"items": [{}]}', '{"items": 3}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="is no plan"):
            read_options(path)


def test_a_forecast_makes_a_warning() -> None:
    made = propose(of_forecasts(foreseen([forecast("Nordia", "2015-12", 0.7)], DAY)), read_rules(), SETTING)
    assert [(w.kind, w.certainty, w.severity, w.basis[0].origin) for w in made] == [
        ("forecast", "Likely", "Severe", "forecast")
    ]
    assert made[0].basis[0].numbers == {"probability": 0.7, "within": 1, "deaths": 25}
    assert "25 deaths or more in Dec 2015, about 7 times in 10 (70%)" in made[0].text["en"]
    assert "about 30 of 100 such warnings" in made[0].text["en"]
    assert "25 morts ou plus en déc. 2015" in made[0].text["fr"]


def forecast(area: str, month: str, chance: float, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"forecast/admin1/deaths/XXA/{area}/{month}", "level": "admin1", "unit": f"XXA/{area}",
        "target": "deaths", "month": month, "model": "pool",
        "at_least": {"1": 0.99, "25": chance, "100": chance / 2}, **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        forecast("Nordia", "2015-12", 0.49),
        forecast("Nordia", "2015-11", 0.9),
        forecast("Nordia", "2016-03", 0.9),
        forecast("", "2015-12", 0.9),
        forecast("Nordia", "2015-12", 0.9, target="incidents"),
        forecast("Nordia", "2015-12", 0.9, level="country", unit="XXA"),
    ],
    ids=["unlikely", "this month", "too far", "not placed", "incidents", "a country"],
)
def test_other_forecasts_make_none(row: dict[str, Any]) -> None:
    assert propose(of_forecasts(foreseen([row], DAY)), read_rules(), SETTING) == []


def test_the_likeliest_month_speaks_and_of_equals_the_first() -> None:
    rows = [forecast("Nordia", m, p) for m, p in (("2015-12", 0.6), ("2016-01", 0.8), ("2016-02", 0.8))]
    found = {row["deaths"]: row for row in foreseen(rows, DAY)}
    assert (found[25]["month"], found[25]["horizon_months"], found[1]["month"]) == ("2016-01", 2, "2015-12")
    assert len(propose(of_forecasts(found.values()), read_rules(), SETTING)) == 1


def test_an_area_with_a_slash_keeps_its_name() -> None:
    (signal,) = of_shifts([shift("area/North/West")])
    assert signal.areas == ("North/West",)


def test_a_pack_changes_the_rules(tmp_path: Path) -> None:
    (tmp_path / "warnings.toml").write_text(
        '[[rules]]\nid = "surge-in-an-area"\nq = 0.01\n[[rules]]\nid = "new-front"\noff = true\n'
        '[desk]\nowner = "Office of Fictia"\nsensitivity = "restricted"\n',
        encoding="utf-8",
    )
    ours, theirs = read_rules(), read_rules(tmp_path)
    assert len(theirs.rules) == len(ours.rules) - 1
    rule = next(r for r in theirs.rules if r.id == "surge-in-an-area")
    assert rule.q == 0.01
    assert propose(of_shifts([shift("area/Nordia")]), theirs, SETTING) == []
    (made,) = propose(of_chances([chance(12, 0.9, 0.2)]), theirs, SETTING)
    assert (made.owner, made.sensitivity) == ("Office of Fictia", "restricted")
    assert made.addressees == ours.desk.addressees


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules = 1", "warnings.toml"),
        ("[[rules]]\nid = 'x'", "warnings.toml"),
        ("[[rules]]\nid = 'new-front'\nlevel = 'loud'", "unknown level"),
        ("[[rules]]\nid = 'new-front'\nqq = 1", "unknown key of rule 'new-front'"),
        ("[[rules]]\nid = 'new-front'\ndays = -1", "days"),
        ("[[rules]]\nid = 'new-front'\ndecide_days = 1", "before acknowledgement"),
        ("[rule]\n", "unknown section"),
        ("[[rules", "not valid TOML"),
        ("[severity]\nHuge = 1", "unknown severity"),
    ],
)
def test_a_wrong_rule_is_named(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "warnings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_rules(tmp_path)


@pytest.mark.parametrize("rule", read_rules().rules, ids=lambda rule: rule.id)
def test_every_rule_says_why_and_how_often_it_is_wrong(rule: Rule) -> None:
    assert len(rule.reason) > 40
    assert len(rule.false_alarms) > 40
    for code in ("en", "fr"):
        assert ":" not in Language(code).word(f"warning:{rule.kind}")


def test_every_rule_can_fire() -> None:
    signals = [
        *of_shifts(shift(w, d) for w, d in (("area/N", "tempo"), ("family/G", "tempo"), ("all", "tempo"))),
        *of_shifts(shift("x", d) for d in ("fronts", "spread", "reach", "tactics", "targets", "settings")),
        *of_chances([chance(6, 0.8, 0.6), chance(12, 0.6, 0.2)]),
        Signal("forecast", "f", "d", SAID, probability=0.6, deaths=25),
    ]
    rules = read_rules()
    fired = {rule.id for s in signals if (rule := rules.choose(s))}
    assert fired == {rule.id for rule in rules.rules}
