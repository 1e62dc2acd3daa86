"""What a reporter points at a place on: outlines and places of a theatre, whichever it is, in few bytes."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import polars as pl
import pytest
import shapely

from toguna.core.language import LANGUAGES, Language
from toguna.events.outlines import holders
from toguna.reading.gazetteer import close, points
from toguna.room.web.ground import ground
from toguna.store.theatre import Theatre, load_theatre


@pytest.fixture(scope="module")
def mali() -> Theatre:
    return load_theatre("mali")


def without_outlines(theatre: Theatre) -> Theatre:
    return replace(theatre, outlines={}, _areas={})


def shape_of(land: dict, step: float):
    """Put a land together again, as the script does."""
    rings = [list(zip(accumulate(ring[::2]), accumulate(ring[1::2]), strict=True)) for ring in land["rings"]]
    return shapely.transform(shapely.union_all([shapely.Polygon(r) for r in rings]), lambda xy: xy * step)


def test_what_is_drawn_are_the_outlines_of_the_theatre(mali: Theatre):
    told = ground(mali, Language("en"))
    own = {land["name"]: land for land in told["lands"] if land["own"]}
    areas = mali.areas("adm1")
    assert set(own) == {area.name for area in areas}
    for area in areas:
        drawn = shape_of(own[area.name], told["step"])
        assert drawn.symmetric_difference(area.geometry).area < 0.02 * area.geometry.area, area.name
        x, y = own[area.name]["at"]
        assert area.geometry.contains(shapely.Point(x * told["step"], y * told["step"]))
    around = {land["name"] for land in told["lands"] if not land["own"]}
    assert {"Niger", "Mauritania", "Burkina Faso"} <= around
    assert "Mali" not in around


def test_places_say_where_they_lie_and_seats_come_first(mali: Theatre):
    told = ground(mali, Language("fr"))
    named = {(name, told["regions"][region]): (x, y) for name, region, x, y in told["places"]}
    assert told["places"][0][0] == "Bamako"
    assert {name for name, *_ in told["places"][:9]} == {area.name for area in mali.areas("adm1")}
    assert {("Sévaré", "Mopti"), ("Hombori", "Mopti"), ("Téra", "Niger")} <= set(named)
    assert "Timbuktu" not in {name for name, _ in named}  # it is there as Tombouctou
    areas = mali.areas("adm1")
    for (name, region), (x, y) in named.items():
        lon, lat = x * told["step"], y * told["step"]
        held = holders([a.geometry for a in areas], pl.Series([lat]).to_numpy(), pl.Series([lon]).to_numpy())
        if held[0] >= 0 and shapely.Point(lon, lat).distance(areas[held[0]].geometry.boundary) > told["step"]:
            assert region == areas[held[0]].name, name


def test_a_place_of_the_theatre_is_not_told_twice(mali: Theatre):
    found = [spot for spot in points(mali) if spot.country == "MLI"]
    twice = [
        (a.name, b.name) for n, a in enumerate(found) for b in found[:n]
        if a.name == b.name and close(a, b, within_km=30)
    ]  # fmt: skip
    assert twice == []
    bamako = [spot for spot in found if spot.name == "Bamako"]
    assert [(spot.source, spot.population > 1_000_000) for spot in bamako] == [("theatre", True)]
    assert not [spot.name for spot in found if " near " in spot.name or " km " in spot.name]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_light(mali: Theatre, lang):
    told = json.dumps(ground(mali, Language(lang)), ensure_ascii=False, separators=(",", ":")).encode()
    assert len(gzip.compress(told, 5)) < 16_000


def test_a_theatre_without_outlines_has_its_places(mali: Theatre):
    told = ground(without_outlines(mali), Language("en"))
    assert told["lands"] == []
    named = {(name, told["regions"][region]) for name, region, *_ in told["places"]}
    assert ("Sévaré", "Mopti") in named  # as places.csv says
    west, south, east, north = told["box"]
    assert -13 < west < east < 5
    assert 10 < south < north < 25


def test_a_theatre_without_anything_has_no_map(mali: Theatre):
    bare = {name: table.clear() for name, table in mali.tables.items()}
    told = ground(replace(without_outlines(mali), tables=bare), Language("en"))
    assert told["box"] is None


def test_a_theatre_as_small_as_a_town_anywhere_is_drawn_as_finely(mali: Theatre, tmp_path: Path):
    ring = [[95.30, 5.50], [95.36, 5.50], [95.36, 5.5601], [95.33, 5.5734], [95.30, 5.56], [95.30, 5.50]]
    feature = {
        "type": "Feature",
        "properties": {"name": "Ulee"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "adm2.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    bare = {name: table.clear() for name, table in mali.tables.items()}
    small = replace(
        without_outlines(mali), countries=("IDN",), tables=bare, settings={}, outlines={"adm2": path}
    )
    told = ground(small, Language("en"))
    (land,) = told["lands"]
    assert land["own"]
    assert land["name"] == "Ulee"
    drawn, true = shape_of(land, told["step"]), shapely.Polygon(ring)
    assert drawn.symmetric_difference(true).area < 0.01 * true.area
    assert told["step"] < 0.0001
    assert told["box"] == [95.3, 5.5, 95.36, 5.5734]
