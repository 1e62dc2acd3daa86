"""HXL: tags and metadata say how a table is read, or a stop says what they leave open."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from toguna.core.findings import stops
from toguna.core.names import EVENT_SCHEMA
from toguna.events.gather import gather
from toguna.events.ingest import ingest
from toguna.sources.hxl import SOURCE
from toguna.sources.protocol import RawFile
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

HEADS = ["No", "When", "Until", "Region", "P-code", "Lat", "Lon", "Killed", "Kind", "Group", "Who helps"]
TAGS = [
    "#event+id",
    "#date +start",
    "#date+end",
    "#adm1+name",
    "#adm1+code",
    "#geo+lat",
    "#geo+lon",
    "#affected+killed",
    "#event+type",
    "#group+name+first",
    "#org+reporting",
]
ROW = [
    "e1",
    "2015-08-07",
    "2015-08-08",
    "Mopti",
    "ML05",
    "14.5",
    "-4.2",
    "3",
    "Attack",
    "Group A",
    "An agency",
]
PACKAGE = {
    "success": True,
    "result": {
        "name": "mali-incidents",
        "title": "Mali: incidents",
        "license_title": "Creative Commons Attribution International",
        "dataset_source": "Field offices",
        "organization": {"title": "An Organisation"},
        "resources": [
            {
                "name": "Other",
                "url": "https://data.humdata.org/x/other.csv",
                "last_modified": "2014-01-01T00:00:00",
            },
            {
                "name": "Incidents",
                "url": "https://data.humdata.org/x/t.csv",
                "last_modified": "2016-02-03T04:05:06",
            },
        ],
    },
}


def write(path: Path, *rows: list[str], heads: list[str] = HEADS, tags: list[str] = TAGS) -> Path:
    every = [*([heads] if heads else []), tags, *(rows or [ROW])]
    lines = [",".join(cells) for cells in every]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_metadata(path: Path, told: Any = PACKAGE, name: str = "") -> Path:
    place = path.with_name(name or path.name + ".json")
    place.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return path


def first(path: Path) -> tuple[RawFile, dict[str, Any]]:
    raw = SOURCE.read(path)
    assert not stops(raw.findings), raw.findings
    parsed = SOURCE.parse(raw, theatre=None)
    assert parsed.events.schema == EVENT_SCHEMA and parsed.events.height == raw.frame.height
    return raw, parsed.events.row(0, named=True)


def codes(raw: RawFile) -> list[str]:
    return sorted(f.code for f in raw.findings)


def test_tags_alone_say_how_a_table_is_read(tmp_path: Path) -> None:
    raw, event = first(with_metadata(write(tmp_path / "t.csv")))
    expected = {
        "event_id": "hxl:mali-incidents:e1",
        "source": "hxl",
        "date_start": date(2015, 8, 7),
        "date_end": date(2015, 8, 8),
        "published_at": date(2016, 2, 3),
        "admin1": "Mopti",
        "lat": 14.5,
        "lon": -4.2,
        "best": 3,
        "event_type": "Attack",
        "perpetrators": ["Group A"],
    }
    assert {name: event[name] for name in expected} == expected
    assert codes(raw) == ["columns-not-used"], "the p-code and who helps"
    assert raw.licence == "Creative Commons Attribution International"
    assert raw.citation == (
        "An Organisation, Mali: incidents, Field offices, Humanitarian Data Exchange, "
        "last modified 2016-02-03"
    )


@pytest.mark.parametrize("kind", ["no heads", "xlsx", "parquet", "parquet with a row of tags"])
def test_every_wrapping(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.csv"
    if kind == "no heads":
        write(path, heads=[])
    elif kind == "xlsx":
        path = tmp_path / "t.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for number, cells in enumerate([["Incidents of 2015"], HEADS, TAGS, ROW]):
                sheet.write_row(number, 0, cells)
    else:
        path = tmp_path / "t.parquet"
        rows = [ROW] if kind == "parquet" else [TAGS, ROW]
        pl.DataFrame(rows, schema=TAGS if kind == "parquet" else HEADS, orient="row").write_parquet(path)
    raw, event = first(path)
    assert raw.frame.height == 1
    assert (event["event_id"], event["date_start"], event["best"]) == ("hxl:e1", date(2015, 8, 7), 3)


def test_tags_as_acled_and_others_write_them(tmp_path: Path) -> None:
    tags = ["#event+code", "#date+occurred", "#event+type", "#event+type+sub", "#group+name+first",
            "#group+name+first+assoc", "#group+name+second", "#geo+lat", "#geo+lon", "#affected+killed",
            "#loc+name", "#description"]  # fmt: skip
    cells = ["X1", "2015-08-07", "Battles", "Armed clash", "A", "B", "C", "14.5", "-4.2", "0", "Gao", "text"]
    _, event = first(write(tmp_path / "t.csv", cells, heads=[f"h{i}" for i in range(12)], tags=tags))
    assert (event["event_id"], event["event_type"], event["side_b"]) == ("hxl:X1", "Battles", "C")
    assert event["perpetrators"] == ["A", "B"] and event["note"] == "Armed clash; text"


def test_who_helps_is_never_who_attacked(tmp_path: Path) -> None:
    tags = ["#date", "#org", "#org+perpetrator"]
    _, event = first(write(tmp_path / "t.csv", ["2015-08-07", "An agency", "Group A"], heads=[], tags=tags))
    assert event["perpetrators"] == ["Group A"]


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        (["#date+start", "#affected+killed", "#affected+killed+total"], "best"),
        (["#date+occurred", "#date+happened", "#loc"], "date_start"),
        (["#date+start", "#geo+lat", "#geo+lat+dd"], "lat"),
    ],
)
def test_what_can_be_meant_twice_stops(tmp_path: Path, tags: list[str], name: str) -> None:
    cells = [["2015-08-07", "2015-08-07"][t == 0] if "date" in tag else "1" for t, tag in enumerate(tags)]
    (stop,) = stops(SOURCE.read(write(tmp_path / "t.csv", cells, heads=[], tags=tags)).findings)
    assert (stop.code, stop.field) == ("columns-ambiguous", name)
    assert sum(tag in stop.found for tag in tags) >= 1 and "toguna mapping" in stop.repair


def test_the_same_tag_twice_stops(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ["2015-08-07", "1", "2"], heads=["a", "b", "c"],
                 tags=["#date", "#affected+killed", "#affected+killed"])  # fmt: skip
    assert [f.code for f in stops(SOURCE.read(path).findings)] == ["columns-ambiguous"]


def test_start_says_itself_that_it_is_the_first_day(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ["2015-08-07", "2015-08-09"], heads=[], tags=["#date+start", "#date"])
    assert first(path)[1]["date_start"] == date(2015, 8, 7)


def test_two_names_of_a_place_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ["2015-08-07", "Gao", "Gaoh"], heads=[],
                 tags=["#date", "#loc+name+i_fr", "#loc+name+i_en"])  # fmt: skip
    raw, event = first(path)
    assert event["place"] == "Gao" and "columns-ambiguous" in codes(raw)


@pytest.mark.parametrize(
    ("tags", "code"),
    [(["#adm1", "#affected+killed"], "columns-not-told"), (["a", "b"], "tags-absent")],
)
def test_without_what_is_needed_it_stops(tmp_path: Path, tags: list[str], code: str) -> None:
    (stop,) = stops(SOURCE.read(write(tmp_path / "t.csv", ["Gao", "3"], heads=[], tags=tags)).findings)
    assert stop.code == code and "toguna mapping" in stop.repair


def test_days_of_unclear_order_stop(tmp_path: Path) -> None:
    tags = ["#date", "#affected+killed"]
    path = write(tmp_path / "t.csv", ["03/04/2015", "1"], ["05/06/2015", "1"], heads=[], tags=tags)
    assert "date-order-unstated" in [f.code for f in stops(SOURCE.read(path).findings)]
    path = write(tmp_path / "t.csv", ["03/04/2015", "1"], ["25/06/2015", "1"], heads=[], tags=tags)
    assert first(path)[1]["date_start"] == date(2015, 4, 3)


def test_an_export_of_acled_is_sent_to_its_own_source(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ["MLI1", "2015-08-07"], heads=["event_id_cnty", "event_date"],
                 tags=["#event+code", "#date+occurred"])  # fmt: skip
    (stop,) = stops(SOURCE.read(path).findings)
    assert stop.code == "rows-of-acled" and "ingest acled" in stop.repair


@pytest.mark.parametrize(
    ("told", "name", "code", "published"),
    [
        (None, "", "metadata-absent", None),
        ("{", "", "metadata-unreadable", None),
        ([], "", "metadata-unreadable", None),
        ({"resources": 7}, "", "metadata-unreadable", None),
        (
            {**PACKAGE["result"], "resources": [{"name": "a"}, {"name": "b"}]},
            "",
            "metadata-of-other-files",
            None,
        ),
        (PACKAGE["result"], "metadata.json", "", date(2016, 2, 3)),
        (
            {
                "name": "m",
                "licenses": [{"title": "CC BY 4.0"}],
                "created": "2016-01-02",
                "resources": [{"path": "t.csv"}],
            },
            "datapackage.json",
            "",
            date(2016, 1, 2),
        ),
    ],
)
def test_metadata(tmp_path: Path, told: Any, name: str, code: str, published: date | None) -> None:
    path = write(tmp_path / "t.csv")
    if told is not None:
        with_metadata(path, told, name)
    raw, event = first(path)
    assert raw.published_at == published
    assert (code in codes(raw)) if code else "publication-unknown" not in codes(raw)
    assert ("publication-unknown" in codes(raw)) == (published is None)
    assert event["published_at"] == (published or date(2015, 8, 8))


def test_metadata_are_part_of_the_digest(tmp_path: Path) -> None:
    home = Home(tmp_path / "kit")
    path = write(tmp_path / "t.csv")
    one = ingest("hxl", path, home)
    with_metadata(path)
    other = ingest("hxl", path, home)
    assert (one.status, other.status) == ("new", "new") and one.sha256 != other.sha256
    assert other.snapshot and other.snapshot.licence.startswith("Creative Commons")
    assert ingest("hxl", path, home).status == "already-held"


def test_the_account_adds_up_and_a_theatre_uses_it(tmp_path: Path) -> None:
    rows = [ROW, ["e2", "2015-08-09", "", "Gao", "", "16.2", "0.0", "many", "Attack", "Group A", ""]]
    rows += [["Total", "", "", "", "", "", "", "3", "", "", ""]]
    home = Home(tmp_path / "kit")
    account = ingest("hxl", with_metadata(write(tmp_path / "t.csv", *rows)), home)
    assert (account.read, account.accepted, account.quarantined) == (3, 2, 1)
    assert {"deaths-in-words", "totals-row"} <= {f.code for f in account.findings}
    theatre = load_theatre("mali")
    seen = gather(theatre, as_of=date(2016, 2, 3), sources=["hxl"], home=home)
    assert seen.events["event_id"].to_list() == ["hxl:mali-incidents:e1", "hxl:mali-incidents:e2"]


def test_the_file_of_ucdp_on_hdx_has_no_tags(shared_data: Path) -> None:
    raw = SOURCE.read(shared_data / "ucdp" / "ucdp_ged_nigeria_full_hdx.parquet")
    assert [f.code for f in raw.findings] == ["tags-absent"]
