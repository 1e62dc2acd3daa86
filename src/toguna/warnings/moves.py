"""Move warnings: raise, update, and every step after, checked against the present state under the lock.

Enters: a ledger, what is to be done, who does it. Leaves: entries. Called by the command line. A step that is
refused leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from toguna.core.errors import UnknownNameError, UsageError
from toguna.warnings.ledger.book import Draft, Ledger
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.lessons import KIND
from toguna.warnings.states import Record, apply, fold
from toguna.warnings.types import Basis, Warning

__all__ = ["Hand", "Taken", "carry", "compared", "correct", "learn", "raise_all", "raise_one", "records_of"]

_NAME = 200


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does something, and when.

    Parameters
    ----------
    by : str
        Name or role; nobody proves it, see docs/methods/ledger.md.
    now : datetime
        When it is written down (UTC).
    at : datetime or None
        When it was done, where that was earlier; None = now.
    """

    by: str
    now: datetime
    at: datetime | None = None

    def draft(self, theatre: str, subject: str, kind: str, body: Mapping[str, Any]) -> Draft:
        """Write down what is done.

        Raises
        ------
        UsageError
            It lies in the future, or nobody says who does it.
        """
        name = " ".join(self.by.split())
        if not name or len(name) > _NAME or not name.isprintable():
            raise UsageError("who does this? Say --by NAME, in at most 200 characters.")
        at = self.at or self.now
        if at > self.now:
            raise UsageError(f"--at {_text(at)} lies in the future; it is {_text(self.now)} now.")
        return Draft(theatre, subject, kind, name, _text(at), _text(self.now), dict(body))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a proposal: "raised", "updated" or "unchanged", and the id of the warning."""

    what: str
    id: str
    warning: Warning


def records_of(ledger: Ledger) -> dict[str, Record]:
    """Return the record of every warning."""
    return fold(ledger.entries())


def raise_one(ledger: Ledger, warning: Warning, hand: Hand) -> Record:
    """Raise a warning, whatever else is open.

    Raises
    ------
    UsageError
        It corrects one that is not open.
    """
    made = ledger.append(lambda entries: [_raised(fold(entries), warning, hand)])
    return records_of(ledger)[made[0].subject]


def correct(ledger: Ledger, id: str, warning: Warning, hand: Hand) -> Record:
    """Raise the correction of a warning; the old one is superseded when the new one is issued."""
    return raise_one(ledger, replace(warning, corrects=id), hand)


def raise_all(ledger: Ledger, proposals: Sequence[Warning], hand: Hand) -> list[Taken]:
    """Raise what is new; what is open already under the same key is updated, never doubled."""
    taken: list[Taken] = []

    def decide(entries: Sequence[Entry]) -> list[Draft]:
        records, drafts = fold(entries), []
        taken.clear()
        for warning in proposals:
            one, draft = _taken(records, warning, hand)
            taken.append(one)
            if draft is None:
                continue
            drafts.append(draft)
            apply(records, _as_entry(draft, len(entries) + len(drafts)))
        return drafts

    ledger.append(decide)
    return taken


def carry(ledger: Ledger, id: str, kind: str, body: Mapping[str, Any], hand: Hand) -> Record:
    """Carry out one step on a warning.

    Raises
    ------
    UsageError, UnknownNameError
        See `toguna.warnings.states.apply`.
    """

    def decide(entries: Sequence[Entry]) -> list[Draft]:
        records = fold(entries)
        record = records.get(id)
        if record is None:
            raise UnknownNameError("warning", id, records)
        drafts = [hand.draft(record.warning.theatre, id, kind, body)]
        old = record.warning.corrects
        if kind == "issue" and old in records and records[old].is_open:
            drafts.append(hand.draft(record.warning.theatre, old, "supersede", {"by_warning": id}))
        for number, draft in enumerate(drafts, start=len(entries) + 1):
            apply(records, _as_entry(draft, number))
        return drafts

    ledger.append(decide)
    return records_of(ledger)[id]


def compared(records: Mapping[str, Record], proposals: Sequence[Warning]) -> list[Taken]:
    """Say what each proposal would be beside what is open: "new", "update" or "unchanged"."""
    return [_beside(records, warning) for warning in proposals]


def _beside(records: Mapping[str, Record], warning: Warning) -> Taken:
    same = [r for r in records.values() if r.is_open and r.warning.key == warning.key]
    if not same:
        return Taken("new", "", warning)
    record = same[-1]
    if _digests(record.warning.basis) == _digests(warning.basis):
        return Taken("unchanged", record.id, record.warning)
    return Taken("update", record.id, _renewed(record.warning, warning))


def _taken(records: Mapping[str, Record], warning: Warning, hand: Hand) -> tuple[Taken, Draft | None]:
    one = _beside(records, warning)
    if one.what == "new":
        draft = _raised(records, warning, hand)
        return Taken("raised", draft.subject, warning), draft
    if one.what == "unchanged":
        return one, None
    draft = hand.draft(warning.theatre, one.id, "update", {"warning": one.warning.as_dict()})
    return Taken("updated", one.id, one.warning), draft


def _renewed(old: Warning, new: Warning) -> Warning:
    """Take over what was found anew; what people settled (owner, deadlines, addressees) stays."""
    return replace(
        new,
        owner=old.owner,
        addressees=old.addressees,
        escalate_to=old.escalate_to,
        sensitivity=old.sensitivity,
        acknowledge_by=old.acknowledge_by,
        deadline=old.deadline,
        start=min(old.start, new.start),
        end=max(old.end, new.end),
        options=new.options or old.options,
        corrects=old.corrects,
    )


def _digests(basis: Sequence[Basis]) -> set[str]:
    return {one.digest for one in basis}


def _raised(records: Mapping[str, Record], warning: Warning, hand: Hand) -> Draft:
    if warning.corrects:
        old = records.get(warning.corrects)
        if old is None:
            raise UnknownNameError("warning", warning.corrects, records)
        if not old.is_open:
            raise UsageError(f"{old.id} is {old.state}; only an open warning can be corrected.")
    number = 1 + sum(r.warning.theatre == warning.theatre for r in records.values())
    return hand.draft(
        warning.theatre, f"{warning.theatre}-{number:04d}", "raise", {"warning": warning.as_dict()}
    )


def _as_entry(draft: Draft, seq: int) -> Entry:
    return Entry(seq, **{name: getattr(draft, name) for name in Draft.__dataclass_fields__})


def learn(ledger: Ledger, theatre: str, body: Mapping[str, Any], hand: Hand) -> Entry:
    """Record a lesson."""

    def decide(entries: Sequence[Entry]) -> list[Draft]:
        number = 1 + sum(e.kind == KIND and e.theatre == theatre for e in entries)
        return [hand.draft(theatre, f"{theatre}-lesson-{number:04d}", KIND, body)]

    return ledger.append(decide)[0]
