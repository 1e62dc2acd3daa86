"""Move warnings: raise, update, and every step after, checked against the present state under the lock.

Enters: a ledger, what is to be done, who does it, perhaps what they had read. Leaves: records. Called by the
command line and the web room: both hand in the same values and are told the same errors. A step that is
refused leaves nothing behind.

Of two people who act on what both read, the second is told what the first did (`ConflictError`), and neither
move is lost: what was read is named by `Record.version`, and compared under the lock of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from toguna.core.errors import ConflictError, FieldError, UnknownNameError
from toguna.core.language import Word
from toguna.core.language import in_every_language as _
from toguna.warnings.due import owed_by
from toguna.warnings.ledger.book import Draft, Ledger
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.lessons import KIND
from toguna.warnings.states import Record, apply, fold
from toguna.warnings.steps import Escalate, Step
from toguna.warnings.types import Basis, Warning

__all__ = [
    "Hand",
    "Taken",
    "carry",
    "compared",
    "correct",
    "learn",
    "move",
    "raise_all",
    "raise_one",
    "records_of",
]

_NAME = 200


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does something, and when.

    Parameters
    ----------
    by : str
        Name or role; the room proves it, the command line does not, see docs/methods/ledger.md.
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
        FieldError
            ``at``: it lies in the future; ``by``: nobody says who does it.
        """
        name = " ".join(self.by.split())
        if not name or len(name) > _NAME or not name.isprintable():
            raise FieldError("by", _("Who does this? A name in at most {most} characters.", most=_NAME))
        at = self.at or self.now
        if at > self.now:
            raise FieldError(
                "at", _("{at} lies in the future; it is {now} now.", at=_text(at), now=_text(self.now))
            )
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


def raise_one(ledger: Ledger, warning: Warning, hand: Hand, *, seen: str | None = None) -> Record:
    """Raise a warning, whatever else is open.

    Raises
    ------
    FieldError
        It corrects one that is not open.
    ConflictError
        It corrects one that is not as it was read (`seen`, see `move`). Nothing was written.
    """
    before: list[Entry] = []

    def decide(entries: Sequence[Entry]) -> list[Draft]:
        before[:] = entries
        records = fold(entries)
        if warning.corrects:
            _found(records, warning.corrects, seen)
        return [_raised(records, warning, hand)]

    made = ledger.append(decide)
    return fold([*before, *made])[made[0].subject]


def correct(ledger: Ledger, id: str, warning: Warning, hand: Hand, *, seen: str | None = None) -> Record:
    """Raise the correction of a warning; the old one is superseded when the new one is issued."""
    return raise_one(ledger, replace(warning, corrects=id), hand, seen=seen)


def move(ledger: Ledger, id: str, step: Step, hand: Hand, *, seen: str | None = None) -> Record:
    """Take one step on a warning.

    Parameters
    ----------
    ledger : Ledger
    id : str
        Id of the warning.
    step : Step
        See `toguna.warnings.steps`.
    hand : Hand
        Who, and when.
    seen : str, optional
        `Record.version` of what they had read; None = whatever is there now.

    Returns
    -------
    Record
        The warning after this step, whatever others did since.

    Raises
    ------
    FieldError
        A field, or the state of the warning, does not allow it; ``field`` names which.
    UnknownNameError
        No such warning.
    ConflictError
        Somebody did something on it since it was read. Nothing was written.

    Examples
    --------
    >>> record = move(book, "mali-0001", Decide(False, "no means"), hand, seen=read)  # doctest: +SKIP
    """
    return _carried(ledger, id, step, hand, seen=seen)


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
    """Carry out one step that is given as plain values, on whatever is there now.

    Raises
    ------
    UsageError, UnknownNameError
        See `toguna.warnings.states.apply`.
    """
    return _carried(ledger, id, (kind, body), hand)


def _carried(
    ledger: Ledger,
    id: str,
    step: Step | tuple[str, Mapping[str, Any]],
    hand: Hand,
    *,
    seen: str | None = None,
) -> Record:
    before: list[Entry] = []
    kind, body = step if isinstance(step, tuple) else (step.kind, step.body)

    def decide(entries: Sequence[Entry]) -> list[Draft]:
        before[:] = entries
        records = fold(entries)
        record = _found(records, id, seen)
        told = _escalated(step, record, hand) if isinstance(step, Escalate) else body
        drafts = [hand.draft(record.warning.theatre, id, kind, told)]
        old = record.warning.corrects
        if kind == "issue" and old in records and records[old].is_open:
            drafts.append(hand.draft(record.warning.theatre, old, "supersede", {"by_warning": id}))
        for number, draft in enumerate(drafts, start=len(entries) + 1):
            apply(records, _as_entry(draft, number))
        return drafts

    made = ledger.append(decide)
    return fold([*before, *made])[id]


def _found(records: Mapping[str, Record], id: str, seen: str | None) -> Record:
    """Return the record as it was read, or say what happened to it since."""
    record = records.get(id)
    if record is None:
        raise UnknownNameError("warning", id, records)
    if seen is None or seen == record.version:
        return record
    number = seen.partition("-")[0]
    known = int(number) if number.isdecimal() else 0
    since = [e for e in record.history if e.seq > known] or [record.history[-1]]
    steps = ", ".join(f"{e.kind} ({e.by}, {e.recorded_at})" for e in since)
    raise ConflictError(
        _(
            "{id} is not as it was read (version {seen}, now {now}): {steps}. Nothing was written. Read it "
            "again, then decide.",
            id=id,
            seen=seen,
            now=record.version,
            steps=steps,
        ),
        now=record.version,
    )


def _escalated(step: Escalate, record: Record, hand: Hand) -> dict[str, Any]:
    """Say who is told of which answer that is overdue; one that is not overdue is not escalated."""
    day = (hand.at or hand.now).date()
    owed = owed_by(record, day) if record.is_open else None
    if owed is None or not owed.escalated:
        until = "" if owed is None else owed.by.isoformat()
        raise FieldError(
            "id",
            _("No answer on {id} is overdue on {day} (due {until}).", id=record.id, day=day, until=until),
        )
    return {**step.body, "to": step.to.strip() or owed.tell, "owed": owed.what, "days_over": owed.days_over}


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
            raise FieldError(
                "id",
                _(
                    "{id} is {state}; only an open warning can be corrected.",
                    id=old.id,
                    state=Word(f"state:{old.state}"),
                ),
            )
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
