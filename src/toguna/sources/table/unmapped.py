"""Make the mapping of a table whose columns say what they are: by HXL tags, or by usual names.

Enters: rows under named columns, and what each column means. Leaves: `RawFile`, or a stop that names what is
lacking or can be meant twice. Called by the sources "hxl" and "geojson". Nothing is guessed: dates of unclear
order stop, as with a mapping.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from toguna.core.findings import Finding, stops
from toguna.sources.protocol import RawFile
from toguna.sources.table.grid import Grid
from toguna.sources.table.hdx import Metadata
from toguna.sources.table.header import BEYOND, Laid
from toguna.sources.table.mapping import COLUMNS, LISTS, Mapping
from toguna.sources.table.says import finding, listed
from toguna.sources.table.source import no_rows, refused, rows_of_acled, whole
from toguna.sources.table.suggest import settings_of

__all__ = ["Meant", "read_unmapped"]

# A name and what it means: (column of the file, how it is called there, event column).
Meant = tuple[str, str, str]
_SEVERAL = (*LISTS, "note")
# Figures, days and ids: to take one of two is to invent. Of two texts the first is taken, and it is said.
_DECISIVE = ("id", "date_start", "date_end", "published_at", "lat", "lon", "best", "low", "high")
_ADVICE = "Run `toguna mapping FILE --write`, correct what it proposes, and `toguna ingest table FILE`."
_DAY_FROM = "last_modified in the metadata beside the file, or a column of publication"


def read_unmapped(
    path: Path, grid: Grid, laid: Laid, *, meant: Iterable[Meant], metadata: tuple[Metadata, list[Finding]]
) -> RawFile:
    """Read a table by what its columns are called.

    Parameters
    ----------
    path : Path
        The file.
    grid, laid : Grid, Laid
        Its cells, and the same under named columns.
    meant : iterable
        What each column means.
    metadata : pair
        What is told of the file, and findings about that.
    """
    table = path.name
    findings = [*grid.findings, *laid.findings, *metadata[1]]
    if laid.frame.is_empty():
        return refused(path, [*findings, no_rows(table)])
    if wrong := rows_of_acled(laid, table):
        return refused(path, [*findings, *wrong])
    columns, said = _chosen(laid, list(meant), table)
    findings += said
    if stops(findings):
        return refused(path, findings)
    mapping = _mapping(laid, columns, metadata[0])
    return whole(laid, mapping, findings, table, day_from=_DAY_FROM)


def _chosen(laid: Laid, meant: list[Meant], table: str) -> tuple[dict[str, list[str]], list[Finding]]:
    columns: dict[str, list[str]] = {}
    findings: list[Finding] = []
    for name in ("id", *COLUMNS):
        hits = [(column, called) for column, called, event in meant if event == name]
        if len(hits) > 1 and name not in _SEVERAL:
            findings.append(_twice(name, [called for _, called in hits], table))
            hits = hits[:1]
        if hits:
            columns[name] = [column for column, _ in hits]
    lacking = [name for name in ("date_start",) if name not in columns]
    findings += [_lacking(name, meant, table) for name in lacking]
    found = [name for name in ("lat", "lon", "best") if name not in columns]
    if found and not lacking:
        findings.append(_without(found, table))
    used = {column for names in columns.values() for column in names}
    if left := [n for n in laid.frame.columns if n not in used and not n.startswith(BEYOND)]:
        findings.append(_left(left, table))
    return columns, findings


def _mapping(laid: Laid, columns: dict[str, list[str]], told: Metadata) -> Mapping:
    single: dict[str, str] = {name: names[0] for name, names in columns.items()}
    settings, _ = settings_of(laid.frame, single)
    dates: Any = settings.get("dates", [])
    return Mapping(
        columns={name: names for name, names in columns.items() if name != "id"},
        id=str(settings["id"]),
        name=told.name,
        licence=told.licence,
        citation=told.citation,
        published_at=told.published_at,
        decimal=str(settings.get("decimal", ".")),
        dates=[dates] if isinstance(dates, str) else list(dates),
        list_separator=str(settings.get("list_separator", ";")),
    )


def _twice(name: str, called: list[str], table: str) -> Finding:
    stop = name in _DECISIVE
    repair = _ADVICE if stop else f"{listed(called[:1])} was taken. {_ADVICE}"
    said = (f"several columns that can be {name}: {listed(called)}", "one", repair)
    return finding("columns-ambiguous", "stop" if stop else "note", table=table, said=said, field=name)


def _lacking(name: str, meant: list[Meant], table: str) -> Finding:
    there = listed([called for _, called, _ in meant]) if meant else "none"
    said = (f"no column that is {name}; understood: {there}", "a column of first days", _ADVICE)
    return finding("columns-not-told", "stop", table=table, said=said, field=name)


def _without(names: list[str], table: str) -> Finding:
    said = (f"no column for {', '.join(names)}", "points and deaths",
            "Events without a point cannot carry a shift; without deaths they count as unknown.")  # fmt: skip
    return finding("columns-absent", "note", table=table, said=said, field=names[0])


def _left(names: list[str], table: str) -> Finding:
    said = (f"columns that are not used: {listed(names)}", "columns whose meaning is told", _ADVICE)
    return finding("columns-not-used", "note", table=table, said=said)
