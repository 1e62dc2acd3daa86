"""Who a request comes from: a token in ``Authorization: Bearer``, else a session cookie, else a guest.

Enters: a request. Leaves: a `Principal`, looked up once. A request that shows a token is never taken for
the session of a browser: so a token needs no protection against forged forms, and a cookie always has it.
Called by every route through `toguna.room.web.ask`.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request

from toguna.accounts.gate import Gate
from toguna.accounts.principals import principal_of_account, principal_of_token
from toguna.accounts.rights import GUEST, Principal
from toguna.accounts.sessions import find_session, is_stale, touch_session
from toguna.accounts.tokens import find_token, is_unmarked, mark_used
from toguna.room.web.security.cookies import SESSION, read_cookie
from toguna.room.web.settings import RoomSettings

__all__ = ["bearer", "door"]

_SCHEME = "bearer "
_LONGEST = 512


def bearer(request: Request) -> str | None:
    """Return the token a program shows; "" when it shows something else; None when it shows nothing."""
    shown = request.headers.get("authorization")
    if shown is None:
        return None
    known = shown[: len(_SCHEME)].lower() == _SCHEME and len(shown) <= _LONGEST
    return shown[len(_SCHEME) :].strip() if known else ""


def door(settings: RoomSettings, gate: Gate) -> Callable[[Request], Principal]:
    """Return the function that says who a request comes from."""

    def who(request: Request) -> Principal:
        found: Principal | None = getattr(request.state, "principal", None)
        if found is None:
            token = bearer(request)
            found = _browser(gate, read_cookie(request, settings, SESSION)) if token is None else None
            found = found or (_program(gate, token) if token else None) or GUEST
            request.state.principal = found
        return found

    return who


def _browser(gate: Gate, token: str | None) -> Principal | None:
    if token is None:
        return None
    with gate.register.look() as line:
        found = find_session(line, token, gate.now(), gate.limits)
    if found is None:
        return None
    row, account = found
    if is_stale(row, gate.now()):
        with gate.register.write() as session:
            touch_session(session, row, gate.now())
    return principal_of_account(account)


def _program(gate: Gate, token: str) -> Principal | None:
    with gate.register.read() as session:
        found = find_token(session, token, gate.now())
    if found is None:
        return None
    if is_unmarked(found[0], gate.now()):
        with gate.register.write() as session:
            mark_used(session, found[0], gate.now())
    return principal_of_token(*found)
