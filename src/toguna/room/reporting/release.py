"""Publish what was accepted, as a release of the source `reports` that tells every telling so far.

Enters: the register. Leaves: a release in the archive, of the series "room". Called by the desk before a
build, and by ``toguna reports release``. The same tellings are the same bytes, and nothing is written twice.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from toguna.core.digest import canonical_json
from toguna.events.ingest import Account, ingest
from toguna.room.reporting.inbox import ACCEPTED
from toguna.sources.reports.source import FORM, ROOM_FORM
from toguna.store.alone import alone
from toguna.store.durable import write_durably
from toguna.store.home import Home
from toguna.store.register.report_tables import Submission, SubmissionChange

__all__ = ["last_telling", "release", "tellings"]

_FOLDER, _FILE = ".release", "room-reports.json"
_LEFT = ("consent", "incident_date")
_WITHDRAWN = {"uid": "validation_status_not_approved"}


def last_telling(home: Home) -> int:
    """Return the number of the newest telling; 0 when nothing was ever accepted."""
    query = select(func.max(SubmissionChange.id)).where(SubmissionChange.known_on.is_not(None))
    with home.register.read() as session:
        return session.scalar(query) or 0


def tellings(home: Home) -> list[dict[str, Any]]:
    """List every telling in the answers of the form, the oldest first.

    A report that was corrected stands there twice under one id, of which the later telling counts from its
    day on; one that was accepted and is so no longer stands there with the status "not approved".
    """
    query = (
        select(SubmissionChange, Submission.reporter)
        .join(Submission, Submission.id == SubmissionChange.submission_id)
        .where(SubmissionChange.known_on.is_not(None))
        .order_by(SubmissionChange.id)
    )
    with home.register.read() as session:
        rows = session.execute(query).all()
    return [
        {
            **_kept(json.loads(change.answers or "{}"), change.act),
            "_id": f"room-{change.submission_id}",
            "_submission_time": f"{change.known_on}T12:00:00",
            "_validation_status": {} if change.act == ACCEPTED else _WITHDRAWN,
            FORM: ROOM_FORM,
            "reporter_code": reporter,
        }
        for change, reporter in rows
    ]


def _kept(answers: dict[str, str], act: str) -> dict[str, str]:
    """Of what is withdrawn only the day is told: an equal telling would be taken for the same sent again."""
    return answers if act == ACCEPTED else {n: answers[n] for n in _LEFT if n in answers}


def release(home: Home, *, now: datetime) -> Account | None:
    """Take what was accepted into the archive, sealed as every export is; None when nothing was.

    Raises
    ------
    StoreError
        The archive or the register cannot be written.
    """
    rows = tellings(home)
    if not rows:
        return None
    folder = home.path / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / _FILE
    with alone(folder):
        try:
            write_durably(path, lambda fresh: fresh.write_text(canonical_json(rows), encoding="utf-8"))
            return ingest("reports", path, home, now=now)
        finally:
            path.unlink(missing_ok=True)
