"""``/account``: one's own password, codes, sessions and tokens. What is grave asks for the password again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from toguna.accounts.audit import audit
from toguna.accounts.codes import recovery_left
from toguna.accounts.login import confirm_password
from toguna.accounts.moments import read_moment
from toguna.accounts.passwords import check_password
from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.rights import TOKEN_RIGHTS, Right, rights_of
from toguna.accounts.secrets import hashed
from toguna.accounts.sessions import change_session, end_sessions, sessions_of
from toguna.accounts.tokens import DAYS, MOST_DAYS, end_token, make_token, scopes_of, tokens_of
from toguna.accounts.users import set_password_hash
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.security.cookies import DEVICE, SESSION, read_cookie, set_cookie
from toguna.room.web.security.forms import Posted, field, fields
from toguna.room.web.security.limits import address_of
from toguna.store.register.account_tables import Account

__all__ = ["account_of", "confirm", "renewed", "router"]

router = APIRouter(include_in_schema=False)


def account_of(session: Session, asked: Ask) -> Account:
    """Return the account of whoever asks."""
    return session.get_one(Account, asked.principal.user_id)


def confirm(asked: Ask, form: Posted) -> None:
    """Ask for the present password; guesses make wait as at log-in."""
    confirm_password(
        asked.room.gate,
        asked.principal.name,
        field(form, "present"),
        address=address_of(asked.request),
        device=read_cookie(asked.request, asked.room.settings, DEVICE),
    )


def renewed(asked: Ask, response: Response, act: Callable[[Session, Account], None]) -> Response:
    """Do what changes rights: the session gets another token, all others of the account end."""
    token = read_cookie(asked.request, asked.room.settings, SESSION) or ""
    now = asked.room.gate.now()
    with asked.room.gate.register.write() as session:
        account = account_of(session, asked)
        act(session, account)
        end_sessions(session, account.id, but=token)
        fresh = change_session(session, token, now)
    if fresh is not None:
        set_cookie(response, asked.room.settings, SESSION, fresh)
    return response


def _show(asked: Ask, *, status: int = 200, **more: Any) -> Response:
    gate, token = asked.room.gate, read_cookie(asked.request, asked.room.settings, SESSION)
    now = gate.now()
    with gate.register.read() as session:
        account = account_of(session, asked)
        values = {
            "account": account,
            "sessions": sessions_of(session, account.id, now, gate.limits),
            "tokens": [
                (t, scopes_of(t), read_moment(t.expires_at) <= now) for t in tokens_of(session, account.id)
            ],
            "left": asked.lang.plural(
                "On. {n} recovery code is left.",
                "On. {n} recovery codes are left.",
                recovery_left(session, account),
            ),
            "acts": audit(session, by=account.name, most=10),
        }
    here = hashed(token) if token else ""
    scopes = sorted(rights_of(asked.principal.role) & TOKEN_RIGHTS)
    told = {"here": here, "scopes": scopes, "days": DAYS, "most_days": MOST_DAYS} | _SAID | more
    return answer.page(asked, "account.html.j2", status=status, **values, **told)


_SAID = {"wrong": "", "done": "", "token": ""}


def _refuse(asked: Ask, refusal: RefusedError) -> Response:
    return _show(asked, status=400, wrong=refusal.said[asked.lang.code])


@router.get("/account")
@needs(Right.OWN_ACCOUNT)
def show(asked: Asked) -> Response:
    """Show one's account."""
    L = asked.lang
    told = {
        "password": L("The password is changed; every other session has ended."),
        "codes": L("Codes are switched off."),
        "sessions": L("Every other session has ended."),
        "token": L("The token has ended."),
    }
    return _show(asked, done=told.get(asked.request.query_params.get("done", ""), ""))


def _done(what: str) -> Response:
    return RedirectResponse(f"/account?done={what}", status_code=303)


@router.post("/account/password")
@needs(Right.OWN_ACCOUNT)
def password(asked: Asked, form: Posted) -> Response:
    """Change the password."""
    fresh, gate = field(form, "password"), asked.room.gate
    try:
        if fresh != field(form, "again"):
            raise refused("The two passwords are not the same.")
        check_password(fresh, name=asked.principal.name)
        confirm(asked, form)
    except RefusedError as refusal:
        return _refuse(asked, refusal)
    kept, now = gate.hash(fresh), gate.now()
    token = read_cookie(asked.request, asked.room.settings, SESSION)

    def act(session: Session, account: Account) -> None:
        set_password_hash(session, account, kept, by=account.name, now=now, but=token)

    return renewed(asked, _done("password"), act)


@router.post("/account/sessions/end")
@needs(Right.OWN_ACCOUNT)
def end_others(asked: Asked) -> Response:
    """Log out everywhere else."""
    token = read_cookie(asked.request, asked.room.settings, SESSION)
    with asked.room.gate.register.write() as session:
        end_sessions(session, account_of(session, asked).id, but=token)
    return _done("sessions")


@router.post("/account/tokens")
@needs(Right.OWN_ACCOUNT)
def new_token(asked: Asked, form: Posted) -> Response:
    """Make a token, and show it this once."""
    asked_for = {right.value: right for right in TOKEN_RIGHTS}
    scopes = [asked_for[name] for name in fields(form, "scope") if name in asked_for]
    days = field(form, "days").strip()
    try:
        confirm(asked, form)
        with asked.room.gate.register.write() as session:
            token = make_token(
                session,
                account_of(session, asked),
                name=field(form, "name"),
                scopes=scopes,
                days=int(days) if days.isdecimal() and len(days) < 5 else 0,
                now=asked.room.gate.now(),
            )
    except RefusedError as refusal:
        return _refuse(asked, refusal)
    return _show(asked, token=token)


@router.post("/account/tokens/{token_id}/end")
@needs(Right.OWN_ACCOUNT)
def drop_token(asked: Asked, token_id: int) -> Response:
    """End a token."""
    try:
        with asked.room.gate.register.write() as session:
            end_token(session, account_of(session, asked), token_id, now=asked.room.gate.now())
    except RefusedError as refusal:
        return _refuse(asked, refusal)
    return _done("token")
