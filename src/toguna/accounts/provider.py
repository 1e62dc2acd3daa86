"""Log-in by an identity provider (OpenID Connect): how a room is told of one, and which account a person is.

Enters: a TOML file of whoever runs the room. Leaves: `Provider`, and the account that claims lead to. Called
by ``toguna serve --provider`` and the pages of log-in. Without such a file nothing of it exists. A provider
never opens the account of an administrator, and never makes one: whoever runs it would run the room.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.gate import Gate
from toguna.accounts.lockout import device_cookie
from toguna.accounts.login import Entered
from toguna.accounts.names import folded_name, is_name
from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.rights import Role
from toguna.accounts.sessions import drop_ended, end_session, open_session
from toguna.accounts.users import NewAccount, add_account, role_named
from toguna.core.errors import UsageError
from toguna.store.register.account_tables import Account

__all__ = ["Newcomers", "Provider", "enter_by_claims", "is_safe_address", "read_provider"]

Claims = Mapping[str, Any]
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Newcomers:
    """For whom an account is made: those whose `claim` holds `value`; as `role`, never an administrator."""

    claim: str
    value: str
    role: Role
    theatres: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider that the room trusts to say who somebody is.

    Parameters
    ----------
    issuer : str
        Its address, exactly as it names itself.
    client_id, secret : str
        By which it knows the room; "" = no secret, the exchange is proved by PKCE alone.
    title : str
        What it is called on the page of log-in.
    claim : str
        Claim that names an account. Whoever can choose its value freely could enter as anybody.
    names : mapping of str to str
        Value of the claim -> name of an account; empty = the value is the name.
    newcomers : Newcomers or None
        None = nobody gets an account by logging in.
    """

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    title: str = ""
    claim: str = "preferred_username"
    names: Mapping[str, str] = field(default_factory=dict)
    newcomers: Newcomers | None = None


def is_safe_address(address: str) -> bool:
    """Whether an address is one of TLS, or of this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)


def read_provider(path: Path) -> Provider:
    """Read the file that tells of a provider.

    Raises
    ------
    UsageError
        It cannot be read, lacks something, or would make administrators.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        secret = path.parent.joinpath(told.pop("secret_file")).read_text() if "secret_file" in told else ""
        new = told.pop("newcomers", None)
        names = {str(k): str(v) for k, v in told.pop("names", {}).items()}
        found = Provider(**told, secret=secret.strip(), names=names, newcomers=new and _newcomers(new))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(
            f"{path} does not tell of an identity provider ({error}); it needs issuer and client_id, and may "
            "hold title, claim, secret_file, [names] and [newcomers]."
        ) from None
    if not is_safe_address(found.issuer):
        raise UsageError(f"{path}: issuer {found.issuer!r} is no address that begins with https://.")
    return found


def _newcomers(told: Mapping[str, Any]) -> Newcomers:
    role = role_named(str(told["role"]))
    if role in (Role.ADMIN, Role.GUEST):
        raise ValueError(f"newcomers cannot be {role}")
    return Newcomers(str(told["claim"]), str(told["value"]), role, tuple(map(str, told.get("theatres", ()))))


def enter_by_claims(
    gate: Gate, provider: Provider, claims: Claims, *, browser: str, replaces: str | None
) -> Entered:
    """Open a session for the account that claims lead to; one answer to everybody else.

    Parameters
    ----------
    claims : mapping
        Of an ID token that was checked.
    browser, replaces : str
        As of `toguna.accounts.login.Attempt`.

    Raises
    ------
    RefusedError
        There is no such account, it is closed, or it is an administrator's.
    """
    with gate.register.write() as session:
        account = _account(session, gate, provider, claims)
        told = account.name if account else ""
        note(session, gate.now(), told, "provider-log-in" if account else "provider-log-in-failed")
        if account is not None:
            drop_ended(session, gate.now(), gate.limits)
            if replaces is not None:
                end_session(session, replaces)
            token = open_session(session, account.id, browser, gate.now())
            return Entered(token, device_cookie(gate.key, account.name), account.name)
    raise refused("Your log-in is known there, but opens no account here. Ask an administrator of the room.")


def _account(session: Session, gate: Gate, provider: Provider, claims: Claims) -> Account | None:
    said = claims.get(provider.claim)
    if not isinstance(said, str):
        return None
    name = folded_name(provider.names.get(said, "") if provider.names else said)
    if not is_name(name):
        return None
    found = session.scalar(select(Account).where(Account.name == name))
    if found is None:
        return _made(session, gate, provider, claims, name)
    return None if found.disabled_at is not None or found.role == Role.ADMIN else found


def _made(session: Session, gate: Gate, provider: Provider, claims: Claims, name: str) -> Account | None:
    """Make an account by the stated rule; None when the person is not among those it is for."""
    rule = provider.newcomers
    held = claims.get(rule.claim) if rule else None
    if rule is None or rule.value not in (held if isinstance(held, list) else [held]):
        return None
    new = NewAccount(name, rule.role, rule.theatres)
    try:
        return add_account(session, new, by=f"provider {provider.issuer}", now=gate.now())
    except RefusedError:
        return None
