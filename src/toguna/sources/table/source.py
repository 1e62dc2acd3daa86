"""The source "table": any table of events that has a mapping beside it.

Enters: a file with FILE.mapping.toml or mapping.toml beside it. Leaves: events. Called by `toguna.events`
through `toguna.sources`.

The archive keeps the rows as they stand, and the mapping they came with in a column of its own, so that a
release can be read again years later. Titles above the header and blank rows are not kept; they are told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from toguna.core.findings import Finding, stops
from toguna.core.names import empty_events
from toguna.sources.protocol import UNREADABLE_SCHEMA, About, Parsed, RawFile
from toguna.sources.table.events import TableCells, country_codes, say
from toguna.sources.table.grid import open_grid
from toguna.sources.table.header import Laid, lay, normal
from toguna.sources.table.mapping import ROW_NUMBERS, Mapping, beside, read_mapping
from toguna.sources.table.says import finding, listed
from toguna.sources.table.survey import survey
from toguna.store.theatre import Theatre

__all__ = ["MAPPING_COLUMN", "SOURCE", "Table", "resolved"]

MAPPING_COLUMN = "#toguna mapping"
_ABOUT = About(
    provider="whoever made the table",
    licence="as stated in the mapping",
    citation="as stated in the mapping",
    cadence="as made",
    url="",
)


class Table:
    """The source "table"."""

    name = "table"
    about = _ABOUT

    def read(self, path: Path) -> RawFile:
        """Read a file by the mapping beside it; what forbids using it is a finding that stops."""
        mapping, findings = read_mapping(path)
        if mapping is None:
            return _refused(path, findings)
        grid = open_grid(path, sheet=mapping.sheet, encoding=mapping.encoding, separator=mapping.separator)
        if stops(grid.findings):
            return _refused(path, list(grid.findings))
        laid = lay(grid, path.name, wanted=mapping.used(), header_row=mapping.header_row)
        if laid.frame.is_empty():
            return _refused(path, [_no_rows(path.name)])
        mapping, absent = resolved(mapping, laid, path.name)
        if absent:
            return _refused(path, absent)
        return _whole(laid, mapping, [*grid.findings, *laid.findings], path.name)

    def companions(self, path: Path) -> list[Path]:
        """Name the files that say how this one is read: with another mapping it is another release."""
        place = beside(path)
        return [place] if place else []

    def select(self, raw: RawFile, *, theatre: Theatre) -> RawFile:
        """Keep the rows of the theatre's countries, and rows whose country is not known."""
        frame, mapping = _unfold(raw.frame)
        if mapping is None:
            return raw
        codes = country_codes(TableCells(frame, mapping).text("country"))
        elsewhere = (~codes.is_in(list(theatre.countries))).fill_null(value=False)
        return replace(raw, frame=raw.frame.filter(~elsewhere))

    def parse(self, raw: RawFile, *, theatre: Theatre | None) -> Parsed:
        """Say every row as an event."""
        frame, mapping = _unfold(raw.frame)
        if mapping is None:
            return Parsed(empty_events(), pl.DataFrame(schema=UNREADABLE_SCHEMA))
        return say(frame, mapping, theatre)


SOURCE = Table()


def _whole(laid: Laid, mapping: Mapping, findings: list[Finding], table: str) -> RawFile:
    parsed = say(laid.frame, mapping)
    published = mapping.published_at or _last_published(parsed, mapping)
    findings += survey(laid.frame, mapping, parsed, table)
    if published is None:
        findings.append(_unpublished(table))
    return RawFile(
        laid.frame.with_columns(pl.lit(mapping.to_json()).alias(MAPPING_COLUMN)),
        version=mapping.version,
        published_at=published,
        findings=tuple(findings),
        table=table,
        licence=mapping.licence or _ABOUT.licence,
        citation=mapping.citation or _ABOUT.citation,
    )


def _last_published(parsed: Parsed, mapping: Mapping) -> date | None:
    """With a column of publication the table is whole on the last of its days."""
    if not mapping.columns.get("published_at"):
        return None
    last = parsed.events["published_at"].max()
    return last if isinstance(last, date) else None


def _unfold(frame: pl.DataFrame) -> tuple[pl.DataFrame, Mapping | None]:
    if frame.is_empty() or MAPPING_COLUMN not in frame.columns:
        return frame, None
    return frame.drop(MAPPING_COLUMN), Mapping.from_json(frame[MAPPING_COLUMN][0])


def resolved(mapping: Mapping, laid: Laid, table: str) -> tuple[Mapping, list[Finding]]:
    """Find the columns that the mapping names, by header or tag, whatever their case and accents."""
    names = {normal(name): name for name in reversed(laid.frame.columns)} | laid.tags
    names |= {name: name for name in laid.frame.columns}

    def find(name: str) -> str:
        return names.get(name) or names.get(normal(name)) or ""

    lost = [name for name in mapping.used() if not find(name)]
    if lost:
        there = [*laid.frame.columns, *laid.tags]
        return mapping, [_absent(name, there, table) for name in lost]
    columns = {name: [find(c) for c in told] for name, told in mapping.columns.items()}
    own = mapping.id if mapping.id == ROW_NUMBERS else find(mapping.id)
    return replace(mapping, columns=columns, id=own), []


def _absent(name: str, there: list[str], table: str) -> Finding:
    near = get_close_matches(normal(name), [normal(n) for n in there], n=3, cutoff=0.5)
    hits = [n for n in there if normal(n) in near]
    repair = f"Did you mean {listed(hits)}?" if hits else "Correct the mapping, or state `header_row`."
    said = (f"no column '{name}', which the mapping names", f"one of {listed(there)}", repair)
    return finding("mapping-column-absent", "stop", table=table, said=said, field=name)


def _no_rows(table: str) -> Finding:
    said = ("a header without rows", "rows of events", "Get the file again, or state `sheet` in the mapping.")
    return finding("file-empty", "stop", table=table, said=said)


def _unpublished(table: str) -> Finding:
    repair = "Rows count as known on their last day; the table is used only when named with `--source`."
    said = ("no day of publication", "published_at under [table] or [columns] of the mapping", repair)
    return finding("publication-unknown", "note", table=table, said=said)


def _refused(path: Path, findings: list[Finding]) -> RawFile:
    return RawFile(pl.DataFrame(), findings=tuple(findings), table=path.name)
