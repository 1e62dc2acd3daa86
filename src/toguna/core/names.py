"""The columns of an event, once: meaning, type, unit, range. The docs are generated from here.

Everything that enters `toguna.events` leaves it in this shape, whatever the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

__all__ = ["EVENT_COLUMNS", "EVENT_SCHEMA", "EXPORT_COLUMNS", "VIOLENCE", "Column", "empty_events"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Polars type, meaning, unit and range."""

    name: str
    dtype: Any
    meaning: str
    unit: str = ""
    span: str = ""


VIOLENCE = {"sb": "state-based", "ns": "non-state", "os": "one-sided"}

_TEXT, _COUNT = pl.String(), pl.Int64()

EVENT_COLUMNS: tuple[Column, ...] = (
    Column("event_id", _TEXT, "identity, 'source:id'"),
    Column("source", _TEXT, "source it came through"),
    Column("row", pl.Int64(), "data row in the file it came from", "", "1 or more"),
    Column("date_start", pl.Date(), "first day"),
    Column("date_end", pl.Date(), "last day (inclusive)"),
    Column(
        "date_prec", pl.Int8(), "precision of the date (UCDP codes)", "", "1 exact day ... 5 over a month"
    ),
    Column("published_at", pl.Date(), "first day on which the world could know it"),
    Column("violence", _TEXT, "kind of organised violence", "", "sb, ns, os; missing = not coded"),
    Column("event_type", _TEXT, "kind of event, the source's own word"),
    Column("tactic", _TEXT, "how it was done"),
    Column("target", _TEXT, "who or what was attacked"),
    Column("setting", _TEXT, "where it struck: hotel, convoy, base ..."),
    Column(
        "perpetrators", pl.List(pl.String()), "actor ids blamed; in a battle, the sides named as fighting"
    ),
    Column("responsibility", _TEXT, "claims of responsibility: '+' joint, '|' rival"),
    Column("side_a", _TEXT, "side A in the source's words"),
    Column("side_b", _TEXT, "side B in the source's words"),
    Column("best", _COUNT, "deaths, best estimate, all sides", "persons", "0 or more; missing = unknown"),
    Column("low", _COUNT, "deaths, lowest estimate", "persons", "low <= best"),
    Column("high", _COUNT, "deaths, highest estimate", "persons", "best <= high"),
    Column("deaths_attackers", _COUNT, "deaths on the attacking side", "persons", "missing = unknown"),
    Column("deaths_civilians", _COUNT, "deaths of civilians", "persons", "missing = unknown"),
    Column("deaths_security", _COUNT, "deaths of national forces", "persons", "missing = unknown"),
    Column("deaths_international", _COUNT, "deaths of international forces", "persons", "missing = unknown"),
    Column("wounded", _COUNT, "wounded", "persons", "missing = unknown"),
    Column("hostages", _COUNT, "people held", "persons", "missing = unknown"),
    Column("place", _TEXT, "name of the place"),
    Column("admin1", _TEXT, "first-level area"),
    Column("admin2", _TEXT, "second-level area"),
    Column("country", _TEXT, "ISO 3166-1 alpha-3"),
    Column("lat", pl.Float64(), "latitude", "degrees WGS84", "-90 to 90"),
    Column("lon", pl.Float64(), "longitude", "degrees WGS84", "-180 to 180"),
    Column("where_prec", pl.Int8(), "precision of the place (UCDP codes)", "", "1 exact ... 7 international"),
    Column("gid", pl.Int64(), "PRIO-GRID cell", "", "1 to 259,200"),
    Column("within", _TEXT, "event_id of the wider event that already counts this one"),
    Column("confidence", _TEXT, "the compiler's trust in the row", "", "high, medium, low"),
    Column("reporter", _TEXT, "pseudonym of who reported it; never a name; missing in every export of rows"),
    Column(
        "reliability", _TEXT, "reliability of the source (AJP-2.1)", "", "A best ... E worst, F not judged"
    ),
    Column(
        "credibility", pl.Int8(), "credibility of the information (AJP-2.1)", "", "1 best ... 5, 6 not judged"
    ),
    Column(
        "sensitivity",
        _TEXT,
        "who may see it (OCHA classes)",
        "",
        "low, moderate, high, severe; missing = public",
    ),
    Column("note", _TEXT, "remark"),
    Column("source_urls", pl.List(pl.String()), "pages the row rests on"),
)

EXPORT_COLUMNS: tuple[Column, ...] = (
    *EVENT_COLUMNS,
    Column("incident_id", _TEXT, "incident it tells of; tellings of one incident share it"),
)
"""What an assessment hands on: an event, and what was found out about it beside other events."""

EVENT_SCHEMA = pl.Schema({c.name: c.dtype for c in EVENT_COLUMNS})


def empty_events() -> pl.DataFrame:
    """Return an event frame without rows."""
    return pl.DataFrame(schema=EVENT_SCHEMA)
