"""Tables as people make them, written into a folder by the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toguna.core.findings import Finding
from toguna.events.admit import Admission, admit
from toguna.events.checks.context import Context
from toguna.sources.protocol import Parsed, RawFile
from toguna.sources.table import SOURCE

MAPPING = """
[table]
id = "id"
{settings}
[columns]
date_start = "date"
lat = "lat"
lon = "lon"
best = "dead"
place = "place"
{columns}
{more}
"""
HEADER = "id,date,lat,lon,dead,place"
ROW = "a1,2015-08-07,14.5,-4.2,3,Ségou-ville"


def write(path: Path, content: str | bytes, *, settings: str = "", columns: str = "", more: str = "") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = MAPPING.format(settings=settings, columns=columns, more=more)
    path.with_name(path.name + ".mapping.toml").write_text(told, encoding="utf-8")
    return path


def table(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def codes(findings: tuple[Finding, ...] | list[Finding]) -> list[str]:
    return sorted({f.code for f in findings})


def taken(path: Path) -> tuple[RawFile, Parsed, Admission]:
    """Read, parse and admit; the account must add up."""
    raw = SOURCE.read(path)
    assert not [f for f in raw.findings if f.severity == "stop"], raw.findings
    parsed = SOURCE.parse(raw, theatre=None)
    context = Context(raw.table, parsed.unreadable, parsed.columns, raw.published_at)
    admission = admit(parsed.events, context)
    assert raw.frame.height == admission.accepted.height + admission.quarantined.height
    return raw, parsed, admission


def first(path: Path) -> dict[str, Any]:
    return taken(path)[1].events.row(0, named=True)


def quarantined(path: Path) -> dict[int, set[str]]:
    """Codes of failures by row."""
    _, _, admission = taken(path)
    found: dict[int, set[str]] = {row: set() for row in admission.quarantined["row"].to_list()}
    for finding in admission.findings:
        if finding.severity == "failure" and finding.row:
            found[finding.row].add(finding.code)
    return found


def column(path: Path, name: str) -> list[Any]:
    return taken(path)[1].events[name].to_list()


__all__ = ["HEADER", "ROW", "codes", "column", "first", "quarantined", "table", "taken", "write"]
