"""What a reader sees when something is missing, refused, not built yet, or wrong.

Enters: exceptions. Leaves: pages in the reader's language, or JSON (RFC 9457) below /api. Called by the app.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.exceptions import HTTPException

from toguna.accounts.refusals import WaitError
from toguna.accounts.rights import GUEST, Right
from toguna.core.errors import StoreError, TogunaError
from toguna.room.web import answer
from toguna.room.web.api.unreadable import explained
from toguna.room.web.ask import (
    Ask,
    DeniedError,
    MissingError,
    NotBuiltError,
    Room,
    WithheldError,
    _language,
)
from toguna.room.web.security.forgery import ForgedError
from toguna.room.web.security.headers import POLICY

__all__ = ["install", "problem"]

_WAITS = "Many other days are being built just now; this one is begun when they are done. Return in a minute."
Handler = Callable[[Request, Any], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Tell the application how faults are answered."""
    app.add_exception_handler(DeniedError, _denied)
    app.add_exception_handler(MissingError, _missing)
    app.add_exception_handler(NotBuiltError, _not_built)
    app.add_exception_handler(WithheldError, _withheld)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(TogunaError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ForgedError, _forged)
    app.add_exception_handler(Exception, _broken)


def problem(
    status: int, title: str, detail: str = "", *, instance: str = "", errors: Sequence[Mapping[str, str]] = ()
) -> JSONResponse:
    """Return a problem as JSON (RFC 9457); `errors` tells of parameters one by one."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body |= {"instance": instance, "errors": list(errors)}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def _api(request: Request) -> bool:
    """Whether a program asks: it wants problems, not pages, and no log-in form."""
    path = request.url.path
    return path.startswith("/api/") or path.endswith((".atom", ".cap.xml", ".ics"))


def _plain(request: Request) -> Ask:
    """Return an `Ask` for a page outside any theatre."""
    room: Room = request.app.state.room
    try:
        principal = room.authenticate(request)
    except TogunaError:
        principal = GUEST
    lang = _language(request, principal)
    return Ask(request, room, principal, lang, None, room.settings.today())


def _say(request: Request, status: int, title: str, detail: str = "") -> Response:
    if _api(request):
        return problem(status, title, detail, instance=request.url.path)
    return answer.page(_plain(request), "fault.html.j2", status=status, title=title, detail=detail)


async def _denied(request: Request, error: Any) -> Response:
    L = _plain(request).lang
    if error.principal.user_id is None and not _api(request):
        where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(where, safe='')}", status_code=303)
    if error.principal.user_id is None:
        answered = problem(401, L("Log in first."), instance=request.url.path)
        answered.headers["WWW-Authenticate"] = "Bearer"
        return answered
    return _say(
        request, 403, L("You may not do this."), L("Your role lacks the right “{right}”.", right=error.right)
    )


async def _missing(request: Request, error: Any) -> Response:
    L = _plain(request).lang
    return _say(request, 404, L("There is no such page."), L("Not found: {name}.", name=error.name))


async def _not_built(request: Request, error: Any) -> Response:
    asked: Ask = error.asked
    state = asked.room.desk.state(asked.theatre.name, asked.as_of)
    failed = "" if state.under_way else state.failed
    waits = state.full and not state.under_way
    if _api(request):
        L = asked.lang
        said = L(_WAITS) if waits else L("The assessment of this day is being built.")
        if failed:
            said = L("The assessment of this day could not be built.")
        why = failed if failed and asked.may(Right.WARN) else ""
        answered: Response = problem(503, said, why, instance=request.url.path)
    else:
        answered = answer.page(
            asked, "building.html.j2", status=503, failed=failed, waits=waits and asked.lang(_WAITS)
        )
    answered.headers["Retry-After"] = "60" if waits or failed else "10"
    return answered


async def _withheld(request: Request, error: Any) -> Response:
    L = _plain(request).lang
    title = L("The terms of the source forbid passing its rows on.")
    return _say(request, 451, title, L("Not passed on: a row of {source}.", source=error.source))


async def _unreadable(request: Request, error: Any) -> Response:
    L = _plain(request).lang
    # The standard of features asks for 400 where others say 422.
    status = 400 if "/collections" in request.url.path else 422
    title = L("A part of the address cannot be read.")
    said = explained(error.errors(), L)
    if not _api(request):
        detail = " ".join(f"{one['parameter']}{L(':')} {one['expected']}." for one in said)
        return _say(request, status, title, detail)
    return problem(status, title, L("See “errors”."), instance=request.url.path, errors=said)


async def _refused(request: Request, error: Any) -> Response:
    L = _plain(request).lang
    status = 503 if isinstance(error, StoreError) else 400
    said = getattr(error, "said", {}).get(L.code, str(error))
    if not isinstance(error, WaitError):
        return _say(request, status, L("This cannot be done."), said)
    answered = _say(request, 429, L("This cannot be done."), said)
    answered.headers["Retry-After"] = str(error.seconds)
    return answered


async def _forged(request: Request, _: Any) -> Response:
    L = _plain(request).lang
    title = L("This form is too old, or another page sent it.")
    return _say(
        request, 403, title, L("Nothing was changed. Open the page again and send the form once more.")
    )


async def _broken(request: Request, _: Any) -> Response:
    """Answer what nobody expected; this is made outside everything else, so headers are set here."""
    said = (
        "Something went wrong here; nothing more is known to you or to others.\nUne erreur s’est produite.\n"
    )
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return PlainTextResponse(said, status_code=500, headers=headers)


async def _http(request: Request, error: Any) -> Response:
    L = _plain(request).lang
    title = {
        404: L("There is no such page."),
        405: L("This address does not take that kind of request."),
    }
    said = title.get(error.status_code, str(error.detail))
    if "exceeded maximum size" in said:  # of a part of a form: the framework answers that in its own words
        said = L("One field holds more than fits. Cut it into its reports, or hand it in as a file.")
    answered = _say(request, error.status_code, said)
    answered.headers.update(error.headers or {})
    return answered
