"""Warnings as data, feed, alert and calendar: to whom they are told, and what is never told."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from api_room import BASE

from toguna.accounts.rights import Principal, Role
from toguna.warnings.outputs.cap_rules import faults

ATOM = "{http://www.w3.org/2005/Atom}"


def test_members_are_told_of_issued_ones_and_of_proposals(analyst, warned):
    told = analyst.get(f"{BASE}/warnings?limit=1000").json()
    issued = [w["id"] for w in told["items"] if w["status"] != "proposal"]
    assert sorted(issued) == sorted([warned["open"], warned["addressees"]])
    assert told["restricted"] == 1
    assert any(w["status"] == "proposal" for w in told["items"])
    for w in told["items"]:
        one = analyst.get(f"{BASE}/warnings/{w['id']}")
        assert one.status_code == 200 and one.json() == w
        for link in w["links"]:
            assert analyst.get(link["href"]).status_code == 200
    only = analyst.get(f"{BASE}/warnings?status=issued").json()
    assert only["total"] == 2


@pytest.mark.parametrize("name", ["Awa", "Binta", "Demba"])
def test_nobodys_name_is_told(analyst, warned, name):
    id = warned["addressees"]
    paths = [
        f"{BASE}/warnings",
        f"{BASE}/warnings/{id}",
        f"{BASE}/exports/warnings.csv",
        "/t/mali/warnings.atom",
    ]
    for path in [
        *paths,
        f"/t/mali/warnings/{id}.cap.xml",
        f"/t/mali/warnings/{id}.ics",
        "/t/mali/deadlines.ics",
    ]:
        assert name not in analyst.get(path).text, path


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_which(reader, warned, role):
    client = reader(role)
    member = role in (Role.ANALYST, Role.DECIDER, Role.ADMIN)
    seen = {"open": True, "addressees": member, "restricted": False, "draft": False}
    feed = client.get("/t/mali/warnings.atom")
    entries = {
        e.findtext(f"{ATOM}id").rpartition("/")[2] for e in ET.fromstring(feed.content).iter(f"{ATOM}entry")
    }
    assert entries == {warned[kind] for kind, told in seen.items() if told}
    for kind, told in seen.items():
        for end in ("cap.xml", "ics"):
            answered = client.get(f"/t/mali/warnings/{warned[kind]}.{end}")
            assert answered.status_code == (200 if told else 404), (kind, end)
    assert (warned["addressees"] in client.get("/t/mali/deadlines.ics").text) == member


def test_a_closed_room_tells_guests_nothing(reader):
    client = reader(Role.GUEST, public=False)
    for path in ("/t/mali/warnings.atom", "/t/mali/deadlines.ics", "/t/mali/warnings/mali-0001.cap.xml"):
        answered = client.get(path)
        assert answered.status_code == 401
        assert answered.headers["www-authenticate"] == "Bearer"


def test_a_theatre_that_is_not_theirs_is_not_there(reader, warned):
    other = reader(Principal(Role.ANALYST, 1, "Awa", theatres=frozenset({"niger"})))
    assert other.get("/t/mali/warnings.atom").status_code == 404


def test_the_alert_keeps_the_rules_of_cap(analyst, warned):
    for kind in ("open", "addressees"):
        answered = analyst.get(f"/t/mali/warnings/{warned[kind]}.cap.xml")
        assert answered.headers["content-type"] == "application/cap+xml"
        assert faults(answered.text) == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_feed_keeps_the_rules_of_atom(analyst, lang):
    root = ET.fromstring(analyst.get("/t/mali/warnings.atom", headers={"Accept-Language": lang}).content)
    for parent in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
            assert parent.findtext(f"{ATOM}{name}")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    moments = [e.findtext(f"{ATOM}updated") for e in root.iter(f"{ATOM}entry")]
    assert root.findtext(f"{ATOM}updated") == max(moments)
    titles = [e.findtext(f"{ATOM}title") for e in root.iter(f"{ATOM}entry")]
    assert any(("likely (open)" if lang == "en" else "likely, open") in t for t in titles)
    ids = [e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


def test_the_calendar_has_a_day_for_each_answer_owed(analyst, warned):
    whole = analyst.get("/t/mali/deadlines.ics")
    assert whole.headers["content-type"].partition(";")[0] == "text/calendar"
    assert whole.text.count("BEGIN:VCALENDAR") == 1
    assert whole.text.count("BEGIN:VEVENT") == 4
    one = analyst.get(f"/t/mali/warnings/{warned['open']}.ics").text
    assert one.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20151126" in one


def test_the_table_is_tagged(analyst):
    rows = analyst.get(f"{BASE}/exports/warnings.csv").text.splitlines()
    assert rows[1].startswith("#meta+id")
    assert len(rows) == 4
