"""Slow down whoever guesses, without locking out whoever is guessed at.

Enters: what an attempt came from. Leaves: nothing, or `WaitError`. An attempt is counted *before* it is
judged and the count is dropped when it was right, so that many at once gain nothing. Attempts during a wait
are neither looked at nor counted. A browser that has logged in before shows a device cookie and has a
counter of its own: others' failures do not touch it (OWASP, "Slow down online guessing attacks with device
cookies"). The register holds keyed hashes only: a password typed into the field of the name is not kept.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from toguna.accounts.moments import later, read_moment, written
from toguna.accounts.refusals import WaitError
from toguna.accounts.secrets import derived_key
from toguna.store.register.account_tables import LoginFailures

__all__ = ["Limit", "count_attempt", "device_cookie", "drop_count", "is_device", "limits_of", "wait_seconds"]

LONGEST_WAIT = 900
FORGOTTEN_AFTER = 24 * 3600
FREE_BY_NAME, FREE_BY_ADDRESS = 5, 20


@dataclass(frozen=True, slots=True)
class Limit:
    """One counter: its keyed hash, and how many failures pass without a wait."""

    subject: str
    free: int


def wait_seconds(failures: int, free: int) -> int:
    """Return the wait after so many failures: nothing, then 2, 4, 8 ... 900 s.

    Examples
    --------
    >>> [wait_seconds(n, 5) for n in (4, 5, 6, 14, 400)]
    [0, 2, 4, 900, 900]
    """
    return 0 if failures < free else min(LONGEST_WAIT, 2 ** min(failures - free + 1, 20))


def limits_of(key: bytes, *, name: str, address: str, device: str | None) -> tuple[Limit, ...]:
    """Return the counters of an attempt: of a browser known for this name, else of name and address."""
    if device is not None and is_device(key, name, device):
        return (Limit(_subject(key, f"device/{device}"), FREE_BY_NAME),)
    return (
        Limit(_subject(key, f"name/{name}"), FREE_BY_NAME),
        Limit(_subject(key, f"address/{_network(address)}"), FREE_BY_ADDRESS),
    )


def _subject(key: bytes, text: str) -> str:
    return hmac.new(derived_key(key, "lockout"), text.encode("utf-8", "replace"), "sha256").hexdigest()


def _network(address: str) -> str:
    """One sender holds a whole /64 of IPv6 addresses."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def device_cookie(key: bytes, name: str) -> str:
    """Return the mark of a browser that has logged in to this account: random, and signed."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_signature(key, name, nonce)}"


def is_device(key: bytes, name: str, cookie: str) -> bool:
    """Whether a cookie was given to a browser after a log-in to this account."""
    nonce, _, signature = cookie.partition(".")
    right = _signature(key, name, nonce)
    return hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace"))


def _signature(key: bytes, name: str, nonce: str) -> str:
    text = f"{name}\n{nonce}".encode("utf-8", "replace")
    return hmac.new(derived_key(key, "device"), text, "sha256").hexdigest()


def count_attempt(session: Session, limits: tuple[Limit, ...], now: datetime) -> None:
    """Count an attempt as failed until it is known to be right.

    Raises
    ------
    WaitError
        One of the counters makes wait; nothing is counted then.
    """
    left = [_left(session, limit, now) for limit in limits]
    if max(left) > 0:
        raise WaitError(max(left))
    for limit in limits:
        _add(session, limit.subject, now)


def _left(session: Session, limit: Limit, now: datetime) -> int:
    row = session.get(LoginFailures, limit.subject)
    if row is None:
        return 0
    passed = (now - read_moment(row.last_at)).total_seconds()
    if passed > FORGOTTEN_AFTER:
        session.delete(row)
        session.flush()
        return 0
    # A clock set back must not make anybody wait for longer than the longest wait.
    return int(wait_seconds(row.failures, limit.free) - max(passed, 0.0) + 0.999)


def _add(session: Session, subject: str, now: datetime) -> None:
    more = (
        update(LoginFailures)
        .where(LoginFailures.subject == subject)
        .values(failures=LoginFailures.failures + 1, last_at=written(now))
        .execution_options(synchronize_session=False)
    )
    if session.execute(more).rowcount:  # type: ignore[attr-defined]
        return
    try:
        with session.begin_nested():
            session.execute(insert(LoginFailures).values(subject=subject, failures=1, last_at=written(now)))
    except IntegrityError:  # somebody else was first: count upon theirs
        session.execute(more)


def drop_count(session: Session, limits: tuple[Limit, ...], now: datetime) -> None:
    """Forget the counts of an attempt that was right, and all that are older than a day."""
    subjects = [limit.subject for limit in limits if limit.free == FREE_BY_NAME]
    old = LoginFailures.last_at < later(now, -FORGOTTEN_AFTER)
    session.execute(delete(LoginFailures).where(LoginFailures.subject.in_(subjects) | old))
    shared = [limit.subject for limit in limits if limit.free == FREE_BY_ADDRESS]
    # Of an address only this attempt is taken back: one good password must not buy more guesses at others.
    session.execute(
        update(LoginFailures)
        .where(LoginFailures.subject.in_(shared), LoginFailures.failures > 0)
        .values(failures=LoginFailures.failures - 1)
    )
