"""Read a published file whatever its wrapping: CSV of any usual separator, zip with one CSV, Parquet.

Enters: a path. Leaves: `RawFile`, cells of CSV as text. What cannot be used gets a finding of severity
"stop", never an exception. Called by sources that take the user's files.
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path, PurePosixPath

import polars as pl

from toguna.core.findings import Finding
from toguna.sources import unpack
from toguna.sources.delimited import MOST_COLUMNS, NoTableError, is_utf8, rows_of, short_rows
from toguna.sources.protocol import RawFile
from toguna.store.reading import decode, separator

__all__ = ["read_published"]

_NOTHING = pl.DataFrame()
_MOST_HEADER = 1 << 20  # bytes of a first line; the longest published header has a thousand
_SPACE = b" \r\n"  # before the header; a tab would be an unnamed first column
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<head")


def read_published(path: Path) -> tuple[RawFile, str]:
    """Read a file; return it with the name of the file inside it (for a zip), or its own.

    The findings name what forbids using it (file-absent, file-empty, file-is-a-page, file-unreadable,
    file-too-large, file-cut-off, zip-without-table, zip-unsafe-name) or what was odd (text-encoding,
    column-repeated, row-length).
    """
    try:
        if path.stat().st_size > unpack.LARGEST:
            return _too_large(path.name), path.name
        data = path.read_bytes()
    except OSError as error:
        return _stop(path.name, "file-absent", f"{error.strerror}", "a file that can be read"), path.name
    if data.isspace() or not data:
        return _stop(path.name, "file-empty", "an empty file", "a table"), path.name
    name = path.name
    try:
        if data[:4] == b"PK\x03\x04" or zipfile.is_zipfile(io.BytesIO(data)):
            inner, data = unpack.of_zip(data)
            name = PurePosixPath(inner).name
        if data[:4] == b"PAR1":
            return _filled(unpack.of_parquet(data), path.name, []), name
    except unpack.RefusedError as refused:
        return _stop(path.name, refused.code, refused.found, refused.expected), path.name
    return _csv(data, path.name), name


def _filled(frame: pl.DataFrame, table: str, findings: list[Finding]) -> RawFile:
    if frame.is_empty():
        return _stop(table, "file-empty", "a header without rows", "rows of events")
    return RawFile(frame, findings=tuple(findings), table=table)


def _csv(data: bytes, table: str) -> RawFile:
    data, findings = _as_utf8(data, table)
    if data[:1] in (b" ", b"\r", b"\n"):
        data = data.lstrip(_SPACE)
    if data[:200].lower().startswith(_PAGES):
        found = "a web page instead of a table"
        return _stop(
            table, "file-is-a-page", found, "a CSV, zip or Parquet file", "Download the file itself."
        )
    if b"\x00" in data[:2000]:
        return _stop(table, "file-unreadable", "a binary file of another kind", "a CSV, zip or Parquet file")
    head = _first_line(data)
    mark = separator(head)
    columns = _cells(head, mark)
    if len(head) > _MOST_HEADER or len(columns) > MOST_COLUMNS:
        found = f"a first line of {len(columns)} columns" if len(columns) > 1 else "a first line without end"
        return _stop(table, "file-unreadable", found, f"a header of at most {MOST_COLUMNS} columns")
    findings += _repeated(table, columns)
    if not data.endswith((b"\n", b"\r")):
        last = data[max(data.rfind(b"\n"), data.rfind(b"\r")) + 1 :].decode("utf-8", errors="replace")
        # With an odd number of quotes the line began inside a cell: how many cells it has is not known.
        if last.count('"') % 2 == 0 and len(_cells(last, mark)) < len(columns):
            return _stop(table, "file-cut-off", "a last line cut off in the middle", "a whole file")
        findings.append(_cut_off(table))
    try:
        frame = rows_of(data, mark)
    except NoTableError as error:
        return _stop(table, "file-unreadable", f"not a table ({error})", "rows of equal length")
    findings += _short(table, short_rows(data, mark, frame), frame.width)
    return _filled(_without_blanks(frame), table, findings)


def _as_utf8(data: bytes, table: str) -> tuple[bytes, list[Finding]]:
    """Take UTF-8 as it is, without its mark; write anything else as UTF-8."""
    if is_utf8(data):
        return data.removeprefix(b"\xef\xbb\xbf"), []
    text, findings = decode(data, table)
    return text.encode("utf-8", errors="replace"), findings


def _first_line(data: bytes) -> str:
    """Return the first line, or no more than shows that it is too long."""
    start = data[: _MOST_HEADER + 1].decode("utf-8", errors="replace")
    return start.replace("\r", "\n").split("\n", 1)[0]


def _without_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """Take out blank lines; the frame itself where there are none, which costs nothing."""
    blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
    return frame.filter(~blank) if blank.any() else frame


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:  # a cell beyond the limit of the module
        return line.split(mark)


def _stop(table: str, code: str, found: str, expected: str, repair: str = "Get the file again.") -> RawFile:
    finding = Finding(code, "stop", table, None, None, found, expected, repair)
    return RawFile(_NOTHING, findings=(finding,), table=table)


def _cut_off(table: str) -> Finding:
    repair = "Compare with the published number of rows: the download may be cut off."
    found, expected = "a last line without its end", "a line break"
    return Finding("file-cut-off", "note", table, None, None, found, expected, repair)


def _short(table: str, rows: list[int], width: int) -> list[Finding]:
    if not rows:
        return []
    found = f"{len(rows)} rows with fewer cells, the first is row {rows[0]}"
    repair = "Get the file again, or complete these rows; their missing cells were read as blank."
    return [
        Finding("row-length", "failure", table, rows[0], None, found, f"{width} cells in each row", repair)
    ]


def _repeated(table: str, columns: list[str]) -> list[Finding]:
    names = [name.strip() for name in columns]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    repair = "Remove one of them; the first one was read."
    return [
        Finding(
            "column-repeated", "failure", table, None, name, "this column twice", "each column once", repair
        )
        for name in twice
    ]


def _too_large(table: str) -> RawFile:
    found = f"more than {unpack.LARGEST // 10**9} GB of text"
    return _stop(table, "file-too-large", found, "a release of one source", "Take the file of one release.")
