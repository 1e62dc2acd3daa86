"""The map of the form: who may have it, how it is kept, and that the form stays as light as it was."""

from __future__ import annotations

import re

import pytest
from team import Team

from toguna.room.web import answer
from toguna.room.web.security.headers import DEVICES

MAP = "/t/mali/report/map.json"


@pytest.mark.parametrize("name", ["awa", "ana", "root"])
def test_who_may_report_has_the_map(team: Team, name):
    told = team.browser(name).get(MAP)
    assert told.status_code == 200
    assert told.headers["content-type"] == "application/json"
    assert {"box", "step", "lands", "places", "regions", "words"} <= set(told.json())
    assert name + "-secret" not in told.text


def test_who_may_not_report_has_none(team: Team):
    assert team.browser("dede").get(MAP).status_code == 403


def test_an_unchanged_map_does_not_cross_the_line_again(team: Team):
    awa, binta = team.browser("awa"), team.browser("binta")
    first = awa.get(MAP, params={"lang": "fr"})
    assert first.headers["cache-control"] == "private, no-cache"
    again = binta.get(MAP, params={"lang": "fr"}, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = awa.get(MAP, params={"lang": "en"}, headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200
    assert first.json()["words"]["larger"] == "Agrandir"
    assert other.json()["words"]["larger"] == "Zoom in"


def test_the_form_is_light_and_brings_nothing_of_the_map(team: Team):
    awa = team.browser("awa")
    page = awa.get("/t/mali/report")
    assert "open-map" in page.text
    parts = re.findall(r'(?:href|src)="(/(?:style\.css|static/)[^"]*)"', page.text)
    assert not [part for part in parts if "picker" in part or "/map" in part]
    crossed = int(page.headers["content-length"])
    for part in parts:
        with awa.client.stream("GET", part) as answered:
            crossed += sum(len(raw) for raw in answered.iter_raw())
    assert crossed < 50_000


def test_the_script_of_the_map_is_light(team: Team):
    awa = team.browser("awa")
    with awa.client.stream("GET", f"/static/picker.js?v={answer.static_version()}") as answered:
        assert answered.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert sum(len(raw) for raw in answered.iter_raw()) < 7_000


def test_only_the_form_may_ask_where_the_telephone_is(team: Team):
    awa, ana = team.browser("awa"), team.browser("ana")
    for path in ("/t/mali/report", "/t/mali/report/offline"):
        assert awa.get(path).headers["permissions-policy"].count("geolocation=(self)") == 1
    for browser, path in (
        (awa, "/t/mali/report/mine"),
        (awa, MAP),
        (ana, "/t/mali/review"),
        (ana, "/account"),
    ):
        assert browser.get(path).headers["permissions-policy"] == DEVICES
    assert "geolocation=()" in DEVICES


def test_the_page_of_a_reviewer_has_fields_and_no_map(team: Team):
    team.browser("awa").report(lat="14.5", lon="-4.2")
    shown = team.browser("ana").get("/t/mali/review/1").text
    assert "open-map" not in shown
    assert 'value="14.5"' in shown
    assert 'value="-4.2"' in shown
