"""What is older than its days goes; what is not, and what is the memory of the house, stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from toguna.accounts.audit import note
from toguna.core.errors import StoreError
from toguna.room.reporting.photos import FOLDER
from toguna.room.retention import DEFAULTS, retain
from toguna.store.home import Home
from toguna.store.register.account_tables import Account, AccountSession, AuditEntry, LoginFailures
from toguna.store.register.report_tables import Photo, Submission, SubmissionChange

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat(timespec="seconds")


def report(k: int, state: str, reviewed: float | None) -> Submission:
    return Submission(
        id=k,
        uuid=f"{k:036d}",
        theatre="mali",
        state=state,
        version=1,
        reporter="r",
        reporter_sealed="s",
        lang="fr",
        sent_at=ago(900),
        received_at=ago(900),
        answers="{}",
        digest="d",
        reason="",
        merged_into=None,
        reviewed_by="",
        reviewed_at=ago(reviewed) if reviewed is not None else None,
    )


def photo_of(home: Home, k: int, sha256: str, days: float = 900) -> Photo:
    path = home.path / FOLDER / f"{sha256}.jpg"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return Photo(submission_id=k, sha256=sha256, width=1, height=1, bytes=1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.path.mkdir()
    with found.register.write() as session:
        session.add(
            Account(
                id=1,
                name="awa",
                display="Awa",
                role="admin",
                theatres="[]",
                lang="fr",
                password_hash=None,
                totp_sealed=None,
                totp_pending=None,
                totp_step=None,
                created_at=ago(900),
                disabled_at=None,
            )
        )
        session.flush()
        for k, days in enumerate((400, 31, 29, 1)):
            session.add(
                AccountSession(
                    account_id=1, token_hash=f"{k}", browser="", created_at=ago(900), seen_at=ago(days)
                )
            )
            session.add(LoginFailures(subject=f"{k}", failures=1, last_at=ago(days)))
            note(session, NOW - timedelta(days=days * 2), "awa", "log-in")
        for k, (state, reviewed) in enumerate(
            [("received", None), ("rejected", 200), ("rejected", 100), ("accepted", 800), ("accepted", 10)], 1
        ):
            session.add(report(k, state, reviewed))
            session.flush()
            session.add(
                SubmissionChange(
                    submission_id=k,
                    version=1,
                    at=ago(900),
                    by="r",
                    act="send",
                    corrections="{}",
                    reason="",
                    answers=None,
                    known_on=None,
                )
            )
            session.add(photo_of(found, k, f"{k}" * 64))
    return found


def left(home: Home, table: type) -> int:
    with home.register.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_is_older_than_its_days_goes(home):
    told = {old.kind: old.n for old in retain(home, NOW, do=False)}
    assert told == {
        "failed-log-ins": 2,
        "sessions": 2,
        "links": 0,
        "keys": 0,
        "reads": 1,
        "rejected-reports": 1,
        "words-of-texts": 0,
        "photos": 1,
        "days-stepped-to": 0,
    }
    assert left(home, AccountSession) == 4
    done = {old.kind: old.n for old in retain(home, NOW, do=True, by="awa")}
    assert done["sessions"] == 2
    assert (left(home, AccountSession), left(home, LoginFailures), left(home, Submission)) == (2, 2, 4)
    assert left(home, SubmissionChange) == 4
    names = {p.stem[0] for p in (home.path / FOLDER).iterdir()}
    assert names == {"1", "3", "5"}  # of the accepted long ago, and of the rejected one that went
    assert sum(old.n for old in retain(home, NOW, do=False)) == 0


def test_a_deletion_stands_in_the_audit(home):
    retain(home, NOW, do=True, by="awa")
    with home.register.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "retention")).one()
    assert entry.by == "awa"
    assert "sessions 2" in entry.subject


def test_a_photo_that_a_younger_report_shares_stays(home):
    with home.register.write() as session:
        session.add(photo_of(home, 5, "4" * 64))
    retain(home, NOW, do=True)
    assert (home.path / FOLDER / f"{'4' * 64}.jpg").is_file()


def test_a_file_whose_report_is_being_written_stays(home):
    photo_of(home, 9, "a" * 64, days=0.01)
    retain(home, NOW, do=True)
    assert (home.path / FOLDER / f"{'a' * 64}.jpg").is_file()


def test_days_are_settings(home):
    (home.path / "home.toml").write_text("[retention]\nsessions = 365\n")
    assert {old.kind: old.n for old in retain(home, NOW, do=False)}["sessions"] == 1


@pytest.mark.parametrize(
    "line", ["sessions = 0", "sessions = '30'", "sessions = true", "events = 3", "sessions = 1e3"]
)
def test_a_setting_that_is_none_is_refused(home, line):
    (home.path / "home.toml").write_text(f"[retention]\n{line}\n")
    with pytest.raises(StoreError, match="retention"):
        retain(home, NOW, do=True)
    assert left(home, AccountSession) == 4


def test_built_days_go_but_never_the_newest(home):
    shelf = home.path / "room" / "mali"
    old = (NOW - timedelta(days=60)).timestamp()
    for day in ("2013-01-31", "2015-11-24"):
        (shelf / f"{day}-abc").mkdir(parents=True)
        (shelf / f"{day}.json").write_text("{}")
        os.utime(shelf / f"{day}.json", (old, old))
    retain(home, NOW, do=True)
    assert sorted(p.name for p in shelf.iterdir()) == ["2015-11-24-abc", "2015-11-24.json"]


def test_every_kind_has_days():
    assert all(days >= 1 for days in DEFAULTS.values())
