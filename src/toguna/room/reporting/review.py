"""What a reviewer sees and decides: accept with corrections, merge into a known incident, reject and say why.

Enters: a record as it was shown, and a decision. Leaves: the record as it stands, with one more line of
history. Called by the pages of review and ``toguna reports queue``. A decision names the version that it was
made on: when somebody else was faster, nothing is written and `ConflictError` holds what stands now.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from toguna.accounts.moments import written
from toguna.accounts.refusals import RefusedError, refused
from toguna.core.digest import canonical_json
from toguna.core.language import in_every_language
from toguna.room.reporting.identity import pseudonym_of
from toguna.room.reporting.inbox import ACCEPTED, MERGED, RECEIVED, REJECTED, STATES
from toguna.store.home import Home
from toguna.store.register.report_tables import Photo, Submission, SubmissionChange

__all__ = ["Change", "ConflictError", "Decision", "Record", "counts", "decide", "queue", "record", "settle"]

_MOST_REASON = 1000
_MOST_LISTED = 500
_MOST_NUMBER = 2**31  # of an id in every database


@dataclass(frozen=True)
class Change:
    """One line of a record's history: what was done, by whom ("" for the reporter), and old and new texts."""

    version: int
    at: str
    by: str
    act: str
    reason: str
    corrections: dict[str, list[str]]


@dataclass(frozen=True)
class Record:
    """A report as it stands; nothing in it says who reported.

    Parameters
    ----------
    id, version : int
        Number in this home; how often it was changed, from 1.
    state : {"received", "accepted", "merged", "rejected"}
        Where it stands.
    reporter : str
        Pseudonym, the same as in the archive.
    answers : dict of str to str
        By name of the question.
    photos : tuple of str
        Digests.
    history : tuple of Change
        The oldest first; empty in lists.
    """

    id: int
    version: int
    uuid: str
    theatre: str
    state: str
    reporter: str
    lang: str
    sent_at: str
    received_at: str
    answers: dict[str, str]
    reason: str
    merged_into: str | None
    reviewed_by: str
    reviewed_at: str | None
    photos: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()

    @property
    def event_id(self) -> str:
        """Id of the event that the archive tells of it once it is accepted."""
        return f"reports:room-{self.id}"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = {n: getattr(self, n) for n in self.__dataclass_fields__ if n not in ("history", "photos")}
        return plain | {"event_id": self.event_id, "photos": len(self.photos)}


class ConflictError(RefusedError):
    """Somebody else changed the record meanwhile; `now` is how it stands."""

    def __init__(self, now: Record) -> None:
        super().__init__(
            in_every_language(
                "{name} changed this report meanwhile. Nothing of yours was written: look at both, decide.",
                name=now.reviewed_by or "?",
            )
        )
        self.now = now


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a reviewer decides.

    Parameters
    ----------
    act : {"accepted", "merged", "rejected"}
        The state it leads to; "accepted" again corrects what was accepted.
    version : int
        Version of the record that the reviewer saw.
    answers : dict of str to str
        The answers after correction; those of the record when nothing was corrected.
    reason : str
        Needed to reject.
    into : str
        Event that the report tells of again; needed to merge.
    """

    act: str
    version: int
    answers: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    into: str = ""


def queue(home: Home, theatre: str | None, *, state: str = "", words: str = "") -> list[Record]:
    """List records, those that wait longest first; `words` looks in place, region and description."""
    query = select(Submission)
    if theatre is not None:
        query = query.where(Submission.theatre == theatre)
    if state:
        query = query.where(Submission.state == state)
    query = query.order_by(Submission.state != RECEIVED, Submission.id).limit(_MOST_LISTED)
    key = home.sealing_key()[0]
    with home.register.read() as session:
        found = [_record(row, key) for row in session.scalars(query)]
    asked = words.casefold().split()
    return [r for r in found if all(w in " ".join(r.answers.values()).casefold() for w in asked)]


def counts(home: Home, theatre: str) -> dict[str, int]:
    """Count the records of a theatre by state."""
    query = select(Submission.state, func.count()).where(Submission.theatre == theatre)
    with home.register.read() as session:
        found = {row[0]: row[1] for row in session.execute(query.group_by(Submission.state))}
    return {state: found.get(state, 0) for state in STATES}


def record(home: Home, theatre: str, number: int) -> Record | None:
    """Return one record with its photos and its history; None when the theatre has none of this number."""
    if not 0 < number < _MOST_NUMBER:
        return None
    with home.register.read() as session:
        row = session.get(Submission, number)
        return None if row is None or row.theatre != theatre else _whole(home, session, row)


def _whole(home: Home, session: Session, row: Submission) -> Record:
    photos = session.scalars(select(Photo.sha256).where(Photo.submission_id == row.id).order_by(Photo.id))
    changes = session.scalars(
        select(SubmissionChange)
        .where(SubmissionChange.submission_id == row.id)
        .order_by(SubmissionChange.version)
    )
    history = tuple(
        Change(c.version, c.at, c.by, c.act, c.reason, json.loads(c.corrections)) for c in changes
    )
    return _record(row, home.sealing_key()[0], tuple(photos), history)


def _record(
    row: Submission, key: bytes, photos: tuple[str, ...] = (), history: tuple[Change, ...] = ()
) -> Record:
    same = ("id", "version", "uuid", "theatre", "state", "lang", "sent_at", "received_at", "reason",
            "merged_into", "reviewed_by", "reviewed_at")  # fmt: skip
    return Record(
        **{name: getattr(row, name) for name in same},
        reporter=pseudonym_of(key, row.reporter),
        answers=json.loads(row.answers),
        photos=photos,
        history=history,
    )


def decide(home: Home, shown: Record, decision: Decision, *, by: str, now: datetime, today: date) -> Record:
    """Write a decision; when this returns it is on the disk.

    Parameters
    ----------
    shown : Record
        The record that is decided on; its number counts, not its content.
    by : str
        Name of the reviewer's account.
    now, today : datetime, date
        The moment, and the day of the room: from it on the archive may tell what was accepted.

    Raises
    ------
    ConflictError
        The record is not at the version that the decision names.
    RefusedError
        A reason, or the incident to merge into, is missing.
    """
    _check(decision, shown)
    with home.register.write() as session:
        row = session.get_one(Submission, shown.id)
        if row.version != decision.version:
            raise ConflictError(_whole(home, session, row))
        settle(session, row, decision, by=by, now=now, today=today)
        return _whole(home, session, row)


def settle(
    session: Session, row: Submission, decision: Decision, *, by: str, now: datetime, today: date
) -> None:
    """Write a decision that was checked, within the transaction of whoever calls."""
    before: dict[str, str] = json.loads(row.answers)
    after = decision.answers or before
    told = _known_on(session, row, decision.act, today)
    row.version += 1
    row.state, row.reason = decision.act, decision.reason.strip()
    row.merged_into = decision.into or None
    row.answers = canonical_json(after)
    row.reviewed_by, row.reviewed_at = by, written(now)
    session.add(
        SubmissionChange(
            submission_id=row.id, version=row.version, at=written(now), by=by, act=decision.act,
            corrections=canonical_json(_corrections(before, after)), reason=row.reason,
            answers=canonical_json(after) if told else None, known_on=told,
        )
    )  # fmt: skip
    session.flush()


def _check(decision: Decision, shown: Record) -> None:
    if decision.act not in (ACCEPTED, MERGED, REJECTED):
        raise refused("Choose what to do with this report.")
    if decision.act == REJECTED and not decision.reason.strip():
        raise refused("Say why: the reporter is told the reason.")
    if len(decision.reason) > _MOST_REASON:
        raise refused("The reason is longer than {n} signs.", n=_MOST_REASON)
    if decision.act == MERGED and not decision.into.strip():
        raise refused("Choose the incident that this report tells of again.")
    if decision.act == MERGED and decision.into.strip() == shown.event_id:
        raise refused("A report cannot be merged into itself.")


def _known_on(session: Session, row: Submission, act: str, today: date) -> str | None:
    """Return the day of a telling for the archive: of what is accepted, and of what no longer is."""
    last: str | None = session.scalar(
        select(func.max(SubmissionChange.known_on)).where(SubmissionChange.submission_id == row.id)
    )
    if ACCEPTED not in (act, row.state):
        return None
    return max(today.isoformat(), last or "")  # a room set to an earlier day does not rewrite a later one


def _corrections(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    names: Sequence[str] = sorted({*before, *after})
    return {n: [before.get(n, ""), after.get(n, "")] for n in names if before.get(n) != after.get(n)}
