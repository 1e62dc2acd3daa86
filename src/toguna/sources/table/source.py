"""The source "table": any table of events that has a mapping beside it; and what sources like it share.

Enters: a file with FILE.mapping.toml or mapping.toml beside it. Leaves: events. Called by `toguna.events`
through `toguna.sources`, and by the sources "hxl" and "geojson", which make their mapping themselves.

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
from toguna.core.text import slug
from toguna.sources.protocol import UNREADABLE_SCHEMA, About, Parsed, RawFile
from toguna.sources.table.events import TableCells, country_codes, say
from toguna.sources.table.grid import open_grid
from toguna.sources.table.header import Laid, lay, normal
from toguna.sources.table.mapping import ROW_NUMBERS, Mapping, beside, read_mapping
from toguna.sources.table.says import finding, listed
from toguna.sources.table.survey import survey
from toguna.store.theatre import Theatre

__all__ = [
    "MAPPING_COLUMN",
    "SOURCE",
    "Mapped",
    "Table",
    "companions",
    "no_rows",
    "refused",
    "resolved",
    "rows_of_acled",
    "whole",
]

MAPPING_COLUMN = "#toguna mapping"
_ABOUT = About(
    provider="whoever made the table",
    licence="as stated in the mapping",
    citation="as stated in the mapping",
    cadence="as made",
    url="",
    limits=(
        "Tables of the same name in their mapping, or of none, replace each other.",
        "Degrees and minutes, and projected coordinates, are not read.",
        "A date that a spreadsheet program has already turned around cannot be recognised.",
    ),
    columns={},
)


_MAPPED_DAY = "published_at under [table] or [columns] of the mapping"


class Mapped:
    """A source whose archived rows carry the mapping by which they are read."""

    name: str
    needed: tuple[str, ...] = (MAPPING_COLUMN,)
    """Columns without which no row can be read."""

    def select(self, raw: RawFile, *, theatre: Theatre) -> RawFile:
        """Keep the rows of the theatre's countries, and rows whose country is not known."""
        frame, mapping = _unfold(raw.frame, self.needed)
        if mapping is None:
            return raw
        codes = country_codes(TableCells(frame, mapping).text("country"))
        elsewhere = (~codes.is_in(list(theatre.countries))).fill_null(value=False)
        return replace(raw, frame=raw.frame.filter(~elsewhere))

    def parse(self, raw: RawFile, *, theatre: Theatre | None) -> Parsed:
        """Say every row as an event."""
        frame, mapping = _unfold(raw.frame, self.needed)
        if mapping is None:
            return Parsed(empty_events(), pl.DataFrame(schema=UNREADABLE_SCHEMA))
        return self._say(frame, mapping, theatre)

    def _say(self, frame: pl.DataFrame, mapping: Mapping, theatre: Theatre | None) -> Parsed:
        return say(frame, mapping, theatre, source=self.name)


def companions(path: Path) -> list[Path]:
    """Name the files that say how this one is read: with another mapping it is another release."""
    place = beside(path)
    return [place] if place else []


class Table(Mapped):
    """The source "table"."""

    name = "table"
    about = _ABOUT
    companions = staticmethod(companions)

    def read(self, path: Path) -> RawFile:
        """Read a file by the mapping beside it; what forbids using it is a finding that stops."""
        mapping, findings = read_mapping(path)
        if mapping is None:
            return refused(path, findings)
        grid = open_grid(path, sheet=mapping.sheet, encoding=mapping.encoding, separator=mapping.separator)
        if stops(grid.findings):
            return refused(path, list(grid.findings))
        laid = lay(grid, path.name, wanted=mapping.used(), header_row=mapping.header_row)
        if laid.frame.is_empty():
            return refused(path, [no_rows(path.name)])
        mapping, absent = resolved(mapping, laid, path.name)
        if absent or (absent := rows_of_acled(laid, path.name)):
            return refused(path, absent)
        return whole(laid, mapping, [*grid.findings, *laid.findings], path.name)


SOURCE = Table()


def whole(
    laid: Laid, mapping: Mapping, findings: list[Finding], table: str, *, day_from: str = _MAPPED_DAY
) -> RawFile:
    """Put rows, mapping and what is remarkable together; `day_from` says where a day of publication goes."""
    parsed = say(laid.frame, mapping)
    published = mapping.published_at or _last_published(parsed, mapping)
    findings += survey(laid.frame, mapping, parsed, table)
    if published is None:
        findings.append(_unpublished(table, day_from))
    return RawFile(
        laid.frame.with_columns(pl.lit(mapping.to_json()).alias(MAPPING_COLUMN)),
        version=mapping.version,
        published_at=published,
        findings=tuple(findings),
        table=table,
        licence=mapping.licence or _ABOUT.licence,
        citation=mapping.citation or _ABOUT.citation,
        series=slug(mapping.name),
    )


def rows_of_acled(laid: Laid, table: str) -> list[Finding]:
    """Refuse an export of ACLED: read as another source its rows could be passed on."""
    if not any(normal(name) == "event id cnty" for name in laid.frame.columns):
        return []
    said = ("a column event_id_cnty: rows of ACLED", "rows that may be passed on",
            "Take it in with `toguna ingest acled`, which keeps to ACLED's terms.")  # fmt: skip
    return [finding("rows-of-acled", "stop", table=table, said=said)]


def _last_published(parsed: Parsed, mapping: Mapping) -> date | None:
    """With a column of publication the table is whole on the last of its days."""
    if not mapping.columns.get("published_at"):
        return None
    last = parsed.events["published_at"].max()
    return last if isinstance(last, date) else None


def _unfold(frame: pl.DataFrame, needed: tuple[str, ...]) -> tuple[pl.DataFrame, Mapping | None]:
    if frame.is_empty() or not set(needed) <= set(frame.columns):
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


def no_rows(table: str) -> Finding:
    """Say that a file holds no rows."""
    said = ("a header without rows", "rows of events", "Get the file again, or state `sheet` in the mapping.")
    return finding("file-empty", "stop", table=table, said=said)


def _unpublished(table: str, day_from: str) -> Finding:
    repair = "Rows count as known on their last day; the file is used only when named with `--source`."
    said = ("no day of publication", day_from, repair)
    return finding("publication-unknown", "note", table=table, said=said)


def refused(path: Path, findings: list[Finding]) -> RawFile:
    """Return a file that cannot be used, with the reasons."""
    return RawFile(pl.DataFrame(), findings=tuple(findings), table=path.name)
