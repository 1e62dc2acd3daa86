"""Reads the measures taken in a theatre as they could be known at a date.

Enters: the `responses` table of a theatre (all text). Leaves: `Response` values and findings. Called
by the command line; the briefing puts them on a timeline against events.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

import polars as pl

from toguna.core.dates import PartialDate, parse_partial
from toguna.core.findings import Finding

__all__ = ["PILLARS", "Response", "findings", "responses"]

# A row is advice, not a measure, when the actor ends with this marker or the column `recommendation` says so.
_MARKER = re.compile(r"\s*\(recommendation\)\s*$", re.IGNORECASE)
_YES = ("1", "true", "yes", "oui")

PILLARS = {
    "military_operation": "security",
    "patrols": "security",
    "border_control": "security",
    "training_mission": "security",
    "state_of_emergency": "security",
    "peacekeeping_mandate": "protection",
    "sanctions": "organised_crime",
    "dialogue": "awareness_dialogue",
    "awareness": "awareness_dialogue",
    "ceasefire": "governance_justice",
    "peace_agreement": "governance_justice",
    "justice": "governance_justice",
    "social_services": "basic_services",
}
"""Strand of the response that a kind of measure belongs to, where the table does not name one."""


class HasTables(Protocol):
    """What is needed of a theatre: its tables by name."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Tables by name."""


@dataclass(frozen=True, slots=True)
class Response:
    """One measure taken, or one recommendation.

    Parameters
    ----------
    id : str
        Identity in the table.
    date_start : date
        First day (the first day a vague date can mean).
    date_end : date or None
        Last day; None when not known or when it lies after the as-of date: the table does not say
        whether a later end was planned or is hindsight.
    kind : str
        Kind of measure.
    place, admin1 : str
        Where; "" when not stated.
    actor : str
        Who; without the marker of a recommendation.
    note : str
        Remark.
    recommendation : bool
        Whether it was advised and not done: the actor ends with "(recommendation)", or a column
        `recommendation` says yes.
    sources : tuple of str
        Pages it rests on.
    pillar : str
        Strand of the response: the column `pillar`, else by its kind; "" when neither says.
    status : str
        What the column `status` says ("planned", "under way", "done"); "" when it says nothing.
    cost : float or None
        What it cost, 0 or more; None when not stated, never zero.
    currency : str
        Of `cost`.
    """

    id: str
    date_start: date
    date_end: date | None
    kind: str
    place: str
    admin1: str
    actor: str
    note: str
    recommendation: bool
    sources: tuple[str, ...]
    pillar: str = ""
    status: str = ""
    cost: float | None = None
    currency: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self) | {
            "date_start": self.date_start.isoformat(),
            "date_end": self.date_end.isoformat() if self.date_end else None,
            "sources": list(self.sources),
        }


def responses(theatre: HasTables, as_of: date) -> list[Response]:
    """Return what began by a date, oldest first; rows without a readable date are left out.

    Parameters
    ----------
    theatre : Theatre
        Its table "responses" is read.
    as_of : date
        Last day of beginning.
    """
    found = (_read(row, as_of) for row in _rows(theatre))
    return sorted((r for r in found if isinstance(r, Response)), key=lambda r: (r.date_start, r.id))


def findings(theatre: HasTables, as_of: date) -> list[Finding]:
    """Return what `responses` left out and why."""
    found = (_read(row, as_of) for row in _rows(theatre))
    return [f for f in found if isinstance(f, Finding)]


def _rows(theatre: HasTables) -> list[dict[str, str]]:
    frame = theatre.tables.get("responses")
    rows = frame.iter_rows(named=True) if frame is not None else ()
    return [{k: str(v).strip() if v is not None else "" for k, v in row.items()} for row in rows]


def _read(row: Mapping[str, str], as_of: date) -> Response | Finding | None:
    start, end = (parse_partial(row.get(c, "")) for c in ("date_start", "date_end"))
    if start is None:
        return _unreadable(row, "date_start")
    if start.first > as_of:
        return None
    if (row.get("date_end") and end is None) or (end is not None and end.last < start.first):
        return _unreadable(row, "date_end")
    return _response(row, start, end if end is not None and end.last <= as_of else None)


def _response(row: Mapping[str, str], start: PartialDate, end: PartialDate | None) -> Response:
    actor = row.get("actor", "")
    advised = row.get("recommendation", "").casefold() in _YES or bool(_MARKER.search(actor))
    return Response(
        id=row.get("id", ""),
        date_start=start.first,
        date_end=end.last if end else None,
        kind=row.get("kind", ""),
        place=row.get("place", ""),
        admin1=row.get("admin1", ""),
        actor=_MARKER.sub("", actor),
        note=row.get("note", ""),
        recommendation=advised,
        sources=tuple(row.get("source_urls", "").split()),
        pillar=row.get("pillar") or PILLARS.get(row.get("kind", ""), ""),
        status=row.get("status", ""),
        cost=_cost(row),
        currency=row.get("currency", ""),
    )


def _cost(row: Mapping[str, str]) -> float | None:
    """Read a cost; a cell that `toguna theatre check` complains of counts as not stated."""
    try:
        cost = float(row.get("cost") or "nan")
    except ValueError:
        return None
    return cost if 0 <= cost < float("inf") else None


def _unreadable(row: Mapping[str, str], field: str) -> Finding:
    return Finding(
        code="response-date",
        severity="failure",
        table="responses",
        row=None,
        field=field,
        found=f"{row.get('id', '')}: {row.get(field, '')!r}",
        expected="a date (YYYY, YYYY-MM or YYYY-MM-DD), end not before start",
        repair="Put it right in the table of responses; the row was left out.",
    )
