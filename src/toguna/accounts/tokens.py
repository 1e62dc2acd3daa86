"""Tokens of programs: named, with scopes and an end, never more than their owner may.

Enters: an account and what a program is to do. Leaves: a token shown once ("tgn_" and 256 random bits); its
hash stays. Called by the account page and by whatever reads ``Authorization: Bearer``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.moments import later, read_moment, written
from toguna.accounts.names import check_display
from toguna.accounts.refusals import refused
from toguna.accounts.rights import TOKEN_RIGHTS, Right, Role, rights_of
from toguna.accounts.secrets import hashed, new_token
from toguna.store.register.account_tables import Account, AccountToken

__all__ = ["DAYS", "MOST_DAYS", "PREFIX", "end_token", "find_token", "make_token", "scopes_of", "tokens_of"]

PREFIX = "tgn_"
DAYS, MOST_DAYS = 90, 366
_MOST_TOKENS = 20
_USED_EVERY = 60.0


def make_token(
    session: Session, account: Account, *, name: str, scopes: Iterable[Right], days: int, now: datetime
) -> str:
    """Make a token; return it, to be shown once.

    Raises
    ------
    RefusedError
        No name, no scope, a scope that the owner or no token may have, an end beyond a year, too many tokens.
    """
    asked, label = frozenset(scopes), check_display(name)
    if not label:
        raise refused("A token needs a name, so that you know it again.")
    if not asked:
        raise refused("A token needs at least one scope.")
    if not asked <= rights_of(Role(account.role)) & TOKEN_RIGHTS:
        raise refused("A token cannot do more than its owner, and never administers.")
    if not 1 <= days <= MOST_DAYS:
        raise refused("A token lasts from 1 to {most} days, not {days}.", most=MOST_DAYS, days=days)
    if len(tokens_of(session, account.id)) >= _MOST_TOKENS:
        raise refused("{most} tokens are enough; end one first.", most=_MOST_TOKENS)
    token = PREFIX + new_token()
    session.add(
        AccountToken(
            account_id=account.id,
            token_hash=hashed(token),
            name=label,
            scopes=json.dumps(sorted(right.value for right in asked)),
            created_at=written(now),
            expires_at=later(now, days * 86400),
        )
    )
    note(session, now, account.name, "token-made", label)
    return token


def scopes_of(row: AccountToken) -> frozenset[Right]:
    """Return the scopes of a token; what this program no longer knows is no right."""
    known = {right.value: right for right in Right}
    return frozenset(known[name] for name in json.loads(row.scopes) if name in known)


def find_token(session: Session, token: str, now: datetime) -> tuple[AccountToken, Account] | None:
    """Return a token and its owner; None when there is none, it ended, or the account is closed."""
    pair = session.execute(
        select(AccountToken, Account)
        .join(Account, Account.id == AccountToken.account_id)
        .where(
            AccountToken.token_hash == hashed(token),
            AccountToken.expires_at > written(now),
            Account.disabled_at.is_(None),
        )
    ).first()
    return None if pair is None else (pair[0], pair[1])


def is_unmarked(row: AccountToken, now: datetime) -> bool:
    """Whether its last use was kept long enough ago to be kept anew."""
    return row.used_at is None or (now - read_moment(row.used_at)).total_seconds() >= _USED_EVERY


def mark_used(session: Session, row: AccountToken, now: datetime) -> None:
    """Keep that a token was used; in a session that writes."""
    kept = session.get(AccountToken, row.id)
    if kept is not None:
        kept.used_at = written(now)


def tokens_of(session: Session, account_id: int) -> list[AccountToken]:
    """List the tokens of an account, the newest first; ended ones too."""
    rows = select(AccountToken).where(AccountToken.account_id == account_id)
    return list(session.scalars(rows.order_by(AccountToken.id.desc())))


def end_token(session: Session, account: Account, token_id: int, *, now: datetime) -> None:
    """End one token of an account; that of another is not touched."""
    row = session.get(AccountToken, token_id)
    if row is None or row.account_id != account.id:
        raise refused("You have no such token.")
    session.execute(delete(AccountToken).where(AccountToken.id == token_id))
    note(session, now, account.name, "token-ended", row.name)
