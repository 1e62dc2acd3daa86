"""Who may read which warning of the ledger, and the ledger as a reader may see it.

Enters: an `Ask`. Leaves: records and lessons. Called by every page that tells of a warning: none looks into
the ledger by itself. Whoever may not read a warning does not learn that it is there.

A route lets in only who may read (`Right.READ`): never a guest, never a monitor. Of those

- an issued warning that is not restricted is read by all;
- a draft by the desk: those who draft warnings, and its owner;
- a restricted one by its owner, by those who wrote, released or issued it, and by administrators; by those
  it is
  addressed to from the day on which it was issued, and only while what it says now is released.

An office that our own rules name stands for a right; any other name means the account of that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toguna.accounts.audit import note_reads
from toguna.accounts.rights import Principal, Right
from toguna.room.web.ask import Ask, MissingError
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.lessons import Lesson, lessons_of
from toguna.warnings.states import Record, same_person

__all__ = ["Reading", "ledger_of", "may_read", "note_read", "reading"]

STANDS_FOR = {
    "early warning desk": Right.WARN,
    "prevention desk": Right.DECIDE,
    "head of office": Right.DECIDE,
}
"""Offices of our own rules -> the right of those who sit there."""
_HANDS = ("raise", "update", "release", "issue")


@dataclass(frozen=True)
class Reading:
    """The ledger of a theatre as one reader may see it.

    Parameters
    ----------
    records : mapping of str to Record
        Warnings that the reader may read, by id.
    lessons : list of Lesson
        Those about no warning, or about one that the reader may read; oldest first.
    every : mapping of str to Record
        All warnings of the theatre. Never shown: only for what must be compared with all of them.
    state : tuple
        End of the ledger that was read; another one means that there is more.
    """

    records: Mapping[str, Record]
    lessons: list[Lesson]
    every: Mapping[str, Record]
    state: tuple[int, int, str] = (0, 0, "")

    def one(self, id: str) -> Record:
        """Return one warning.

        Raises
        ------
        MissingError
            There is none, or it is not for this reader.
        """
        if id not in self.records:
            raise MissingError("warning", id[:80])
        return self.records[id]


def ledger_of(asked: Ask) -> Ledger:
    """Return the ledger of the room."""
    return Ledger(asked.room.settings.home)


def reading(asked: Ask) -> Reading:
    """Read the ledger of the theatre; whoever stepped the room back reads what had happened by that day."""
    told = asked.room.ledger.read(asked.theatre.name, asked.as_of.isoformat() if asked.stepped else "")
    every = told.records
    shown = {id: r for id, r in every.items() if may_read(r, asked.principal, asked.theatre_name)}
    lessons = [one for one in lessons_of(told.entries) if one.warning in shown or one.warning not in every]
    return Reading(shown, lessons, every, told.state)


def note_read(asked: Ask, record: Record) -> None:
    """Keep in the audit that somebody is shown a restricted warning; called before it is."""
    if record.warning.sensitivity == "restricted":
        note_reads(asked.room.gate, asked.principal.name, "warning", [record.id])


def may_read(record: Record, who: Principal, theatre: str | None) -> bool:
    """Whether somebody who may read the pages of a theatre may read this warning."""
    w = record.warning
    if who.may(Right.ADMINISTER, theatre):
        return True
    if any(same_person(who.name, e.by) for e in record.history if e.kind in _HANDS):
        return True
    inside = _meant(who, theatre, [w.owner])
    if w.sensitivity != "restricted":
        return record.issued_at is not None or inside or who.may(Right.WARN, theatre)
    if record.issued_at is None or not record.released:
        return inside
    return inside or _meant(who, theatre, [*w.addressees, w.escalate_to])


def _meant(who: Principal, theatre: str | None, names: Iterable[str]) -> bool:
    return any(
        who.may(STANDS_FOR[name], theatre)
        if name in STANDS_FOR
        else bool(name) and same_person(name, who.name)
        for name in names
    )
