"""Map and time: one period in a drawing, in tables and in the data of the map that moves."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from toguna.accounts.rights import Role
from toguna.room.web.pages.map import policy
from toguna.room.web.security.headers import POLICY


def told(client, **params):
    text = client.get("/t/mali/map", params=params).text
    followed = text.partition('id="follows"')[2].partition("</section>")[0]
    before, after = re.search(r"(\d+) events? before, (\d+) after", text).groups()
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td>(\d+)</td><td>(\d+)</td>', followed)
    return text, (int(before), int(after)), rows


@pytest.mark.parametrize("role", [Role.GUEST, Role.ANALYST])
def test_the_page_is_whole_in_both_languages(room, role):
    client = room(role, public_view=True)
    pages = [client.get("/t/mali/map", params={"lang": lang}) for lang in ("en", "fr")]
    assert [p.status_code for p in pages] == [200, 200]
    assert all(p.text.count("<h1>") == 1 for p in pages)
    assert pages[0].text != pages[1].text


def test_the_table_adds_up_to_the_counts(room):
    _, counts, rows = told(room(Role.ANALYST))
    assert tuple(sum(int(r[k]) for r in rows) for k in (1, 2)) == counts
    assert min(counts) > 0


def test_parting_the_period_elsewhere_moves_events_and_loses_none(room):
    client = room(Role.ANALYST)
    whole = {sum(told(client, split=f"{year}-06-01")[1]) for year in (2013, 2014, 2015)}
    assert len(whole) == 1


def test_the_data_of_the_moving_map_say_the_same_as_the_table(room):
    client = room(Role.ANALYST)
    columns = client.get("/t/mali/map/points.json").json()
    assert len({len(columns[c]) for c in ("at", "day", "deaths")}) == 1
    days, day = [], 0
    for step in columns["day"]:
        day += step
        days.append(day)
    first, split, last = (
        (date(*d) - date(1970, 1, 1)).days for d in ((2013, 1, 1), (2014, 7, 1), (2015, 6, 30))
    )
    counts = (sum(first <= d < split for d in days), sum(split <= d <= last for d in days))
    text, shown, _ = told(client, **{"from": "2013-01-01", "split": "2014-07-01", "to": "2015-06-30"})
    assert "no point" not in text
    assert shown == counts


def test_guests_see_months_and_a_net_and_no_posts(room):
    guest = room(Role.GUEST, public_view=True)
    columns, layers = (guest.get(f"/t/mali/map/{n}.json").json() for n in ("points", "layers"))
    assert all(degrees % 1000 == 0 for c in ("lon", "lat") for degrees in columns[c])
    days = {sum(columns["day"][: k + 1]) for k in range(len(columns["day"]))}
    assert {date.fromordinal(date(1970, 1, 1).toordinal() + d).day for d in days} == {1}
    assert layers["forces"] == []
    page = guest.get("/t/mali/map").text
    assert "/incidents" not in page
    assert "Camp Castor" not in page
    assert room(Role.ANALYST).get("/t/mali/map/layers.json").json()["forces"]


def test_a_closed_room_shows_guests_nothing(room):
    client = room(Role.GUEST)
    for page in ("map", "map.svg", "map/points.json", "map/layers.json", "map/outlines/adm1.geojson"):
        assert client.get(f"/t/mali/{page}").status_code == 303


@pytest.mark.parametrize(
    "params",
    [
        {"from": "x"},
        {"to": "2015-02-30"},
        {"from": "2015-01-01", "to": "2014-01-01"},
        {"split": "2019-01-01"},
        {"from": "9" * 500},
    ],
)
def test_days_that_cannot_be_are_said_and_the_usual_period_is_shown(room, params):
    client = room(Role.ANALYST)
    text, counts, _ = told(client, **params)
    assert "These days could not be used" in text
    assert counts == told(client)[1]
    assert client.get("/t/mali/map.svg", params=params).status_code == 404


def test_a_period_without_a_parting_takes_one_that_fits(room):
    text, counts, _ = told(room(Role.ANALYST), **{"from": "2012-01-01", "to": "2012-12-31"})
    assert "These days" not in text
    assert counts[1] <= counts[0]


def test_a_period_in_which_nothing_happened(room):
    text, counts, rows = told(
        room(Role.ANALYST), **{"from": "1980-01-01", "split": "1980-02-01", "to": "1980-03-01"}
    )
    assert (counts, rows) == ((0, 0), [])
    assert "Nothing is known of this period." in text


def test_the_drawing_has_rings_and_discs(room):
    answered = room(Role.ANALYST).get("/t/mali/map.svg")
    assert answered.headers["Content-Type"] == "image/svg+xml"
    assert answered.text.count('fill="none"') > 20
    assert answered.text.count('fill="#D55E00"') > 20
    assert "Tombouctou" in answered.text


def test_outlines_are_kept_for_good_and_known_by_name(room):
    client = room(Role.ANALYST)
    answered = client.get("/t/mali/map/outlines/adm1.geojson", params={"v": "x"})
    assert "immutable" in answered.headers["Cache-Control"]
    names = {f["properties"]["name"] for f in answered.json()["features"]}
    assert {"Gao", "Kidal", "Mopti"} <= names
    for level in ("adm2", "adm9", "..%2f..%2fassessment"):
        assert client.get(f"/t/mali/map/outlines/{level}.geojson").status_code == 404


def test_the_page_works_without_scripts(room):
    client = room(Role.ANALYST)
    client.app.state.scripts = False
    text = client.get("/t/mali/map").text
    assert "<script" not in text
    assert '<form method="get"' in text
    assert "/t/mali/map.svg?" in text
    assert "moving" not in text


def test_what_the_script_is_told_is_read_back(room):
    client = room(Role.ANALYST)
    client.app.state.scripts = True
    text = client.get("/t/mali/map").text
    raw = re.search(r'data-map="([^"]+)"', text)[1]
    said = json.loads(raw.replace("&#34;", '"').replace("&amp;", "&").replace("&#39;", "'"))
    assert {"points", "layers", "outlines", "frame", "words"} <= said.keys()
    assert client.get(said["points"]).status_code == client.get(said["outlines"]["adm0"]).status_code == 200


def test_only_the_host_of_the_tiles_joins_the_policy(room):
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png?key=secret"
    plain, wider = (room(Role.ANALYST, tiles=t).get("/t/mali/map") for t in (None, tiles))
    assert plain.headers["Content-Security-Policy"] == POLICY
    told = policy(tiles)
    assert wider.headers["Content-Security-Policy"] == told
    assert told.replace(" https://tiles.example.org", "") == POLICY
    assert told.count("tiles.example.org") == 2
    assert "unsafe" not in told
