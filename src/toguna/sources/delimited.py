"""Rows of delimited text: fast where it is well formed, one by one where it is not.

Enters: the bytes of a file. Leaves: a frame of text cells (nothing between two separators = null); what can
not be told into rows raises `NoTableError`. Called by `toguna.sources.files` and `.table.grid`.

Polars reads on all cores, but takes every quotation mark for the border of a cell when it looks for the
ends of lines: `5" shell` makes it see other rows than are there. So the marks are looked at first. Where one
stands inside a cell, or a line ends like those of old Macs, the csv module reads instead, in blocks.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

import numpy as np
import polars as pl

__all__ = [
    "MOST_COLUMNS",
    "NoTableError",
    "blocks",
    "is_utf8",
    "named",
    "rows_of",
    "short_rows",
    "well_formed",
]

MOST_COLUMNS = 2_000
_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")
_PIECE = 1 << 22
_BLOCK = 50_000
_MARK = codecs.BOM_UTF8
POLARS_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


class NoTableError(Exception):
    """The text cannot be told into rows; caught where the finding is made."""


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, looked at in pieces: a second copy of a large file is not made.

    Polars looks at 64 bytes at a time (simdutf8); Python's decoder would take a third of the whole reading.
    """
    start = 0
    while start < len(data):
        end = min(start + _PIECE, len(data))
        while end < len(data) and end > start and data[end] & 0xC0 == 0x80:  # within a letter
            end -= 1
        if end == start:  # a piece of nothing but the insides of letters
            return False
        try:
            pl.Series([data[start:end]], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.PolarsError:
            return False
        start = end
    return True


def well_formed(data: bytes, mark: str) -> bool:
    """Whether every quotation mark opens or closes a cell, and every carriage return belongs to a line feed.

    Marks are numbered through the file: the first, third ... open and follow a separator, a line end or
    another mark; the second, fourth ... close and are followed by one (RFC 4180, sections 2.5 to 2.7).
    """
    cells = np.frombuffer(data, np.uint8)
    border = np.zeros(256, dtype=bool)
    border[[ord(mark), _LF, _CR, _QUOTE]] = True
    first, last, seen = len(_MARK) if data.startswith(_MARK) else 0, len(cells) - 1, 0
    for start in range(0, len(cells), _PIECE):
        piece = cells[start : start + _PIECE]
        marks, returns = np.flatnonzero(piece == _QUOTE) + start, np.flatnonzero(piece == _CR) + start
        opening, closing = marks[seen % 2 :: 2], marks[1 - seen % 2 :: 2]
        good = border[cells[np.maximum(opening - 1, 0)]] | (opening == first)
        if not good.all() or not (border[cells[np.minimum(closing + 1, last)]]).all():
            return False
        if (cells[np.minimum(returns + 1, last)] != _LF).any():
            return False
        seen += len(marks)
    return seen % 2 == 0


def rows_of(data: bytes, mark: str) -> pl.DataFrame:
    """Read UTF-8 text whose first line names the columns.

    Raises
    ------
    NoTableError
        A quotation mark is never closed, a row has more cells than the header, or there is no header.
    """
    if well_formed(data, mark):
        try:
            return pl.read_csv(data, separator=mark, infer_schema=False, encoding="utf8")
        except POLARS_ERRORS:
            pass  # the csv module says what is wrong, and in which line
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=mark, strict=True)
    try:
        header = next(row for row in reader if any(row))
        frames = [pl.DataFrame(schema=dict.fromkeys(named(header), pl.String()))]
        frames += blocks(reader, frames[0].columns)
    except csv.Error as error:
        raise NoTableError(f"{error}, up to line {reader.line_num}") from None
    except StopIteration:
        raise NoTableError("no header") from None
    return pl.concat(frames)


def short_rows(data: bytes, mark: str, frame: pl.DataFrame) -> list[int]:
    """Return the numbers of rows with fewer cells than the header (1 = the first; blank lines aside).

    A whole row with nothing in its last cell ends in a separator, so these ends are counted first: the file
    is read again only when there are fewer of them than rows with an empty last cell.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    frame : DataFrame
        What `rows_of` read from it, blank lines among its rows.
    """
    if frame.width < 2 or not (empty := frame[:, -1].null_count()):
        return []
    cells = np.frombuffer(data, np.uint8)
    whole = 0
    for start in range(0, len(cells), _PIECE):
        ends = np.flatnonzero(cells[start : start + _PIECE] == _LF) + start
        before = cells[np.maximum(ends - 1, 0)]
        before = np.where(before == _CR, cells[np.maximum(ends - 2, 0)], before)
        whole += int((before == ord(mark)).sum())
    if whole >= empty:
        return []
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    rows = (row for row in csv.reader(text, delimiter=mark) if any(row))
    width = len(next(rows, []))
    return [number for number, row in enumerate(rows, 1) if len(row) < width]


def named(header: list[str]) -> list[str]:
    """Give every column a name of its own, as Polars does."""
    names: list[str] = []
    taken = set(header)
    for name in header:
        unique, again = name, 0
        while unique in names:
            unique, again = f"{name}_duplicated_{again}", again + 1
            again += unique in taken
        names.append(unique)
    return names


def blocks(rows: Iterator[list[str]], names: list[str]) -> Iterator[pl.DataFrame]:
    """Read rows block by block; short rows are filled with blanks.

    Raises
    ------
    csv.Error
        A row has more cells than there are names.
    """
    schema, width = dict.fromkeys(names, pl.String()), len(names)
    while block := list(islice(rows, _BLOCK)):
        for row in block:
            if len(row) > width:
                raise csv.Error(f"a row of {len(row)} cells under a header of {width}")
            row.extend([""] * (width - len(row)))
        frame = pl.DataFrame(block, schema=schema, orient="row")
        yield frame.select(pl.when(pl.all() != "").then(pl.all()))
