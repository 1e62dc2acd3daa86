"""Features in the shape of OGC API Features, and the search behind them."""

from __future__ import annotations

import pytest
from api_room import BASE
from shapely.geometry import shape

EVENTS = f"{BASE}/collections/events/items"


def test_a_program_finds_its_way_from_the_landing_page(analyst):
    landing = analyst.get(BASE).json()
    ways = {link["rel"]: link["href"] for link in landing["links"]}
    assert analyst.get(ways["service-desc"]).json()["openapi"].startswith("3.")
    assert any(c.endswith("/conf/core") for c in analyst.get(ways["conformance"]).json()["conformsTo"])
    for told in analyst.get(ways["data"]).json()["collections"]:
        west, south, east, north = told["extent"]["spatial"]["bbox"][0]
        assert west < east and south < north
        items = next(link["href"] for link in told["links"] if link["rel"] == "items")
        page = analyst.get(items).json()
        assert page["type"] == "FeatureCollection"
        assert page["numberReturned"] == len(page["features"]) > 0
        first = page["features"][0]
        one = analyst.get(f"{items}/{first['id']}").json()
        assert one["geometry"] == first["geometry"] and one["id"] == first["id"]


def test_next_leads_through_all_features(analyst):
    found, at = [], f"{EVENTS}?limit=50"
    while at:
        page = analyst.get(at).json()
        found += [f["id"] for f in page["features"]]
        at = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(found) == len(set(found)) == page["numberMatched"]


def test_a_box_holds_what_lies_in_it(analyst):
    every = analyst.get(f"{EVENTS}?limit=1000").json()["features"]
    inside = analyst.get(f"{EVENTS}?limit=1000&bbox=-5,13,-2,16").json()["features"]
    expected = {f["id"] for f in every if f["geometry"] and -5 <= f["geometry"]["coordinates"][0] <= -2
                and 13 <= f["geometry"]["coordinates"][1] <= 16}  # fmt: skip
    assert {f["id"] for f in inside} == expected
    assert 0 < len(expected) < len(every)
    high = analyst.get(f"{EVENTS}?limit=1000&bbox=-5,13,0,-2,16,9000").json()["features"]
    assert high == inside


def test_a_box_over_the_date_line_is_the_outside_of_its_complement(analyst):
    every = analyst.get(f"{EVENTS}?limit=1000").json()["features"]
    around = analyst.get(f"{EVENTS}?limit=1000&bbox=-2,-90,-5,90").json()["numberMatched"]
    inside = [f for f in every if f["geometry"] and -5 < f["geometry"]["coordinates"][0] < -2]
    placed = [f for f in every if f["geometry"]]
    assert around == len(placed) - len(inside)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2015-11-20", "2015-11-20", "2015-11-20"),
        ("2015-01-01/2015-06-30", "2015-01-01", "2015-06-30"),
        ("2015-01-01T00:00:00Z/..", "2015-01-01", "9999"),
        ("../2012-12-31", "0000", "2012-12-31"),
        ("/2012-12-31T23:59:59.5+00:00", "0000", "2012-12-31"),
    ],
)
def test_a_time_holds_the_events_that_meet_it(analyst, said, first, last):
    every = analyst.get(f"{EVENTS}?limit=1000").json()["features"]
    found = analyst.get(EVENTS, params={"limit": 1000, "datetime": said}).json()["features"]
    expected = {
        f["id"]
        for f in every
        if (f["properties"]["date_end"] or f["properties"]["date_start"]) >= first
        and f["properties"]["date_start"] <= last
    }
    assert {f["id"] for f in found} == expected != set()


def test_areas_have_outlines_and_no_ids_of_rows(analyst):
    page = analyst.get(f"{BASE}/collections/areas/items?limit=1000").json()
    shapes = [shape(f["geometry"]) for f in page["features"] if f["geometry"]]
    assert len(shapes) > 5 and all(s.is_valid for s in shapes)
    assert all("event_ids" not in f["properties"] for f in page["features"])
    assert analyst.get(f"{BASE}/collections/areas/items?bbox=10,40,11,41").json()["numberMatched"] == 0


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("q=radisson", lambda e: "adisson" in str(e)),
        ("q=hotel -bamako", lambda e: e["admin1"] != "Bamako"),
        ("q=chronology:MLI-20151120-1", lambda e: e["event_id"] == "chronology:MLI-20151120-1"),
        ("actor=mourabitoune", lambda e: "MOURABITOUN" in str(e).upper()),
        ("place=GAO", lambda e: "gao" in str([e[n] for n in ("place", "admin1", "admin2")]).lower()),
        ("year=2013&year=2014", lambda e: e["date_start"][:4] in ("2013", "2014")),
        ("admin1=Mopti", lambda e: e["admin1"] == "Mopti"),
        ("admin1=-", lambda e: e["admin1"] is None),
        ("from=2015-11-01&to=2015-11-30", lambda e: e["date_start"] <= "2015-11-30"),
        ("tactic=suicide_vehicle", lambda e: e["tactic"] == "suicide_vehicle"),
    ],
)
def test_a_search_finds_what_it_says(analyst, question, holds):
    found = analyst.get(f"{BASE}/incidents?limit=1000&{question}").json()
    whole = analyst.get(f"{BASE}/incidents?limit=1000").json()["total"]
    assert all(holds(e) for e in found["items"])
    assert found["total"] < whole
    if not question.startswith(("admin1=-", "tactic")):
        assert found["total"] > 0


def test_the_order_is_the_one_asked_for(analyst):
    def days(sort):
        return [
            e["date_start"] for e in analyst.get(f"{BASE}/incidents?limit=1000&sort={sort}").json()["items"]
        ]

    assert days("newest") == sorted(days("newest"), reverse=True)
    assert days("oldest") == sorted(days("oldest"))
    best = [e["best"] for e in analyst.get(f"{BASE}/incidents?limit=1000&sort=deaths").json()["items"]]
    known = [n for n in best if n is not None]
    assert known == sorted(known, reverse=True)
    assert best[len(known) :] == [None] * (len(best) - len(known))


def test_an_incident_has_what_belongs_to_it(analyst):
    told = analyst.get(f"{BASE}/incidents/chronology:MLI-20151120-1").json()
    assert told["event"]["admin1"] == "Bamako"
    assert told["responsibility"]["event_id"] == "chronology:MLI-20151120-1"
    assert told["data"][0]["licence"]


def test_an_actor_and_its_relations_are_those_known(analyst):
    told = analyst.get(f"{BASE}/actors/MUJAO").json()
    assert told["actor"]["id"] == "MUJAO"
    assert told["relations"]
    tree = analyst.get(f"{BASE}/genealogy?on=2013-01-31").json()
    assert tree["on"] == "2013-01-31"
    assert analyst.get(f"{BASE}/genealogy?on=2016-01-01").status_code == 404
