"""What a source is: it reads a file as published, and says it in the columns of an event.

A source never decides anything: which rows are good is for `toguna.events.checks`, which release wins is for
`toguna.events.gather`. A plug-in offers an object of this protocol under the entry-point group
`toguna.sources`.

What a source may say beside the protocol, each with a default:

- `succession`: how its releases follow one another (`succession_of`; "whole"), and `succession_in` where a
  series of its releases does otherwise;
- `term(version)`: which days a version covers by the word of its publisher (`term_of`; not told);
- `rows_dated`: what the day of publication of a row means (`rows_dated_of`; "first").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

import polars as pl

from toguna.core.findings import Finding
from toguna.store.theatre import Theatre

__all__ = [
    "UNREADABLE_SCHEMA",
    "About",
    "Parsed",
    "RawFile",
    "RowsDated",
    "Source",
    "Succession",
    "Term",
    "rows_dated_of",
    "succession_of",
    "term_of",
]

Succession = Literal["whole", "coverage", "cumulative"]
RowsDated = Literal["first", "last-written"]

UNREADABLE_SCHEMA = pl.Schema({"row": pl.Int64(), "field": pl.String(), "text": pl.String()})


@dataclass(frozen=True, slots=True)
class About:
    """Who publishes the source, on what terms, how often, and where; what it cannot tell.

    Parameters
    ----------
    provider, licence, citation, cadence, url : str
        For people.
    redistribute : bool
        False when the terms forbid passing rows on; what is written for others then holds none.
    limits : tuple of str
        What one must know before relying on it, a sentence each.
    columns : mapping of str to str
        Event column to what it is read from, in the publisher's names.
    """

    provider: str
    licence: str
    citation: str
    cadence: str
    url: str
    redistribute: bool = True
    limits: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as published.

    Parameters
    ----------
    frame : DataFrame
        Rows and columns as published; cells are text unless the file says otherwise (Parquet).
    version : str
        The publisher's version, "" when the file does not tell.
    published_at : date or None
        When the world could have it; None when it cannot be told.
    findings : tuple of Finding
        What is remarkable about the file as a whole; a "stop" forbids using it.
    table : str
        Name to show in findings.
    licence, citation : str
        Terms of this very file.
    series : str
        Which line of releases the file belongs to, where a source has several side by side.
    """

    frame: pl.DataFrame
    version: str = ""
    published_at: date | None = None
    findings: tuple[Finding, ...] = ()
    table: str = ""
    licence: str = ""
    citation: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """Which days a version covers by the word of its publisher; None where there is no bound.

    `preliminary` versions are followed by a final one that settles the same days.
    """

    first: date | None = None
    last: date | None = None
    preliminary: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of a file in the columns of an event; no row is lost.

    Parameters
    ----------
    events : DataFrame
        `toguna.core.names.EVENT_SCHEMA`, one row for every row of the file, in its order.
    unreadable : DataFrame
        Cells that hold something which is not what the column holds: row, field (of the file), text.
    columns : mapping of str to str
        Event column to column of the file, for findings.
    decimal : str
        Decimal sign of the file, for numbers written with separators.
    """

    events: pl.DataFrame
    unreadable: pl.DataFrame
    columns: Mapping[str, str] = field(default_factory=dict)
    decimal: str = "."


class Source(Protocol):
    """What `toguna.events` asks of a source."""

    name: str
    about: About

    def read(self, path: Path) -> RawFile:
        """Read a file as published; what forbids using it is a finding of severity "stop"."""

    def parse(self, raw: RawFile, *, theatre: Theatre | None) -> Parsed:
        """Say the rows in the columns of an event; with a theatre, in its spellings of areas."""

    def select(self, raw: RawFile, *, theatre: Theatre) -> RawFile:
        """Keep the rows that concern a theatre."""


def succession_of(source: Source, series: str = "") -> Succession:
    """Say how the releases of a source follow one another.

    "whole": each tells everything anew, and the newest final one stands for all. "coverage": each holds the
    countries and days that were asked for, and replaces earlier ones there and only there. "cumulative": each
    adds to those before; of an event told again the newest telling counts, and nothing vanishes.
    """
    told: Succession = getattr(source, "succession", "whole")
    other: Mapping[str, Succession] = getattr(source, "succession_in", {})
    return other.get(series, told)


def term_of(source: Source, version: str) -> Term | None:
    """Return the days that a version covers by the word of its publisher, None where it gives none."""
    term = getattr(source, "term", None)
    told: Term | None = term(version) if term else None
    return told


def rows_dated_of(source: Source) -> RowsDated:
    """Say what a row's day of publication means: when it first appeared, or when it was last written."""
    told: RowsDated = getattr(source, "rows_dated", "first")
    return told
