"""Look into a workbook before it is opened: how far it unpacks, and how far its sheets reach.

Enters: the bytes of a file. Leaves nothing, or why it is refused. Called by `toguna.sources.table.grid`.

Two cells, one of them XFD1048576, are a file of a few kilobytes, and to a reader that lays a sheet out as a
rectangle 17 thousand million cells: the process would end, without an error that could be caught.
"""

from __future__ import annotations

import re

from toguna.sources.unpack import RefusedError, unfolds_to

__all__ = ["MOST_IN_SHEET", "MOST_UNPACKED", "check_workbook"]

MOST_UNPACKED = 10**9  # bytes of XML; a million rows of twenty columns
MOST_IN_SHEET = 50 * 10**6
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# No attribute holds "<", so that every search ends at the next tag; ">" may stand in one.
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<]*?\br\s*=\s*[\"'][$]?([A-Za-z]{1,3})[$]?(\d{1,7})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^<]*?\br\s*=\s*[\"'](\d{1,7})[\"']")
_LONGEST_TAG = 1 << 20


def check_workbook(data: bytes) -> None:
    """Refuse what would fill the memory; an old workbook (.xls) cannot, its sheets have 65,536 rows.

    Raises
    ------
    RefusedError
        file-too-large, file-unreadable.
    """
    if data[:2] != b"PK":
        return
    parts: set[str] = set()
    ends: dict[str, tuple[int, int]] = {}
    tail = b""
    for name, piece in unfolds_to(data, most=MOST_UNPACKED):
        seen = tail + piece if name in parts else piece
        parts.add(name)
        if _SHEET.fullmatch(name):
            ends[name] = _further(seen, ends.get(name, (0, 0)))
            tail = seen[max(seen.rfind(b"<"), 0) :]  # a tag may go on in the next piece
            if len(tail) > _LONGEST_TAG:
                raise RefusedError(
                    "file-unreadable", "a sheet with a tag that does not end", "a whole workbook"
                )
            if ends[name][0] * ends[name][1] > MOST_IN_SHEET:
                rows, columns = ends[name]
                found = f"a sheet that reaches over {rows} rows and {columns} columns"
                raise RefusedError("file-too-large", found, f"at most {MOST_IN_SHEET} cells")
    if not any(name.lower() == "xl/workbook.xml" for name in parts):
        raise RefusedError(
            "file-unreadable", "a zip that is no workbook", "a CSV, XLSX, Parquet or GeoJSON file"
        )


def _further(xml: bytes, end: tuple[int, int]) -> tuple[int, int]:
    """Return the last row and column of what was seen so far."""
    rows, columns = end
    for letters, number in _CELL.findall(xml):
        rows, columns = max(rows, int(number)), max(columns, _column(letters.upper()))
    return max([rows, *map(int, _ROW.findall(xml))]), columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
