"""The form without scripts, from end to end; who reported is on no page but one."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from PIL import Image
from team import TYPED, Team

from toguna.accounts.audit import audit
from toguna.room.reporting.review import queue
from toguna.sources.reports.form import questions


def photo() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (30, 20))
    exif = image.getexif()
    exif.get_ifd(0x8825).update({1: "N", 2: (14.0, 31.0, 59.0), 29: "WHERE-I-STOOD"})
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_form_is_whole_in_the_language_of_the_browser(team: Team, lang):
    page = unescape(
        team.browser("awa", lang + ("-ML,fr;q=0.9" if lang == "fr" else "")).get("/t/mali/report").text
    )
    assert f'<html lang="{lang}"' in page
    asked = [
        q
        for q in questions()
        if q.label[lang] and q.name not in ("reporter_code", "reliability", "credibility")
    ]
    plain = re.sub(r"\s", " ", page).replace("’", "'")
    for question in asked:
        if question.name not in ("cercle", "point"):
            assert question.label[lang] in plain, question.name
    other = "Send the report" if lang == "fr" else "Envoyer le signalement"
    assert other not in page
    assert "<script>" not in page
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)
    labelled = set(re.findall(r'<label for="(\w+)"', page))
    for name in re.findall(
        r'<(?:input type="(?:text|date|time|file)"|select|textarea)[^>]* id="(\w+)"', page
    ):
        assert name in labelled


def test_a_report_from_end_to_end_without_scripts(team: Team):
    awa, ana = team.browser("awa", "fr"), team.browser("ana")
    first = awa.report(place="Severre", killed="", uuid="00000000-0000-4000-8000-000000000001")
    assert first.status_code == 400
    page = unescape(first.text)
    assert "Attaque de nuit." in page
    assert 'value="Severre"' in page
    assert 'value="00000000-0000-4000-8000-000000000001"' in page
    assert 'value="Sévaré (Mopti)"' in page
    assert page.count('class="wrong"') == 2
    assert queue(team.home, "mali") == []
    sent = awa.report(
        place="Severre", place_choice="Sévaré (Mopti)", files={"photo": ("a.jpg", photo(), "image/jpeg")}
    )
    assert sent.status_code == 303
    mine = awa.get(sent.headers["location"])
    assert "Votre signalement est arrivé" in unescape(mine.text)
    assert "en attente d’examen" in unescape(mine.text)
    waiting = ana.get("/t/mali/review")
    assert "/t/mali/review/1" in waiting.text
    shown = ana.get("/t/mali/review/1").text
    picture = re.search(r'src="(/t/mali/review/1/photo/[0-9a-f]{64})"', shown)[1]
    assert b"WHERE-I-STOOD" not in ana.get(picture).content
    assert ana.get(picture).headers["content-type"] == "image/jpeg"
    accepted = ana.decide(1, act="accepted", killed="3")
    assert accepted.headers["location"] == "/t/mali/review?done=accepted"
    assert "accepté" in unescape(awa.get("/t/mali/report/mine").text)
    assert queue(team.home, "mali")[0].answers["killed"] == "3"
    history = unescape(ana.get("/t/mali/review/1").text)
    assert "0 → 3" in history


def test_a_report_sent_twice_is_one(team: Team):
    awa = team.browser("awa")
    same = {"uuid": "00000000-0000-4000-8000-000000000001"}
    assert awa.report(**same).headers["location"] == awa.report(**same).headers["location"]
    assert len(queue(team.home, "mali")) == 1
    other = awa.report(**same, description="Autre chose.")
    assert other.status_code == 400
    assert "Another report was sent under this number" in other.text
    assert "Autre chose." in other.text


def test_a_script_is_answered_in_json(team: Team):
    awa = team.browser("awa")
    typed = TYPED | {"csrf": awa.csrf("/t/mali/report"), "uuid": "00000000-0000-4000-8000-000000000001"}
    told = awa.client.post("/t/mali/report", data=typed, headers={"x-report": "script"})
    assert (told.status_code, told.json()["uuid"]) == (201, typed["uuid"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GIF89a" + bytes(99), "no JPEG"),
        (b"\xff\xd8\xff" + bytes(99), "damaged"),
        (b"\xff\xd8\xff" + bytes(8 * 2**20), "larger than 8"),
    ],
)
def test_a_photo_that_is_none_is_said_and_nothing_is_kept(team: Team, data, said):
    answered = team.browser("awa").report(files={"photo": ("photo.jpg", data, "image/jpeg")})
    assert answered.status_code == 400
    assert said in answered.text
    assert "Attaque de nuit." in answered.text
    assert queue(team.home, "mali") == []


BAD = (
    "\x00",
    "a\x00b",
    "\u202eneg",
    "%00",
    "'; DROP TABLE submission; --",
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "\U0001f600" * 100,
    "../../etc/passwd",
)


@pytest.mark.parametrize("text", BAD)
def test_bad_input_is_kept_harmless_or_refused_and_never_breaks_a_page(team: Team, text):
    awa, ana = team.browser("awa"), team.browser("ana")
    answered = awa.report(description=text, perpetrators=text[:100], perpetrators_unknown="")
    assert answered.status_code in (303, 400)
    assert "<img src=x" not in answered.text
    for row in queue(team.home, "mali"):
        assert "\x00" not in json.dumps(row.answers)
        assert "\u202e" not in "".join(row.answers.values())
        shown = ana.get(f"/t/mali/review/{row.id}")
        assert shown.status_code == 200
        assert "<img src=x" not in shown.text
        assert "49" not in row.answers.get("description", "")


def test_too_much_is_refused_before_it_is_read(team: Team):
    awa = team.browser("awa")
    token = awa.csrf("/t/mali/report")
    big = awa.client.post("/t/mali/report", data=TYPED | {"csrf": token, "description": "x" * (9 * 2**20)})
    assert big.status_code == 413
    part = awa.client.post("/t/mali/report", data=TYPED | {"csrf": token, "description": "é" * 600_000})
    assert part.status_code in (400, 413)
    assert queue(team.home, "mali") == []


def test_places_are_suggested_with_and_without_accents(team: Team):
    awa = team.browser("awa")
    for typed in ("Sév", "sev", "SEVARE", "severre"):
        told = awa.get("/t/mali/places", params={"q": typed}).json()["places"]
        assert told[0]["title"] == "Sévaré (Mopti)"
    for typed in ("", "\x00", "%", "x" * 10_000):
        assert awa.get("/t/mali/places", params={"q": typed}).json() == {"places": []}


def test_who_reported_is_on_no_page_and_in_no_log_but_for_who_may_open_it(team: Team, caplog):
    caplog.set_level(logging.DEBUG)
    awa = team.browser("awa")
    awa.report(description="awa-secret était là, appelez 76 12 34 56.", sensitivity="severe")
    ana, root = team.browser("ana"), team.browser("root")
    for path in ("/t/mali/review", "/t/mali/review/1", "/t/mali/review?state=all&q=attaque"):
        for browser in (ana, root):
            seen = browser.get(path)
            assert seen.status_code == 200
            assert "awa-secret" not in seen.text
            assert "76 12" not in seen.text
    assert "[masked]" in ana.get("/t/mali/review/1").text
    refused = ana.post("/t/mali/review/1/reporter", page="/t/mali/review/1")
    assert refused.status_code == 403
    assert root.get("/t/mali/review/1/reporter").status_code == 405  # reading alone opens nothing
    opened = root.post("/t/mali/review/1/reporter", page="/t/mali/review/1")
    assert "awa-secret" in opened.text
    assert opened.headers["cache-control"] == "no-store"
    with team.home.register.read() as session:
        acts = [(n.by, n.act, n.subject) for n in audit(session)]
    assert ("root", "read-reporter", "reports:room-1") in acts
    assert ("ana", "read-report", "reports:room-1") in acts  # severe: every look is written down
    assert "awa-secret" not in caplog.text


def test_a_reporter_sees_only_their_own_and_no_reviewer_s_pages(team: Team):
    team.browser("awa").report()
    binta = team.browser("binta")
    assert "Sévaré" not in unescape(binta.get("/t/mali/report/mine").text)
    assert binta.get("/t/mali/review").status_code == 403
    assert binta.get("/t/mali/review/1").status_code == 403
    assert team.browser("dede").get("/t/mali/report").status_code == 403


def test_a_room_that_stands_on_another_day_says_so(team: Team):
    assert "counts as known on that day" not in team.browser("awa").get("/t/mali/report").text
    team.now = lambda: datetime(2026, 1, 1, tzinfo=UTC)
    assert "counts as known on that day" in team.browser("awa").get("/t/mali/report").text
