"""A question about plans goes its way: asked, queued, answered by a process of its own, compared, kept."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict
from datetime import date

import pytest
from deciding import Team

from toguna.core.errors import NoAnswerError
from toguna.core.language import Language, in_every_language
from toguna.room.folder import read_assessment
from toguna.room.web import planner as planner_file
from toguna.room.web import planning
from toguna.room.web.beside import moved, worths
from toguna.room.web.building import pointer
from toguna.room.web.planner import MOST_WAITING, Planner
from toguna.room.web.planning import Wish, answer_to


@pytest.fixture
def team(home) -> Team:
    return Team(home)


@pytest.fixture
def plan(home) -> dict:
    """The plan of the day."""
    path = pointer(home, "mali", date(2015, 11, 24))
    folder = path.parent / json.loads(path.read_text())["folder"]
    return read_assessment(folder)["plans"][0]


class Made:
    """A plan that was made without solving anything: that of the day, with one portion less."""

    def __init__(self, plan: dict) -> None:
        self.told = copy.deepcopy(plan)
        self.told["items"] = self.told["items"][1:]
        self.told["spent"] = sum(item["cost"] for item in self.told["items"])


@pytest.fixture
def quick(monkeypatch, plan, request):
    """Plans are made at once; what was asked is kept."""
    asked = []

    def plan_of(known, question, ask, *, thorough):
        asked.append(ask)
        if ask.budget == 0:
            raise NoAnswerError(in_every_language("There is no plan: none was found within the limits."))
        return Made(plan)

    monkeypatch.setattr(planning, "collect", lambda question: None)
    monkeypatch.setattr(planning, "plan_of", plan_of)
    monkeypatch.setattr(planning, "warned_in", lambda known, question: ())
    monkeypatch.setattr(planning, "told", lambda made: made.told)
    return asked


RULES = ["not-force-alone", "services-share"]


def ask(team: Team, who: str = "awa", **changed: object):
    page = team.get(who, "plans").text
    areas = [part.partition('"')[0] for part in page.split('name="areas" value="')[1:]]
    form = {"budget": "80", "goal": "cvar", "rules": RULES, "areas": areas[:2]}
    return team.post(who, "plans", **{**form, **changed})


def run(team: Team) -> None:
    """Do what the process of the planner would do for the question that waits."""
    planner = team.client.app.state.room.desk.planner
    wish = planner._queue.popleft().wish
    words = ["--home", str(team.home.path), "--theatre", "mali", "--wish", json.dumps(asdict(wish))]
    assert planning.main(words) == 0


def test_a_question_is_asked_answered_and_compared(team, quick, plan):
    asked = ask(team)
    assert asked.status_code == 303
    address = asked.headers["location"].removeprefix("/t/mali/")
    waiting = team.get("moussa", address)
    assert waiting.status_code == 200
    assert 'http-equiv="refresh"' in waiting.text
    assert address in team.get("awa", "plans").text, "a question of theirs"
    run(team)
    assert quick[0].budget == 80
    assert quick[0].aims.goal == "cvar"
    assert len(quick[0].areas) == 2
    assert set(RULES).isdisjoint(quick[0].off)
    assert "do-no-harm" not in quick[0].off, "harm is never switched off in bulk"
    assert "redeploy-with-services" in quick[0].off
    for lang, word in (("en", "What moved"), ("fr", "Ce qui a bougé")):
        page = team.get("moussa", address, lang=lang).text
        assert word in page
        assert plan["items"][0]["name"][lang] in page
        assert 'http-equiv="refresh"' not in page
    assert address in team.get("moussa", "plans").text
    assert ask(team).headers["location"].endswith(address), "answered once"


def test_a_question_without_a_plan_says_why_in_both_languages(team, quick):
    address = ask(team, budget="0").headers["location"].removeprefix("/t/mali/")
    run(team)
    assert "There is no plan" in team.get("awa", address, lang="en").text
    assert "Il n’y a pas de plan" in team.get("awa", address, lang="fr").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("budget", "much"), ("budget", "-1"), ("budget", "nan"), ("goal", "best"), ("areas", ["Atlantis"])],
)
def test_what_does_not_do_is_said_at_its_field(team, field, value):
    answered = ask(team, **{field: value})
    assert answered.status_code == 400
    assert f'id="wrong-{field}"' in answered.text
    assert team.client.app.state.room.desk.planner.of("awa") is None


def test_one_question_each_and_no_endless_queue(team):
    assert ask(team).status_code == 303
    refused = ask(team, budget="70")
    assert refused.status_code == 400
    assert "one at a time" in refused.text
    assert 'value="70"' in refused.text, "what was typed stays"
    assert ask(team, "binta").status_code == 303, "the same question is one"
    planner = team.client.app.state.room.desk.planner
    assert len(planner._queue) == 1
    for n in range(MOST_WAITING):
        planner.order(Wish(theatre="mali", as_of="2015-11-24", run="x", budget=float(n)), f"person-{n}")
    assert "Too many questions" in ask(team, "root", budget="60").text


def test_only_those_who_draft_ask_and_all_readers_see(team, quick):
    assert ask(team, "moussa").status_code == 403
    assert '<form method="post" action="/t/mali/plans"' not in team.get("moussa", "plans").text
    assert team.get("moussa", "plans/0123456789abcdef").status_code == 404
    assert team.get("moussa", "plans/..%2f..%2fseal").status_code == 404


def test_a_process_that_fails_is_said(home, team, monkeypatch):
    wish = Wish(theatre="mali", as_of="2015-11-24", run="x")
    planner: Planner = team.client.app.state.room.desk.planner

    class Broken:
        returncode = 3

        def __init__(self, words, **_: object) -> None:
            assert words[1:3] == ["-m", "toguna.room.web.planning"]

        def communicate(self) -> tuple[None, str]:
            return None, "first line\nno memory left\n"

    monkeypatch.setattr(planner_file.subprocess, "Popen", Broken)
    assert planner.order(wish, "awa") == "waits"
    planner._next()
    assert planner.place(wish.digest) is None
    page = team.get("awa", f"plans/{wish.digest}").text
    assert "no memory left" in page
    assert 'http-equiv="refresh"' not in page
    assert planner.order(wish, "awa") == "waits", "it can be asked again"


def test_another_day_has_another_address(team, quick):
    address = ask(team).headers["location"].removeprefix("/t/mali/")
    run(team)
    later = team.get("awa", f"{address}?as_of=2015-11-23")
    assert later.status_code == 303
    assert later.headers["location"].endswith("?as_of=2015-11-24")


def test_what_moved_adds_up(plan):
    other = Made(plan).told
    first, L = plan["items"][0], Language("en")
    rows = moved(plan, other, L)
    assert [(row["area"], row["measure"]) for row in rows] == [(first["area"], first["measure"])]
    assert rows[0]["change"] == f"−{first['amount']}"
    assert moved(plan, plan, L) == []
    assert [row[0] for row in worths(plan, other, L)][:2] == ["budget", "spent"]


def test_an_answer_is_read_back_as_it_was_written(home, quick):
    wish = Wish(theatre="mali", as_of="2015-11-24", run="x", off=("services-share",))
    assert (
        planning.main(["--home", str(home.path), "--theatre", "mali", "--wish", json.dumps(asdict(wish))])
        == 0
    )
    found = answer_to(home, "mali", wish.digest)
    assert Wish.of(found["wish"]) == wish
    assert wish.digest != Wish(theatre="mali", as_of="2015-11-24", run="y", off=("services-share",)).digest
