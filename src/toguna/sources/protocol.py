"""What a source is: it reads a file as published, and says it in the columns of an event.

A source never decides anything: which rows are good is for `toguna.events.checks`, which release wins is for
`toguna.events.gather`. A plug-in offers an object of this protocol under the entry-point group
`toguna.sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import polars as pl

from toguna.core.findings import Finding
from toguna.store.theatre import Theatre

__all__ = ["UNREADABLE_SCHEMA", "About", "Parsed", "RawFile", "Source"]

UNREADABLE_SCHEMA = pl.Schema({"row": pl.Int64(), "field": pl.String(), "text": pl.String()})


@dataclass(frozen=True, slots=True)
class About:
    """Who publishes the source, on what terms, how often, and where.

    `redistribute` is False when the terms forbid passing rows on; what is written for others then holds none.
    """

    provider: str
    licence: str
    citation: str
    cadence: str
    url: str
    redistribute: bool = True


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
    """

    frame: pl.DataFrame
    version: str = ""
    published_at: date | None = None
    findings: tuple[Finding, ...] = ()
    table: str = ""
    licence: str = ""
    citation: str = ""


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
