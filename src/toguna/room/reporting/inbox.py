"""Take reports in: each once, however often it is sent, and durable before it is acknowledged.

Enters: answers, who is logged in, photos. Leaves: rows of the register. Called by the pages of reporting, by
``toguna reports queue`` and by benches. A report bears an id that the sender's form made (UUID): the same id
again is the same report, and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from toguna.accounts.moments import written
from toguna.accounts.refusals import refused
from toguna.accounts.rights import Principal
from toguna.core.digest import canonical_json, digest
from toguna.room.reporting.identity import code_of, sealed
from toguna.room.reporting.photos import Kept, keep_photo
from toguna.store.home import Home
from toguna.store.register.report_tables import Photo, Submission, SubmissionChange

__all__ = ["ACCEPTED", "MERGED", "RECEIVED", "REJECTED", "STATES", "Sent", "enter", "own", "submit"]

STATES = RECEIVED, ACCEPTED, MERGED, REJECTED = ("received", "accepted", "merged", "rejected")
_MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One report as it was sent.

    Parameters
    ----------
    uuid : str
        Made by the form, once for each report.
    theatre, lang : str
        Where, and the language of the form.
    sent_at : str
        Moment of sending by the sender's clock, ISO; "" when it is not told. It decides nothing.
    answers : dict of str to str
        As `questionnaire.read` gives them.
    photos : sequence of bytes
        Files as sent.
    """

    uuid: str
    theatre: str
    lang: str
    answers: dict[str, str]
    sent_at: str = ""
    photos: Sequence[bytes] = field(default=(), repr=False)


def submit(home: Home, sent: Sent, principal: Principal, *, now: datetime) -> Submission:
    """Keep a report; when this returns it is on the disk. The same report again returns what is there.

    Raises
    ------
    RefusedError
        No id, an id that another report bears, or a photo that cannot be kept.
    """
    uuid, key = _uuid(sent.uuid), home.sealing_key()[0]
    code, told = code_of(key, principal), digest([sent.theatre, sent.answers])
    with home.register.read() as session:  # a copy needs no lock, and its photos are not drawn again
        held = _held(session, uuid)
    if held is None:
        photos = [keep_photo(home, data) for data in sent.photos]
        with home.register.write() as session:
            held = _held(session, uuid)
            if held is None:
                return enter(
                    session, sent, (code, sealed(key, principal, bound_to=uuid)), now=now, photos=photos
                )
    if held.reporter != code or held.digest != told:
        raise refused(
            "Another report was sent under this number. Open the form anew and send this one from there."
        )
    return held


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except (ValueError, AttributeError):
        raise refused("The form lacks its number. Open it anew; what you typed can be copied over.") from None


def _held(session: Session, uuid: str) -> Submission | None:
    return session.scalar(select(Submission).where(Submission.uuid == uuid))


def enter(
    session: Session, sent: Sent, reporter: tuple[str, str], *, now: datetime, photos: Sequence[Kept] = ()
) -> Submission:
    """Write a report and the first line of its history; `reporter` is a code, and who it is, sealed."""
    uuid = _uuid(sent.uuid)
    row = Submission(
        uuid=uuid,
        theatre=sent.theatre,
        state=RECEIVED,
        version=1,
        reporter=reporter[0],
        reporter_sealed=reporter[1],
        lang=sent.lang,
        sent_at=_moment(sent.sent_at),
        received_at=written(now),
        answers=canonical_json(sent.answers),
        digest=digest([sent.theatre, sent.answers]),
        reason="",
        merged_into=None,
        reviewed_by="",
        reviewed_at=None,
    )
    session.add(row)
    session.flush()
    session.add(
        SubmissionChange(
            submission_id=row.id, version=1, at=written(now), by="", act=RECEIVED,
            corrections=canonical_json({name: ["", text] for name, text in sent.answers.items()}),
            reason="", answers=None, known_on=None,
        )
    )  # fmt: skip
    for photo in {p.sha256: p for p in photos}.values():
        session.add(
            Photo(submission_id=row.id, sha256=photo.sha256, width=photo.width, height=photo.height,
                  bytes=photo.bytes)
        )  # fmt: skip
    return row


def _moment(text: str) -> str:
    """Keep the sender's moment when it is one."""
    try:
        told = datetime.fromisoformat(text[:40])
    except ValueError:
        return ""
    return written(told) if told.tzinfo else ""


@dataclass(frozen=True)
class Own:
    """One's own report, as little of it as tells it from others: a telephone may be looked through."""

    uuid: str
    day: date
    state: str
    place: str
    reason: str


def own(home: Home, theatre: str, principal: Principal) -> list[Own]:
    """List the reports that whoever asks sent, the newest first."""
    code = code_of(home.sealing_key()[0], principal)
    query = select(Submission).where(Submission.reporter == code, Submission.theatre == theatre)
    with home.register.read() as session:
        rows = session.scalars(query.order_by(Submission.id.desc()).limit(_MOST_LISTED)).all()
    return [
        Own(
            r.uuid, date.fromisoformat(r.received_at[:10]), r.state, json.loads(r.answers).get("place", ""),
            r.reason if r.state == REJECTED else "",
        )
        for r in rows
    ]  # fmt: skip
