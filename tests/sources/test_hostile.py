"""Files made to do harm are refused with a finding, before they fill the memory."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from table_files import codes, table, taken, write

from toguna.core.errors import DataError
from toguna.core.findings import stops
from toguna.sources import unpack
from toguna.sources.files import read_published
from toguna.sources.table.grid import open_grid
from toguna.sources.unpack import RefusedError, of_zip, unfolds_to
from toguna.store.areas import Names, read_areas
from toguna.store.reading import read_table

READERS = {
    "published": lambda path: read_published(path)[0].findings,
    "table": lambda path: open_grid(path).findings,
    "pack": lambda path: read_table(path, ("id",))[1],
}
FILES = ("published", "table")
ROWS = b"id,best\n1,2\n3,4\n"


def packed(*parts: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts:
            box.writestr(name, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def workbook(*cells: tuple[int, int, str]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for row, column, text in cells:
            sheet.write_string(row, column, text)
    return stream.getvalue()


def changed(book: bytes, part: str, change: tuple[bytes, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as box:
        parts = [(name, box.read(name)) for name in box.namelist()]
    assert any(name == part and re.search(change[0], content) for name, content in parts)
    return packed(*((n, re.sub(*change, c) if n == part else c) for n, c in parts))


def stopped(path: Path, data: bytes, reader: str) -> list[str]:
    path.write_bytes(data)
    return [f.code for f in stops(READERS[reader](path))]


@pytest.mark.parametrize("reader", READERS)
def test_a_line_of_ten_gigabytes_is_refused_before_it_is_read(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as stream:
        stream.write(ROWS + b"5,")
    os.truncate(path, 10 * 2**30)  # a sparse file: it takes no room on the disk
    assert [f.code for f in stops(READERS[reader](path))] == ["file-too-large"]


@pytest.mark.parametrize("reader", FILES)
def test_a_hundred_thousand_columns_are_refused(tmp_path: Path, reader: str) -> None:
    data = ",".join(f"c{n}" for n in range(100_000)).encode() + b"\n" + b"1," * 99_999 + b"1\n"
    assert stopped(tmp_path / "x.csv", data, reader) == ["file-unreadable"]


def test_a_first_line_without_end_is_refused(tmp_path: Path) -> None:
    assert stopped(tmp_path / "x.csv", b"a" * (2 << 20), "published") == ["file-unreadable"]


def test_a_zip_that_unpacks_many_times_is_refused(tmp_path: Path) -> None:
    bomb = packed(("x.csv", b"id,best\n" + b"0" * (60 << 20)))
    assert len(bomb) < 100_000
    assert stopped(tmp_path / "x.zip", bomb, "published") == ["file-too-large"]
    assert stopped(tmp_path / "y.zip", packed(("in.zip", bomb)), "published") == ["zip-without-table"]
    assert stopped(tmp_path / "z.zip", packed(("in.csv", packed(("x.csv", ROWS)))), "published") == [
        "file-unreadable"
    ]


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_said() -> None:
    honest = packed(("x.csv", ROWS + b"0" * 100_000))
    size = len(ROWS) + 100_000
    lying = honest.replace(size.to_bytes(4, "little"), (20).to_bytes(4, "little"))
    with pytest.raises(RefusedError) as refused:
        of_zip(lying)
    assert refused.value.code == "file-unreadable"
    with pytest.raises(RefusedError, match="bytes when unpacked"):
        list(unfolds_to(lying, most=50_000))


@pytest.mark.parametrize(
    "name", ["../x.csv", "/etc/x.csv", "a/../../x.csv", "C:/x.csv", "..\\x.csv", "\\\\host\\x.csv"]
)
def test_a_zip_whose_names_point_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert stopped(tmp_path / "x.zip", packed((name, ROWS)), "published") == ["zip-unsafe-name"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.zip"]


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("x.csv")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    assert stopped(tmp_path / "x.zip", packed((link, b"/etc/passwd")), "published") == ["zip-unsafe-name"]


@pytest.mark.parametrize("reader", FILES)
def test_a_parquet_file_of_endless_rows_is_refused(
    tmp_path: Path, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "MOST_CELLS", 100_000)
    stream = io.BytesIO()
    pl.DataFrame({"id": pl.repeat(1, 200_000, eager=True)}).write_parquet(stream)
    assert len(stream.getvalue()) < 5_000
    assert stopped(tmp_path / "x.parquet", stream.getvalue(), reader) == ["file-too-large"]


def test_two_cells_at_the_far_end_of_a_sheet_are_refused(tmp_path: Path) -> None:
    far = workbook((0, 0, "date"), (1_048_575, 16_383, "x"))
    assert len(far) < 10_000
    assert stopped(tmp_path / "x.xlsx", far, "table") == ["file-too-large"]
    tall = changed(
        workbook((0, 0, "a"), (1, 2_000, "b")),
        "xl/worksheets/sheet1.xml",
        (rb'<row r="2"', b'<row  a=">" r="1048576"'),
    )
    assert stopped(tmp_path / "y.xlsx", tall, "table") == ["file-too-large"]
    padded = changed(
        far, "xl/worksheets/sheet1.xml", (rb'<c r="XFD', b'<c z="' + b" " * 900_000 + b'" r="XFD')
    )
    assert stopped(tmp_path / "z.xlsx", padded, "table") == ["file-too-large"]


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toguna.sources.table.workbook.MOST_UNPACKED", 1 << 20)
    book = changed(
        workbook((0, 0, "a")),
        "xl/worksheets/sheet1.xml",
        (b"<sheetData>", b"<!--" + b" " * (2 << 20) + b"--><sheetData>"),
    )
    assert stopped(tmp_path / "x.xlsx", book, "table") == ["file-too-large"]


def test_entities_of_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    laugh = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "'
        + b"&a;" * 1000
        + b'"><!ENTITY c "'
        + b"&b;" * 1000
        + b'">]>'
    )
    book = changed(
        workbook((0, 0, "date"), (1, 0, "x")), "xl/sharedStrings.xml", (rb"(<sst[^>]*>)", laugh + rb"\1")
    )
    book = changed(book, "xl/sharedStrings.xml", (b"<t>x</t>", b"<t>&c;</t>"))
    path = tmp_path / "x.xlsx"
    path.write_bytes(book)
    grid = open_grid(path)
    text = "".join(c or "" for row in grid.cells.iter_rows() for c in row)
    assert len(text) < 100


def test_nested_json_and_points_that_are_none(tmp_path: Path) -> None:
    for deep in (b"[" * 100_000, b'{"a":' * 100_000):
        assert stopped(
            tmp_path / "x.geojson", b'{"type":"FeatureCollection","features":' + deep, "table"
        ) == ["file-unreadable"]
    inner = b"[" * 900 + b"]" * 900
    feature = b'{"type":"Feature","properties":{"a":%s},"geometry":{"type":"Point","coordinates":%s}}'
    head, tail = b'{"type":"FeatureCollection","features":[', b"]}"
    path = tmp_path / "y.geojson"
    path.write_bytes(head + feature % (inner, b"[1.0,2.0]") + tail)
    grid = open_grid(path)
    assert stops(grid.findings) or grid.cells.height == 1
    bad = [b"[NaN,2.0]", b"[Infinity,1]", b"[1e999,1]", b'["a",1]', b"[]", b"null"]
    path.write_bytes(head + b",".join(feature % (b"1", place) for place in bad) + tail)
    grid = open_grid(path)
    assert grid.cells.height == len(bad)
    assert grid.cells["latitude"].null_count() == len(bad)
    assert [f.code for f in grid.findings] == ["geometry-not-a-point"]
    many = b",".join(b'"k%d":1' % n for n in range(3_000))
    assert stopped(path, head + b'{"type":"Feature","properties":{' + many + b"}}" + tail, "table") == [
        "file-unreadable"
    ]


def test_numbers_that_are_none_never_become_coordinates(tmp_path: Path) -> None:
    rows = ["a1,2015-08-07,nan,-4.2,3,X", "a2,2015-08-07,14.5,inf,3,X", "a3,2015-08-07,14.5,1e999,3,X"]
    _, parsed, admission = taken(write(tmp_path / "x.csv", table(*rows)))
    points = parsed.events.select("lat", "lon")
    assert points.null_count().row(0) == (1, 2)
    assert admission.accepted.height + admission.quarantined.height == 3


@pytest.mark.parametrize(
    "text",
    [
        b'id,best,x\n1,2,5" shell\n3,4,6" gun\n5,6,z\n',
        b'id,best,x\r\n1,2,"a\r\nb"\r\n3,4,c\r\n5,6,d\r\n',
        b"id,best,x\n1,2,a\r\n3,4,c\r5,6,d\n",
        b"id,best,x\r1,2,a\r3,4,c\r5,6,d\r",
        b"id,best,x\n1,2," + b"y" * 3_000 + b"\n3,4,\x00\n5,6,d\n",
        b'id,best,x\n1,2,"""q"""\n3,4,"a ""b"" c"\n5,6,d\n',
        b"\xef\xbb\xbfid,best,x\n\n1,2,a\n3,4,b\n\n\n5,6,c\n\n",
    ],
)
def test_marks_and_line_ends_lose_no_row(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text)
    raw, _ = read_published(path)
    assert not stops(raw.findings), raw.findings
    assert raw.frame["id"].to_list() == ["1", "3", "5"]
    assert raw.frame["best"].to_list() == ["2", "4", "6"]


@pytest.mark.parametrize(
    "text", [b'id,best\n1,"2\n3,4\n', b'id,best\n1,"2"x\n3,4\n', b"id,best\n1,2,3\n4,5\n"]
)
def test_rows_that_cannot_be_told_apart_are_refused_with_the_line(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text)
    (finding,) = stops(read_published(path)[0].findings)
    assert finding.code == "file-unreadable"
    assert "up to line" in finding.found


def test_a_cut_in_the_middle_of_a_letter_does_not_garble_the_others(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("id,best\n1,Ségou\n2,Mé".encode()[:-1])
    raw, _ = read_published(path)
    assert raw.frame["best"].to_list() == ["Ségou", "M\ufffd"]
    assert "text-encoding" not in codes(raw.findings)


def test_column_names_twice_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for text in (b"a,a,a_duplicated_0\n1,2,3\n", b'a,a,b\n1,2,5" x\n'):
        path.write_bytes(text)
        raw, _ = read_published(path)
        assert raw.frame.row(0)[:2] == ("1", "2")
        assert "column-repeated" in codes(raw.findings)


def test_outlines_nested_beyond_all_reason(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text('{"features": ' + "[" * 100_000, encoding="utf-8")
    with pytest.raises(DataError, match="not a GeoJSON file"):
        read_areas(path, level="adm1", settings={}, names=Names({}))
