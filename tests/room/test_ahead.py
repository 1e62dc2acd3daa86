"""What may come: which questions are put, what stays unsaid, and what the briefing says of it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
import sample

from toguna.core.language import Language
from toguna.forecasts.recurrence import recur, rolling
from toguna.forecasts.recurrence.selfexciting import Effort
from toguna.room.ahead.ahead import Ahead
from toguna.room.ahead.questions import Chance, kind_of
from toguna.room.briefing.coming import coming
from toguna.room.claims.forward import alike, recurrence
from toguna.room.claims.statements import Statement
from toguna.room.view import Question, collect, windows_of
from toguna.room.why import known_ids, why
from toguna.store.check.recurrence import check_recurrence
from toguna.store.theatre import load_theatre, shipped_folder

DAY = date(2015, 11, 24)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(rolling, "MOST_ORIGINS", 1)
    monkeypatch.setattr(recur, "ANSWERED", Effort(draws=20, paths=10))


def _ahead(day=DAY, **settings):
    theatre = load_theatre(shipped_folder() / "mali")
    theatre.settings.update(settings)
    question = Question(theatre, windows_of(theatre, day))
    return Ahead(collect(question), theatre, question.windows.recent, 0)


@pytest.fixture(scope="module")
def mali():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rolling, "MOST_ORIGINS", 1)
        patch.setattr(recur, "ANSWERED", Effort(draws=20, paths=10))
        found = _ahead()
        assert found.chances.rows
        return found


def test_every_question_of_the_theatre_is_answered_at_each_horizon(mali):
    rows = mali.chances.rows
    asked = ("bamako", "like-the-gravest", "bamako-hotels")
    assert [r["id"] for r in rows] == [f"recurrence/{q}/{m}" for q in asked for m in (3, 6, 12)]
    assert mali.chances.silent == {}
    for r in rows:
        assert 0 < r["low"] <= r["probability"] <= r["high"] < 1
        assert r["source"] == "chronology" and len(r["event_ids"]) == r["alike_here"] > 0
        assert set(r["text"]) == {"en", "fr"} and r["text"]["fr"].startswith("Nouvelle attaque")
    # The gravest recent attack was on a hotel: hotels and restaurants are one group.
    by = {r["question"]: r for r in rows}
    assert (
        by["like-the-gravest"]["kind"] == by["bamako-hotels"]["kind"] == {"setting": ["hotel", "restaurant"]}
    )
    inside = set(by["bamako-hotels"]["event_ids"])
    assert inside < set(by["like-the-gravest"]["event_ids"]) and inside < set(by["bamako"]["event_ids"])


def test_a_year_earlier_bamako_is_not_answered_and_says_so():
    found = _ahead(date(2014, 11, 24))
    assert {r["question"] for r in found.chances.rows} == {"like-the-gravest"}
    assert set(found.chances.silent) == {"bamako", "bamako-hotels"}
    assert "attack in Bamako" in found.chances.silent["bamako"]["en"]


def test_before_the_first_attacks_everything_is_silent():
    found = _ahead(date(2012, 3, 1))
    told = found.as_dict()
    assert told.pop("similar_record") is None
    assert set(told) == {"recurrence", "similar", "forecasts", "forecast_records"} and not any(told.values())
    silent = found.outlook.silent
    assert {silent.pop(f"deaths_{kind}") for kind in ("sb", "ns", "os")} == {"not-coded"}
    assert silent == dict.fromkeys(("deaths", "incidents", "attacks_civilians"), "too-short")
    assert len(found.chances.silent) == 3


def test_a_theatre_without_questions_asks_about_its_most_struck_areas():
    found = _ahead(recurrence=[])
    areas = list(dict.fromkeys(r["place"] for r in found.chances.rows))
    assert len(areas) == 3 and areas[0] == "Mopti"


def test_one_kind_is_answered_alike_whatever_else_is_asked(mali):
    only = [q for q in mali.theatre.settings["recurrence"] if q["id"] == "bamako"]
    alone = _ahead(recurrence=only).chances.rows
    assert alone == [r for r in mali.chances.rows if r["question"] == "bamako"]


def test_the_gravest_attacks_are_compared_with_earlier_ones_only(mali):
    assert len(mali.similar) == 3 and mali.similar[0]["event_id"] == "chronology:MLI-20151120-1"
    tolls = [one["deaths"]["best"] for one in mali.similar]
    assert tolls == sorted(tolls, reverse=True)
    for one in mali.similar:
        assert len(one["earlier"]) == 5
        assert all(e["date"] < one["date"] for e in one["earlier"])
        assert one["event_id"] in [e["event_id"] for e in one["series"]]
    assert mali.record is not None and mali.record["attacks"] > 0


def test_single_attacks_of_a_closed_source_are_not_compared(mali):
    known = mali.collected
    closed = [SimpleNamespace(source=a.source, redistribute=False) for a in known.gathered.accounts]
    shut = SimpleNamespace(
        events=known.events, registry=known.registry, gathered=SimpleNamespace(accounts=closed)
    )
    found = Ahead(shut, mali.theatre, mali.recent, 0)
    assert found.similar == [] and found.record is None


def test_a_kind_like_the_gravest_needs_a_known_setting():
    chance = Chance("x", {}, {"like": "gravest"})
    assert kind_of(chance, None) is None and kind_of(chance, {"setting": None}) is None
    assert kind_of(chance, {"setting": "road"}).setting == {"road"}
    assert kind_of(Chance("x", {}, {"target": ["police_gendarmerie"]}), None).asked == ("target",)


def _row(low, high, origins=4):
    models = {"a": {"probability": 0.4}, "b": {"probability": 0.2}}
    return {
        "id": "recurrence/q/12", "question": "q", "horizon_months": 12, "probability": 0.4, "low": low,
        "high": high, "expected": 0.5, "model": "a", "alike_here": 2, "event_ids": ["e1"],
        "record": {"models": models, "origins": origins},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (_row(0.51, 0.9), "supported"),
        (_row(0.5, 0.9), "mixed"),
        (_row(0.01, 0.1), "mixed"),
        (_row(0.01, 0.09), "contradicted"),
        (_row(0.6, 0.9, origins=0), "not-testable"),
        (_row(0.6, 0.9) | {"question": "other"}, "not-testable"),
    ],
)
def test_a_matter_of_time_is_likelier_than_not_within_a_year(row, verdict):
    statement = Statement("s", {}, "me", DAY, "recurrence", {"question": "q"})
    known = SimpleNamespace(ahead=SimpleNamespace(chances=SimpleNamespace(rows=[row])))
    assert recurrence(statement, known).verdict == verdict
    assert recurrence(statement, SimpleNamespace(ahead=None)).verdict == "not-testable"


@pytest.mark.parametrize(
    ("named", "score", "verdict"),
    [
        ("e0", 0.9, "supported"),
        ("e0", 0.5, "mixed"),
        ("e0", 0.0, "contradicted"),
        ("none", 0.5, "not-testable"),
    ],
)
def test_alike_is_a_rank_among_all_earlier_attacks(named, score, verdict):
    import numpy as np

    scores = np.array([score, *np.linspace(0.1, 0.8, 39)])
    ids = np.array([*(f"e{i}" for i in range(40)), "later"])
    seen = SimpleNamespace(traits=SimpleNamespace(ids=ids), likeness=lambda later: scores[:later])
    known = SimpleNamespace(ahead=SimpleNamespace(source="x", compared=(None, seen)))
    statement = Statement("s", {}, "me", DAY, "alike", {"later": "later", "earlier": named})
    assert alike(statement, known).verdict == verdict


def test_an_attack_is_not_alike_one_that_came_after(mali):
    settings = {"later": "chronology:MLI-20150307-1", "earlier": "chronology:MLI-20151120-1"}
    statement = Statement("s", {}, "me", DAY, "alike", settings)
    assert alike(statement, SimpleNamespace(ahead=mali)).verdict == "not-testable"


@pytest.mark.parametrize("code", ["en", "fr"])
def test_losses_are_said(code):
    found = sample.assessment()
    for row in found["recurrence"]:
        row["model"] = "last year's rate"
    said = str(coming(found, {}, Language(code)))
    assert {"en": "No finer model did better", "fr": "Aucun modèle plus fin"}[code] in said
    assert {"en": "no gain is proven", "fr": "aucun gain n’est établi"}[code] in said
    assert "Sentence of a question" in said or "Phrase" in said


def test_why_leads_from_a_chance_to_models_and_attacks():
    found, events = sample.assessment(), sample.events()
    assert {"recurrence/south/12", "similar/chronology:FIC-059"} <= set(known_ids(found, events))
    chance = why(found, events, "recurrence/south/12")
    assert [p.kind for p in chance.parts] == ["line"] * 3 + ["event"] * 2
    assert "self-exciting, used" in chance.parts[2].text
    for row in found["recurrence"]:  # too short a record: no model was tried on past days
        row["record"]["models"] = {"pooled rates": {"probability": 0.4, "expected": 0.5}}
    assert "not tried" in why(found, events, "recurrence/south/3").parts[0].text
    like = why(found, events, "similar/chronology:FIC-059")
    assert [p.kind for p in like.parts] == ["event", "alike", "alike"] and like.parts[1].parts


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ({"label": {"en": "a", "fr": "b"}}, "recurrence[1]"),
        ({"id": "a", "label": {"en": "a"}}, "recurrence[1].label.fr"),
        ({"radius_km": 1}, "recurrence[1].radius_km"),
        ({"setting": ["hotl"]}, "recurrence[1].setting"),
        ({"tactic": "raid"}, "recurrence[1].tactic"),
        ({"like": "last"}, "recurrence[1].like"),
        ({"subject": "none"}, "recurrence[1].subject"),
        ({"palce": "x"}, "recurrence[1].palce"),
        ({"place": 3}, "recurrence[1].place"),
    ],
)
def test_a_faulty_question_is_found(section, key):
    whole = section if "label" in section else {"id": "a", "label": {"en": "a", "fr": "b"}, **section}
    assert key in [f.field for f in check_recurrence([whole], {})]


def test_sound_questions_pass():
    settings = load_theatre(shipped_folder() / "mali").settings
    assert check_recurrence(settings["recurrence"], settings) == []
    assert check_recurrence("x", settings) and check_recurrence([settings["recurrence"][0]] * 2, settings)
