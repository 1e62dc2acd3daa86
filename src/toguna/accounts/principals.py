"""Who a request comes from, made of an account and of what was shown: a session or a token.

Called by the web room, once for each request.
"""

from __future__ import annotations

from dataclasses import replace

from toguna.accounts.names import theatres_of
from toguna.accounts.rights import Principal, Role
from toguna.accounts.sessions import Holder
from toguna.accounts.tokens import scopes_of
from toguna.store.register.account_tables import Account, AccountToken

__all__ = ["principal_of_account", "principal_of_token"]


def principal_of_account(account: Account | Holder) -> Principal:
    """Return the principal of a browser that is logged in."""
    return Principal(
        Role(account.role),
        user_id=account.id,
        name=account.name,
        theatres=theatres_of(account.theatres),
        lang=account.lang,
        via="session",
    )


def principal_of_token(row: AccountToken, account: Account) -> Principal:
    """Return the principal of a program: what its owner may now, and of that only the scopes of its token."""
    return replace(principal_of_account(account), via="token", scopes=scopes_of(row))
