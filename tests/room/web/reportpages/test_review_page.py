"""Two at one report, merging, refusing: the page says what happened and loses nothing."""

from __future__ import annotations

from html import unescape

import pytest
from team import Team

from toguna.room.reporting.review import queue, record


def test_the_second_of_two_is_told_sees_both_and_decides_again(team: Team):
    team.browser("awa").report()
    ana, ben = team.browser("ana"), team.browser("ben")
    assert ana.decide(1, act="accepted", killed="3").status_code == 303
    late = ben.decide(1, act="accepted", version="1", killed="5", description="Ben sait mieux.")
    assert late.status_code == 409
    page = unescape(late.text)
    assert "ana changed this report meanwhile" in page
    assert "Ben sait mieux." in page
    assert "<td>5</td><td>3</td>" in page
    assert 'name="version" value="2"' in page
    assert record(team.home, "mali", 1).answers["killed"] == "3"
    assert ben.decide(1, act="accepted", version="2", killed="5").status_code == 303
    done = record(team.home, "mali", 1)
    assert (done.version, done.answers["killed"], done.reviewed_by) == (3, "5", "ben")
    assert [c.by for c in done.history] == ["", "ana", "ben"]


def test_an_answer_that_is_wrong_is_said_at_its_field_and_what_was_typed_stays(team: Team):
    team.browser("awa").report()
    answered = team.browser("ana").decide(1, act="accepted", killed="many", reliability="")
    assert answered.status_code == 400
    assert 'id="killed-wrong"' in answered.text
    assert 'id="reliability-wrong"' in answered.text
    assert 'value="many"' in answered.text
    assert record(team.home, "mali", 1).state == "received"


def test_rejecting_needs_a_reason_that_the_reporter_reads(team: Team):
    awa, ana = team.browser("awa", "fr"), team.browser("ana")
    awa.report()
    assert ana.decide(1, act="rejected").status_code == 400
    assert ana.decide(1, act="rejected", reason="Lieu impossible.").status_code == 303
    assert "Lieu impossible." in awa.get("/t/mali/report/mine").text
    assert "ana" not in awa.get("/t/mali/report/mine").text


def test_a_report_is_merged_into_another_that_is_near(team: Team):
    awa, ana = team.browser("awa"), team.browser("ana")
    awa.report()
    team.browser("binta").report(description="Une autre voix.")
    assert ana.decide(1, act="accepted").status_code == 303
    page = ana.get("/t/mali/review/2").text
    assert 'name="into" value="reports:room-1"' in page
    assert ana.decide(2, act="merged", into="reports:room-1").status_code == 303
    assert record(team.home, "mali", 2).merged_into == "reports:room-1"
    assert [r.state for r in queue(team.home, "mali")] == ["accepted", "merged"]


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "9" * 30, "²"])
def test_a_version_that_is_none_is_a_conflict_and_writes_nothing(team: Team, version):
    team.browser("awa").report()
    assert team.browser("ana").decide(1, act="rejected", reason="no", version=version).status_code == 409
    assert record(team.home, "mali", 1).version == 1


def test_what_is_not_there_is_said(team: Team):
    ana = team.browser("ana")
    for path in ("/t/mali/review/1", "/t/mali/review/99999999999999999999", "/t/mali/review/1/photo/x"):
        assert ana.get(path).status_code == 404, path
    assert ana.get("/t/mali/review/x").status_code in (404, 422)
    assert ana.get("/t/mali/review?state=nothing&q=%00").status_code == 200


def test_every_page_is_whole_in_french(team: Team):
    team.browser("awa").report()
    page = unescape(team.browser("ana", "fr").get("/t/mali/review/1").text)
    for wanted in (
        "Signalement nº 1",
        "Déjà connu\u202f?",
        "Accepter avec ces réponses",
        "Rejeter",
        "Cotation",
    ):
        assert wanted in page
    assert "en attente d’examen" in unescape(team.browser("ana", "fr").get("/t/mali/review").text)
