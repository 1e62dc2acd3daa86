"""Posts as known on a day, attacks held against posts known before them, people by area."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl
import pytest
from worlds import frame

from toguna.core.dates import Window
from toguna.responses.protection import posts_of, protection
from toguna.store.tables import TABLES
from toguna.store.theatre import load_theatre

RECENT = Window(date(2015, 1, 1), date(2015, 12, 31))


@dataclass(frozen=True)
class Pack:
    tables: dict[str, pl.DataFrame]
    settings: dict = field(default_factory=dict)


def table(name, rows):
    columns = TABLES[name].columns
    return pl.DataFrame(
        [{c: r.get(c) for c in columns} for r in rows], schema=dict.fromkeys(columns, pl.String())
    )


def pack(*forces, regions=(), roads=()):
    named = {"forces": forces, "regions": regions, "road_distances": roads}
    return Pack({name: table(name, rows) for name, rows in named.items()})


def post(force="F", town="T", lat="10", lon="0", since="2014", **more):
    return {"force": force, "town": town, "lat": lat, "lon": lon, "from": since, **more}


def attack(day, lat=10.0, lon=0.0, target="civilians_local", **more):
    return {"date_start": day, "lat": lat, "lon": lon, "target": target, "deaths_civilians": 2, **more}


def checked(theatre, *rows, **more):
    return protection(theatre, frame(*rows), recent=RECENT, areas=["X", "Y"], **more)


def test_posts_are_those_known_and_not_over():
    theatre = pack(
        post(town="here"),
        post(town="later", since="2016-01"),
        post(town="over", to="2015-06"),
        post(town="to come to an end", to="2017"),
        post(town="undated", since=None),
        post(town="nowhere", lat="north"),
        post(town="ended", force="GONE"),
    )
    found = posts_of(theatre, date(2015, 12, 31), gone=lambda force: force == "GONE")
    assert [p.town for p in found.posts] == ["here", "to come to an end"]
    assert (found.undated, found.ended) == (1, 1)


def test_a_post_on_record_because_it_was_attacked_is_not_near_that_attack():
    theatre = pack(post(since="2015-06-10"))
    same = checked(theatre, attack(date(2015, 6, 10)))
    later = checked(theatre, attack(date(2015, 6, 11)))
    assert same.civilians["within"]["10"] == 0.0 and same.civilians["median_km"] is None
    assert later.civilians["within"]["10"] == 1.0


def test_shares_by_distance_and_force():
    theatre = pack(post(force="A"), post(force="B", lat="12"))
    rows = [attack(date(2015, 2, 1)), attack(date(2015, 2, 1), lat=10.4), attack(date(2015, 2, 1), lat=20.0),
            attack(date(2015, 2, 1), where_prec=4), attack(date(2014, 2, 1))]  # fmt: skip
    found = checked(theatre, *rows)
    assert (found.civilians["attacks"], found.civilians["placed"], found.civilians["deaths"]) == (4, 3, 8)
    assert found.civilians["within"] == {"10": 1 / 3, "30": 1 / 3, "60": 2 / 3, "100": 2 / 3}
    assert [(f["force"], f["near"]) for f in found.by_force] == [("A", 1 / 3), ("B", 0.0)]


def test_harm_to_forces_is_told_by_sort():
    rows = [
        attack(date(2015, 2, 1), target="international_forces", deaths_international=3),
        attack(date(2015, 2, 2), target="national_forces", deaths_civilians=0, deaths_security=None),
    ]
    found = {f["target"]: f for f in checked(pack(post()), *rows).forces}
    assert found["international_forces"]["deaths"] == 3
    assert found["national_forces"]["deaths"] is None and found["national_forces"]["deaths_unknown"] == 1
    assert found["police_gendarmerie"]["attacks"] == 0


def test_people_by_road():
    region = {"level": "region", "name": "X", "capital": "T", "capital_lat": "10", "capital_lon": "0",
              "population_2009": "400"}  # fmt: skip
    near = {"level": "cercle", "name": "T", "parent": "X", "capital_lat": "10", "capital_lon": "0",
            "population_2009": "300"}  # fmt: skip
    far = near | {"name": "U", "capital_lat": "13", "population_2009": "100"}
    unknown = near | {"name": "V", "population_2009": None}
    roads = [{"road_km": "150", "crow_km": "100"}, {"road_km": "900", "crow_km": "100", "flag": "check"}]
    found = checked(pack(post(), regions=[region, near, far, unknown], roads=roads), attack(date(2015, 2, 1)))
    assert (found.road_ratio, found.road_pairs) == (1.5, 1)
    assert found.people["within_hours"]["1"] == 0.75
    assert (found.people["total"], found.people["areas_unknown"]) == (400.0, 1)
    assert found.areas[0]["posts"] == 1 and found.areas[0]["people"] == 400.0
    assert set(found.missing) == {"population_by_place", "forecast"}


def test_a_forecast_stands_beside_recent_harm():
    found = checked(pack(post()), attack(date(2015, 2, 1), admin1="X"), forecast={"X": 1.0, "Y": 3.0})
    assert [(a["share"], a["forecast_share"]) for a in found.areas] == [(1.0, 0.25), (0.0, 0.75)]
    assert "forecast" not in found.missing


def test_nothing_at_hand_is_said():
    found = checked(pack())
    assert found.civilians["within"] == {} and found.people == {}
    assert set(found.missing) == {"posts", "population_by_place", "population", "forecast"}


def test_the_shipped_pack_knows_no_later_post():
    mali = load_theatre("mali")
    then = posts_of(mali, date(2014, 6, 1))
    assert all(p.since <= date(2014, 6, 1) for p in then.posts)
    assert {p.town for p in then.posts} < {p.town for p in posts_of(mali, date(2015, 11, 24)).posts} | {
        p.town for p in then.posts
    }


@pytest.mark.parametrize("text", ["1e3", "-5", "many", "nan"])
def test_hostile_populations_count_as_unknown(text):
    row = {"level": "cercle", "name": "T", "parent": "X", "capital_lat": "10", "capital_lon": "0",
           "population_2009": text}  # fmt: skip
    assert checked(pack(post(), regions=[row])).people == {}
