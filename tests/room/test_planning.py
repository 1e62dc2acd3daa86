"""A plan of the shipped theatre: alike for one seed, with its evidence or the word that there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from toguna.core.errors import DataError, NoAnswerError, UnknownNameError
from toguna.core.language import Language
from toguna.responses.evidence import load_catalogue
from toguna.responses.plan.accounts import (
    empty,
    goal_columns,
    goal_rows,
    remade,
    spending,
    withheld,
)
from toguna.responses.plan.assemble import Ask, Setting, conventions, months_needed, setting
from toguna.responses.plan.constraints import broken
from toguna.responses.plan.goals import Aimed, Values
from toguna.responses.plan.needs import need_of
from toguna.responses.plan.plan import Plan, make_plan
from toguna.responses.plan.problem import GOALS, Aims, Demand
from toguna.responses.plan.reasons import bare
from toguna.responses.plan.remade import Change
from toguna.responses.plan.words import (
    binding,
    changes,
    grouped_rows,
    policy_rows,
    reason_rows,
    unknown,
    worth,
)
from toguna.room import planning
from toguna.room.briefing.planning import planned
from toguna.room.planning import plan_of, planned_with, plans, told
from toguna.room.view import Question, collect, windows_of
from toguna.store.theatre import load_theatre

AS_OF = date(2015, 11, 24)
AREAS = ("Gao", "Mopti", "Kidal")
REDEPLOY = "S06_redeploy_train"
LAST = np.array([80.0, 55.0, 6.0])


def posed(ask: Ask) -> Setting:
    """The theatre with made-up draws of three of its areas: real forecasts have tests of their own."""
    from toguna.forecasts.forecast import Forecast

    rng, origin = np.random.default_rng(2), 430
    steps = months_needed(AS_OF, origin, ask.quarters)
    units = (*(f"MLI/{a}" for a in AREAS), "MLI/")
    draws = rng.poisson(np.array([4.0, 3.0, 2.0, 0.1])[None, :, None], (steps, 4, 120)).astype(float)
    forecast = Forecast("deaths", "made up", origin, tuple(range(1, steps + 1)), units, draws, 0)
    return setting(load_theatre("mali"), forecast, load_catalogue(), ask, as_of=AS_OF)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(posed(Ask(budget=30, quarters=2)), LAST, thorough=False)


def test_a_plan_keeps_its_limits_and_says_what_it_rests_on(plan: Plan) -> None:
    problem = plan.setting.problem
    assert plan.items
    assert not broken(problem, plan.solved.x)
    assert sum(item.cost for item in plan.items) <= 30 + 1e-9
    assert not {item.measure for item in plan.items} & set(plan.setting.kept_out)
    known = {e.id for e in load_catalogue().effects}
    for item in plan.items:
        assert set(item.evidence) <= known
        assert item.evidence or "no evidence found" in item.reason["en"]
        assert item.reason["fr"] != item.reason["en"]
        assert item.quarter in problem.quarters[:2]


def test_the_same_seed_makes_the_same_plan(plan: Plan) -> None:
    again = make_plan(posed(Ask(budget=30, quarters=2)), LAST, thorough=False)
    assert again.as_dict() == plan.as_dict()


def test_the_assessment_and_the_pages_can_hold_it(plan: Plan) -> None:
    values = told(plan)
    jsonschema_of(values)
    for code in ("en", "fr"):
        lang = Language(code)
        assert sum(int(row[3]) for row in grouped_rows(lang, values)) == sum(i.amount for i in plan.items)
        assert len(policy_rows(lang, values)) == len(plan.judged)
        assert worth(lang, values) and changes(lang, values) and unknown(lang, values)
        section = planned({"plans": [values]}, lang)
        assert section["id"] == "plan" and len(section["blocks"]) >= 5
    top = plan.items[0]
    first = sum(i.cost for i in plan.items if (i.area, i.measure) == (top.area, top.measure))
    assert grouped_rows(Language("en"), {**values, "budget": 100.0})[0][4] == f"{first:.1f}%"


def test_a_measure_of_an_area_is_told_once_and_in_words(plan: Plan) -> None:
    values = told(plan)
    ids = [rule["id"] for rule in values["rules"]]
    for code in ("en", "fr"):
        lang = Language(code)
        rows = grouped_rows(lang, values)
        assert len({(row[0], row[1]) for row in rows}) == len(rows) < len(plan.items)
        assert sum(int(row[3]) for row in rows) == sum(item.amount for item in plan.items)
        said = " ".join(row[2] for row in reason_rows(lang, values))
        assert not [id for id in ids if id in said], "rules are told by their words"


def test_the_plan_says_where_warnings_look_and_it_does_not(plan: Plan) -> None:
    values, lang = told(plan), Language("en")
    planned_in = values["items"][0]["area"]
    told_of = {"plans": [values], "warnings": [{"level": "warning", "areas": [planned_in, "Kayes"]}]}
    said = [block["text"] for block in planned(told_of, lang)["blocks"] if block["kind"] == "text"]
    assert any("Warnings below name Kayes, where the plan puts nothing" in one for one in said)
    quiet = {**told_of, "warnings": [{"level": "watch", "areas": ["Kayes"]}]}
    assert "Kayes" not in str(planned(quiet, lang)["blocks"][2])
    assert any("Not offered, because evidence of them points to harm" in one for one in said)


def test_a_measure_of_which_nothing_is_known_averts_nothing_on_average() -> None:
    found = posed(Ask(quarters=1))
    for m, id in enumerate(found.problem.ids):
        mean = found.problem.averted[:, m].mean()
        if found.priors[id].kind == "none" and id not in conventions()["conventions"]["displacing"]:
            assert mean == pytest.approx(0, abs=1e-9), id
        elif found.priors[id].kind == "none":
            assert mean < 0, id  # what force averts may only move; what it adds does not


def test_what_clashes_is_said_in_words() -> None:
    ask = Ask(
        budget=2, quarters=1, allow=("S06_redeploy_train",), demands=(Demand("S06_redeploy_train", "Gao"),)
    )
    with pytest.raises(DataError, match="budget"):
        make_plan(posed(ask), LAST, thorough=False)
    with pytest.raises(UnknownNameError):
        posed(Ask(allow=("tanks",)))


def test_redeployment_brings_its_companions() -> None:
    ask = Ask(
        budget=60, quarters=1, allow=("S06_redeploy_train",), demands=(Demand("S06_redeploy_train", "Gao"),)
    )
    made = make_plan(posed(ask), LAST, thorough=False)
    there = {item.measure for item in made.items if item.area == "Gao"}
    assert REDEPLOY in there and "S07_civilian_harm" in there
    assert there & {"B02_small_services", "B03_school_civic", "B04_school_feeding", "B05_health_water"}


def test_need_uses_no_figure_of_later_periods() -> None:
    theatre = load_theatre("mali")
    early, late = (need_of(theatre, AREAS, date(year, 6, 1)) for year in (2012, 2015))
    assert (early.figures <= late.figures).all() and early.figures.sum() < late.figures.sum()
    assert ((late.score >= 0) & (late.score <= 1)).all()
    assert late.known.all()


def test_what_is_spent_and_where_nothing_is_begun_is_said(plan: Plan) -> None:
    values = told(plan)
    assert sum(values["grounds"].values()) == sum(item.amount for item in plan.items)
    x = plan.solved.x.copy()
    x[:, 1] = 0
    (empty_there,) = bare(plan.setting.problem, x)
    assert empty_there.area == AREAS[1]
    for gain, word in ((0.4, "40%"), (1.2, "rules, limits")):
        one = {**empty_there.as_dict(), "gain": gain}
        (said,) = empty(Language("en"), {**values, "bare": [one]})
        assert AREAS[1] in said and word in said
        assert empty(Language("fr"), {**values, "bare": [one]}) != [said]
    assert empty(Language("en"), {**values, "bare": []}) == []
    for area in {item.area for item in plan.items}:
        assert area in spending(Language("en"), values) and area in spending(Language("fr"), values)


def test_changes_and_goals_are_said_in_each_language(plan: Plan) -> None:
    measure = plan.items[0].measure
    moved = [
        Change("effect", measure, 1.2, 1.3, 0.1, 0.2, 0.3, 4, False),
        Change("forecast", AREAS[0], 1.0, 2.0, 0.1, 0.2, 0.3, 4, False),
        Change("budget", "", 1.1, 1.2, 1.0, 1.2, 0.0, 4, True),
        *(
            Change(k, n, 4.0, None, 0.1, 0.1, 0.0, 1, True)
            for k, n in (("effect", measure), ("forecast", AREAS[1]))
        ),
    ]
    by = Values(0.01, -0.02, 0.05, 0.04)
    aimed = tuple(Aimed(goal, 1.0, -2.0, 0.1, 30.0, 0.02, by, by) for goal in GOALS)
    values = told(replace(plan, changes=tuple(moved), goals=aimed))
    jsonschema_of(values)
    for code in ("en", "fr"):
        lang = Language(code)
        said = remade(lang, values)
        assert len(said) == 5 and AREAS[1] in said[3]
        rows = goal_rows(lang, values)
        assert [row[0].endswith("*") for row in rows] == [True, False, False, False]
        assert len(rows[0]) == len(goal_columns(lang))
        assert ("0.04 to 0.05" if code == "en" else "0,04 à 0,05") in rows[3][3]


def test_a_plan_of_least_regret_speaks_of_regret(plan: Plan) -> None:
    regretful = told(
        make_plan(posed(Ask(budget=20, quarters=1, aims=Aims().towards("regret"))), LAST, thorough=False)
    )
    jsonschema_of(regretful)
    assert regretful["aims"]["goal"] == "regret" and regretful["items"] and not regretful["flips"]
    row = regretful["policies"][0]
    assert 0 <= row["regret_least"] <= row["regret"] and row["score"] == pytest.approx(
        -row["regret"], abs=1e-5
    )
    rule = {**regretful["rules"][0], "price": 0.001}
    for code, word in (("en", "regret"), ("fr", "regret")):
        assert word in binding(Language(code), {**regretful, "binding": [rule]})[0]
        assert word in remade(Language(code), regretful)[0]


def test_a_plan_that_begins_nothing_names_the_least_cost_and_the_rule_that_makes_it() -> None:
    small = told(make_plan(posed(Ask(budget=12, quarters=2, warned=AREAS)), LAST, thorough=False))
    jsonschema_of(small)
    assert not small["items"] and small["least"]["cost"] == 15
    lower = {one["rule"]: one["cost"] for one in small["least"]["without"]}
    assert lower["where-warned"] == 10
    for code, words in (
        (
            "en",
            (
                "smallest plan that keeps all rules costs",
                "costs 15 points; the budget is 12 points",
                "where-warned",
            ),
        ),
        ("fr", ("le plus petit plan qui respecte toutes les règles coûte 15 points", "where-warned")),
    ):
        (said,) = empty(Language(code), small)
        assert all(word in said for word in words), said
    rich = {**small, "budget": 1000.0}
    assert empty(Language("en"), rich) == ["The best that was found is to begin nothing."]
    assert empty(Language("en"), {**small, "least": None}) == empty(Language("en"), rich)
    none = {**small, "least": {"cost": None, "without": []}}
    assert "whatever the budget" in empty(Language("en"), none)[0]
    assert "where-warned" in str(planned({"plans": [small], "warnings": []}, Language("en")))


def jsonschema_of(values: dict[str, Any]) -> None:
    import jsonschema

    from toguna.room.situation import schema

    whole = schema()
    jsonschema.validate([values], {**whole["properties"]["plans"], "$defs": whole["$defs"]})


def test_a_plan_of_a_stale_forecast_is_refused_and_says_so_when_asked_for(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = date(2017, 4, 30)
    theatre = load_theatre("mali")
    posed_then = Question(theatre=theatre, windows=windows_of(theatre, stale), home=None, seed=0)
    known = collect(posed_then)
    with pytest.raises(NoAnswerError, match=r"is withheld.*too far back") as caught:
        plan_of(known, posed_then, Ask(), thorough=False)
    assert "est retenue" in caught.value.said["fr"] and "trop ancien" in caught.value.said["fr"]
    monkeypatch.setattr(planning, "make_plan", lambda *args, **kwargs: plan)
    found = told(plan_of(known, posed_then, Ask(despite=True), thorough=False))
    assert [f["code"] for f in found["withheld"]] == ["forecast-stale"]
    jsonschema_of(found)
    assert "not for publication" in withheld(Language("en"), found)[0]
    assert "pas pour la publication" in withheld(Language("fr"), found)[0]
    fresh = Question(theatre=theatre, windows=windows_of(theatre, AS_OF), home=None, seed=0)
    made = plan_of(collect(fresh), fresh, Ask(), thorough=False)
    assert made.withheld == () and withheld(Language("en"), told(made)) == []


def question(as_of: date) -> Any:
    return SimpleNamespace(theatre=load_theatre("mali"), home=None, as_of=as_of, seed=0)


def test_what_a_plan_is_made_with_is_digested_as_known_by_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {one["name"]: one for one in planned_with(question(AS_OF))}
    assert list(found) == ["drivers", "measures", "evidence"] and all(
        one["rows"] > 10 for one in found.values()
    )
    whole = load_catalogue()
    later = [e for e in whole.effects if e.year is not None and e.year >= AS_OF.year]
    assert later
    for gone in (later, [e for e in whole.effects if e not in later][:1]):
        fewer = replace(whole, effects=tuple(e for e in whole.effects if e not in gone))
        monkeypatch.setattr(planning, "load_catalogue", lambda folders, fewer=fewer: fewer)
        now = {one["name"]: one for one in planned_with(question(AS_OF))}
        assert (now["evidence"] == found["evidence"]) == (gone is later)
        assert now["drivers"] == found["drivers"]
    earlier = {one["name"]: one for one in planned_with(question(date(2008, 1, 1)))}
    assert earlier["drivers"]["rows"] < found["drivers"]["rows"]


def test_why_there_is_no_plan_is_said_in_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = SimpleNamespace(span=None, made=())
    monkeypatch.setattr(planning, "_forecast", lambda known, question, ask: nothing)
    monkeypatch.setattr(planning, "areas_warned", lambda view: ())
    made, notes = plans(SimpleNamespace(question=question(AS_OF), collected=None, ahead=None))
    assert made == []
    assert "no deaths by area can be forecast here" in notes["plan"]["en"]
    assert "aucun nombre de morts par zone" in notes["plan"]["fr"] and "forecast" not in notes["plan"]["fr"]
    refused = SimpleNamespace(refused={"admin1/deaths": ()})
    made, notes = plans(SimpleNamespace(question=question(AS_OF), collected=None, ahead=refused))
    assert made == [] and "is withheld" in notes["plan"]["en"] and "est retenue" in notes["plan"]["fr"]
    ask = Ask(budget=30, quarters=2, demands=(Demand(REDEPLOY, "Gao", 50),))
    with pytest.raises(NoAnswerError) as caught:
        make_plan(posed(ask), LAST, thorough=False)
    assert caught.value.said["fr"].startswith("Il n’y a pas de plan")


def test_areas_that_were_shut_out_get_nothing_and_break_no_rule() -> None:
    ask = Ask(budget=30, quarters=1, areas=("Kidal",))
    found = posed(ask)
    made = make_plan(found, LAST, thorough=False)
    assert made.items, "the rule about forecast deaths does not forbid everything"
    assert {item.area for item in made.items} == {"Kidal"}
    whole = posed(Ask(budget=30, quarters=1))
    assert found.problem.harm.sum() == whole.problem.harm.sum(), "harm elsewhere counts as before"
    with pytest.raises(UnknownNameError, match="Atlantis"):
        posed(Ask(areas=("Atlantis",)))
