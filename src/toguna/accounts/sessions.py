"""Sessions of browsers: opened at log-in, changed with rights, ended by idleness, age or hand.

Enters: an open session of the register, a moment. Leaves: a token of 256 random bits, shown once; the
register holds its hash. Called by `toguna.accounts.login`, `toguna.accounts.users` and the web room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from toguna.accounts.moments import later, read_moment, written
from toguna.accounts.secrets import hashed, new_token
from toguna.store.register.account_tables import Account, AccountSession

__all__ = [
    "Found",
    "Holder",
    "Limits",
    "change_session",
    "drop_ended",
    "end_session",
    "end_sessions",
    "find_session",
    "is_stale",
    "open_session",
    "sessions_of",
    "touch_session",
]

_TOUCHED_EVERY = 60.0  # seconds: a page must not cost a write
_LONGEST_BROWSER = 40
_ROWS, _ACCOUNTS = AccountSession.__table__.c, Account.__table__.c
# Every request asks this: written once and for a few columns, for objects cost more than the answer.
_FOUND = select(
    _ROWS.id, _ROWS.seen_at, _ROWS.created_at,
    _ACCOUNTS.id, _ACCOUNTS.name, _ACCOUNTS.role, _ACCOUNTS.theatres, _ACCOUNTS.lang,
).join_from(
    AccountSession.__table__, Account.__table__, _ACCOUNTS.id == _ROWS.account_id
).where(_ROWS.token_hash == bindparam("token_hash"), _ACCOUNTS.disabled_at.is_(None))  # fmt: skip


class Found(NamedTuple):
    """A session that is open: its number, when it was used last, when it began."""

    id: int
    seen_at: str
    created_at: str


class Holder(NamedTuple):
    """Whose session it is, as far as every request asks; see `Account`."""

    id: int
    name: str
    role: str
    theatres: str
    lang: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts, in seconds: without a request, and altogether."""

    idle: float = 30 * 60.0
    absolute: float = 12 * 3600.0


def open_session(session: Session, account_id: int, browser: str, now: datetime) -> str:
    """Open a session; return its token."""
    token = new_token()
    session.add(
        AccountSession(
            account_id=account_id,
            token_hash=hashed(token),
            browser=browser[:_LONGEST_BROWSER],
            created_at=written(now),
            seen_at=written(now),
        )
    )
    return token


def find_session(
    line: Connection | Session, token: str, now: datetime, limits: Limits
) -> tuple[Found, Holder] | None:
    """Return the session of a token and who holds it; None when it ended or the account is closed."""
    told = line.execute(_FOUND, {"token_hash": hashed(token)}).first()
    if told is None:
        return None
    found = Found(*told[:3])
    return None if _ended(found, now, limits) else (found, Holder(*told[3:]))


def _ended(row: AccountSession | Found, now: datetime, limits: Limits) -> bool:
    idle = (now - read_moment(row.seen_at)).total_seconds()
    age = (now - read_moment(row.created_at)).total_seconds()
    return idle >= limits.idle or age >= limits.absolute


def touch_session(session: Session, row: Found, now: datetime) -> None:
    """Keep that a session was used; called in a session that writes, with a row that `is_stale` names."""
    kept = session.get(AccountSession, row.id)
    if kept is not None:
        kept.seen_at = written(now)


def is_stale(row: Found, now: datetime) -> bool:
    """Whether its last use was kept long enough ago to be kept anew."""
    return (now - read_moment(row.seen_at)).total_seconds() >= _TOUCHED_EVERY


def change_session(session: Session, token: str, now: datetime) -> str | None:
    """Exchange the token of a session, the old one opens nothing any more; None when there is none."""
    row = session.scalar(select(AccountSession).where(AccountSession.token_hash == hashed(token)))
    if row is None:
        return None
    fresh = new_token()
    row.token_hash, row.seen_at = hashed(fresh), written(now)
    return fresh


def end_session(session: Session, token: str) -> None:
    """End one session: log out."""
    session.execute(delete(AccountSession).where(AccountSession.token_hash == hashed(token)))


def end_sessions(session: Session, account_id: int, *, but: str | None = None) -> None:
    """End every session of an account ("log out everywhere"), except that of a token."""
    ended = delete(AccountSession).where(AccountSession.account_id == account_id)
    if but is not None:
        ended = ended.where(AccountSession.token_hash != hashed(but))
    session.execute(ended)


def drop_ended(session: Session, now: datetime, limits: Limits) -> None:
    """Delete the sessions that ended by themselves."""
    session.execute(
        delete(AccountSession).where(
            or_(
                AccountSession.seen_at <= later(now, -limits.idle),
                AccountSession.created_at <= later(now, -limits.absolute),
            )
        )
    )


def sessions_of(session: Session, account_id: int, now: datetime, limits: Limits) -> list[AccountSession]:
    """List the sessions of an account that are open, the newest first."""
    rows = session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == account_id)
        .order_by(AccountSession.id.desc())
    )
    return [row for row in rows if not _ended(row, now, limits)]
