"""``/link/TOKEN``: set a password with a one-time link, or become the first administrator."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from toguna.accounts.links import FIRST, Opened, open_link, use_link
from toguna.accounts.passwords import SHORTEST
from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.rights import Right
from toguna.accounts.users import NewAccount
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.security.forms import Posted, field

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


def _opened(asked: Ask, token: str) -> Opened | None:
    with asked.room.gate.register.read() as session:
        return open_link(session, token, asked.room.gate.now())


def _show(asked: Ask, opened: Opened | None, *, said: str = "", name: str = "") -> Response:
    if opened is None:
        gone = asked.lang("This link was used, has expired, or was replaced. Ask for a new one.")
        title = asked.lang("This link opens nothing.")
        return answer.page(asked, "fault.html.j2", status=410, title=title, detail=gone)
    return answer.page(
        asked,
        "link.html.j2",
        status=400 if said else 200,
        first=opened.purpose == FIRST,
        name=opened.name or name[:64],
        said=said,
        least=SHORTEST,
    )


@router.get("/link/{token}")
@needs(Right.OPEN)
def form(asked: Asked, token: str) -> Response:
    """Show what the link is for; it is not used up by that."""
    return _show(asked, _opened(asked, token))


@router.post("/link/{token}")
@needs(Right.OPEN)
def use(asked: Asked, token: str, form: Posted) -> Response:
    """Set the password, and lead to the log-in."""
    password, name = field(form, "password"), field(form, "name")
    opened = _opened(asked, token)
    new = NewAccount(name, "admin", lang=asked.lang.code) if opened and opened.purpose == FIRST else None
    try:
        if password != field(form, "again"):
            raise refused("The two passwords are not the same.")
        use_link(asked.room.gate, token, password, new)
    except RefusedError as refusal:
        return _show(asked, _opened(asked, token), said=refusal.said[asked.lang.code], name=name)
    return RedirectResponse("/login?done=link", status_code=303)
