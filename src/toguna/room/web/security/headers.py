"""Headers on every answer, whatever made it: what a browser may do with it, and the cookie of a new visitor.

Enters and leaves: ASGI messages. A route that sets one of these headers keeps its own. Added by
`toguna.room.web.app`.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from toguna.room.web.security.cookies import VISITOR, set_cookie
from toguna.room.web.settings import RoomSettings

__all__ = ["DEVICES", "POLICY", "Headers"]

DEVICES = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
"""What of a telephone no page may use."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",  # maps draw into pictures of their own
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": DEVICES,
    "cache-control": "no-store",
}
_TLS = {"strict-transport-security": "max-age=31536000"}


class Headers:
    """Middleware that adds the headers.

    Parameters
    ----------
    app : ASGI application
        What answers.
    settings : RoomSettings
        Whether the room has TLS.
    """

    def __init__(self, app: ASGIApp, settings: RoomSettings) -> None:
        self.app, self.settings = app, settings
        self._headers = _ALWAYS | (_TLS if settings.secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, message)
            await send(message)

        await self.app(scope, receive, with_headers)

    def _add(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        fresh = scope.get("state", {}).get("new_visitor")
        if fresh:
            shell = Response()
            set_cookie(shell, self.settings, VISITOR, fresh)
            headers.append("set-cookie", shell.headers["set-cookie"])
