"""Scores of alarms whose truth is known; turning points by rule; the rules in use, counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from toguna.core.errors import DataError
from toguna.core.language import LANGUAGES, Language
from toguna.replay.lessons import lessons
from toguna.replay.looks import month_ends
from toguna.replay.rules import Record, values
from toguna.replay.score import LEAD_DAYS, scorable, score, starts
from toguna.replay.turning import TurningPoint, onsets, turning_points
from toguna.replay.words import markdown
from toguna.shifts.sample import Coded, Sample

LOOKS = month_ends("2010-01", "2015-12")


def point(day: date, area: str = "A") -> TurningPoint:
    return TurningPoint(day, area, {}, ("x",))


def sounding(*days: date) -> list[bool]:
    return [day in days for day in LOOKS]


def test_an_alarm_starts_when_something_new_sounds_and_never_at_the_first_look():
    assert starts([["a"], ["a"], ["a", "b"], ["b"], [], ["b"]]) == [False, False, True, False, False, True]
    assert starts([]) == []
    assert starts([["a"]]) == [False]


def test_lead_times_false_late_and_undecided_alarms_are_told_apart():
    truth = [point(date(2012, 6, 15)), point(date(2014, 3, 2))]
    on = sounding(
        date(2011, 1, 31),  # false: nothing follows within 183 days
        date(2012, 1, 31), date(2012, 5, 31),  # both before the first
        date(2014, 4, 30),  # late for the second
        date(2015, 8, 31),  # undecided: the looks end too soon
    )  # fmt: skip
    found = score(LOOKS, on, truth)
    assert [f.lead_days for f in found.fates] == [136, None]
    assert [f.noticed_days for f in found.fates] == [None, 59]
    assert (found.hits, found.starts, found.false, found.count("late"), found.count("undecided")) == (
        1,
        5,
        1,
        1,
        1,
    )
    assert found.years == pytest.approx((LOOKS[-1] - LOOKS[1]).days / 365.25 - 0.5, abs=0.1)
    value, low, high = found.per_year
    assert (value, low, high) == pytest.approx(
        (1 / found.years, 0.0513 / found.years, 4.744 / found.years), rel=1e-3
    )


@pytest.mark.parametrize(("days", "hit"), [(0, False), (1, True), (LEAD_DAYS, True), (LEAD_DAYS + 1, False)])
def test_the_window_has_its_edges(days, hit):
    look = date(2012, 6, 30)
    found = score(LOOKS, sounding(look), [point(look + timedelta(days))])
    assert (found.hits == 1) is hit


def test_a_turning_point_needs_a_look_before_it_at_which_an_alarm_can_start():
    days = [LOOKS[0], LOOKS[1], LOOKS[1] + timedelta(1), LOOKS[-1], LOOKS[-1] + timedelta(1)]
    assert [p.day for p in scorable(LOOKS, [point(d) for d in days])] == [LOOKS[1] + timedelta(1), LOOKS[-1]]


@pytest.mark.parametrize("k", [0, 1, 5, 20, 71])
def test_alarms_at_random_hit_as_often_as_stated(k):
    rng = np.random.default_rng(k)
    truth = [
        point(date(2010, 4, 1)),
        point(date(2012, 6, 15)),
        point(date(2012, 8, 1)),
        point(date(2015, 12, 30)),
    ]
    worlds, hits = 400, []
    for _ in range(worlds):
        on = np.zeros(len(LOOKS), dtype=bool)
        on[1 + rng.choice(len(LOOKS) - 1, k, replace=False)] = True
        found = score(LOOKS, on.tolist(), truth)
        hits.append(found.hits)
    assert np.mean(hits) == pytest.approx(found.by_chance, abs=4 * np.std(hits) / np.sqrt(worlds) + 1e-9)


def test_the_interval_of_false_alarms_holds_the_rate_of_a_world_without_turning_points():
    rng, held, worlds = np.random.default_rng(3), 0, 400
    for _ in range(worlds):
        on = [False, *(rng.random(len(LOOKS) - 1) < 0.05).tolist()]
        rate = score(LOOKS, on, []).per_year
        held += rate[1] <= 0.05 * 12 <= rate[2]
    assert held / worlds >= 0.88  # exact intervals of counts are conservative


def sample(*rows: tuple[str, str]) -> Sample:
    rows = tuple(sorted(rows, key=lambda row: row[1]))
    names = tuple(sorted({area for area, _ in rows}))
    codes = np.array([names.index(area) for area, _ in rows], dtype=np.int64)
    days = np.array([date.fromisoformat(day).toordinal() for _, day in rows], dtype=np.int64)
    ids = np.array([f"e{k}" for k in range(len(rows))], dtype=np.str_)
    return Sample(ids, days, np.zeros((len(rows), 2)), (0.0, 0.0), {"admin1": Coded(names, codes)}, {})


def test_turning_points_are_first_events_after_a_quiet_year():
    told = sample(
        ("North", "2010-01-01"), ("North", "2010-11-01"), ("North", "2012-01-01"),
        ("East", "2010-12-31"), ("West", "2011-01-01"), ("Abroad", "2012-05-01"),
    )  # fmt: skip
    found = turning_points(onsets(told, {"North", "East", "West"}))
    assert [(p.area, p.day.isoformat(), p.quiet_days, p.first) for p in found] == [
        ("West", "2011-01-01", 365, True),
        ("North", "2012-01-01", 426, False),
    ]
    assert [p.area for p in turning_points(onsets(told), quiet_days=364)] == [
        "East",
        "West",
        "North",
        "Abroad",
    ]
    assert onsets(sample()) == []


def test_a_stated_turning_point_stands_for_the_onset_of_its_area():
    row = {"id": "T1", "date": "2011-01-20", "admin1": "West", "title": "The west", "title_fr": None}
    row |= {"source_urls": "https://a https://b"}
    free = row | {
        "id": "T2",
        "date": "2011-01-25",
        "admin1": None,
        "title": "A split",
        "title_fr": "Une scission",
    }
    found = turning_points(onsets(sample(("North", "2010-01-01"), ("West", "2011-01-01"))), [row, free])
    assert [(p.area, dict(p.title), p.rests_on) for p in found] == [
        ("West", {"en": "The west", "fr": "The west"}, ("https://a", "https://b")),
        (None, {"en": "A split", "fr": "Une scission"}, ("https://a", "https://b")),
    ]


def record(*rows: tuple[int, int, int, float]) -> Record:
    day, area, kind, deaths = (np.array(column) for column in zip(*rows, strict=True))
    return Record(day.astype(np.int64), area.astype(np.int64), kind.astype(np.int64), deaths.astype(float))


def test_the_rules_in_use_counted_by_hand():
    told = record(
        (911, 0, 0, 5.0), (941, 0, 0, 50.0), (971, 0, 0, 60.0), (971, 0, 1, np.nan),
        (999, 1, 1, 40.0), (1000, 1, -1, 1.0), (1001, 1, 2, 900.0),
    )  # fmt: skip
    assert values(told, 1000) == {"change": 5.0, "deaths": 101.0, "sub-types": 1.0}
    assert values(told, 1001)["sub-types"] == 2.0
    assert values(told, 971)["sub-types"] == 2.0
    empty = Record(*(np.zeros(0, dtype=np.int64) for _ in range(3)), np.zeros(0))
    assert values(empty, 1000) == {"change": 0.0, "deaths": 0.0, "sub-types": 0.0}


def looks(alarms: dict[str, list[str]], rules: dict[str, list[str]], found: list[dict]) -> list[dict]:
    out = []
    for day in LOOKS:
        name = day.isoformat()
        sounds = [{"id": f"fronts/{a}", "q": 0.01, "places": [a]} for a in alarms.get(name, [])]
        held = {"change": 0.0, "deaths": 0.0, "sub-types": 0.0} | dict.fromkeys(rules.get(name, []), 500.0)
        said = {
            "alarms": sounds, "rules": held, "onsets": found, "stated": [], "shifts": [{"q": 0.5}],
            "population": None, "vintages": {"chronology": "final vintage, pseudo-real-time"},
        }  # fmt: skip
        out.append({"as_of": name, "found": said})
    return out


ONSET = {"area": "A", "day": "2012-06-15", "quiet_days": 500, "first": True, "event_id": "e"}


def test_a_method_that_knows_is_told_from_one_that_cries_wolf():
    wolf = {day.isoformat(): ["deaths"] for day in LOOKS[1::2]}
    found = lessons(
        looks({"2012-05-31": ["x"], "2012-06-30": ["A"]}, wolf, [ONSET]), title={"en": "T", "fr": "T"}
    )
    ours, change, deaths, _ = found["methods"]
    assert (ours["hits"], ours["fates"][0]["lead_days"], ours["false"]) == (1, 15, 0)
    assert (change["hits"], change["starts"]) == (0, 0)
    assert deaths["hits"] == 1
    assert deaths["hits_by_chance"] > 0.95
    assert deaths["false_per_year"]["value"] > 3
    assert found["turning_points"][0]["named_days"] == 15
    said = " ".join(found["sentences"]["en"])
    assert "no more than chance" not in said
    assert "Fewer false alarms" not in said


def test_losses_are_said():
    lost = lessons(looks({}, {"2012-05-31": ["change"]}, [ONSET]), title={"en": "T", "fr": "T"})
    said = " ".join(lost["sentences"]["en"])
    assert "no more than chance" in said
    assert "More turning points than the tests of shifts announced: monthly change." in said
    for code in LANGUAGES:
        page = markdown(lost, Language(code))
        assert "{" not in page
        assert page.count("\n| ") >= 6


def test_without_turning_points_there_are_still_false_alarms():
    found = lessons(looks({"2011-05-31": ["A"]}, {}, []), title={"en": "T", "fr": "T"})
    assert found["methods"][0]["false"] == 1
    assert "nothing that an alarm could have announced" in " ".join(found["sentences"]["en"])
    with pytest.raises(DataError, match="3 or more"):
        lessons(looks({}, {}, [])[:2], title={})
