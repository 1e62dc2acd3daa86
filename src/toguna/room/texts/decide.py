"""Decide on a draft: accept it as it is or mended, or reject it and say why.

Enters: a draft as it was shown, and what the reviewer made of it. Leaves: the draft as it stands, with one
more line of history; an accepted incident is an accepted report of the review queue in the same transaction.
A decision names the version it was made on: of two the second is told, and nothing of it is written.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.moments import written
from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.rights import Principal
from toguna.accounts.secrets import derived_key
from toguna.core.digest import canonical_json
from toguna.core.language import in_every_language
from toguna.events.links import Ruling
from toguna.room.additions import Statement, relate
from toguna.room.reporting.identity import sealed
from toguna.room.reporting.inbox import Sent, enter
from toguna.room.reporting.review import Decision, settle
from toguna.room.rulings import stated
from toguna.room.texts.shelf import (
    ACCEPTED,
    ASKED_FOR,
    INCIDENT,
    OPEN,
    REJECTED,
    RELATION,
    Draft,
    TextRead,
    draft_as_it_stands,
    drafts_of,
    forget_words,
)
from toguna.store.home import Home
from toguna.store.register.reading_tables import ReadingChange, ReadingDraft
from toguna.store.register.report_tables import Submission

__all__ = ["MISREAD", "WHYS", "Reviewer", "TakenError", "Verdict", "decide"]

WHYS = MISREAD, DOUBLE, ELSEWHERE, OTHER = ("misread", "double", "elsewhere", "other")
"""Why a draft is rejected: the text does not say so; it is on record already; outside this theatre; else. Of
these only the first teaches the reader that it was wrong."""
_MOST_REASON = 1000
_ROLE = "analyst who reviewed the text"


@dataclass(frozen=True)
class Reviewer:
    """Who decides, the moment, and the day of the room, from which the archive may tell what was accepted."""

    principal: Principal
    now: datetime
    today: date


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a reviewer decides.

    Parameters
    ----------
    act : {"accepted", "rejected"}
        The state it leads to.
    version : int
        Version of the draft that the reviewer saw.
    answers : dict of str to str
        Of an incident: answers of the report that it becomes, see `fields`.
    decided : dict of str to str
        The form as it was understood, for the history and for training.
    corrections : dict of str to list of str
        What was changed: as proposed, as given.
    same_as : str
        Id of the event on record that it is another telling of; "" for an incident of its own.
    why : {"misread", "double", "elsewhere", "other"}
        Why it is rejected.
    reason : str
        In words; needed for "other".
    """

    act: str
    version: int
    answers: Mapping[str, str] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, list[str]] = field(default_factory=dict)
    same_as: str = ""
    why: str = ""
    reason: str = ""


class TakenError(RefusedError):
    """Somebody else decided meanwhile; `now` is how the draft stands."""

    def __init__(self, now: Draft) -> None:
        super().__init__(
            in_every_language(
                "{name} decided on this draft meanwhile. Nothing of yours was written.", name=now.decided_by
            )
        )
        self.now = now


def decide(home: Home, text: TextRead, draft: Draft, verdict: Verdict, who: Reviewer) -> Draft:
    """Write a decision; when this returns it is on the disk.

    Raises
    ------
    TakenError
        The draft is not at the version that the decision names.
    RefusedError
        It is accepted already, is no draft to decide on, or the reason is missing.
    """
    _check(draft, verdict)
    with home.register.write() as session:
        row = session.get_one(ReadingDraft, draft.id)
        if row.version != verdict.version:
            raise TakenError(draft_as_it_stands(row))
        if row.state == ACCEPTED:
            raise refused("This draft is accepted. Correct the report that it became.")
        if verdict.act == ACCEPTED:
            row.submission_id = _enact(session, home, text, draft, (verdict, who))
        row.version += 1
        row.state, row.why, row.reason = verdict.act, verdict.why, verdict.reason.strip()
        row.decided = canonical_json(dict(verdict.decided))
        row.decided_by, row.decided_at = who.principal.name, written(who.now)
        session.add(
            ReadingChange(
                draft_id=row.id, version=row.version, at=written(who.now), by=who.principal.name,
                act=verdict.act, corrections=canonical_json(dict(verdict.corrections)),
                reason=": ".join(part for part in (verdict.why, row.reason) if part),
            )
        )  # fmt: skip
        note(
            session,
            who.now,
            who.principal.name,
            f"draft-{verdict.act}",
            f"{text.theatre}/{text.id}/{row.number}",
        )
        session.flush()
        if not text.words_kept and not any(_waits(d) for d in drafts_of(session, text.id)):
            forget_words(session, text.id)
        return draft_as_it_stands(row)


def _waits(draft: Draft) -> bool:
    return draft.state == OPEN and draft.kind != ASKED_FOR


def _check(draft: Draft, verdict: Verdict) -> None:
    if draft.kind == ASKED_FOR or verdict.act not in (ACCEPTED, REJECTED):
        raise refused("Choose what to do with this draft.")
    if verdict.act == REJECTED and verdict.why not in WHYS:
        raise refused("Say why you reject it.")
    if verdict.act == REJECTED and verdict.why == OTHER and not verdict.reason.strip():
        raise refused("Say in a few words why you reject it.")
    if len(verdict.reason) > _MOST_REASON:
        raise refused("The reason is longer than {n} signs.", n=_MOST_REASON)


def _enact(
    session: Session, home: Home, text: TextRead, draft: Draft, decided: tuple[Verdict, Reviewer]
) -> int | None:
    """Put an accepted draft where it belongs; of an incident return the number of its report."""
    verdict, who = decided
    if draft.kind == INCIDENT:
        report = _report(session, home, text, draft, decided)
        if verdict.same_as:
            stated(
                session, text.theatre, _ruling(text, f"reports:room-{report.id}", verdict.same_as, who.now)
            )
        return report.id
    if draft.kind == RELATION and verdict.decided["since"]:
        said = verdict.decided
        statement = Statement(said["a"], said["kind"], said["b"], said["since"], text.address or text.source)
        relate(session, text.theatre, statement, recorded_at=written(who.now))
    return None


def _report(
    session: Session, home: Home, text: TextRead, draft: Draft, decided: tuple[Verdict, Reviewer]
) -> Submission:
    """Write a report that is accepted at once: whoever vouches for it read it first.

    It is told under a code of the source: two texts of one source are one voice, whoever read them.
    """
    verdict, who = decided
    key, uuid = home.sealing_key()[0], str(uuid5(UUID(text.uuid), str(draft.number)))
    code = "text-" + hmac.digest(derived_key(key, "text-source"), text.source.encode(), "sha256").hex()[:24]
    sent = Sent(uuid=uuid, theatre=text.theatre, lang=text.lang[:2], answers=dict(verdict.answers))
    row = enter(session, sent, (code, sealed(key, who.principal, bound_to=uuid)), now=who.now)
    accepted = Decision(act=ACCEPTED, version=row.version, answers=sent.answers)
    settle(session, row, accepted, by=who.principal.name, now=who.now, today=who.today)
    return row


def _ruling(text: TextRead, report: str, known: str, now: datetime) -> Ruling:
    first, second = sorted((report, known))
    return Ruling(
        first,
        second,
        "same",
        by=_ROLE,
        reason="The text tells of this incident again.",
        source_url=text.address or text.source,
        recorded_at=written(now),
    )
