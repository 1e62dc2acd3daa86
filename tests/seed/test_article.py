"""What the article of November 2015 says, on the embedded chronology, as of its date and a year before."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.room.view import Question, look, windows_of
from toguna.store.theatre import load_theatre

ARTICLE, YEAR_BEFORE = date(2015, 11, 24), date(2014, 12, 31)
LEAD = "chronology/jihadist-attacks"


def _view(as_of):
    theatre = load_theatre("mali")
    return look(Question(theatre, windows_of(theatre, as_of)))


@pytest.fixture(scope="module")
def now():
    return _view(ARTICLE)


@pytest.fixture(scope="module")
def before():
    return _view(YEAR_BEFORE)


def _by_id(view):
    return {s.id: s for s in view.detection.tested}


def _verdicts(view):
    return {c["id"]: c["verdict"] for c in view.claims}


def test_the_centre_of_attacks_moved_south(now):
    shift = _by_id(now)[f"spread/{LEAD}/centre"]
    assert shift.alarm
    assert shift.numbers["south_km_low"] > 100
    assert shift.p < 0.01


def test_a_year_before_no_southward_shift_is_reported(before):
    assert not [s for s in before.detection.tested if s.alarm and s.dimension in ("spread", "fronts")]


def test_the_front_covers_the_centre_of_the_country(now):
    shift = _by_id(now)[f"fronts/{LEAD}/scan"]
    assert shift.alarm
    assert {"Mopti", "Ségou", "Bamako"} <= set(shift.numbers["areas"])


def test_areas_that_were_quiet_are_named_new(now):
    status = {a["name"]: a["status"] for a in now.detection.areas if a["level"] == "admin1"}
    assert [status[n] for n in ("Mopti", "Ségou", "Bamako", "Sikasso")] == ["new"] * 4
    assert status["Kidal"] == "active"


def test_the_surge_carries_its_caveat(now):
    shift = _by_id(now)[f"tempo/{LEAD}/all"]
    assert shift.numbers["coverage"] == "uneven"
    assert "uneven coverage" in shift.text["en"]


def test_alliances_of_2015_are_on_record(now):
    pairs = {
        (s.numbers["a"], s.numbers["relation"], s.numbers["b"])
        for s in now.detection.tested
        if s.dimension == "alliances"
    }
    assert ("MLF", "cooperation", "ANSAR_DINE") in pairs
    assert ("MOURABITOUN", "joint_claim", "AQIM") in pairs


def test_verdicts_on_the_article(now):
    assert _verdicts(now) == {
        "spread-south": "supported",
        "new-fronts": "supported",
        "surge": "mixed",
        "unconventional-modes": "contradicted",
        "hostage-taking": "mixed",
        "beyond-traditional-areas": "mixed",
        "international-forces-main-target": "contradicted",
        "terrorism-over-separatism": "mixed",
        "like-7-march": "supported",
        "more-to-come": "mixed",
    }


def test_statements_made_later_are_not_evaluated(before):
    assert before.claims == []


def test_every_tested_shift_is_complete(now):
    for s in now.detection.tested:
        assert set(s.text) == {"en", "fr"}
        assert s.text["en"] != s.text["fr"]
        assert s.effect.unit
        if s.dimension == "alliances":
            assert s.p is None
            continue
        assert 0 < s.p <= s.q <= 1
        assert s.false_alarms_per_year > 0
        assert s.alarm == (s.q <= 0.10)
        assert not s.alarm or s.event_ids


def test_campaign_and_its_battle_are_counted_once(now):
    contained = now.events.filter(now.events["within"].is_not_null())["event_id"].to_list()
    assert contained == ["chronology:MLI-20130222-2"]
    shown = {i for s in now.detection.tested for i in s.event_ids}
    assert not shown & set(contained)
    assert len(now.counted) == len(now.events) - 1
