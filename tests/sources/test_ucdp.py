"""UCDP files of many versions, wrappings and kinds of damage."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from toguna.core.findings import stops
from toguna.core.names import EVENT_SCHEMA
from toguna.sources.protocol import RawFile
from toguna.sources.ucdp import SOURCE
from toguna.sources.ucdp_versions import published_at, version_of
from toguna.store.theatre import load_theatre

FULL = {
    "id": "7",
    "relid": "SEN-1",
    "year": "2015",
    "type_of_violence": "1",
    "conflict_dset_id": "1",
    "conflict_new_id": "1",
    "conflict_name": "X: Government",
    "dyad_dset_id": "1",
    "dyad_new_id": "1",
    "dyad_name": "Government of X - Y",
    "side_a": "Government of X",
    "side_b": "Y, Z",
    "source_article": "paper",
    "where_prec": "2",
    "where_coordinates": "Kidal town",
    "adm_1": "Tombouctou region",
    "adm_2": "Kidal cercle",
    "latitude": "18.44",
    "longitude": "1.40",
    "priogrid_gid": "155883",
    "country": "Mali",
    "country_id": "432",
    "date_prec": "1",
    "date_start": "2015-11-02",
    "date_end": "2015-11-03",
    "deaths_a": "1",
    "deaths_b": "1",
    "deaths_civilians": "0",
    "deaths_unknown": "0",
    "best": "2",
    "low": "1",
    "high": "4",
}


def write(path: Path, row: dict[str, str], *, mark: str = ",", encoding: str = "utf-8") -> Path:
    def cell(text: str) -> str:
        return f'"{text}"' if mark in text else text

    lines = [mark.join(row), mark.join(cell(text) for text in row.values())]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def parse(path: Path) -> tuple[RawFile, dict]:
    raw = SOURCE.read(path)
    assert not stops(raw.findings), raw.findings
    parsed = SOURCE.parse(raw, theatre=None)
    assert parsed.events.schema == EVENT_SCHEMA
    assert parsed.unreadable.is_empty()
    return raw, parsed.events.row(0, named=True)


def test_full_row_says_everything(tmp_path: Path) -> None:
    raw, event = parse(write(tmp_path / "GEDEvent_v25_1.csv", FULL))
    assert not raw.findings
    assert (raw.version, raw.published_at) == ("25.1", date(2025, 6, 30))
    expected = {
        "event_id": "ucdp:7",
        "row": 1,
        "date_start": date(2015, 11, 2),
        "date_end": date(2015, 11, 3),
        "date_prec": 1,
        "published_at": date(2025, 6, 30),
        "violence": "sb",
        "event_type": "state-based",
        "perpetrators": ["Government of X", "Y", "Z"],
        "side_b": "Y, Z",
        "best": 2,
        "low": 1,
        "high": 4,
        "deaths_civilians": 0,
        "place": "Kidal town",
        "admin1": "Tombouctou region",
        "country": "MLI",
        "lat": 18.44,
        "where_prec": 2,
        "gid": 155883,
        "within": None,
        "note": "Government of X - Y",
    }
    assert {name: event[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("mark", "encoding", "codes"),
    [
        (";", "utf-8", []),
        ("\t", "utf-8", []),
        (",", "utf-8-sig", []),
        (",", "utf-16", ["text-encoding"]),
        (";", "latin-1", ["text-encoding"]),
    ],
)
def test_separators_and_encodings(tmp_path: Path, mark: str, encoding: str, codes: list[str]) -> None:
    row = {**FULL, "where_coordinates": "Ségou"}
    raw, event = parse(write(tmp_path / "GEDEvent_v25_1.csv", row, mark=mark, encoding=encoding))
    assert [f.code for f in raw.findings] == codes
    assert event["place"] == "Ségou"


@pytest.mark.parametrize("name", ["ged171-csv.zip", "anything.zip"])
def test_zip_with_one_table(tmp_path: Path, name: str) -> None:
    table = write(tmp_path / "ged171.csv", FULL)
    with zipfile.ZipFile(tmp_path / name, "w") as box:
        box.write(table, "folder/ged171.csv")
        box.writestr("readme.txt", "hello")
    raw, event = parse(tmp_path / name)
    assert (raw.version, event["best"]) == ("17.1", 2)


def test_typed_cells_of_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            **{k: [v] for k, v in FULL.items()},
            "id": [7.0],
            "type_of_violence": [1.0],
            "date_start": [datetime(2015, 11, 2, 0, 0)],
            "date_end": [date(2015, 11, 3)],
            "best": [2.0],
            "low": [float("nan")],
            "high": pl.Series([4], dtype=pl.Int16),
            "country_id": [432.0],
            "latitude": [18.44],
            "longitude": pl.Series([1.4], dtype=pl.Float32),
        }
    )
    frame.write_parquet(tmp_path / "ucdp_ged_v22_1.parquet")
    raw, event = parse(tmp_path / "ucdp_ged_v22_1.parquet")
    assert raw.version == "22.1"
    assert (event["event_id"], event["best"], event["low"], event["high"]) == ("ucdp:7", 2, None, 4)
    assert (event["date_end"], event["country"]) == (date(2015, 11, 3), "MLI")


def test_fewer_columns_are_accepted_and_said(tmp_path: Path) -> None:
    few = "id date_start type_of_violence side_a side_b latitude longitude country best"
    row = {name: FULL[name] for name in few.split()}
    raw, event = parse(write(tmp_path / "GEDEvent_v25_1.csv", row))
    assert {f.code for f in raw.findings} == {"columns-absent"}
    assert all(f.severity == "note" for f in raw.findings)
    assert event["date_end"] == event["date_start"]
    assert (event["where_prec"], event["low"], event["country"]) == (None, None, "MLI")
    assert event["gid"] == 155883


def test_other_columns_are_noted_and_older_names_understood(tmp_path: Path) -> None:
    row = {k.upper() if k == "id" else k: v for k, v in FULL.items() if k not in ("best", "low", "high")}
    row |= {"best_est": "2", "low_est": "1", "high_est": "4", "mood": "bad"}
    raw, event = parse(write(tmp_path / "GEDEvent_v17_1.csv", row))
    assert [f.code for f in raw.findings] == ["columns-extra"]
    assert (event["event_id"], event["best"], event["high"]) == ("ucdp:7", 2, 4)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"  \n \n", "file-empty"),
        (b"id,date_start\n", "file-empty"),
        (b"<!DOCTYPE html>\n<html><body>Not found</body></html>", "file-is-a-page"),
        (b"PAR1 but not really", "file-unreadable"),
        (b"PK\x03\x04 broken zip", "file-unreadable"),
        (b"\x00\x01\x02\x03" * 50, "file-unreadable"),
        (b"a,b\n1,2\n", "file-not-ged"),
        (b"a,b\n1,2,3,4\n", "file-unreadable"),
    ],
)
def test_what_is_no_event_file_is_refused_in_words(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "GEDEvent_v25_1.csv"
    path.write_bytes(content)
    findings = stops(SOURCE.read(path).findings)
    assert [f.code for f in findings] == [code]
    assert findings[0].sentence()


def test_cut_off_download_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path / "GEDEvent_v25_1.csv", FULL)
    path.write_bytes(path.read_bytes()[:-3])
    assert "file-cut-off" in {f.code for f in SOURCE.read(path).findings}


def test_zip_without_table_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ged.zip", "w") as box:
        box.writestr("picture.png", "x")
    assert [f.code for f in SOURCE.read(tmp_path / "ged.zip").findings] == ["zip-without-table"]


@pytest.mark.parametrize("row", [{"country_id": ""}, {"country": "", "country_id": "432.0"}])
def test_rows_of_a_theatre_are_found_by_number_or_name(tmp_path: Path, row: dict[str, str]) -> None:
    theatre = load_theatre("mali")
    raw = SOURCE.read(write(tmp_path / "GEDEvent_v25_1.csv", {**FULL, **row}))
    mine = SOURCE.select(raw, theatre=theatre)
    assert mine.frame.height == 1
    assert SOURCE.parse(mine, theatre=theatre).events["admin1"].to_list() == ["Tombouctou"]
    other = SOURCE.read(
        write(tmp_path / "GEDEvent_v25_1.csv", {**FULL, "country": "Niger", "country_id": "436"})
    )
    assert SOURCE.select(other, theatre=theatre).frame.is_empty()


@pytest.mark.parametrize(
    ("name", "version", "day"),
    [
        ("GEDEvent_v25_1.csv", "25.1", date(2025, 6, 30)),
        ("ged211-csv.zip", "21.1", date(2021, 6, 30)),
        ("ged17.1.csv", "", None),
        ("ucdp_ged_v21_1_global.parquet", "21.1", date(2021, 6, 30)),
        ("GEDEvent_v23_0_10.csv", "23.0.10", date(2023, 11, 30)),
        ("GEDEvent_v23_0_12.csv", "23.0.12", date(2024, 1, 31)),
        ("GEDEvent_v23_01_23_09.csv", "23.1.23.9", date(2023, 10, 31)),
        ("events.csv", "", None),
        ("GEDEvent_v25_0_13.csv", "25.0.13", None),
    ],
)
def test_versions_and_their_days(name: str, version: str, day: date | None) -> None:
    assert version_of(name) == version
    assert published_at(version) == day


def test_fixtures_keep_every_row(shared_data: Path) -> None:
    for path in sorted((shared_data / "ucdp").glob("*ged*.parquet")):
        raw = SOURCE.read(path)
        parsed = SOURCE.parse(raw, theatre=None)
        assert parsed.events.height == raw.frame.height == pl.read_parquet(path).height
        assert parsed.unreadable.is_empty()
        assert parsed.events["country"].null_count() == 0
        assert parsed.events["violence"].null_count() == 0


def test_numbers_saved_as_floats_are_still_codes_and_names(tmp_path: Path) -> None:
    floats = {name: f"{FULL[name]}.0" for name in ("id", "type_of_violence", "best", "date_prec")}
    raw, event = parse(write(tmp_path / "GEDEvent_v25_1.csv", {**FULL, **floats}))
    assert not raw.findings
    assert (event["event_id"], event["best"]) == ("ucdp:7", int(FULL["best"]))
    assert event["violence"] is not None


def test_blank_lines_are_no_rows_and_old_line_ends_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "GEDEvent_v25_1.csv", FULL)
    text = path.read_bytes().replace(b"\r\n", b"\n")
    for content in (text + b"\n\n", b"\n" + text, text.replace(b"\n", b"\r")):
        path.write_bytes(content)
        raw = SOURCE.read(path)
        assert (raw.frame.height, raw.findings) == (1, ())


def test_a_line_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "GEDEvent_v25_1.csv", FULL)
    path.write_bytes(path.read_bytes().rstrip().rsplit(b",", 3)[0])
    assert [f.code for f in stops(SOURCE.read(path).findings)] == ["file-cut-off"]


def test_rows_with_too_few_cells_are_said(tmp_path: Path) -> None:
    path = write(tmp_path / "GEDEvent_v25_1.csv", FULL)
    head, row = path.read_text(encoding="utf-8").splitlines()
    lines = [head, row, row, row]
    lines[2] = lines[2].rsplit(",", 3)[0]
    for end in ("\n", "\r\n", "\r"):
        path.write_text(end.join([*lines, ""]), encoding="utf-8", newline="")
        raw = SOURCE.read(path)
        assert raw.frame.height == 3
        assert [(f.code, f.row) for f in raw.findings] == [("row-length", 2)]


def test_an_empty_last_cell_is_no_short_row(tmp_path: Path) -> None:
    path = write(tmp_path / "GEDEvent_v25_1.csv", FULL)
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},remark\n{row},\n{row},\n", encoding="utf-8")
    assert "row-length" not in {f.code for f in SOURCE.read(path).findings}


def test_a_column_twice_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "GEDEvent_v25_1.csv", FULL)
    head, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(head.strip() + ",best\n" + rest.replace("\n", ",999\n"), encoding="utf-8")
    raw = SOURCE.read(path)
    assert ("column-repeated", "best") in {(f.code, f.field) for f in raw.findings}
    assert SOURCE.parse(raw, theatre=None).events["best"].to_list() == [int(FULL["best"])]


def test_what_macos_puts_into_a_zip_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "GEDEvent_v25_1.csv", FULL)
    with zipfile.ZipFile(tmp_path / "ged251.zip", "w") as box:
        box.writestr("data/GEDEvent_v25_1.csv", path.read_bytes())
        for other in ("data/._GEDEvent_v25_1.csv", "data/__MACOSX/GEDEvent_v25_1.csv"):
            box.writestr(other, b"\x00")
    assert SOURCE.read(tmp_path / "ged251.zip").frame.height == 1


def test_a_zip_that_unpacks_to_more_than_any_release_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toguna.sources.unpack.LARGEST", 10_000)
    with zipfile.ZipFile(tmp_path / "ged251.zip", "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("GEDEvent_v25_1.csv", b"0" * 10_001)
    (tmp_path / "ged251.csv").write_bytes(b"0" * 10_001)
    for name in ("ged251.zip", "ged251.csv"):
        assert [f.code for f in SOURCE.read(tmp_path / name).findings] == ["file-too-large"]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("best", pl.Series([2**63 + 5], dtype=pl.UInt64)),
        ("best", pl.Series([True])),
        ("best", pl.Series([date(2015, 1, 1)])),
        ("best", pl.Series([9_007_199_254_740_991])),
        ("date_start", pl.Series([timedelta(1)])),
        ("latitude", pl.Series([[16.0]])),
    ],
)
def test_cells_of_a_type_that_no_release_has_are_kept_as_unreadable(
    tmp_path: Path, column: str, cells: pl.Series
) -> None:
    path = tmp_path / "GEDEvent_v25_1.parquet"
    pl.DataFrame({name: [cell] for name, cell in FULL.items()}).with_columns(
        cells.alias(column)
    ).write_parquet(path)
    parsed = SOURCE.parse(SOURCE.read(path), theatre=None)
    assert parsed.unreadable["field"].to_list() == [column]


def test_a_parquet_file_without_rows_is_refused_like_a_csv_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v25_1.parquet"
    pl.DataFrame(schema=dict.fromkeys(FULL, pl.String)).write_parquet(path)
    assert [f.code for f in SOURCE.read(path).findings] == ["file-empty"]


def test_marks_for_machines_are_read_as_lost_letters(tmp_path: Path) -> None:
    _, event = parse(write(tmp_path / "GEDEvent_v25_1.csv", {**FULL, "side_a": "Government\x07 of X"}))
    assert event["side_a"] == "Government\ufffd of X"
