"""Find the header of a grid: below title rows, of one line or two, with or without a row of HXL tags.

Enters: a grid and the names that the mapping uses. Leaves: `Laid`: rows of data under named columns.
Called by `toguna.sources.table.source` and `.suggest`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from toguna.core.findings import Finding
from toguna.sources.table.dates import figures, read_day
from toguna.sources.table.grid import Grid
from toguna.sources.table.says import finding, key, listed, plain

__all__ = ["BEYOND", "Laid", "lay"]

BEYOND = "(beyond the header"
_LOOKED_AT = 40
_TAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+\s*[A-Za-z0-9_]+)*")
_NUMBER = re.compile(r"[+-]?[\d\s.,'’]*\d[\d\s.,'’%]*")

Cells = list[str | None]


@dataclass(frozen=True, slots=True)
class Laid:
    """Data rows under named columns.

    Parameters
    ----------
    frame : DataFrame
        Text cells, stripped; blank rows left out.
    tags : dict of str to str
        HXL tag (normalised) to column.
    findings : tuple of Finding
        What was passed over.
    tagged : tuple of pair
        Column and HXL tag, of every column that has one: two columns may have the same.
    """

    frame: pl.DataFrame
    tags: dict[str, str]
    findings: tuple[Finding, ...] = ()
    tagged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the header is: index of its first line among lines that are not blank, and how many lines."""

    line: int
    lines: int
    tagged: bool


def lay(grid: Grid, table: str, *, wanted: Collection[str] = (), header_row: int = 0) -> Laid:
    """Name the columns and keep the rows of data.

    Parameters
    ----------
    grid : Grid
        The cells.
    table : str
        Name for findings.
    wanted : collection of str
        Columns or HXL tags that the mapping uses: the line that holds most of them is the header.
    header_row : int
        Stated line of the header, counted from 1 over lines that are not blank; 0 = to be found.
    """
    cells = grid.cells.select(plain(grid.cells[name]).alias(name) for name in grid.cells.columns)
    blank = pl.all_horizontal(pl.all().is_null()) if cells.width else pl.lit(value=True)
    filled = cells.filter(~blank)
    if grid.kind in ("named", "points"):
        return _named(filled, table, passed=cells.height - filled.height)
    top = [list(row) for row in filled.head(_LOOKED_AT).iter_rows()]
    if not top:
        return Laid(pl.DataFrame(), {})
    place = _stated(top, header_row) if header_row else _find(top, {normal(name) for name in wanted})
    names = _names(top, place)
    body = filled.slice(place.line + place.lines + place.tagged)
    told, said = _unique(names, body, grid.kind == "text", table)
    frame = body.rename(dict(zip(body.columns, told, strict=True)))
    keep = [n for n, name in zip(told, names, strict=True) if name or frame[n].null_count() < frame.height]
    tagged = _tagged(top[place.line + place.lines] if place.tagged else names, told)
    gaps = _inner_blanks(cells, blank, frame.height)
    findings = (*_passed(top, place, gaps, table), *said)
    return Laid(frame.select(keep), _tags(tagged), findings, tuple(p for p in tagged if p[0] in keep))


def normal(name: str) -> str:
    """Bring a name into one form: tags without spaces and with sorted attributes, headers folded."""
    if _TAG.fullmatch(name.strip()):
        tag, *attributes = re.sub(r"\s", "", name).lower().split("+")
        return "+".join([tag, *sorted(attributes)])
    return key(name)


def _named(frame: pl.DataFrame, table: str, *, passed: int) -> Laid:
    """Take the names of the file; a first row of tags is one, in a file that was made from a table."""
    said = (_blanks(passed, table),) if passed else ()
    first: Cells = list(frame.row(0)) if frame.height else []
    if _is_tags([first], 0):
        tagged = _tagged(first, frame.columns)
        return Laid(frame.slice(1), _tags(tagged), said, tuple(tagged))
    tagged = _tagged(frame.columns, frame.columns)
    return Laid(frame, _tags(tagged), said, tuple(tagged))


def _stated(top: list[Cells], header_row: int) -> _Place:
    line = min(header_row, len(top)) - 1
    return _Place(line, 1, _is_tags(top, line + 1))


def _find(top: list[Cells], wanted: set[str]) -> _Place:
    """Take the line with most of the wanted names; without any, the first that looks like a header."""
    best, most = None, 0
    for line in range(len(top)):
        for lines in (1, 2):
            place = _Place(line, lines, _is_tags(top, line + lines))
            names = {normal(name) for name in _names(top, place) if name}
            tags = {normal(c) for c in top[line + lines] if c} if place.tagged else set()
            if line + lines <= len(top) and len(wanted & (names | tags)) > most:
                best, most = place, len(wanted & (names | tags))
    return best or _guess(top)


def _guess(top: list[Cells]) -> _Place:
    for line in range(len(top)):
        if _is_tags(top, line):
            above = line > 0 and _is_header(top, line - 1)
            return _Place(line - 1, 1, tagged=True) if above else _Place(line, 1, tagged=False)
    line = next((n for n in range(len(top)) if _is_header(top, n)), 0)
    return _Place(line, 2 if _goes_on(top, line) else 1, tagged=False)


def _is_tags(top: list[Cells], line: int) -> bool:
    cells = [c for c in top[line] if c] if line < len(top) else []
    return bool(cells) and sum(bool(_TAG.fullmatch(c)) for c in cells) * 2 > len(cells)


def _is_header(top: list[Cells], line: int) -> bool:
    width = max(sum(c is not None for c in row) for row in top)
    cells = [c for c in top[line] if c]
    return len(cells) * 2 > width and not any(_is_value(c) for c in cells)


def _goes_on(top: list[Cells], line: int) -> bool:
    """Whether a second line of header fills what merged cells left blank above."""
    if line + 2 >= len(top):
        return False
    upper, lower, data = top[line], top[line + 1], top[line + 2]
    fills = any(u is None and low is not None for u, low in zip(upper, lower, strict=True))
    words = [c for c in lower if c]
    return fills and not any(_is_value(c) for c in words) and any(_is_value(c) for c in data if c)


def _is_value(cell: str) -> bool:
    dated = figures(cell) or read_day(cell, ("day-first",))
    return bool(_NUMBER.fullmatch(cell) or dated)


def _names(top: list[Cells], place: _Place) -> list[str]:
    upper = top[place.line]
    if place.lines == 1 or place.line + 1 >= len(top):
        return [" ".join((c or "").split()) for c in upper]
    names, group = [], ""
    for above, below in zip(upper, top[place.line + 1], strict=True):
        group = above or group
        names.append(" ".join(f"{group if below or above else ''} {below or ''}".split()))
    return names


def _unique(names: list[str], body: pl.DataFrame, text: bool, table: str) -> tuple[list[str], list[Finding]]:
    """Give every column a name of its own; columns right of the header are marked."""
    last = max((n for n, name in enumerate(names) if name), default=-1)
    told: list[str] = []
    for number, name in enumerate(names):
        beyond = f"{BEYOND} {number + 1})" if text and number > last else f"(column {number + 1})"
        first, again = name or beyond, 2
        unique = first
        while unique in told:
            unique, again = f"{first} ({again})", again + 1
        told.append(unique)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if not twice:
        return told, []
    repair = 'They are told apart as "NAME", "NAME (2)" ... in the mapping; name them in the file.'
    said = (f"columns named twice: {listed(twice)}", "each name once", repair)
    return told, [finding("column-named-twice", "note", table=table, said=said)]


def _tagged(cells: Cells | list[str], names: list[str]) -> list[tuple[str, str]]:
    pairs = zip(names, cells, strict=True)
    return [(name, normal(cell)) for name, cell in pairs if cell and _TAG.fullmatch(cell)]


def _tags(tagged: list[tuple[str, str]]) -> dict[str, str]:
    return {tag: name for name, tag in reversed(tagged)}


def _inner_blanks(cells: pl.DataFrame, blank: pl.Expr, rows: int) -> int:
    """Count blank rows between the first and the last row of data."""
    empty = cells.select(blank.alias("b")).to_series()
    filled = (~empty).arg_true()
    if not rows or rows > len(filled):
        return 0
    return int(empty.slice(int(filled[len(filled) - rows])).sum()) - (len(cells) - 1 - int(filled[-1]))


def _passed(top: list[Cells], place: _Place, gaps: int, table: str) -> list[Finding]:
    found = []
    if place.line:
        titles = [" ".join(c for c in row if c)[:60] for row in top[: place.line]]
        repair = "They were passed over; state `header_row` in the mapping when they are not titles."
        said = (f"{place.line} rows above the header: {listed(titles)}", "the header first", repair)
        found.append(finding("title-rows", "note", table=table, said=said))
    if place.lines == 2:
        names = [name for name in _names(top, place) if name]
        said = (f"a header of two lines, read as {listed(names)}", "one line",
                "State `header_row` in the mapping when the second line is data.")  # fmt: skip
        found.append(finding("header-of-two-lines", "note", table=table, said=said))
    return [*found, _blanks(gaps, table)] if gaps else found


def _blanks(number: int, table: str) -> Finding:
    said = (f"{number} blank rows", "rows of data", "They were passed over and are not counted as read.")
    return finding("blank-rows", "note", table=table, said=said)
