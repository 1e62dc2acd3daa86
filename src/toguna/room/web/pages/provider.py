"""``/login/provider``: to the identity provider and back, where the room was told of one.

What the browser carries there and back lies in a signed cookie that holds for ten minutes and one return.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from toguna.accounts.identity import Errand, ProviderError, Window, new_errand
from toguna.accounts.provider import enter_by_claims
from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Right
from toguna.accounts.secrets import derived_key
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.pages.login import browser_of, show_login
from toguna.room.web.security.cookies import (
    DEVICE,
    ERRAND,
    SESSION,
    drop_cookie,
    read_cookie,
    set_cookie,
)
from toguna.room.web.security.forms import address_within

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_SECONDS, _LONGEST = 600, 500


def _window(asked: Ask) -> Window:
    found = asked.room.settings.provider
    if found is None:
        raise MissingError("page", "provider")
    return found


def _signer(asked: Ask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(derived_key(asked.room.gate.key, "provider-errand"))


def _back(request: Request, asked: Ask) -> str:
    scheme = "https" if asked.room.settings.secure else "http"
    return f"{scheme}://{request.url.netloc}/login/provider/back"


@router.get("/login/provider")
@needs(Right.OPEN)
def go(asked: Asked, request: Request, next: str = "/") -> Response:
    """Send the browser to the provider."""
    window, errand = _window(asked), new_errand(address_within(next) if len(next) <= _LONGEST else "/")
    try:
        led = RedirectResponse(window.address(errand, _back(request, asked)), status_code=303)
    except ProviderError as error:
        return _failed(asked, error)
    set_cookie(led, asked.room.settings, ERRAND, str(_signer(asked).dumps(asdict(errand))))
    return led


@router.get("/login/provider/back")
@needs(Right.OPEN)
def back(
    asked: Asked,
    request: Request,
    code: Annotated[str, Query(max_length=2000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Take the browser in when the provider says who it is."""
    window, settings = _window(asked), asked.room.settings
    answer = {"code": code, "state": state}
    answer |= {name: request.query_params[name] for name in ("iss", "error") if name in request.query_params}
    try:
        errand = Errand(
            **_signer(asked).loads(read_cookie(request, settings, ERRAND) or "", max_age=_SECONDS)
        )
        claims = window.claims(errand, answer, _back(request, asked))
        entered = enter_by_claims(
            asked.room.gate,
            window.provider,
            claims,
            browser=browser_of(request),
            replaces=read_cookie(request, settings, SESSION),
        )
    except (BadSignature, TypeError) as error:
        return _failed(asked, ProviderError(f"no log-in of this browser was begun: {type(error).__name__}"))
    except ProviderError as error:
        return _failed(asked, error)
    except RefusedError as refusal:
        return _forgotten(asked, show_login(asked, status=403, said=refusal.said[asked.lang.code]))
    led = RedirectResponse(address_within(errand.onward), status_code=303)
    set_cookie(led, settings, SESSION, entered.token)
    set_cookie(led, settings, DEVICE, entered.device)
    return _forgotten(asked, led)


def _failed(asked: Ask, error: ProviderError) -> Response:
    """Tell the reader that it did not work, and whoever runs the room why."""
    print(f"log-in by the identity provider: {error}", file=sys.stderr)
    said = asked.lang("Logging in there did not work. Try again, or log in with a password.")
    return _forgotten(asked, show_login(asked, status=400, said=said))


def _forgotten(asked: Ask, answered: Response) -> Response:
    drop_cookie(answered, asked.room.settings, ERRAND)
    return answered
