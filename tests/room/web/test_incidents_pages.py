"""The pages of incidents: search, facets, permalinks, one event; in both languages, for members alone."""

from __future__ import annotations

import re

import polars as pl
import pytest

from toguna.accounts.rights import Role
from toguna.room.search import Index
from toguna.room.web.building import shelf

RADISSON = "chronology:MLI-20151120-1"
PAGES = ["incidents", f"incidents/{RADISSON}", f"where/{RADISSON}.svg"]


def test_the_list_and_an_event_are_whole_in_both_languages(room):
    client = room(Role.ANALYST)
    for page in PAGES[:2]:
        told = {lang: client.get(f"/t/mali/{page}", params={"lang": lang}) for lang in ("en", "fr")}
        assert {lang: answered.status_code for lang, answered in told.items()} == {"en": 200, "fr": 200}
        assert all(answered.text.count("<h1>") == 1 for answered in told.values())
        assert told["en"].text != told["fr"].text


@pytest.mark.parametrize("role", [Role.GUEST, Role.MONITOR])
@pytest.mark.parametrize("page", PAGES)
def test_whoever_may_not_read_sees_nothing(room, role, page):
    answered = room(role, public_view=True).get(f"/t/mali/{page}")
    assert answered.status_code in (303, 403)
    assert "Radisson" not in answered.text


def test_an_alias_and_a_place_without_accents_are_understood(room):
    client = room(Role.DECIDER)
    answered = client.get("/t/mali/incidents", params={"actor": "AQMI", "place": "segou"})
    assert "Ségou" in answered.text
    assert "Read as the organisation:" in answered.text


def test_the_address_is_the_state(room):
    client = room(Role.ANALYST)
    params = {"q": "attack", "tactic": "raid", "from": "2015-01-01", "sort": "oldest"}
    text = client.get("/t/mali/incidents", params=params).text
    links = [link for link in re.findall(r'href="(/t/mali/incidents\?[^"]+)"', text) if "admin1=" in link]
    assert links
    assert all("q=attack" in x and "tactic=raid" in x and "from=2015-01-01" in x for x in links)
    french = re.search(r'href="(/t/mali/incidents\?[^"]*lang=fr)"', text)
    assert french
    assert "tactic=raid" in french[1]
    assert "page=" not in links[0]


def test_a_facet_counts_what_choosing_it_finds(room):
    text = room(Role.ANALYST).get("/t/mali/incidents").text
    counts = dict(
        re.findall(r'href="(/t/mali/incidents\?tactic=[^"]+)"[^>]*>.*?<span class="n">(\d+)</span>', text)
    )
    assert counts
    client = room(Role.ANALYST)
    for href, n in counts.items():
        assert f">{n} event" in client.get(href).text


def test_what_is_not_understood_is_said_and_shown_again(room):
    answered = room(Role.ANALYST).get("/t/mali/incidents", params={"from": "20 November", "q": "<b>x"})
    assert answered.status_code == 200
    assert "Not understood, and left out:" in answered.text
    assert "20 November" in answered.text
    assert "<b>x" not in answered.text


def test_a_page_beyond_the_last_leads_back(room):
    answered = room(Role.ANALYST).get("/t/mali/incidents", params={"page": "999999999"})
    assert answered.status_code == 200
    assert "Last page" in answered.text


def test_an_event_says_its_sources_rival_claims_and_likeness(room):
    text = room(Role.ANALYST).get(f"/t/mali/incidents/{RADISSON}").text
    assert "22 (21 to 27)" in text
    assert "jointly" in text
    assert "none of these" in text
    assert re.search(r'href="https?://[^"]+" rel="noreferrer noopener"', text)
    assert text.count('href="/t/mali/incidents/chronology:') >= 5
    assert f'href="/t/mali/why/{RADISSON}"' in text


def test_an_incident_leads_to_the_event_that_speaks_for_it(room):
    client = room(Role.ANALYST)
    one, other = (client.get(f"/t/mali/incidents/{i}{RADISSON}").text for i in ("", "incident/"))
    title = re.search("<h1>.*</h1>", one)
    assert title
    assert title[0] in other


@pytest.mark.parametrize("id", ["chronology:none", "incident/x", "../../etc/passwd", "%00", "'; DROP TABLE"])
def test_an_unknown_event_is_not_found(room, id):
    client = room(Role.ANALYST)
    assert client.get(f"/t/mali/incidents/{id}").status_code == 404
    assert client.get(f"/t/mali/where/{id}.svg").status_code == 404


def test_every_event_that_members_may_read_has_a_page(room, home):
    folder = next(p for p in shelf(home, "mali").iterdir() if p.is_dir())
    events = pl.read_parquet(folder / "events.parquet")
    assert len(Index(folder / "search")) == events.height
    client = room(Role.ANALYST)
    for event in events["event_id"].gather_every(20):
        assert client.get(f"/t/mali/incidents/{event}").status_code == 200
