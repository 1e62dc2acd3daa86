"""Read a published file whatever its wrapping: CSV of any usual separator, zip with one CSV, Parquet.

Enters: a path. Leaves: `RawFile`, cells of CSV as text. What cannot be used gets a finding of severity
"stop", never an exception. Called by sources that take the user's files.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import polars as pl

from toguna.core.findings import Finding
from toguna.sources.protocol import RawFile
from toguna.store.reading import decode, separator

__all__ = ["read_published"]

_NOTHING = pl.DataFrame()
_LARGEST = 2 * 10**9  # bytes; the whole GED is a tenth of it


def read_published(path: Path) -> tuple[RawFile, str]:
    """Read a file; return it with the name of the file inside it (for a zip), or its own.

    The findings name what forbids using it (file-absent, file-empty, file-is-a-page, file-unreadable,
    file-too-large, file-cut-off, zip-without-table) or what was odd (text-encoding, column-repeated).
    """
    try:
        if path.stat().st_size > _LARGEST:
            return _too_large(path.name), path.name
        data = path.read_bytes()
    except OSError as error:
        return _stop(path.name, "file-absent", f"{error.strerror}", "a file that can be read"), path.name
    if not data.strip():
        return _stop(path.name, "file-empty", "an empty file", "a table"), path.name
    if data[:4] == b"PAR1":
        return _parquet(data, path.name), path.name
    if data[:4] == b"PK\x03\x04" or zipfile.is_zipfile(io.BytesIO(data)):
        return _zip(data, path.name)
    return _csv(data, path.name), path.name


def _zip(data: bytes, table: str) -> tuple[RawFile, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = [n for n in box.namelist() if n.lower().endswith((".csv", ".parquet", ".txt"))]
            names = [n for n in names if not _is_of_finder(n)]
            tables = [n for n in names if not n.lower().endswith(".txt")] or names
            if len(tables) != 1:
                found = f"{len(tables)} tables in the zip"
                return _stop(table, "zip-without-table", found, "a zip with one CSV or Parquet file"), table
            if box.getinfo(tables[0]).file_size > _LARGEST:
                return _too_large(table), table
            inner = box.read(tables[0])
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError) as error:
        return _stop(
            table, "file-unreadable", f"a damaged or locked zip ({error})", "a whole zip file"
        ), table
    name = Path(tables[0]).name
    return (_parquet(inner, table) if inner[:4] == b"PAR1" else _csv(inner, table)), name


def _is_of_finder(name: str) -> bool:
    """Whether a member of a zip is what macOS puts beside a file of the same name."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith("._")


def _parquet(data: bytes, table: str) -> RawFile:
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        return _stop(table, "file-unreadable", f"a damaged Parquet file ({_short(error)})", "a whole file")
    return _filled(frame, table, [])


def _filled(frame: pl.DataFrame, table: str, findings: list[Finding]) -> RawFile:
    if frame.is_empty():
        return _stop(table, "file-empty", "a header without rows", "rows of events")
    return RawFile(frame, findings=tuple(findings), table=table)


def _csv(data: bytes, table: str) -> RawFile:
    text, findings = decode(data, table)
    head = text.lstrip()[:200].lower()
    if head.startswith(("<!doctype", "<html", "<?xml", "<head")):
        found = "a web page instead of a table"
        return _stop(
            table, "file-is-a-page", found, "a CSV, zip or Parquet file", "Download the file itself."
        )
    if "\x00" in text[:2000]:
        return _stop(table, "file-unreadable", "a binary file of another kind", "a CSV, zip or Parquet file")
    if "\n" not in text:  # line ends of old Macs
        text = text.replace("\r", "\n")
    text = text.lstrip()
    head = text.split("\n", 1)[0]
    mark = separator(head)
    columns = _cells(head, mark)
    findings += _repeated(table, columns)
    if not text.endswith("\n"):
        last = text.rsplit("\n", 1)[-1]
        # With an odd number of quotes the line began inside a cell: how many cells it has is not known.
        if last.count('"') % 2 == 0 and len(_cells(last, mark)) < len(columns):
            return _stop(table, "file-cut-off", "a last line cut off in the middle", "a whole file")
        findings.append(_cut_off(table))
    try:
        frame = pl.read_csv(text.encode(), separator=mark, infer_schema=False, encoding="utf8")
    except (pl.exceptions.PolarsError, OSError) as error:
        return _stop(table, "file-unreadable", f"not a table ({_short(error)})", "rows of equal length")
    return _filled(frame.filter(pl.any_horizontal(pl.all().is_not_null())), table, findings)


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:  # a cell beyond the limit of the module
        return line.split(mark)


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__


def _stop(table: str, code: str, found: str, expected: str, repair: str = "Get the file again.") -> RawFile:
    finding = Finding(code, "stop", table, None, None, found, expected, repair)
    return RawFile(_NOTHING, findings=(finding,), table=table)


def _cut_off(table: str) -> Finding:
    repair = "Compare with the published number of rows: the download may be cut off."
    found, expected = "a last line without its end", "a line break"
    return Finding("file-cut-off", "note", table, None, None, found, expected, repair)


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
    found = f"more than {_LARGEST // 10**9} GB of text"
    return _stop(table, "file-too-large", found, "a release of one source", "Take the file of one release.")
