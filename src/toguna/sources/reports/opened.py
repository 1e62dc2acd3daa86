"""Open an export of submissions, whatever it is: CSV, XLSX with its sheets of repeats, JSON of the API.

Enters: a path. Leaves: `Opened`, cells as text under the headers of the file. What cannot be used gets a
finding of severity "stop". Called by `toguna.sources.reports.source`. Nothing here quotes a cell: it is not
sealed yet.

References
----------
KoboToolbox API v2, /api/v2/assets/UID/data/: {"count", "next", "previous", "results"}; keys of answers are
"group/question", repeats are lists of objects.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from toguna.core.findings import Finding, stops
from toguna.sources.delimited import MOST_COLUMNS
from toguna.sources.table.grid import Grid, open_grid
from toguna.sources.table.header import lay
from toguna.sources.table.mapping import Mapping
from toguna.sources.table.says import finding, plain
from toguna.store.reading import decode

__all__ = ["Opened", "open_export"]

Repeats = dict[str, list[list[dict[str, str]]]]
_TABLE, _PARENT, _INDEX = "_parent_table_name", "_parent_index", "_index"


@dataclass(frozen=True, slots=True)
class Opened:
    """An export as cells, not sealed: it must not be written anywhere.

    Parameters
    ----------
    frame : DataFrame
        One row for every submission; text, blank = null.
    repeats : dict
        By name of a repeated group: for every submission its entries.
    findings : tuple of Finding
        What is remarkable; a "stop" forbids using it.
    """

    frame: pl.DataFrame
    repeats: Repeats = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def open_export(path: Path, how: Mapping | None = None) -> Opened:
    """Read an export; `how` is the mapping, where it states sheet, encoding or separator."""
    try:
        with path.open("rb") as stream:
            head = stream.read(2_000)
        data = path.read_bytes() if _is_json(head) else b""
    except OSError as error:
        return _stop(path.name, "file-absent", found=f"{error.strerror}", expected="a file that can be read")
    if data:
        return _json(*decode(data, path.name), table=path.name)
    told = how or Mapping(columns={})
    grid = open_grid(path, sheet=told.sheet, encoding=told.encoding, separator=told.separator)
    if stops(grid.findings):
        return Opened(pl.DataFrame(), findings=grid.findings)
    laid = lay(grid, path.name, header_row=told.header_row or 1)
    repeats, lost = _sheets(path, grid, laid.frame) if grid.kind == "sheet" else ({}, [])
    said = [f for f in (*grid.findings, *laid.findings, *lost) if f.code != "sheet-not-stated"]
    return Opened(laid.frame, repeats, tuple(said))


def _is_json(head: bytes) -> bool:
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bare.startswith(b"{") or (bare.startswith(b"[") and bare[1:].lstrip()[:1] in (b"{", b"]"))


def _json(text: str, findings: list[Finding], *, table: str) -> Opened:
    try:
        told = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return _stop(table, "file-unreadable", found=f"JSON that breaks off or is damaged{place}")
    rows = told.get("results") if isinstance(told, dict) else told
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return _stop(table, "file-unreadable", found="JSON that is no list of submissions")
    if isinstance(told, dict) and (missing := _missing(told, len(rows))):
        return _stop(table, "reports-incomplete", found=missing, expected="all submissions in one file")
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row, _ in flat for name in row))
    if len(names) > MOST_COLUMNS:
        found, expected = f"{len(names)} questions", f"at most {MOST_COLUMNS}"
        return _stop(table, "file-unreadable", found=found, expected=expected)
    columns = {name: pl.Series([row.get(name) for row, _ in flat], dtype=pl.String) for name in names}
    frame = pl.DataFrame(columns).select(plain(pl.Series(n, c)).alias(n) for n, c in columns.items())
    groups = list(dict.fromkeys(name for _, repeats in flat for name in repeats))
    return Opened(frame, {g: [r.get(g, []) for _, r in flat] for g in groups}, tuple(findings))


def _missing(told: dict[str, Any], rows: int) -> str:
    """Say what a page of an API lacks; "" when it is the only page."""
    count = told.get("count")
    if isinstance(count, int) and count != rows:
        return f"{rows} of {count} submissions"
    return f"{rows} submissions and a next page" if told.get("next") or told.get("previous") else ""


def _flat(row: dict[str, Any]) -> tuple[dict[str, str | None], dict[str, list[dict[str, str]]]]:
    """Say a submission as text cells; lists of objects are repeats, of words a choice of several."""
    cells: dict[str, str | None] = {}
    repeats: dict[str, list[dict[str, str]]] = {}
    for name, value in row.items():
        if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
            if not name.startswith("_"):  # attachments and notes are the server's, not answers
                repeats[name] = [_entry(entry) for entry in value]
        elif isinstance(value, dict):
            # The status of review comes as {"uid": ..., "label": ...}, or as {} when there is none.
            cells[name] = _text(value.get("uid") or value.get("label"))
        else:
            cells[name] = _text(value)
    return cells, repeats


def _entry(entry: dict[str, Any]) -> dict[str, str]:
    return {name: text for name, value in entry.items() if (text := _text(value))}


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(_text(part) or "" for part in value) or None
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _sheets(path: Path, grid: Grid, frame: pl.DataFrame) -> tuple[Repeats, list[Finding]]:
    """Read the other sheets of a workbook: each holds the entries of one repeated group.

    An entry names its parent by sheet and index; groups inside groups belong to the report of their parent.
    """
    names = [n for n in fastexcel.read_excel(path.read_bytes()).sheet_names if n != grid.sheet]
    owners = {(grid.sheet, index): row for row, index in enumerate(_cells(frame, _INDEX)) if index}
    found: Repeats = {}
    said = []
    for name in names:
        body = lay(open_grid(path, sheet=name), path.name, header_row=1).frame
        entries: list[list[dict[str, str]]] = [[] for _ in range(frame.height)]
        lost = 0
        columns = (_cells(body, _TABLE), _cells(body, _PARENT), _cells(body, _INDEX))
        for table, parent, own, entry in zip(*columns, body.iter_rows(named=True), strict=True):
            row = owners.get((table or grid.sheet, parent or ""))
            if row is None:
                lost += 1
                continue
            owners[name, own or ""] = row
            entries[row].append({k: v for k, v in entry.items() if v is not None})
        found[name] = entries
        said += [_lost(lost, name, path.name)] if lost else []
    return found, said


def _lost(number: int, name: str, table: str) -> Finding:
    told = (f"{number} rows of the sheet '{name}' that belong to no report", "_parent_index of a report",
            "They are not kept; export the whole form again.")  # fmt: skip
    return finding("repeat-group", "note", table=table, said=told)


def _cells(frame: pl.DataFrame, name: str) -> Iterable[str | None]:
    return frame[name].to_list() if name in frame.columns else [None] * frame.height


def _stop(
    table: str, code: str, *, found: str, expected: str = "an export as CSV, XLSX or JSON of the API"
) -> Opened:
    said = (found, expected, "Export all submissions again, into one file.")
    return Opened(pl.DataFrame(), findings=(finding(code, "stop", table=table, said=said),))
