"""Open a file of any usual kind as a grid of text cells, before anyone knows what is the header.

Enters: a path. Leaves: `Grid`. What cannot be used gets a finding of severity "stop", never an exception.
Called by `toguna.sources.table.source` and `.suggest`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from toguna.core.findings import Finding
from toguna.sources.delimited import MOST_COLUMNS, blocks
from toguna.sources.table.geojson import points
from toguna.sources.table.says import finding, listed
from toguna.sources.table.workbook import check_workbook
from toguna.sources.unpack import RefusedError, of_parquet
from toguna.store.reading import decode

__all__ = ["Grid", "open_grid"]

LARGEST = 10**9  # bytes; a table that people made is a thousandth of it
_SAMPLE = 60
_SEPARATORS = (",", ";", "\t", "|")
_READABLE = "a CSV, XLSX, Parquet or GeoJSON file"


@dataclass(frozen=True, slots=True)
class Grid:
    """A file as cells.

    Parameters
    ----------
    cells : DataFrame
        Text; columns are named only when the file itself names them.
    kind : {"text", "sheet", "named", "points"}
        "named": Parquet, whose columns have names; "points": GeoJSON, whose properties are named columns.
    findings : tuple of Finding
        What is remarkable; a "stop" forbids using it.
    separator, sheet : str
        What was taken.
    sheets : tuple of str
        All sheets of a workbook, those that are shown first.
    """

    cells: pl.DataFrame
    kind: str = "text"
    findings: tuple[Finding, ...] = ()
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def open_grid(path: Path, *, sheet: str = "", encoding: str = "", separator: str = "") -> Grid:
    """Read a file; what the caller states goes before what the file looks like."""
    try:
        if (size := path.stat().st_size) > LARGEST:
            return _stop(path.name, "file-too-large", found=f"{size} bytes", expected=f"at most {LARGEST}")
        data = path.read_bytes()
    except OSError as error:
        return _stop(path.name, "file-absent", found=f"{error.strerror}", expected="a file that can be read")
    if not data or data.isspace():
        return _stop(path.name, "file-empty", found="an empty file", expected="a table")
    try:
        if data[:4] in (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            return _parquet(data) if data[:4] == b"PAR1" else _workbook(data, path.name, sheet)
    except RefusedError as refused:
        return _stop(path.name, refused.code, found=refused.found, expected=refused.expected)
    return _written(*_decoded(data, path.name, encoding), table=path.name, separator=separator)


def _written(text: str, findings: list[Finding], *, table: str, separator: str) -> Grid:
    head = text.lstrip()[:200].lower()
    if head.startswith(("<!doctype", "<html", "<?xml", "<head")):
        return _stop(table, "file-is-a-page", found="a web page", expected=_READABLE)
    if not text.strip():
        return _stop(table, "file-empty", found="an empty file", expected="a table")
    if "\x00" in text[:2000]:
        return _stop(table, "file-unreadable", found="a binary file of another kind", expected=_READABLE)
    if head.startswith("{"):
        frame, said = points(text, table)
        return Grid(frame, "points", (*findings, *said))
    return _text(text, table, separator, findings)


def _decoded(data: bytes, table: str, encoding: str) -> tuple[str, list[Finding]]:
    if encoding:
        return data.decode(encoding, errors="replace").removeprefix("\ufeff"), []
    if data[1:60:2].count(0) > 20:  # UTF-16 without its mark: every second byte of Latin letters is zero
        return data.decode("utf-16-le", errors="replace"), decode(b"\xff\xfe", table)[1]
    return decode(data, table)


def _text(text: str, table: str, stated: str, findings: list[Finding]) -> Grid:
    separator = stated or _separator(text)
    # Strict: a quotation mark that is never closed would swallow rows without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        width = max((len(row) for row in reader), default=0)
    except csv.Error as error:
        found = f"a quotation mark out of place, or a giant cell, up to line {reader.line_num} ({error})"
        return _stop(table, "file-unreadable", found=found, expected="rows of cells")
    if width > MOST_COLUMNS:
        found, expected = f"a row of {width} cells", f"at most {MOST_COLUMNS} columns"
        return _stop(table, "file-unreadable", found=found, expected=expected)
    if text[-1] not in "\r\n":
        findings = [*findings, _cut_off(table)]
    names = [f"c{number}" for number in range(width)]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    empty = pl.DataFrame(schema=dict.fromkeys(names, pl.String()))
    return Grid(pl.concat([empty, *blocks(rows, names)]), "text", tuple(findings), separator=separator)


def _separator(text: str) -> str:
    """Take the separator that divides most lines into the same number of cells."""
    sample = "\n".join(text[:200_000].splitlines()[:_SAMPLE])

    def fit(mark: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if any(row)]
        except csv.Error:
            return 0.0, 0
        wide = [width for width in widths if width > 1]
        common = max(set(wide), key=wide.count, default=1)
        return wide.count(common) / max(len(widths), 1), common

    return max(_SEPARATORS, key=fit)


def _workbook(data: bytes, table: str, sheet: str) -> Grid:
    check_workbook(data)
    try:
        book = fastexcel.read_excel(data)
        if sheet and sheet not in book.sheet_names:
            return _no_sheet(table, sheet, book.sheet_names)
        names = _shown_first(book)
        chosen = sheet or (names[0] if names else "")
        frame = book.load_sheet(chosen, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        found = f"no workbook that can be read ({str(error).splitlines()[0][:100]})"
        return _stop(table, "file-unreadable", found=found, expected=_READABLE)
    if frame.width > MOST_COLUMNS:
        found, expected = f"{frame.width} columns", f"at most {MOST_COLUMNS} columns"
        return _stop(table, "file-unreadable", found=found, expected=expected)
    said = () if sheet or len(names) < 2 else (_several_sheets(table, chosen, names),)
    return Grid(frame, "sheet", said, sheet=chosen, sheets=tuple(names))


def _shown_first(book: fastexcel.ExcelReader) -> list[str]:
    """Name the sheets; lists of codes are often kept on hidden ones."""
    names = list(book.sheet_names)
    if len(names) < 2:
        return names
    shown = {n: book.load_sheet(n, header_row=None, n_rows=0).visible == "visible" for n in names}
    return sorted(names, key=lambda name: not shown[name])


def _parquet(data: bytes) -> Grid:
    frame = of_parquet(data)
    return Grid(frame.select(_as_text(frame[name]) for name in frame.columns), "named")


def _as_text(cells: pl.Series) -> pl.Series:
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
        whole = (cells == cells.round()) & (cells.abs() < 2.0**53)
        return cells.cast(pl.Int64) if (whole | cells.is_null()).all() else cells.cast(pl.String)
    if cells.dtype == pl.List(pl.String):
        return cells.list.join("; ", ignore_nulls=True)
    if cells.dtype.is_nested() or cells.dtype in (pl.Binary, pl.Object):
        return pl.Series(
            cells.name, [None if v is None else str(v) for v in cells.to_list()], dtype=pl.String
        )
    return cells.cast(pl.String)


def _no_sheet(table: str, sheet: str, names: list[str]) -> Grid:
    found, expected = f"no sheet '{sheet}'", f"one of the sheets {listed(names)}"
    said = (found, expected, "Correct `sheet` under [table] of the mapping.")
    return Grid(pl.DataFrame(), findings=(finding("sheet-absent", "stop", table=table, said=said),))


def _several_sheets(table: str, chosen: str, names: list[str]) -> Finding:
    found = f"{len(names)} sheets: {listed(names)}"
    repair = f"'{chosen}', the first that is shown, was read; state `sheet` under [table] of the mapping."
    return finding(
        "sheet-not-stated", "note", table=table, said=(found, "one sheet, or a stated one", repair)
    )


def _cut_off(table: str) -> Finding:
    repair = "Look whether the last row is whole: a download may be cut off."
    said = ("a last line without its end", "a line break", repair)
    return finding("file-cut-off", "note", table=table, said=said)


def _stop(table: str, code: str, *, found: str, expected: str) -> Grid:
    said = (found, expected, "Get the file again, or save it as CSV or XLSX.")
    return Grid(pl.DataFrame(), findings=(finding(code, "stop", table=table, said=said),))
