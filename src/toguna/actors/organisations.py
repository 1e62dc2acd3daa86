"""Reads the table of organisations as it could be known at a date.

Enters: the `actors` table of a theatre (all text). Leaves: `Actor` values and findings.
Called by `toguna.actors.registry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import polars as pl

from toguna.core.dates import PartialDate, parse_partial
from toguna.core.findings import Finding
from toguna.core.language import LANGUAGES

__all__ = ["Actor", "HasTables", "bare_name", "read_actors", "read_span", "rows_of", "with_names"]

_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")


class HasTables(Protocol):
    """What is needed of a theatre: its tables by name."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Tables by name ("actors", "relations", ...)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One organisation as it could be known at a date.

    Parameters
    ----------
    id : str
        Stable identity ("GROUP_A").
    name : str
        Name as written, qualifier in parentheses included.
    aliases : tuple of str
        Other spellings, without their qualifier, in the order of the table.
    kind : str
        Kind of organisation; "unknown" marks a label for unidentified people.
    active_from, active_to : PartialDate or None
        When it began and ended; None when not known, or (end) when it lies after the as-of date.
    sources : tuple of str
        Pages it rests on.
    name_fr : str
        French name, "" when the table has none.
    note : str
        Remark. Notes and aliases carry no date of their own: they may contain hindsight.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    active_from: PartialDate | None
    active_to: PartialDate | None
    sources: tuple[str, ...]
    note: str
    name_fr: str = ""

    def title(self, language: str) -> str:
        """Name it in a language; the name as written where there is no other."""
        return self.name_fr if language == "fr" and self.name_fr else self.name

    def begun(self, on: date) -> bool:
        """Say whether it may have existed by `on`; one without a date always may."""
        return self.active_from is None or self.active_from.first <= on

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "names": {code: self.title(code) for code in LANGUAGES},
            "aliases": list(self.aliases),
            "kind": self.kind,
            "active_from": self.active_from.text if self.active_from else None,
            "active_to": self.active_to.text if self.active_to else None,
            "sources": list(self.sources),
            "note": self.note,
        }


def bare_name(name: str) -> str:
    """Drop a trailing qualifier in parentheses.

    Examples
    --------
    >>> bare_name("GSPC (earlier name)")
    'GSPC'
    """
    return _QUALIFIER.sub("", name).strip() or name.strip()


def rows_of(frames: Iterable[pl.DataFrame | None]) -> list[dict[str, str]]:
    """Return the rows of several text tables, stripped, missing as ''."""
    rows: list[dict[str, str]] = []
    for frame in frames:
        if frame is not None:
            rows.extend(
                {k: str(v).strip() if v is not None else "" for k, v in row.items()}
                for row in frame.iter_rows(named=True)
            )
    return rows


def read_span(
    row: Mapping[str, str], fields: tuple[str, str], *, as_of: date
) -> tuple[PartialDate | None, PartialDate | None, str | None] | None:
    """Read first and last date of a row as they could be known at `as_of`.

    A row becomes visible on the first day its start can mean: "2015" is visible on 24 November
    2015. The risk, taken knowingly: a statement dated "2015" may in truth date from December. The
    other choice would hide every relation known to the year until the year is over. An end is
    shown only when the last day it can mean is past: until then it may still be hindsight.

    Returns
    -------
    tuple (start, end, bad) or None
        None when the row is not visible at `as_of`; `bad` names the field that cannot be read.
    """
    texts = [row.get(f) or "" for f in fields]
    start, end = (parse_partial(t) if t else None for t in texts)
    if texts[0] and start is None:
        return None, None, fields[0]
    if start is not None and start.first > as_of:
        return None
    if texts[1] and end is None:
        return start, None, fields[1]
    if end is not None and end.last > as_of:
        end = None
    if start is not None and end is not None and end.last < start.first:
        return start, end, fields[1]
    return start, end, None


def read_actors(frames: Iterable[pl.DataFrame | None], *, as_of: date) -> tuple[list[Actor], list[Finding]]:
    """Read the organisations visible at `as_of`, sorted by id; unreadable rows become findings.

    Findings name the organisation, not its line: the line would move when rows that were published
    later are taken out of the file, and an assessment may not change by that.
    """
    actors: dict[str, Actor] = {}
    findings: list[Finding] = []
    for row in rows_of(frames):
        span = read_span(row, ("active_from", "active_to"), as_of=as_of)
        if span is None:
            continue
        start, end, bad = span
        id_ = row.get("id", "")
        if bad:
            findings.append(
                _failure("actor-date", bad, f"{id_}: {row[bad]!r}", "YYYY, YYYY-MM or YYYY-MM-DD")
            )
        elif not id_:
            findings.append(_failure("actor-without-id", "id", f"name {row.get('name', '')!r}", "an id"))
        elif id_ in actors:
            findings.append(_failure("actor-twice", "id", id_, "each id once; the first row was kept"))
        else:
            actors[id_] = _actor(row, start, end)
    return [actors[k] for k in sorted(actors)], findings


def with_names(actors: Iterable[Actor], frame: pl.DataFrame | None) -> list[Actor]:
    """Add further names, rows of `actor_id` and `name`, to organisations; those of others are left."""
    more: dict[str, list[str]] = {}
    for row in rows_of([frame]):
        if row["name"]:
            more.setdefault(row["actor_id"], []).append(bare_name(row["name"]))
    return [
        replace(a, aliases=tuple(dict.fromkeys((*a.aliases, *more[a.id])))) if a.id in more else a
        for a in actors
    ]


def _actor(row: Mapping[str, str], start: PartialDate | None, end: PartialDate | None) -> Actor:
    spellings = (*row.get("aliases", "").split(";"), row.get("name_fr", ""))
    aliases = (bare_name(a) for a in spellings if a.strip())
    return Actor(
        id=row["id"],
        name=row.get("name") or row["id"],
        aliases=tuple(dict.fromkeys(aliases)),
        kind=row.get("kind") or "unlisted",
        active_from=start,
        active_to=end,
        sources=tuple(row.get("source_urls", "").split()),
        note=row.get("note", ""),
        name_fr=row.get("name_fr", ""),
    )


def _failure(code: str, field: str, found: str, expected: str) -> Finding:
    repair = "Put it right in the table of actors; the row was left out."
    return Finding(code, "failure", "actors", None, field, found, expected, repair)
