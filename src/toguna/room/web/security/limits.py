"""How much and how often one sender may ask.

Enters: ASGI messages. Leaves: them, or an answer 429 that says when to return. Two buckets: one for each
address, one for each browser that shows a session. Buckets live in memory and are few; the slow waits of
log-in lie in the register (`toguna.accounts.lockout`). How long a body may be is said where routes are
(``max_body_size``). Whoever sits at the machine itself (loopback, no proxy in front) is not counted.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from toguna.room.web.security.cookies import SESSION, read_cookie
from toguna.room.web.settings import RoomSettings

__all__ = ["BODY", "Buckets", "Limits", "address_of"]

BODY = 64 * 1024  # bytes of a form without files
_MOST_BUCKETS = 10_000
_TOO_LARGE = "What was sent is too large.\nL’envoi est trop volumineux.\n"


@dataclass
class Buckets:
    """Token buckets by key; the longest unused one goes when there are too many.

    Parameters
    ----------
    burst : float
        Requests that may come at once.
    per_second : float
        Requests that may come for ever.
    """

    burst: float
    per_second: float
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str, now: float) -> float:
        """Take one; return 0, or the seconds until one is there."""
        left, then = self._held.pop(key, (self.burst, now))
        left = min(self.burst, left + max(0.0, now - then) * self.per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self.per_second
        self._held[key] = (left if wait else left - 1, now)
        while len(self._held) > _MOST_BUCKETS:
            self._held.popitem(last=False)
        return wait


def address_of(request: Request) -> str:
    """Return the address a request came from; behind a proxy the server puts the sender's there."""
    return request.client.host if request.client else ""


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _return_in(seconds: int, path: str) -> Response:
    said = f"Too many requests: return in {seconds} s.\nTrop de requêtes\u202f: revenez dans {seconds} s.\n"
    headers = {"Retry-After": str(seconds)}
    if not path.startswith("/api/"):
        return PlainTextResponse(said, status_code=429, headers=headers)
    problem = {"type": "about:blank", "title": said.strip(), "status": 429, "detail": "", "instance": path}
    return JSONResponse(problem | {"errors": []}, 429, headers, "application/problem+json")


class Limits:
    """Middleware that counts, and says in both languages what is refused before any page is reached.

    Parameters
    ----------
    app : ASGI application
        What answers.
    settings : RoomSettings
        Whether a proxy stands in front.
    clock : callable
        Seconds that only grow.
    """

    def __init__(
        self, app: ASGIApp, settings: RoomSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app, self.settings, self.clock = app, settings, clock
        self.addresses = Buckets(burst=600, per_second=60)  # an office behind one address
        self.browsers = Buckets(burst=120, per_second=12)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say when to return."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wait = self._wait(Request(scope))
        if wait > 0:
            await _return_in(math.ceil(wait), scope["path"])(scope, receive, send)
            return
        refused = False

        async def said_in_both(message: Message) -> None:
            # The framework answers a body that is too large by itself, in its own words.
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 413:
                refused = True
                await PlainTextResponse(_TOO_LARGE, status_code=413)(scope, receive, send)
            if not refused:
                await send(message)

        await self.app(scope, receive, said_in_both)

    def _wait(self, request: Request) -> float:
        address, now = address_of(request), self.clock()
        if _is_here(address) and not self.settings.behind_proxy:
            return 0.0
        wait = self.addresses.take(address, now)
        token = read_cookie(request, self.settings, SESSION)
        if token is not None:
            wait = max(wait, self.browsers.take(hashlib.sha256(token.encode()).hexdigest(), now))
        return wait
