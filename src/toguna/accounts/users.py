"""Accounts: made, listed, changed, closed. Every change of rights ends the sessions that had the old ones.

Enters: a session of the register that writes, who does it, and when. Leaves: rows. Called by ``toguna
user`` and the pages of the administrator. Never leaves a room without an administrator who could open it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.moments import written
from toguna.accounts.names import (
    EVERY_THEATRE,
    check_display,
    check_name,
    check_theatres,
    folded_name,
    is_name,
    theatres_of,
)
from toguna.accounts.refusals import refused
from toguna.accounts.rights import Role
from toguna.accounts.sessions import end_sessions
from toguna.core.errors import UnknownNameError
from toguna.core.language import Language
from toguna.store.register.account_tables import Account, AccountLink, AccountToken

__all__ = [
    "NewAccount",
    "accounts_of",
    "add_account",
    "change_role",
    "close_account",
    "find_account",
    "has_administrator",
    "open_account",
    "role_named",
    "set_password_hash",
]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is known of an account before it has a password.

    Parameters
    ----------
    name : str
        What is typed at log-in.
    role : str
        A `Role`.
    theatres : iterable of str
        Theatres it may see; none or "*" is every theatre.
    display : str
        Name that is shown; the name itself when blank.
    lang : {"en", "fr"}
        Language of its pages.
    """

    name: str
    role: str
    theatres: Iterable[str] = ()
    display: str = ""
    lang: str = "en"


def role_named(name: str) -> Role:
    """Return a role by its name, or say which there are."""
    try:
        return Role(name)
    except ValueError:
        raise UnknownNameError(
            "role", name, [role.value for role in Role if role is not Role.GUEST]
        ) from None


def add_account(session: Session, new: NewAccount, *, by: str, now: datetime) -> Account:
    """Add an account that cannot log in yet: it has no password.

    Raises
    ------
    RefusedError, UnknownNameError
        The name is taken or cannot be one; there is no such role or language.
    """
    name, role = check_name(new.name), role_named(new.role)
    if role is Role.GUEST:
        raise refused("A guest needs no account: what guests may see is open to everybody.")
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise refused("There is already an account {name}.", name=name)
    account = Account(
        name=name,
        display=check_display(new.display) or name,
        role=role.value,
        theatres=check_theatres(new.theatres),
        lang=Language(new.lang).code,
        created_at=written(now),
    )
    session.add(account)
    session.flush()
    note(session, now, by, "account-added", f"{name} {role.value} {_places(account)}")
    return account


def _places(account: Account) -> str:
    return ", ".join(sorted(theatres_of(account.theatres) or {EVERY_THEATRE}))


def find_account(session: Session, name: str) -> Account:
    """Return an account by its name, or say which are near."""
    folded = folded_name(name)
    found = session.scalar(select(Account).where(Account.name == folded)) if is_name(folded) else None
    if found is None:
        raise UnknownNameError("account", name[:64], session.scalars(select(Account.name)).all())
    return found


def accounts_of(session: Session) -> list[Account]:
    """List the accounts by name."""
    return list(session.scalars(select(Account).order_by(Account.name)))


def has_administrator(session: Session) -> bool:
    """Whether somebody could open the room as administrator: open, and with a password."""
    return _administrators(session, but=0) > 0


def _administrators(session: Session, *, but: int) -> int:
    count = select(func.count()).where(
        Account.role == Role.ADMIN.value,
        Account.disabled_at.is_(None),
        Account.password_hash.is_not(None),
        Account.id != but,
    )
    return int(session.scalar(count) or 0)


def _keep_one(session: Session, account: Account) -> None:
    if account.role == Role.ADMIN.value and not _administrators(session, but=account.id):
        raise refused("{name} is the last administrator; make another one first.", name=account.name)


def change_role(session: Session, account: Account, new: NewAccount, *, by: str, now: datetime) -> None:
    """Give an account another role, theatres or shown name; its sessions end when rights change."""
    role = role_named(new.role)
    if role is Role.GUEST:
        raise refused("A guest needs no account; close it instead.")
    if role is not Role.ADMIN:
        _keep_one(session, account)
    before = (account.role, account.theatres)
    account.role, account.theatres = role.value, check_theatres(new.theatres)
    account.display, account.lang = check_display(new.display) or account.name, Language(new.lang).code
    if before != (account.role, account.theatres):
        end_sessions(session, account.id)
        _end_links(session, account)
        note(session, now, by, "rights-changed", f"{account.name} {account.role} {_places(account)}")


def close_account(session: Session, account: Account, *, by: str, now: datetime) -> None:
    """Close an account: its sessions, tokens and links end at once; its name stays in the record."""
    _keep_one(session, account)
    account.disabled_at = account.disabled_at or written(now)
    end_sessions(session, account.id)
    session.execute(delete(AccountToken).where(AccountToken.account_id == account.id))
    _end_links(session, account)
    note(session, now, by, "account-closed", account.name)


def open_account(session: Session, account: Account, *, by: str, now: datetime) -> None:
    """Open a closed account again; tokens and links do not come back."""
    account.disabled_at = None
    note(session, now, by, "account-opened", account.name)


def _end_links(session: Session, account: Account) -> None:
    session.execute(delete(AccountLink).where(AccountLink.account_id == account.id))


def set_password_hash(
    session: Session, account: Account, kept: str, *, by: str, now: datetime, but: str | None = None
) -> None:
    """Set the password; every session ends except that of the token `but`, and so do links."""
    account.password_hash = kept
    end_sessions(session, account.id, but=but)
    _end_links(session, account)
    note(session, now, by, "password-set", account.name)
