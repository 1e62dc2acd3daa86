"""The source "reports": field reports collected with a form, sealed when they are read.

Enters: an export of all submissions as CSV, XLSX or JSON; of another form than the one that comes with
Toguna, with a mapping beside it. Leaves: events without anything that says who reported. Called by
`toguna.events` through `toguna.sources`.

No frame of this source that leaves this package is unsealed. `sealed_by` gives the source that seals with the
key of a home, so that pseudonyms stay the same; `read` without one seals with a key that is forgotten at
once.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar

import polars as pl

from toguna.core.findings import Finding, stops
from toguna.sources.protocol import About, Parsed, RawFile, Succession
from toguna.sources.reports.columns import is_own_form, named, with_points
from toguna.sources.reports.events import tell
from toguna.sources.reports.form import form_mapping, questions
from toguna.sources.reports.opened import Opened, open_export
from toguna.sources.reports.seal import CONSENT, KNOWN, ROOT, seal
from toguna.sources.reports.settings import OWN_FORM, Settings, read_settings
from toguna.sources.table.header import Laid, normal
from toguna.sources.table.mapping import Mapping
from toguna.sources.table.says import finding, listed
from toguna.sources.table.source import MAPPING_COLUMN, Mapped, companions, resolved
from toguna.sources.table.survey import survey
from toguna.store.theatre import Theatre

__all__ = ["FORM", "ROOM", "ROOM_FORM", "SOURCE", "Reports"]

FORM, ROOM_FORM = "_xform_id_string", "toguna_room"
ROOM = "room"
"""Series of the releases that the room makes of the reports it accepted."""

_ABOUT = About(
    provider="whoever collects the reports",
    licence="of the collecting organisation; the class of sensitivity says what may leave",
    citation="Field reports, collected with a form",
    cadence="as collected; an export holds every submission so far",
    url="",
    limits=(
        "A name in free text is masked only when the same file tells it in a column of its own.",
        "Names of files and sheets are kept as they are: do not name an export after a person.",
        "Two people at one phone are one reporter, one person at two phones is two: codes are best.",
        "Two servers may give the same _id: read the second through a mapping with a name.",
        "A moderate report counts on the first day of its month, maybe in the wrong window.",
        "High and severe reports inform no test in this version, not even in the house.",
        "Encrypted submissions are not read.",
    ),
)


class Reports(Mapped):
    """The source "reports"."""

    name = "reports"
    about = _ABOUT
    needed = (MAPPING_COLUMN, CONSENT)
    companions = staticmethod(companions)
    succession = "cumulative"  # of a submission told again the newest telling counts, nothing vanishes
    succession_in: ClassVar[dict[str, Succession]] = {ROOM: "whole"}  # the room tells every one each time
    rows_know_their_day = True  # each was known on the day it was sent, whenever the export was made

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key

    def sealed_by(self, key: bytes) -> Reports:
        """Return this source, making pseudonyms with the key of a home."""
        return Reports(key)

    def read(self, path: Path) -> RawFile:
        """Read an export and seal it; what forbids using it is a finding that stops."""
        told, settings, said = read_settings(path)
        if stops(said):
            return _refused(path, said)
        opened = open_export(path, told)
        if stops(opened.findings):
            return _refused(path, list(opened.findings))
        frame, called = named(opened.frame)
        mapping, settings, wrong = _understood(frame, called, told, settings, table=path.name)
        if mapping is None or frame.is_empty():
            return _refused(path, wrong or [_no_rows(path.name)])
        frame = with_points(frame, settings.point) if settings.point else frame
        frame = frame.with_columns(
            pl.lit(None, pl.String()).alias(name) for name in mapping.used() if name not in frame.columns
        )
        opened = replace(opened, frame=frame)
        sealed, sealing = seal(opened, mapping, settings, key=self._key or os.urandom(32), table=path.name)
        return _whole(sealed, mapping, [*opened.findings, *sealing], path.name)

    def tell_rows(self, rows: list[dict[str, str]], *, theatre: Theatre | None = None) -> Parsed:
        """Say answers of the form that comes with Toguna as events, sealed, without a file."""
        mapping, settings = form_mapping(), OWN_FORM
        columns = list(dict.fromkeys(name for row in rows for name in row))
        frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String()))
        frame = with_points(named(frame)[0], settings.point)
        frame = frame.with_columns(
            pl.lit(None, pl.String()).alias(name) for name in mapping.used() if name not in frame.columns
        )
        sealed, _ = seal(Opened(frame), mapping, settings, key=self._key or os.urandom(32), table="")
        return tell(sealed, mapping, theatre)

    def _say(self, frame: pl.DataFrame, mapping: Mapping, theatre: Theatre | None) -> Parsed:
        return tell(frame, mapping, theatre)


SOURCE = Reports()


def _understood(
    frame: pl.DataFrame, called: dict[str, str], told: Mapping | None, settings: Settings, *, table: str
) -> tuple[Mapping | None, Settings, list[Finding]]:
    """Find what the columns mean: by the mapping beside the export, or because the form is ours."""
    if told is None:
        if is_own_form(frame):
            return form_mapping(), OWN_FORM, []
        there = {q.name for q in questions()} & set(frame.columns)
        found = f"columns of another form ({len(there)} of ours are there) and no mapping beside the export"
        repair = "Write one: see how to use field reports. Or ask with `toguna reports form`."
        said = (found, f"{table}.mapping.toml in the same folder", repair)
        return None, settings, [finding("form-unknown", "stop", table=table, said=said)]
    by_header = {normal(old): new for new, old in called.items()}
    settings = _found(settings, by_header)
    point = f"{settings.point} lat", f"{settings.point} lon"
    columns = dict(told.columns)
    if settings.point and not {"lat", "lon"} & set(columns):
        columns |= {"lat": [point[0]], "lon": [point[1]]}
    rows = with_points(frame, settings.point) if settings.point else frame
    by_header |= {normal(name): name for name in (point if settings.point else ())}
    mapping, wrong = resolved(replace(told, columns=columns), Laid(rows, by_header), table)
    lost = [
        n for n in (*settings.reporter, *settings.personal, settings.consent) if n and n not in rows.columns
    ]
    if lost:
        said = (f"no column {listed(lost)}, which [reports] names", "columns of the export",
                "Correct the section [reports] of the mapping.")  # fmt: skip
        wrong = [*wrong, finding("mapping-column-absent", "stop", table=table, said=said)]
    return (None if wrong else mapping), settings, wrong


def _found(settings: Settings, by_header: dict[str, str]) -> Settings:
    """Name the columns of [reports] as they are called now; a full path and its last part both do."""

    def find(name: str) -> str:
        return by_header.get(normal(name)) or name.rpartition("/")[2] or name

    return Settings(
        tuple(map(find, settings.reporter)),
        tuple(map(find, settings.personal)),
        find(settings.consent),
        find(settings.point),
    )


def _whole(sealed: pl.DataFrame, mapping: Mapping, findings: list[Finding], table: str) -> RawFile:
    parsed = tell(sealed, mapping)
    last = sealed[KNOWN].str.to_date("%Y-%m-%d", strict=False).max()
    published = last if isinstance(last, date) else None
    said = survey(sealed, mapping, parsed, table)
    findings += [f for f in said if f.code != "ids-by-row"]
    if published is None:
        findings.append(_unpublished(table))
    if "_id" not in sealed.columns and sealed[ROOT].null_count():
        findings.append(_without_ids(table))
    return RawFile(
        sealed.with_columns(pl.lit(mapping.to_json()).alias(MAPPING_COLUMN)),
        version=mapping.version or (published.isoformat() if published else ""),
        published_at=published,
        series=ROOM if _is_of_room(sealed) else "",
        findings=tuple(findings),
        table=table,
        licence=mapping.licence or _ABOUT.licence,
        citation=mapping.citation or _ABOUT.citation,
    )


def _is_of_room(sealed: pl.DataFrame) -> bool:
    """Whether the room itself wrote the export: its releases are a line of their own."""
    return FORM in sealed.columns and bool((sealed[FORM] == ROOM_FORM).all())


def _no_rows(table: str) -> Finding:
    said = ("a header without submissions", "submissions", "Export again: all versions, all submissions.")
    return finding("file-empty", "stop", table=table, said=said)


def _unpublished(table: str) -> Finding:
    repair = "Rows count as known on their last day; the export is used only when named with `--source`."
    said = ("no time of submission", "the column _submission_time", repair)
    return finding("publication-unknown", "note", table=table, said=said)


def _without_ids(table: str) -> Finding:
    said = ("reports without an id", "the column _id or _uuid",
            "They are named by their row; export with the columns of the server.")  # fmt: skip
    return finding("ids-by-row", "note", table=table, said=said)


def _refused(path: Path, findings: list[Finding]) -> RawFile:
    return RawFile(pl.DataFrame(), findings=tuple(findings), table=path.name)
