"""``/account/codes``: set up codes of a telephone, confirm them, switch them off."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.codes import begin_codes, confirm_codes, drop_codes, pending_address
from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Right
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.pages.account import account_of, confirm, renewed
from toguna.room.web.security.forms import Posted, field
from toguna.store.register.account_tables import Account

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


def _show(asked: Ask, *, said: str = "") -> Response:
    gate = asked.room.gate
    with gate.register.read() as session:
        account = account_of(session, asked)
        pending, on = pending_address(account, gate.key), account.totp_sealed is not None
    values = {"secret": "", "drawing_of_code": "", "on": on, "said": said}
    if pending is not None:
        drawn = segno.make(pending[1], error="m").svg_inline(scale=5, border=4)
        values |= {"secret": pending[0], "drawing_of_code": Markup(drawn)}
    return answer.page(asked, "codes.html.j2", status=400 if said else 200, **values)


@router.get("/account/codes")
@needs(Right.OWN_ACCOUNT)
def show(asked: Asked) -> Response:
    """Show the secret that waits for its first code, or the form that makes one."""
    return _show(asked)


@router.post("/account/codes/begin")
@needs(Right.OWN_ACCOUNT)
def begin(asked: Asked, form: Posted) -> Response:
    """Make a secret."""
    try:
        confirm(asked, form)
    except RefusedError as refusal:
        return _show(asked, said=refusal.said[asked.lang.code])
    with asked.room.gate.register.write() as session:
        begin_codes(account_of(session, asked), asked.room.gate.key)
    return RedirectResponse("/account/codes", status_code=303)


@router.post("/account/codes")
@needs(Right.OWN_ACCOUNT)
def put_in_force(asked: Asked, form: Posted) -> Response:
    """Put the secret into force with its first code, and show the recovery codes this once."""
    gate, recovery = asked.room.gate, []

    def act(session: Session, account: Account) -> None:
        now = gate.now()
        recovery.extend(confirm_codes(session, account, field(form, "code"), key=gate.key, now=now))
        note(session, now, account.name, "codes-on", account.name)

    try:
        held = renewed(asked, Response(), act)
    except RefusedError as refusal:
        return _show(asked, said=refusal.said[asked.lang.code])
    shown = answer.page(asked, "recovery.html.j2", recovery=recovery)
    shown.headers["set-cookie"] = held.headers.get("set-cookie", "")
    return shown


@router.post("/account/codes/end")
@needs(Right.OWN_ACCOUNT)
def end(asked: Asked, form: Posted) -> Response:
    """Switch codes off."""
    gate = asked.room.gate

    def act(session: Session, account: Account) -> None:
        drop_codes(session, account)
        note(session, gate.now(), account.name, "codes-off", account.name)

    try:
        confirm(asked, form)
    except RefusedError as refusal:
        return _show(asked, said=refusal.said[asked.lang.code])
    return renewed(asked, RedirectResponse("/account?done=codes", status_code=303), act)
