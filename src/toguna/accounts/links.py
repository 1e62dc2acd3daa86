"""One-time links: an invitation, a new password, the first administrator.

Enters: whom a link is for. Leaves: a token shown once; its hash stays. Opening a link does not use it up
(programs that read mail open links), sending the form does. Called by ``toguna user``, the start of the
room and the pages of accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.gate import Gate
from toguna.accounts.moments import later, written
from toguna.accounts.passwords import check_password
from toguna.accounts.refusals import refused
from toguna.accounts.secrets import hashed, new_token
from toguna.accounts.users import (
    NewAccount,
    add_account,
    has_administrator,
    set_password_hash,
)
from toguna.store.register.account_tables import Account, AccountLink

__all__ = ["FIRST", "INVITATION", "Opened", "first_link", "make_link", "open_link", "use_link"]

FIRST, INVITATION = "first", "invitation"
_SECONDS = {FIRST: 24 * 3600.0, INVITATION: 7 * 24 * 3600.0}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link is for, and the name of its account ("" when it makes the first administrator)."""

    purpose: str
    name: str


def make_link(session: Session, account: Account, *, by: str, now: datetime) -> str:
    """Make the link with which somebody sets the password of an account; earlier ones end."""
    if account.disabled_at is not None:
        raise refused("The account {name} is closed; open it first.", name=account.name)
    session.execute(delete(AccountLink).where(AccountLink.account_id == account.id))
    note(session, now, by, "link-made", account.name)
    return _make(session, account.id, INVITATION, now)


def first_link(session: Session, now: datetime) -> str | None:
    """Make the link of the first administrator; None when there is one already. Earlier ones end."""
    if has_administrator(session):
        return None
    session.execute(delete(AccountLink).where(AccountLink.purpose == FIRST))
    return _make(session, None, FIRST, now)


def _make(session: Session, account_id: int | None, purpose: str, now: datetime) -> str:
    token = new_token()
    session.add(
        AccountLink(
            account_id=account_id,
            token_hash=hashed(token),
            purpose=purpose,
            created_at=written(now),
            expires_at=later(now, _SECONDS[purpose]),
        )
    )
    return token


def open_link(session: Session, token: str, now: datetime) -> Opened | None:
    """Return what a link is for, without using it up; None when it opens nothing."""
    row = session.scalar(
        select(AccountLink).where(
            AccountLink.token_hash == hashed(token),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > written(now),
        )
    )
    if row is None:
        return None
    if row.account_id is None:
        return None if has_administrator(session) else Opened(FIRST, "")
    account = session.get(Account, row.account_id)
    if account is None or account.disabled_at is not None:
        return None
    return Opened(row.purpose, account.name)


def use_link(gate: Gate, token: str, password: str, new: NewAccount | None = None) -> str:
    """Set a password with a link, and use it up.

    Parameters
    ----------
    gate : Gate
        Where accounts are kept.
    token : str
        The token of the link.
    password : str
        The new password.
    new : NewAccount, optional
        Name and language of the first administrator, for a link that makes one.

    Returns
    -------
    str
        Name of the account.

    Raises
    ------
    RefusedError
        The link opens nothing (any more), or the password or the name will not do: then it still works.
    """
    with gate.register.read() as session:
        opened = open_link(session, token, gate.now())
    if opened is None:
        raise _gone()
    check_password(password, name=opened.name or (new.name if new else ""))
    kept = gate.hash(password)
    now = gate.now()
    with gate.register.write() as session:
        opened = open_link(session, token, now)  # of two at once, one comes first
        if opened is None or not _took(session, token, now):
            raise _gone()
        account = _account(session, token, new, now)
        set_password_hash(session, account, kept, by=account.name, now=now)
        note(session, now, account.name, "link-used", account.name)
        return account.name


def _gone() -> Exception:
    return refused("This link was used, has expired, or was replaced. Ask for a new one.")


def _took(session: Session, token: str, now: datetime) -> bool:
    unused = (AccountLink.token_hash == hashed(token)) & AccountLink.used_at.is_(None)
    done = session.execute(update(AccountLink).where(unused).values(used_at=written(now)))
    return isinstance(done, CursorResult) and done.rowcount == 1


def _account(session: Session, token: str, new: NewAccount | None, now: datetime) -> Account:
    row = session.scalars(select(AccountLink).where(AccountLink.token_hash == hashed(token))).one()
    found = None if row.account_id is None else session.get(Account, row.account_id)
    if found is not None:
        return found
    if new is None:
        raise refused("The first administrator needs a name.")
    return add_account(session, new, by=new.name, now=now)
