"""Forged forms are refused here, for every route at once: no other file checks.

Enters: every request. Leaves: nothing, or `ForgedError`. A request that changes something must come from a
page of this room: its ``Sec-Fetch-Site`` and ``Origin`` say so (browsers set them, pages cannot), and it
carries the field ``csrf`` (or the header ``X-Csrf``) that only a page shown to the same browser holds: an
HMAC of its session cookie, or of its visitor cookie before log-in. Requests with a token of a program carry
no cookie's rights and are let through.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from secrets import token_urlsafe
from urllib.parse import urlsplit

from fastapi import Request
from markupsafe import Markup
from starlette.datastructures import FormData

from toguna.accounts.secrets import derived_key
from toguna.room.web.security.cookies import SESSION, VISITOR, read_cookie
from toguna.room.web.security.who import bearer

__all__ = ["FIELD", "HEADER", "Csrf", "CsrfField", "ForgedError", "csrf_of", "refuse_forged"]

FIELD, HEADER = "csrf", "x-csrf"
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_FIELDS, MOST_FILES = 200, 8


class ForgedError(Exception):
    """The form does not come from a page that this browser was shown."""


def csrf_of(request: Request) -> str:
    """Return what forms on a page for this browser must carry; a browser without a cookie gets one."""
    settings = request.app.state.room.settings
    seed = read_cookie(request, settings, SESSION) or _visitor(request)
    return _signed(request, seed)


class Csrf:
    """What forms must carry, made only when a page writes it: others give no cookie to a visitor."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def __str__(self) -> str:
        return csrf_of(self._request)


class CsrfField(Csrf):
    """The hidden field of a form."""

    def __html__(self) -> str:
        """Return it as markup."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, str(self))


def _visitor(request: Request) -> str:
    """Return the cookie of a visitor; a new one is sent with the answer (see `headers`)."""
    known = read_cookie(request, request.app.state.room.settings, VISITOR)
    if known is None:
        known = getattr(request.state, "new_visitor", None) or token_urlsafe(32)
        request.state.new_visitor = known
    return known


def _signed(request: Request, seed: str) -> str:
    key = derived_key(request.app.state.room.gate.key, "csrf")
    return hmac.new(key, seed.encode("utf-8", "replace"), "sha256").hexdigest()


async def refuse_forged(request: Request) -> AsyncIterator[None]:
    """Refuse a request that changes something and was not sent by a page of this room.

    Raises
    ------
    ForgedError
        Another site sent it, or the field is missing, or belongs to another session.
    """
    try:
        if request.method not in _SAFE and bearer(request) is None:
            await _judge(request)
        yield
    finally:
        await request.close()  # files of the form, whoever read it


async def _judge(request: Request) -> None:
    if not _from_here(request):
        raise ForgedError
    settings = request.app.state.room.settings
    seed = read_cookie(request, settings, SESSION) or read_cookie(request, settings, VISITOR)
    shown = request.headers.get(HEADER) or await _field(request)
    right = seed is not None and hmac.compare_digest(
        _signed(request, seed).encode(), shown.encode("utf-8", "replace")
    )
    if not right:
        raise ForgedError


def _from_here(request: Request) -> bool:
    """Whether nothing that the browser says speaks against a page of this very origin.

    Old browsers say nothing. Under the policy ``no-referrer``, which every page here has, browsers write
    ``Origin: null`` for forms of the page itself: that says nothing either, ``Sec-Fetch-Site`` does.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin in (None, "null") or urlsplit(origin).netloc == request.headers.get("host")


async def _field(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        return ""
    form: FormData = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES)
    found = form.get(FIELD)
    return found if isinstance(found, str) else ""
