"""Every step on a warning: who may take it, what is told when it is refused, and that the chain holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deciding import FORM, NOW, TEAM, Team

from toguna.accounts.rights import RIGHTS as OF_ROLE
from toguna.room.web.moving import RIGHTS


@pytest.fixture
def team(home) -> Team:
    return Team(home)


STEPS = {
    "release": ("draft", {}),
    "issue": ("draft", {}),
    "acknowledge": ("issued", {}),
    "decide": ("acknowledged", {"act": "no", "reason": "No means."}),
    "act": ("decided", {"text": "A visit."}),
    "close": ("acting", {"outcome": "came", "text": "It came."}),
    "extend": ("issued", {"deadline": "2015-12-24", "reason": "A holiday."}),
    "escalate": ("issued", {"to": "head of office"}),
    "withdraw": ("issued", {"reason": "A false report."}),
    "note": ("closed", {"text": "Seen again."}),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_the_right_roles_and_by_no_other(team, step):
    state, data = STEPS[step]
    restricted = {"sensitivity": "restricted"} if step == "release" else {}
    for who, role in TEAM.items():
        if who in ("oumar", "awa"):
            continue  # one of each role is enough; awa writes
        team.moment = NOW
        id = team.to(state, **restricted)
        team.moment += timedelta(days=40 if step == "escalate" else 0)
        before = team.record(id).version
        answered = team.take(who, id, step, **data)
        may = any(right in OF_ROLE[role] for right in RIGHTS[step])
        if may:
            assert answered.status_code == 303, (who, answered.text)
            assert team.record(id).history[-1].kind == step
            assert team.record(id).history[-1].by == who
        else:
            assert answered.status_code in (303, 403, 404), (who, answered.status_code)
            assert team.record(id).version == before
    assert team.holds()


def test_every_step_has_a_form_and_a_right(team):
    assert set(STEPS) == set(RIGHTS)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_whole_way_in_both_languages(team, lang):
    id = team.to("closed")
    page = team.get("moussa", f"warnings/{id}", lang=lang)
    assert page.status_code == 200
    said = FORM[f"headline_{lang}"]
    assert f"<h1>{said}</h1>" in page.text
    for word in {
        "en": ("Everything that happened to it", "Needed.", "A visit."),
        "fr": ("Tout ce qui", "Needed."),
    }[lang]:
        assert word in page.text
    assert team.holds()


def test_of_two_who_decide_the_second_is_told_and_loses_nothing(team):
    id = team.to("acknowledged")
    seen = team.version("moussa", id)
    assert seen == team.version("oumar", id)
    first = team.take("moussa", id, "decide", seen=seen, act="no", reason="No means this month.")
    second = team.take("oumar", id, "decide", seen=seen, act="yes", reason="The market is on <Friday>.")
    assert (first.status_code, second.status_code) == (303, 409)
    assert "No means this month." in second.text, "what happened meanwhile"
    assert "moussa" in second.text
    assert "The market is on &lt;Friday&gt;." in second.text, "what they typed"
    assert team.record(id).decision.reason == "No means this month."
    again = team.take("oumar", id, "decide", seen=team.version("oumar", id), act="yes", reason="Friday.")
    assert again.status_code == 303
    assert team.record(id).decision.by == "oumar"
    assert team.holds()


def test_what_is_typed_is_kept_even_when_the_step_is_no_longer_possible(team):
    id = team.to("acting")
    seen = team.version("moussa", id)
    assert team.take("awa", id, "withdraw", seen=seen, reason="A false report.").status_code == 303
    late = team.take("moussa", id, "act", seen=seen, text="Sent two teams.")
    assert late.status_code == 409
    assert "Sent two teams." in late.text
    assert "A false report." in late.text
    assert "to be copied" in late.text


def test_a_form_without_a_version_writes_nothing(team):
    id = team.to("issued")
    assert team.post("moussa", f"warnings/{id}/acknowledge").status_code == 409
    assert team.record(id).state == "issued"


@pytest.mark.parametrize(
    ("state", "step", "data", "field"),
    [
        ("acknowledged", "decide", {"reason": "Why not."}, "act"),
        ("acknowledged", "decide", {"act": "no", "reason": " "}, "reason"),
        ("acknowledged", "decide", {"act": "yes", "reason": "So.", "options": ["X99"]}, "options"),
        ("decided", "act", {"text": ""}, "text"),
        ("decided", "act", {"text": "So.", "measure": "X99"}, "measure"),
        ("acting", "close", {"text": "It came."}, "outcome"),
        ("acting", "close", {"outcome": "came", "event_ids": "chronology:nothing"}, "event_ids"),
        ("issued", "extend", {"deadline": "tomorrow", "reason": "So."}, "deadline"),
        ("issued", "extend", {"deadline": "2015-11-01", "reason": "So."}, "deadline"),
        ("issued", "note", {"text": "x" * 4001}, "text"),
        ("issued", "acknowledge", {"at": "noon"}, "at"),
        ("issued", "acknowledge", {"at": "2030-01-01T10:00"}, "at"),
    ],
)
def test_what_does_not_do_is_said_at_its_field(team, state, step, data, field):
    id = team.to(state)
    before = team.record(id).version
    who = "awa" if step in ("extend", "note") else "moussa"
    answered = team.take(who, id, step, **data)
    assert answered.status_code == 400
    assert f'id="wrong-{field}"' in answered.text
    for name in ("reason", "text"):
        if data.get(name, "").strip():
            assert data[name] in answered.text, "kept"
    assert team.record(id).version == before


def test_a_step_out_of_its_state_is_refused_in_the_readers_language(team):
    id = team.to("issued")
    answered = team.client.post(
        f"/t/mali/warnings/{id}/act?lang=fr",
        headers={"x-who": "moussa"},
        data={"csrf": team.csrf(), "version": team.record(id).version, "text": "Deux équipes."},
    )
    assert answered.status_code == 400
    assert "Cela n’a pas été consigné." in answered.text
    assert "Deux équipes." in answered.text


def test_two_people_release_and_issue_what_is_restricted(team):
    id = team.write("awa", sensitivity="restricted")
    own = team.take("awa", id, "release")
    assert own.status_code == 400
    assert "a second person must release it" in own.text
    assert team.take("awa", id, "issue").status_code == 400
    assert team.take("binta", id, "release").status_code == 303
    assert team.take("binta", id, "issue").status_code == 400
    assert team.take("awa", id, "issue").status_code == 303
    assert team.record(id).released_by == "binta"
    assert team.holds()


def test_other_words_take_a_release_back(team):
    id = team.write("awa", sensitivity="restricted")
    team.take("binta", id, "release")
    changed = {**FORM, "sensitivity": "restricted", "text_en": "Three attacks.", "options": "keep"}
    answered = team.post("awa", f"warnings/{id}/edit", version=team.record(id).version, **changed)
    assert answered.status_code == 303
    assert team.record(id).warning.text["en"] == "Three attacks."
    assert team.record(id).released_by is None
    assert team.record(id).warning.options, "kept as they were"
    assert team.take("awa", id, "issue").status_code == 400


def test_of_two_who_write_the_second_is_told_and_keeps_the_words(team):
    id = team.to("issued")
    seen = team.version("awa", id)
    for who, words, status in (("awa", "Three attacks.", 303), ("binta", "Four attacks.", 409)):
        changed = {**FORM, "text_en": words, "options": "keep"}
        answered = team.post(who, f"warnings/{id}/edit", version=seen, **changed)
        assert answered.status_code == status
    assert "Four attacks." in answered.text
    assert "Somebody was first" in answered.text
    assert team.record(id).warning.text["en"] == "Three attacks."


def test_a_correction_takes_the_place_of_the_old_one(team):
    id = team.to("issued")
    seen = team.record(id).version
    answered = team.post("awa", f"warnings/{id}/correct", version=seen, **{**FORM, "text_en": "One attack."})
    new = answered.headers["location"].split("/")[-1].partition("?")[0]
    assert team.record(new).warning.corrects == id
    assert team.take("awa", new, "issue").status_code == 303
    assert team.record(id).state == "superseded"
    late = team.post("awa", f"warnings/{id}/correct", version=seen, **FORM)
    assert late.status_code == 409
    assert team.holds()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline_fr", ""),
        ("text_en", "x" * 4001),
        ("level", "loud"),
        ("areas", ["Atlantis"]),
        ("actors", ["nobody"]),
        ("deadline", "2015-11-25"),
        ("end", "2015-01-01"),
        ("start", "24/11/2015"),
        ("owner", " "),
        ("rests_on", "shift/none"),
    ],
)
def test_a_warning_that_does_not_do_is_said_at_its_field(team, field, value):
    answered = team.post("awa", "warnings/new", **{**FORM, field: value})
    assert answered.status_code == 400
    shown = f'id="wrong-{field}"' if field != "actors" else "There is no organisation"
    assert shown in answered.text
    assert "Two attacks in ten days." in answered.text or field == "text_en"
    assert not list(team.client.app.state.room.settings.home.path.glob("ledger/head.json"))


def test_what_is_written_by_hand_is_what_was_typed(team):
    w = team.record(team.write()).warning
    assert [a.name for a in w.areas] == ["Mopti", "Sévaré", "Somewhere else"]
    assert w.areas[0].polygons
    assert not w.areas[2].polygons
    assert w.options, "from the plan of the day"
    assert [b.origin for b in w.basis] == ["analyst"]
    assert w.headline == {"en": FORM["headline_en"], "fr": FORM["headline_fr"]}


def test_proposals_are_raised_once(team):
    page = team.get("awa", "warnings").text
    ids = [part.partition('"')[0] for part in page.split('name="proposal" value="')[1:]]
    assert ids
    first = team.post("awa", "warnings", proposal=ids[0])
    second = team.post("binta", "warnings", proposal=ids[0])
    assert first.headers["location"].partition("?")[0] == second.headers["location"].partition("?")[0]
    assert team.record("mali-0001").authors == ("awa",)
    assert len(team.record("mali-0001").history) == 1
    assert f'value="{ids[0]}"' not in team.get("awa", "warnings").text
    assert team.post("awa", "warnings", proposal="warning/none").status_code == 404
    assert team.holds()


def test_a_room_that_stands_on_a_past_day_writes_as_of_that_day(team):
    id = team.to("issued")
    entry = team.record(id).history[-1]
    assert entry.happened_at[:10] == "2015-11-24"


def test_nothing_is_written_into_the_past(team):
    id = team.to("issued")
    before = team.record(id).version
    answered = team.post("moussa", f"warnings/{id}/acknowledge?as_of=2015-11-20", version=before)
    assert answered.status_code in (400, 404)
    assert team.record(id).version == before
