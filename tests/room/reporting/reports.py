"""Reports that never happened, for the tests of reporting; every person in them is an invented token."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from toguna.accounts.rights import Principal, Role
from toguna.room.reporting.inbox import Sent, submit
from toguna.store.home import Home
from toguna.store.register.report_tables import Submission

NOW = datetime(2015, 11, 24, 10, tzinfo=UTC)
TODAY = date(2015, 11, 24)
REPORTER = Principal(Role.MONITOR, 7, "reporter-secret", via="session")
ANSWERS = {
    "consent": "yes",
    "incident_date": "2015-11-20",
    "date_known": "day",
    "place": "Sévaré",
    "region": "Mopti",
    "point": "14.5333 -4.1",
    "place_known": "exact",
    "event_type": "armed_attack",
    "killed": "2",
    "description": "Attaque de nuit.",
    "sensitivity": "low",
}


def uuid(number: int) -> str:
    return str(UUID(int=number))


def send(home: Home, number: int = 1, who: Principal = REPORTER, **changes: object) -> Submission:
    photos = changes.pop("photos", ())
    answers = {k: v for k, v in (ANSWERS | changes).items() if v is not None}
    sent = Sent(uuid=uuid(number), theatre="mali", lang="fr", answers=answers, photos=photos)  # type: ignore[arg-type]
    return submit(home, sent, who, now=NOW)
