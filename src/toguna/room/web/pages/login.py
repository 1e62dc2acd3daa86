"""``/login`` and ``/logout``."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from toguna.accounts.login import Attempt, log_in
from toguna.accounts.refusals import RefusedError, WaitError
from toguna.accounts.rights import Right
from toguna.accounts.sessions import end_session
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.security.cookies import DEVICE, SESSION, drop_cookie, read_cookie, set_cookie
from toguna.room.web.security.forms import Posted, address_within, field
from toguna.room.web.security.limits import address_of

__all__ = ["browser_of", "router", "show_login"]

router = APIRouter(include_in_schema=False)
_FAMILIES = ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")


def browser_of(request: Request) -> str:
    """Return family and system of a browser ("Firefox, Android"): enough to know it again, no more."""
    said = request.headers.get("user-agent", "")[:500]
    parts = [next((name for name in names if name in said), "") for names in (_FAMILIES, _SYSTEMS)]
    return ", ".join(part for part in parts if part)


def show_login(asked: Ask, *, status: int = 200, **told: str) -> Response:
    """Show the page of log-in, with what there is to say."""
    shown = {"said": "", "done": "", "name": "", "onward": "/"} | told
    return answer.page(asked, "login.html.j2", status=status, window=asked.room.settings.provider, **shown)


@router.get("/login")
@needs(Right.OPEN)
def form(asked: Asked) -> Response:
    """Show the form; whoever is logged in is led on."""
    query = asked.request.query_params
    onward = address_within(query.get("next", ""))
    if asked.principal.user_id is not None:
        return RedirectResponse(onward, status_code=303)
    told = {
        "link": asked.lang("Your password is set. Log in with it."),
        "out": asked.lang("You have logged out."),
    }
    return show_login(asked, done=told.get(query.get("done", ""), ""), onward=onward)


@router.post("/login")
@needs(Right.OPEN)
def enter(asked: Asked, form: Posted) -> Response:
    """Log in, and lead on to where the reader wanted to go."""
    room, request = asked.room, asked.request
    name, onward = field(form, "name"), address_within(field(form, "next"))
    attempt = Attempt(
        name,
        field(form, "password"),
        field(form, "code"),
        address=address_of(request),
        device=read_cookie(request, room.settings, DEVICE),
        browser=browser_of(request),
        replaces=read_cookie(request, room.settings, SESSION),
    )
    try:
        entered = log_in(room.gate, attempt)
    except RefusedError as refusal:
        status = 429 if isinstance(refusal, WaitError) else 401
        shown = show_login(
            asked, status=status, said=refusal.said[asked.lang.code], name=name[:64], onward=onward
        )
        if isinstance(refusal, WaitError):
            shown.headers["Retry-After"] = str(refusal.seconds)
        return shown
    led = RedirectResponse(onward, status_code=303)
    set_cookie(led, room.settings, SESSION, entered.token)
    set_cookie(led, room.settings, DEVICE, entered.device)
    return led


@router.post("/logout")
@needs(Right.OPEN)
def leave(asked: Asked) -> Response:
    """End the session, and let the browser forget the pages it was shown."""
    settings = asked.room.settings
    token = read_cookie(asked.request, settings, SESSION)
    if token is not None:
        with asked.room.gate.register.write() as session:
            end_session(session, token)
    led = RedirectResponse("/login?done=out", status_code=303, headers={"Clear-Site-Data": '"cache"'})
    drop_cookie(led, settings, SESSION)
    return led
