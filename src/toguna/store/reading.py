"""Read small text tables whatever program wrote them: encoding, separator, blank cells, ragged rows.

Enters: a path. Leaves: a frame of text cells (blank = null) with `row`, and findings. Called by
`toguna.store.theatre` and `toguna.store.check`; `decode` and `separator` also by `toguna.sources`.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl

from toguna.core.errors import StoreError
from toguna.core.findings import Finding

__all__ = ["CONTROLS", "decode", "read_table", "separator"]

# Marks for machines that no page and no XML can hold; they are read as lost letters (text-garbled).
CONTROLS = "[\x00-\x08\x0b\x0c\x0e-\x1f]"


LARGEST = 200 * 10**6  # bytes; tables of a pack are read row by row


def decode(data: bytes, table: str) -> tuple[str, list[Finding]]:
    """Decode UTF-8 (with or without mark), UTF-16 with mark, or else Windows-1252 with a finding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), [_encoding(table, "UTF-16")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        # A file cut off in the middle of its last letter is no other alphabet; of ASCII alone it may be one.
        if (
            error.start >= len(data) - 3
            and "end of data" in error.reason
            and not data[: error.start].isascii()
        ):
            return data.decode("utf-8-sig", errors="replace"), []
        return data.decode("cp1252", errors="replace"), [_encoding(table, "Latin-1 or Windows-1252")]


def _encoding(table: str, found: str) -> Finding:
    return Finding(
        "text-encoding",
        "note",
        table,
        None,
        None,
        f"a file in {found}",
        "UTF-8",
        "It was read all the same; save it as UTF-8 so that accents stay right everywhere.",
    )


def separator(header: str) -> str:
    """Tell the separator of a table from its first line: the most frequent of , ; and tab."""
    return max(",;\t", key=header.count)


def read_table(path: Path, columns: tuple[str, ...]) -> tuple[pl.DataFrame, list[Finding]]:
    """Read one table as text.

    Parameters
    ----------
    path : Path
        The CSV file; it may be absent.
    columns : tuple of str
        Columns that the caller relies on; added as blanks when they are missing.

    Returns
    -------
    frame : DataFrame
        Text cells stripped, blank = null, and `row` (Int64, 1 = first data row). Extra columns are kept.
    findings : list of Finding
        text-encoding, table-unreadable, file-empty, file-too-large, column-missing, column-repeated,
        row-length.
    """
    if not path.exists():
        return _frame([], columns), []
    try:
        if (size := path.stat().st_size) > LARGEST:
            found, most = f"{size} bytes", f"a table of at most {LARGEST} bytes"
            repair = "Take releases of a source in with `toguna ingest`; a pack holds what its makers wrote."
            stop = Finding("file-too-large", "stop", path.name, None, None, found, most, repair)
            return _frame([], columns), [stop]
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from None
    text, findings = decode(data, path.name)
    plain = re.sub(CONTROLS, "\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines, broken = _records(plain, path.name)
    if broken:
        return _frame([], columns), [*findings, broken]
    if not lines:
        findings.append(
            _whole(path.name, "file-empty", "an empty file", "a header line", "Write the header line.")
        )
        return _frame([], columns), findings
    header = [name.strip() for name in lines[0]]
    findings += _header_findings(path.name, header, columns)
    rows = []
    for number, cells in enumerate(lines[1:], start=1):
        if len(cells) != len(header):
            findings.append(_row_length(path.name, number, len(cells), len(header)))
        padded = [*cells, *[""] * (len(header) - len(cells))]
        rows.append({name: cell.strip() or None for name, cell in zip(header, padded, strict=False)})
    return _frame(
        rows, (*columns, *(name for name in dict.fromkeys(header) if name not in columns))
    ), findings


def _records(text: str, table: str) -> tuple[list[list[str]], Finding | None]:
    """Split a table into cells; a quote that is never closed would swallow every row after it."""
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text), delimiter=separator(text.split("\n", 1)[0]), strict=True):
            lines += [line] if line else []
    except csv.Error as error:
        found = f"quotes that do not match ({error})" if len(lines) else f"a header that is none ({error})"
        return [], Finding(
            "table-unreadable",
            "stop",
            table,
            len(lines) or None,
            None,
            found,
            "text between two double quotes, quotes within it doubled",
            "Close or double the quotes of this row; the rows after it cannot be told apart.",
        )
    return lines, None


def _frame(rows: list[dict[str, str | None]], columns: tuple[str, ...]) -> pl.DataFrame:
    names = [name for name in columns if name and name != "row"]
    frame = pl.DataFrame(
        {n: [r.get(n) for r in rows] for n in names}, schema=dict.fromkeys(names, pl.String())
    )
    return frame.with_columns(pl.int_range(1, len(rows) + 1, dtype=pl.Int64).alias("row"))


def _whole(table: str, code: str, found: str, expected: str, repair: str) -> Finding:
    return Finding(code, "failure", table, None, None, found, expected, repair)


def _header_findings(table: str, header: list[str], columns: tuple[str, ...]) -> list[Finding]:
    found = [
        Finding("column-missing", "failure", table, None, name, "no such column", f"a column {name}",
                "Add the column; leave its cells blank where nothing is known.")
        for name in columns
        if name not in header
    ]  # fmt: skip
    for name in sorted({name for name in header if header.count(name) > 1}):
        found.append(_whole(table, "column-repeated", f"column {name!r} more than once", "each column once",
                            "Remove one of them; the last one was read."))  # fmt: skip
    return found


def _row_length(table: str, row: int, cells: int, width: int) -> Finding:
    return Finding(
        "row-length",
        "failure",
        table,
        row,
        None,
        f"{cells} cells",
        f"{width} cells, as in the header",
        "Put text that contains the separator between double quotes.",
    )
