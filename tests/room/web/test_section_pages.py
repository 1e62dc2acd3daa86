"""Pages say what the briefing says, to those who may read them, in their language."""

from __future__ import annotations

import pytest

from toguna.accounts.rights import Role
from toguna.room.web.pages.sections import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_both_languages(room, name):
    client = room(Role.ANALYST)
    told = {}
    for lang in ("en", "fr"):
        answered = client.get(f"/t/mali/{name}", headers={"Accept-Language": lang})
        assert answered.status_code == 200
        assert f'<html lang="{lang}"' in answered.text
        assert answered.text.count("<h1>") == 1
        told[lang] = answered.text
    assert told["en"] != told["fr"]


def test_the_same_bytes_are_not_sent_twice(room):
    client = room(Role.ANALYST)
    first = client.get("/t/mali/now")
    again = client.get("/t/mali/now", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert client.get("/t/mali/now", params={"lang": "fr"}).headers["ETag"] != first.headers["ETag"]


def test_a_closed_room_leads_guests_to_the_log_in(room):
    answered = room(Role.GUEST).get("/t/mali/now?lang=fr")
    assert answered.status_code == 303
    assert answered.headers["Location"] == "/login?next=%2Ft%2Fmali%2Fnow%3Flang%3Dfr"


def test_a_guest_reads_what_is_public_and_nothing_else(room):
    client = room(Role.GUEST, public_view=True)
    assert client.get("/t/mali/now").status_code == 200
    assert client.get("/t/mali/warnings").status_code == 303


def test_a_theatre_that_is_not_there_is_said(room):
    answered = room(Role.ANALYST).get("/t/atlantis/now")
    assert answered.status_code == 404
    assert "atlantis" in answered.text


def test_a_day_that_is_not_built_says_so_and_asks_to_come_back(room):
    answered = room(Role.ANALYST).get("/t/mali/now?as_of=2014-01-31")
    assert answered.status_code == 503
    assert answered.headers["Retry-After"] == "10"


def test_drawings_are_pictures_kept_for_good(room):
    client = room(Role.ANALYST)
    answered = client.get("/t/mali/drawings/map.svg")
    assert answered.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in answered.headers["Cache-Control"]
    assert client.get("/t/mali/drawings/nothing.svg").status_code == 404
