"""Data files: as ``toguna export`` writes them, harmless in a spreadsheet, nothing that may not leave."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from datetime import date

import polars as pl
import pytest
from api_room import BASE, opened

from toguna.accounts.rights import Principal, Role
from toguna.room.exports import export
from toguna.room.search import called_of, prepare
from toguna.room.sheets import SHEETS, to_csv
from toguna.room.web.api.exports import FILES
from toguna.room.web.building import pointer, shelf
from toguna.room.web.built import EVENTS, Built
from toguna.store.home import Home

MARK = "Zqx"


def folder_of(home):
    told = json.loads(pointer(home, "mali", date(2015, 11, 24)).read_text())
    return shelf(home, "mali") / told["folder"]


def as_read(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_files_are_those_of_the_command_line(analyst, shared_home, tmp_path):
    built = Built.read(folder_of(shared_home))
    export(built.assessment, built.events, tmp_path)  # what `toguna export` does
    for name in ("events.csv", "events.geojson", *(f"{sheet.name}.csv" for sheet in SHEETS)):
        assert analyst.get(f"{BASE}/exports/{name}").content == (tmp_path / name).read_bytes(), name
    ours = pl.read_parquet(io.BytesIO(analyst.get(f"{BASE}/exports/events.parquet").content))
    assert ours.equals(pl.read_parquet(tmp_path / "events.parquet"))
    packed = zipfile.ZipFile(io.BytesIO(analyst.get(f"{BASE}/exports/all.zip").content))
    assert sorted(packed.namelist()) == sorted(path.name for path in tmp_path.iterdir())
    for name in packed.namelist():
        ours, theirs = packed.read(name), (tmp_path / name).read_bytes()
        if name == "genealogy.graphml":  # the order of its keys is that of the writing process
            ours, theirs = sorted(ours.split()), sorted(theirs.split())
        if name != "datapackage.json":
            assert ours == theirs, name
    listed = json.loads(packed.read("datapackage.json"))["resources"]
    assert {r["path"] for r in listed} == set(packed.namelist()) - {"datapackage.json"}


def test_every_file_of_the_list_is_there(analyst):
    listed = analyst.get(f"{BASE}/exports").json()["links"]
    assert len(listed) == len(FILES) + 1
    for link in listed:
        answered = analyst.get(link["href"])
        assert answered.status_code == 200
        assert answered.headers["content-type"] == link["type"]
        assert "attachment" in answered.headers["content-disposition"]
        assert answered.content


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.name)
def test_parquet_says_what_csv_says(analyst, sheet):
    table = pl.read_parquet(io.BytesIO(analyst.get(f"{BASE}/exports/{sheet.name}.parquet").content))
    rows = as_read(analyst.get(f"{BASE}/exports/{sheet.name}.csv").content)
    assert table.columns == rows[0]
    assert table.height == len(rows) - 2


def test_a_spreadsheet_is_helped_and_never_fooled(analyst):
    plain = analyst.get(f"{BASE}/exports/events.csv").content
    marked = analyst.get(f"{BASE}/exports/events.csv?bom=true").content
    assert marked == b"\xef\xbb\xbf" + plain or as_read(marked)[0] == as_read(plain)[0]
    assert marked.startswith(b"\xef\xbb\xbf")
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert as_read(plain)[1][0] == "#event+id"
    bare = as_read(analyst.get(f"{BASE}/exports/events.csv?hxl=false").content)
    assert len(bare) == len(as_read(plain)) - 1
    assert "#event+id" not in bare[1]


@pytest.mark.parametrize(
    "start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1"]
)
def test_no_cell_is_a_formula(start):
    sheet = SHEETS[1]
    written = as_read(to_csv(sheet, [{"id": start, "name": [start], "n_events": -1}]))[2]
    assert written[0].startswith("'") and written[1].startswith("'")
    assert written[sheet.columns.index(next(c for c in sheet.columns if c.name == "n_events"))] == "-1"


def test_narrowed_files_hold_what_a_search_finds(analyst):
    question = "place=Mopti&from=2015-01-01&sort=oldest"
    found = analyst.get(f"{BASE}/incidents?{question}&limit=1000").json()
    assert 0 < found["total"] < 50
    rows = as_read(analyst.get(f"{BASE}/exports/events.csv?{question}").content)
    assert [row[0] for row in rows[2:]] == [e["event_id"] for e in found["items"]]
    features = analyst.get(f"{BASE}/exports/events.geojson?{question}").json()["features"]
    assert [f["id"] for f in features] == [e["event_id"] for e in found["items"]]
    table = pl.read_parquet(io.BytesIO(analyst.get(f"{BASE}/exports/events.parquet?{question}").content))
    assert table["event_id"].to_list() == [e["event_id"] for e in found["items"]]


@pytest.fixture(scope="module")
def closed(built_home, tmp_path_factory):
    """A room in which one source may not be passed on, and some reports are sensitive."""
    home = Home(shutil.copytree(built_home, tmp_path_factory.mktemp("closed") / "home"))
    folder = folder_of(home)
    events = pl.read_parquet(folder / EVENTS)
    texts = [name for name, kind in events.schema.items() if kind == pl.String and name not in KEPT]
    ours = pl.int_range(pl.len()) % 3
    held = ours == 1
    sensitive = ours == 2
    events = events.with_columns(
        event_id=pl.when(held).then(pl.format("banned:{}", "row")).otherwise("event_id"),
        source=pl.when(held).then(pl.lit("banned")).otherwise("source"),
        sensitivity=pl.when(sensitive).then(pl.lit("high")).otherwise(pl.lit("low")),
        incident_id=pl.lit(None, pl.String),
        within=pl.lit(None, pl.String),
    ).with_columns(
        pl.when(held | sensitive).then(pl.format(f"={MARK}{{}}", "row")).otherwise(n).alias(n) for n in texts
    )
    events.write_parquet(folder / EVENTS)
    assessment = json.loads((folder / "assessment.json").read_text())
    account = assessment["data"][0]
    assessment["data"].append(account | {"source": "banned", "redistribute": False, "accepted": 53})
    kept = {"source": "chronology", "rows": 53, "coarsened": 0, "deaths": None, "areas": {}}
    assessment["notes"]["kept_back"] = [kept]
    (folder / "assessment.json").write_text(json.dumps(assessment))
    shutil.rmtree(folder / "search")
    prepare(events, called_of(assessment), folder / "search")
    shutil.rmtree(folder / "data")
    export(assessment, events, folder / "data")
    return opened(home, Principal(Role.ADMIN, 1, "Awa"))


KEPT = ("event_id", "source", "sensitivity", "violence", "incident_id", "within")


def test_rows_that_may_not_leave_are_in_no_answer(closed):
    told = closed.get("/api/v1/openapi.json").json()["paths"]
    values = {"{theatre}": "mali", "{collection}": "events", "{id}": "banned:2"}
    names = [*FILES, "all.zip"]
    paths = [
        p
        for path in told
        for p in ([path.replace("{file}", n) for n in names] if "{file}" in path else [path])
    ]
    asked = 0
    for path in paths:
        for name, value in values.items():
            path = path.replace(name, value)  # noqa: PLW2901
        for query in ("", f"?q={MARK}"):
            answered = closed.get(path + query)
            asked += answered.status_code == 200
            assert MARK.encode().lower() not in _whole(answered).lower(), path + query
    assert asked > 50


def _whole(answered):
    """Everything that an answer says, unpacked; the question that it repeats is left out."""
    content = answered.content.replace(f"q={MARK}".encode(), b"")
    if answered.headers.get("content-type") == "application/zip":
        packed = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(packed.read(n) for n in packed.namelist() if not n.endswith(".parquet"))
    if answered.headers.get("content-type", "").endswith("parquet"):
        content = str(pl.read_parquet(io.BytesIO(content)).to_dicts()).encode()
    if answered.status_code in (400, 422):
        content = content.replace(f'"found":"{MARK}"'.encode(), b"")
    return content


def test_what_was_withheld_is_said(closed):
    said = closed.get(f"{BASE}/withheld").json()["items"]
    assert [(w["source"], w["rows"], w["reason"]) for w in said] == [
        ("banned", 53, "terms"),
        ("chronology", 53, "sensitive"),
    ]
    header = "banned;rows=53;coarsened=0;reason=terms, chronology;rows=53;coarsened=0;reason=sensitive"
    for path in (
        "incidents",
        "exports/events.csv",
        "exports/all.zip",
        "collections/events/items",
        "why/where",
    ):
        assert closed.get(f"{BASE}/{path}").headers["x-toguna-withheld"] == header, path
    assert closed.get(f"{BASE}/incidents").json()["withheld"] == said
    assert closed.get(f"{BASE}/collections/events/items").json()["withheld"] == said
    packed = zipfile.ZipFile(io.BytesIO(closed.get(f"{BASE}/exports/all.zip").content))
    assert b"banned" in packed.read("WITHHELD.txt")
    french = closed.get(f"{BASE}/withheld?lang=fr").json()["items"][0]["text"]
    assert french == "Les conditions de la source interdisent de transmettre ses lignes."


def test_a_row_that_may_not_leave_is_refused_with_the_reason(closed):
    answered = closed.get(f"{BASE}/incidents/banned:2")
    assert answered.status_code == 451
    assert answered.json()["detail"] == "Not passed on: a row of banned."
    assert closed.get(f"{BASE}/collections/events/items/banned:2").status_code == 404


def test_only_what_may_leave_is_counted_in_lists(closed):
    whole = closed.get(f"{BASE}/incidents?limit=1000").json()
    assert {e["source"] for e in whole["items"]} == {"chronology"}
    assert {e["sensitivity"] for e in whole["items"]} == {"low"}
    assert 40 < whole["total"] < 60
