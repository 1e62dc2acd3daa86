"""Which warnings a reader of the interface is told, and as what.

Enters: an `Ask`. Leaves: records of the ledger as they stood on the day, and `WarningOut`. Called by the
routes of warnings. Whatever this interface tells is taken out of the house: drafts and restricted warnings
are not told to anybody, warnings for addressees only to members, and names of those who wrote to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toguna.accounts.rights import Right
from toguna.room.standing import PROPOSAL
from toguna.room.web.api.answers import absolute
from toguna.room.web.api.models import Link, WarningOut
from toguna.room.web.ask import Ask, MissingError
from toguna.warnings.states import Record

__all__ = ["Standing", "one", "proposal", "standing", "told"]

CAP, CALENDAR = "application/cap+xml", "text/calendar"
_COPIED = (
    "kind",
    "level",
    "urgency",
    "severity",
    "certainty",
    "sensitivity",
    "actors",
    "start",
    "end",
    "headline",
)
_MORE = ("text", "owner", "addressees", "acknowledge_by", "deadline", "options")


@dataclass(frozen=True)
class Standing:
    """Warnings that a reader may be told.

    Parameters
    ----------
    records : list of Record
        The newest first.
    restricted : int
        Issued warnings that are restricted and not told.
    state : str
        Hash of the last entry of the ledger that counts, "" for none.
    """

    records: list[Record]
    restricted: int
    state: str


def standing(asked: Ask) -> Standing:
    """Return the issued warnings of a theatre by the day, as far as the reader may be told of them."""
    told = asked.room.ledger.read(asked.theatre.name, asked.today.isoformat())
    issued = [r for r in told.records.values() if r.issued_at]
    allowed = ("open", "addressees") if asked.may(Right.READ) else ("open",)
    found = [r for r in issued if r.warning.sensitivity in allowed and r.released]
    newest = sorted(found, key=lambda r: (r.issued_at or "", r.id), reverse=True)
    restricted = sum(r.warning.sensitivity == "restricted" for r in issued)
    return Standing(newest, restricted, told.entries[-1].hash if told.entries else "")


def one(asked: Ask, id: str) -> tuple[Record, Standing]:
    """Return a warning that the reader may be told of.

    Raises
    ------
    MissingError
        There is none of that id, or it is not for the reader: which of both is not told.
    """
    found = standing(asked)
    for record in found.records:
        if record.id == id:
            return record, found
    raise MissingError("warning", id[:80])


def told(asked: Ask, record: Record) -> WarningOut:
    """Say a warning of the ledger."""
    plain = record.warning.as_dict()
    made, came = record.decision, record.outcome
    return WarningOut(
        id=record.id,
        status=record.state,
        **{name: plain[name] for name in (*_COPIED, *_MORE)},
        areas=[area.name for area in record.warning.areas],
        times=dict(record.times),
        decision=None if made is None else {"act": made.act, "reason": made.reason, "at": made.at},
        actions=[{"text": a.text, "who": a.who, "measure": a.measure, "at": a.at} for a in record.actions],
        outcome=None if came is None else {"outcome": came.outcome, "text": came.text, "at": came.at},
        links=_links(asked, record.id),
    )


def proposal(row: Mapping[str, Any]) -> WarningOut | None:
    """Say a proposal of the assessment; None when the row is none, or is not for readers."""
    if row["status"] != PROPOSAL or row["sensitivity"] == "restricted":
        return None
    return WarningOut(
        id=row["id"],
        status=PROPOSAL,
        **{name: row[name] for name in (*_COPIED, *_MORE)},
        areas=row["areas"],
        times={},
        decision=None,
        actions=[],
        outcome=None,
        links=[],
    )


def _links(asked: Ask, id: str) -> list[Link]:
    base = f"/t/{asked.theatre.name}/warnings/{id}"
    return [
        Link(href=absolute(asked, f"{base}.cap.xml"), rel="alternate", type=CAP),
        Link(href=absolute(asked, f"{base}.ics"), rel="related", type=CALENDAR),
    ]
