"""GeoJSON: points whose properties say what they are; lines and areas are told, not lost."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toguna.core.findings import stops
from toguna.events.ingest import ingest
from toguna.sources.geojson import SOURCE
from toguna.sources.protocol import RawFile
from toguna.store.home import Home

POINT = {"type": "Point", "coordinates": [-4.2, 14.5]}


def feature(geometry: Any = POINT, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"date": "2015-08-07", "deaths": 3, **properties},
    }


def write(path: Path, *features: dict[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def first(path: Path) -> tuple[RawFile, dict[str, Any]]:
    raw = SOURCE.read(path)
    assert not stops(raw.findings), raw.findings
    parsed = SOURCE.parse(raw, theatre=None)
    assert parsed.events.height == raw.frame.height
    return raw, parsed.events.row(0, named=True)


def stopped(path: Path) -> str:
    (stop,) = stops(SOURCE.read(path).findings)
    return stop.code


def test_points_with_usual_names(tmp_path: Path) -> None:
    whole = feature(lieu="Ségou", auteur=["Group A", "Group B"], tués=3)
    del whole["properties"]["deaths"]
    raw, event = first(write(tmp_path / "t.geojson", {**whole, "id": "e1"}))
    assert (event["event_id"], event["source"], event["date_start"]) == (
        "geojson:e1",
        "geojson",
        date(2015, 8, 7),
    )
    assert (event["lat"], event["lon"], event["best"], event["place"]) == (14.5, -4.2, 3, "Ségou")
    assert event["perpetrators"] == ["Group A", "Group B"]
    assert {f.code for f in raw.findings} == {"metadata-absent", "publication-unknown"}


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 0]]]},
        {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]},
        {"type": "GeometryCollection", "geometries": [POINT]},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["a", "b"]},
        7,
    ],
)
def test_what_is_no_point_is_told_and_kept(tmp_path: Path, geometry: Any) -> None:
    account = ingest(
        "geojson", write(tmp_path / "t.geojson", feature(geometry), feature()), Home(tmp_path / "kit")
    )
    assert (account.read, account.accepted) == (2, 2)
    (said,) = [f for f in account.findings if f.code == "geometry-not-a-point"]
    assert said.found.startswith("1 features")


def test_a_third_number_and_a_multipoint_of_one(tmp_path: Path) -> None:
    high = {"type": "Point", "coordinates": [-4.2, 14.5, 300.0]}
    one = {"type": "MultiPoint", "coordinates": [[-4.2, 14.5]]}
    for geometry in (high, one):
        _, event = first(write(tmp_path / "t.geojson", feature(geometry)))
        assert (event["lat"], event["lon"]) == (14.5, -4.2)


def test_the_geometry_goes_before_properties(tmp_path: Path) -> None:
    _, event = first(write(tmp_path / "t.geojson", feature(latitude=1, longitude=2, lat=3)))
    assert (event["lat"], event["lon"]) == (14.5, -4.2)


def test_swapped_numbers_stop(tmp_path: Path) -> None:
    swapped = feature({"type": "Point", "coordinates": [14.5, 120.2]})
    assert stopped(write(tmp_path / "t.geojson", feature(), swapped)) == "positions-swapped"


@pytest.mark.parametrize(
    ("crs", "good"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("EPSG:4326", True),
        (None, True),
        ("urn:ogc:def:crs:EPSG::32630", False),
        ("EPSG:3857", False),
        ("EPSG:14326", False),
    ],
)
def test_other_reference_systems_stop(tmp_path: Path, crs: str | None, good: bool) -> None:
    member = {"type": "name", "properties": {"name": crs}} if crs else None
    path = write(tmp_path / "t.geojson", feature(), crs=member)
    assert not stops(SOURCE.read(path).findings) if good else stopped(path) == "file-unreadable"


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"killed": 4}, "columns-ambiguous"),
        ({"date": None, "when it was": "x"}, "columns-not-told"),
        ({"event_id_cnty": "MLI1"}, "rows-of-acled"),
    ],
)
def test_names_that_leave_it_open_stop(tmp_path: Path, properties: dict[str, Any], code: str) -> None:
    whole = feature(**properties)
    whole["properties"] = {k: v for k, v in whole["properties"].items() if v is not None}
    assert stopped(write(tmp_path / "t.geojson", whole)) == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("id,date\n1,2015-08-07\n", "file-not-geojson"),
        ("", "file-empty"),
        ("<html>", "file-is-a-page"),
        ('{"type": "FeatureCollection"}', "file-unreadable"),
        ('{"type": "FeatureCollection", "features": []}', "file-empty"),
        ('{"type": "FeatureCollection", "features": [7]}', "file-unreadable"),
        ('{"type": "Topology"}', "file-unreadable"),
        ("{", "file-unreadable"),
        ("[" * 100_000, "file-not-geojson"),
        ('{"a":' * 100_000, "file-unreadable"),
    ],
    ids=range(10),
)
def test_what_is_no_geojson_stops(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(content, encoding="utf-8")
    assert stopped(path) == code
