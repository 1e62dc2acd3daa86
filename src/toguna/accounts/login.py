"""Log in: a name, a password, a code where the account has codes; one answer to everything that is wrong.

Enters: what was typed and where it came from. Leaves: the token of a new session, or a refusal that does
not say what was wrong. The same work is done whether the name exists or not. Called by the log-in page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.codes import is_code
from toguna.accounts.gate import Gate
from toguna.accounts.lockout import Limit, count_attempt, device_cookie, drop_count, limits_of
from toguna.accounts.names import folded_name, is_name
from toguna.accounts.passwords import needs_rehash
from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.sessions import drop_ended, end_session, open_session
from toguna.store.register.account_tables import Account

__all__ = ["Attempt", "Entered", "confirm_password", "log_in"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed, and where it came from.

    Parameters
    ----------
    name, password, code : str
        As typed; the code may be blank.
    address : str
        Address of the sender, for waits; it is not kept.
    device : str or None
        Device cookie of an earlier log-in.
    browser : str
        Family of the browser, shown in the list of sessions.
    replaces : str or None
        Token of a session that this log-in ends.
    """

    name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    address: str = ""
    device: str | None = field(default=None, repr=False)
    browser: str = ""
    replaces: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entered:
    """What a browser gets after log-in: the token of its session, and the mark that it was here."""

    token: str = field(repr=False)
    device: str = field(repr=False)
    name: str = ""


def log_in(gate: Gate, attempt: Attempt) -> Entered:
    """Open a session for whoever types the right things.

    Raises
    ------
    WaitError
        Too many attempts before; nothing was looked at.
    RefusedError
        Something is wrong; which is not said.
    """
    name = folded_name(attempt.name)
    limits = limits_of(gate.key, name=name, address=attempt.address, device=attempt.device)
    with gate.register.write() as session:
        count_attempt(session, limits, gate.now())
        account = _account(session, name)
    right = gate.matches(account.password_hash if account else None, attempt.password)
    fresh = gate.hash(attempt.password) if right and account and _old(account) else None
    with gate.register.write() as session:
        entered = _enter(session, gate, attempt, name if right else "")
        if entered is not None:
            drop_count(session, limits, gate.now())
            _renew(session, name, fresh)
        note(session, gate.now(), name if account else "", "log-in" if entered else "log-in-failed")
    if entered is None:
        raise _wrong()
    return entered


def _wrong() -> RefusedError:
    return refused("The name, the password or the code is not right.")


def _account(session: Session, name: str) -> Account | None:
    if not is_name(name):
        return None
    return session.scalar(select(Account).where(Account.name == name, Account.disabled_at.is_(None)))


def _old(account: Account) -> bool:
    return account.password_hash is not None and needs_rehash(account.password_hash)


def _enter(session: Session, gate: Gate, attempt: Attempt, name: str) -> Entered | None:
    """Open the session when the code is right too; the account may have been closed meanwhile."""
    now = gate.now()
    account = _account(session, name)
    if account is None or not is_code(session, account, attempt.code, key=gate.key, now=now):
        return None
    drop_ended(session, now, gate.limits)
    if attempt.replaces is not None:
        end_session(session, attempt.replaces)
    token = open_session(session, account.id, attempt.browser, now)
    return Entered(token, device_cookie(gate.key, account.name), account.name)


def _renew(session: Session, name: str, fresh: str | None) -> None:
    account = _account(session, name)
    if fresh is not None and account is not None:
        account.password_hash = fresh


def confirm_password(gate: Gate, name: str, password: str, *, address: str, device: str | None) -> None:
    """Ask for the password again before a change of the account; guesses count as at log-in.

    Raises
    ------
    WaitError, RefusedError
        As at log-in.
    """
    limits: tuple[Limit, ...] = limits_of(gate.key, name=name, address=address, device=device)
    with gate.register.write() as session:
        count_attempt(session, limits, gate.now())
        account = _account(session, name)
    if not gate.matches(account.password_hash if account else None, password):
        raise refused("The present password is not right.")
    with gate.register.write() as session:
        drop_count(session, limits, gate.now())
