"""Data files: complete, tagged, described, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import polars as pl
import pytest
import sample

from toguna.core.names import EVENT_SCHEMA
from toguna.room.exports import export
from toguna.room.sheets import SHEETS, Field, Sheet, safe, to_csv


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("export")
    export(sample.assessment(), sample.events(), out)
    return out


def _rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_every_csv_has_hxl_tags_in_its_second_line(folder):
    for path in folder.glob("*.csv"):
        names, tags, *_ = _rows(path)
        assert len(names) == len(tags) and all(t.startswith("#") for t in tags), path.name


def test_no_text_cell_is_a_formula(folder):
    assert safe("=1") == "'=1" and safe("a") == "a"
    events = _rows(folder / "events.csv")
    place = events[0].index("place")
    assert "'=cmd|'calc'!A1" in [r[place] for r in events[2:]]
    rows = _rows(folder / "responses.csv")
    notes = [r[rows[0].index("note")] for r in rows[2:]]
    assert "'@sum" in notes
    for path in folder.glob("*.csv"):
        for row in _rows(path)[2:]:
            assert not any(c[:1] in "=+@\t\r" for c in row if c), path.name


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "＝1", "－1"]
)
def test_every_way_to_begin_a_formula_is_quoted(text):
    sheet = Sheet("x", (Field("a", "#a"), Field("b", "#b")), lambda _: [])
    stream = io.StringIO(to_csv(sheet, [{"a": text, "b": [text, "y"]}]).decode(), newline="")
    assert list(csv.reader(stream))[2] == [f"'{text}", f"'{text} ; y"]


@pytest.mark.parametrize("number", [-4.25, 0, -1, 1e-7, 3])
def test_numbers_stay_numbers(number):
    sheet = Sheet("x", (Field("a", "#a", "number"),), lambda _: [])
    cell = to_csv(sheet, [{"a": number}]).decode().split("\r\n")[2]
    assert float(cell) == number


def test_parquet_is_the_frame_itself(folder):
    frame = pl.read_parquet(folder / "events.parquet")
    assert frame.schema == EVENT_SCHEMA and frame.equals(sample.events())


def test_geojson_has_longitude_first_and_one_feature_per_event(folder):
    found = json.loads((folder / "events.geojson").read_text(encoding="utf-8"))
    first = sample.events().row(0, named=True)
    assert len(found["features"]) == 60
    assert found["features"][0]["geometry"]["coordinates"] == [first["lon"], first["lat"]]
    assert "lat" not in found["features"][0]["properties"]


def test_package_describes_every_file_with_digest_and_licence(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = {p.name for p in folder.iterdir()} - {"datapackage.json"}
    assert {r["path"] for r in package["resources"]} == files
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert resource["licenses"] == [{"name": "CC-BY-4.0", "title": "CC-BY-4.0"}]
    assert "never a person" in package["description"]


def test_fields_are_those_of_the_header(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["format"] == "csv":
            assert [f["name"] for f in resource["schema"]["fields"]] == _rows(folder / resource["path"])[0]


def test_sheets_hold_every_row_of_the_assessment(folder):
    found = sample.assessment()
    assert len(_rows(folder / "shifts.csv")) == 2 + len(found["shifts"]) + len(found["tested"])
    assert {s.name for s in SHEETS} >= {"shifts", "actors", "responses", "findings", "claims", "areas"}


def test_second_export_gives_the_same_bytes(folder, tmp_path):
    export(sample.assessment(), sample.events(), tmp_path)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
