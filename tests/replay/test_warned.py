"""A rehearsal gives each warning once, renews what stands, and scores it as a replay is scored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from toguna.replay.warned import rehearsal, would_be_given
from toguna.warnings.raising import Setting
from toguna.warnings.report.harm import Harm
from toguna.warnings.rules import read_rules

SAID = {"en": "Something changed.", "fr": "Quelque chose a changé."}
SETTING = Setting("fictia", {"en": "Fictia", "fr": "Fictie"}, date(2015, 1, 31))
FIRST = date(2014, 1, 31)
DAYS = [FIRST + timedelta(days=30 * k) for k in range(24)]


def shift(what: str, dimension: str = "tempo") -> dict[str, Any]:
    return {
        "id": f"{dimension}/chronology/raids/{what}", "dimension": dimension, "alarm": True, "q": 0.04,
        "false_alarms_per_year": 0.5, "numbers": {"direction": "surge"}, "event_ids": [], "text": SAID,
    }  # fmt: skip


def look(day: date, *shifts: dict[str, Any]) -> dict[str, Any]:
    onset = {
        "area": "Nordia",
        "day": "2015-01-10",
        "quiet_days": 800,
        "first": True,
        "event_id": "chronology:E9",
    }
    onsets = [onset] if day >= date(2015, 1, 10) else []
    return {"as_of": day.isoformat(), "found": {"shifts": list(shifts), "onsets": onsets, "stated": []}}


def test_what_stands_is_renewed_and_given_again_only_when_it_is_over() -> None:
    on = {0, 1, 9, 20}
    looks = [look(day, *([shift("area/Nordia")] if k in on else [])) for k, day in enumerate(DAYS)]
    given = would_be_given(looks, read_rules(), SETTING)
    assert [(g.day, g.end) for g in given] == [
        (DAYS[0], DAYS[1] + timedelta(days=183)),
        (DAYS[9], DAYS[9] + timedelta(days=183)),
        (DAYS[20], DAYS[20] + timedelta(days=183)),
    ]


def test_turning_points_are_met_by_name_or_not() -> None:
    looks = [look(day) for day in DAYS]
    looks[8] = look(DAYS[8], shift("mix", "tactics"))
    looks[9] = look(DAYS[9], shift("area/Sudania"))
    looks[15] = look(DAYS[15], shift("area/Nordia"))
    harm = [Harm(date(2015, 1, 10), "Nordia", 2.0), Harm(date(2015, 6, 1), "Nordia", 1.0)]
    areas = ["Nordia", "Sudania"]
    told = rehearsal(looks, read_rules(), SETTING, harm=harm, areas=areas, quiet_days=365)
    (point,) = told["points"]
    assert point["named_before_days"] is None
    assert point["unnamed_before_days"] == (date(2015, 1, 10) - DAYS[8]).days
    assert point["named_after_days"] == (DAYS[15] - date(2015, 1, 10)).days
    any_, loud = told["scores"]["any"], told["scores"]["warning"]
    assert (any_["hits"], any_["starts"]) == (1, 3)
    assert (loud["hits"], loud["starts"], loud["fates"][0]["lead_days"]) == (
        1,
        2,
        (date(2015, 1, 10) - DAYS[9]).days,
    )
    assert 0 < loud["hits_by_chance"] < 1
    verdicts = {w["id"]: w["verdict"] for w in told["aftermath"]["warnings"]}
    assert verdicts == {"w01": "hit", "w02": "false", "w03": "hit"}
    assert told["aftermath"]["named"]["hits_by_chance"] == 1.0


def test_rules_that_never_fit_give_nothing() -> None:
    told = rehearsal([look(day) for day in DAYS], read_rules(), SETTING, harm=[], areas=["Nordia"])
    assert told["warnings"] == []
    assert [s["hits"] for s in told["scores"].values()] == [0, 0]
    assert told["points"][0]["unnamed_before"] == []


def test_chances_are_used_where_a_look_has_them() -> None:
    chance = {
        "id": "recurrence/n/6", "place": "Nordia", "kind": {}, "horizon_months": 6, "probability": 0.9,
        "low": 0.6, "high": 0.99, "text": SAID, "event_ids": [],
    }  # fmt: skip
    looks = [look(day) for day in DAYS]
    looks[3]["found"]["chances"] = [chance]
    (given,) = would_be_given(looks, read_rules(), SETTING)
    assert (given.areas, given.warning.kind) == (("Nordia",), "recurrence")


def test_a_watch_that_becomes_a_warning_counts_from_that_day() -> None:
    chance = {
        "id": "recurrence/n/12", "place": "Nordia", "kind": {}, "horizon_months": 12, "probability": 0.9,
        "low": 0.6, "high": 0.99, "text": SAID, "event_ids": [],
    }  # fmt: skip
    looks = [look(day) for day in DAYS]
    looks[3]["found"]["chances"] = [chance]
    looks[9]["found"]["chances"] = [{**chance, "horizon_months": 6}]
    (given,) = would_be_given(looks, read_rules(), SETTING)
    assert (given.day, given.louder, given.warning.level, given.level) == (
        DAYS[3],
        DAYS[9],
        "watch",
        "warning",
    )
    told = rehearsal(looks, read_rules(), SETTING, harm=[], areas=["Nordia"])
    assert told["scores"]["warning"]["fates"][0]["lead_days"] == (date(2015, 1, 10) - DAYS[9]).days
    assert told["warnings"][0]["louder"] == {"day": DAYS[9].isoformat(), "level": "warning"}
