"""Pages that tell of warnings, and of those only to whom they are for; lessons; measures; what leaves."""

from __future__ import annotations

import pytest
from deciding import FORM, TEAM, Team

from toguna.accounts.audit import audit

SECRET = "Quillaracha"  # a word that stands nowhere but in what is restricted


@pytest.fixture
def team(home) -> Team:
    return Team(home)


def restricted(team: Team, **more: object) -> str:
    """Write a restricted warning that names nobody but binta and oumar."""
    return team.write(
        "awa",
        **{
            "sensitivity": "restricted",
            "headline_en": f"About {SECRET}",
            "text_fr": f"Sur {SECRET}.",
            "owner": "binta",
            "addressees": "oumar",
            "escalate_to": "",
            **more,
        },
    )


def pages(id: str, other: str) -> list[str]:
    return [
        "now",
        "warnings",
        "warnings?state=over",
        f"warnings/{id}",
        f"warnings/{id}/edit",
        f"warnings/{id}/correct",
        f"warnings/{id}/mail",
        f"warnings/{id}/sms",
        f"warnings/{id}/page",
        f"warnings/{id}/hxl",
        f"warnings/{other}",
        "lessons",
        f"lessons?warning={id}",
        "plans",
    ]


def readers(team: Team, id: str, other: str) -> set[str]:
    """Return whom any page tells the secret."""
    return {who for who in TEAM for page in pages(id, other) if SECRET in team.get(who, page).text}


def test_what_is_restricted_leaks_to_nobody_on_any_page(team):
    other = team.to("acknowledged")
    id = restricted(team)
    assert readers(team, id, other) == {"awa", "binta", "root"}
    assert team.take("root", id, "release").status_code == 303
    assert readers(team, id, other) == {"awa", "binta", "root"}
    assert team.take("binta", id, "issue").status_code == 303
    assert readers(team, id, other) == {"awa", "binta", "root", "oumar"}
    team.take("oumar", id, "acknowledge")
    team.take("oumar", id, "decide", act="no", reason=f"{SECRET} is quiet.")
    team.take("oumar", id, "close", outcome="did-not-come")
    learnt = team.post("binta", "lessons", warning=id, change=f"Ask {SECRET} earlier.")
    assert learnt.status_code == 303
    assert readers(team, id, other) == {"awa", "binta", "root", "oumar"}
    for who in ("moussa", "seydou"):
        for step in ("acknowledge", "decide", "act", "close", "note"):
            assert team.take(who, id, step, text=".").status_code in (403, 404)
    assert team.post("moussa", "lessons", warning=id, change="So.").status_code == 403
    assert team.holds()


def test_words_that_were_not_released_are_not_shown_to_those_they_are_for(team):
    id = restricted(team)
    team.take("binta", id, "release")
    team.take("awa", id, "issue")
    assert team.get("oumar", f"warnings/{id}").status_code == 200
    more = {"owner": "binta", "addressees": "oumar", "sensitivity": "restricted"}
    team.post("awa", f"warnings/{id}/edit", version=team.record(id).version, **{**FORM, **more})
    assert team.get("oumar", f"warnings/{id}").status_code == 404


def test_a_draft_is_the_desks(team):
    id = team.write()
    seen = {who for who in TEAM if team.get(who, f"warnings/{id}").status_code == 200}
    assert seen == {"awa", "binta", "root"}
    assert FORM["headline_en"] not in team.get("moussa", "now").text
    team.take("awa", id, "issue")
    assert {who for who in TEAM if team.get(who, f"warnings/{id}").status_code == 200} == seen | {
        "moussa",
        "oumar",
    }


def test_an_analyst_does_not_learn_of_a_warning_from_a_missing_proposal(team):
    page = team.get("awa", "warnings").text
    proposals = page.count('name="proposal"')
    assert proposals
    assert 'name="proposal"' not in team.get("moussa", "warnings").text, "whoever decides drafts nothing"


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("who", ["awa", "moussa", "root"])
def test_every_page_is_whole_in_both_languages(team, lang, who):
    id = team.to("acting")
    for page in (
        "now",
        "warnings",
        f"warnings/{id}",
        "lessons",
        "plans",
        "measures",
        "measures/S07_civilian_harm",
    ):
        answered = team.get(who, page, lang=lang)
        assert answered.status_code == 200, page
        assert f'<html lang="{lang}"' in answered.text
        assert answered.text.count("<h1>") == 1
        other = {"en": "Toutes les mesures", "fr": "All measures"}[lang]
        assert other not in answered.text


def test_monitors_and_guests_are_not_let_in(team):
    for page in ("warnings", "warnings/new", "plans", "lessons", "measures"):
        assert team.get("seydou", page).status_code == 403
        assert team.get("guest", page).status_code == 303


def test_offices_of_our_own_rules_are_named_in_french(team):
    team.to("issued")
    page = team.get("moussa", "now", lang="fr").text
    assert "cellule de prévention" in page
    assert "prevention desk" not in page


def test_the_list_puts_what_is_late_first_and_is_filtered_by_its_address(team):
    early = team.to("issued", headline_en="Early", acknowledge_by="2015-11-20", start="2015-11-01")
    later = team.to("issued", headline_en="Later", level="alarm", kind="front")
    page = team.get("awa", "warnings").text
    assert page.index("Early") < page.index("Later")
    assert "4 days late" in page
    assert early in team.get("awa", "warnings", state="late").text
    assert later not in team.get("awa", "warnings", state="late").text
    assert early not in team.get("awa", "warnings", level="alarm").text
    assert later in team.get("awa", "warnings", kind="front", area="Mopti").text
    assert team.get("awa", "warnings", level="<script>", kind="x").status_code == 200


def test_what_leaves_leaves_in_both_languages_and_only_when_issued(team):
    id = team.write()
    assert team.get("awa", f"warnings/{id}/mail").status_code == 400
    team.take("awa", id, "issue")
    for way in ("mail", "sms", "page", "hxl"):
        english, french = (team.get("moussa", f"warnings/{id}/{way}", lang=lang) for lang in ("en", "fr"))
        assert english.status_code == french.status_code == 200
        assert id in english.text
        assert (english.text == french.text) == (way == "hxl")
    assert len(team.get("moussa", f"warnings/{id}/sms").text) <= 160
    assert "attachment" in team.get("moussa", f"warnings/{id}/page").headers["content-disposition"]


def test_the_room_stepped_back_shows_what_had_happened(team):
    id = team.to("issued")
    assert team.get("awa", "warnings?as_of=2015-11-20").status_code == 503  # that day was not built
    assert team.get("awa", f"warnings/{id}?as_of=2015-11-20").status_code == 404
    team.moment = team.moment.replace(month=12, day=1)
    team.take("moussa", id, "acknowledge")
    page = team.get("moussa", f"warnings/{id}?as_of=2015-11-24").text
    assert "<strong>issued</strong>" in page
    assert "<button" not in page


def test_lessons_are_written_and_fit(team):
    id = team.to("closed")
    empty = team.post("awa", "lessons", warning=id, change=" ", appraisal="We do not know.")
    assert empty.status_code == 400
    assert 'id="wrong-change"' in empty.text
    assert "We do not know." in empty.text
    assert team.post("awa", "lessons", change="Ask earlier.").status_code == 400
    assert team.post("moussa", "lessons", change="Ask earlier.").status_code == 403
    kept = team.post("awa", "lessons", warning=id, change="Ask the markets earlier.")
    assert kept.status_code == 303
    page = team.get("moussa", "lessons").text
    assert "Ask the markets earlier." in page
    assert "Needed." in page, "the decision of the warning"
    again = team.to("issued")
    assert "Ask the markets earlier." in team.get("moussa", f"warnings/{again}").text
    assert team.post("awa", "lessons", kind="surge", areas="Mopti", change="By itself.").status_code == 303
    assert team.holds()


def test_a_measure_says_how_little_is_known(team):
    page = team.get("moussa", "measures/S01_intel_cells").text
    assert "No evidence found: no study at hand" in page
    assert "not free" in page
    known = team.get("moussa", "measures/P01_un_troops", lang="fr").text
    assert "Hultman" in known
    assert 'href="https://' in known
    assert "D’autres en décident" in known
    assert team.get("moussa", "measures/X99").status_code == 404
    assert team.get("moussa", "measures/S07_civilian_harm").headers["ETag"]


def test_an_alarm_leads_to_itself_to_its_incidents_and_to_why(team):
    page = team.get("awa", "shifts").text
    id = "fronts/chronology/jihadist-attacks/scan"
    assert f'id="{id}"' in page
    assert f'href="#{id}"' in page
    assert f"/t/mali/why/{id}" in page
    assert 'href="/t/mali/incidents?from=' in page
    assert "Its incidents" not in team.get("guest", "shifts").text
    built = team.client.app.state.room.desk.built("mali", team.moment.date())
    shift = next(s for s in built.assessment["shifts"] if s["id"] == id)
    query = built.alarms[id]
    kept = built.events.filter(
        built.events["date_start"].cast(str).is_between(query["from"], query["to"])
        & built.events["admin1"].is_in(query["admin1"])
        & built.events["source"].is_in(query["source"])
    )
    assert set(shift["event_ids"]) <= set(kept["event_id"])


def test_offices_are_named_and_read_in_the_readers_language(team):
    form = team.get("awa", "warnings/new", lang="fr").text
    assert 'value="cellule d’alerte précoce"' in form
    id = team.write(owner="cellule d’alerte précoce", addressees="Cellule de prévention, JOC")
    w = team.record(id).warning
    assert (w.owner, w.addressees) == ("early warning desk", ("prevention desk", "JOC"))


def test_a_lesson_says_decision_and_outcome_in_the_readers_language(team):
    team.post("awa", "lessons", warning=team.to("closed"), change="Ask earlier.")
    page = team.get("awa", "lessons", lang="fr").text
    assert "agir\u202f: Needed." in page
    assert "inconnue" in page
    assert "not-known" not in page


def test_whoever_opens_what_is_restricted_is_noted(team):
    open_one, closed = team.to("issued"), restricted(team)
    for who in ("binta", "moussa"):
        team.get(who, f"warnings/{closed}")
        team.get(who, f"warnings/{open_one}")
    with team.client.app.state.room.gate.register.read() as session:
        noted = audit(session, act="read-warning")
    assert [(one.by, one.subject) for one in noted] == [("binta", closed)]
