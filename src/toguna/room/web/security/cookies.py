"""The cookies of the room: session, known browser, visitor, log-in elsewhere; and how they are marked.

Called by `who`, `forgery` and the pages of accounts. Never readable by scripts; sent to this host only,
under TLS only when the room has TLS (then with the prefix ``__Host-``, which browsers hold to that).
"""

from __future__ import annotations

from fastapi import Request, Response

from toguna.room.web.settings import RoomSettings

__all__ = [
    "DEVICE",
    "ERRAND",
    "SESSION",
    "VISITOR",
    "cookie_name",
    "drop_cookie",
    "read_cookie",
    "set_cookie",
]

SESSION, DEVICE, VISITOR = "toguna-session", "toguna-device", "toguna-visitor"
ERRAND = "toguna-errand"
_KEPT = {DEVICE: 365 * 86400, ERRAND: 600}  # the others end with the browser
_LONGEST, _LONGEST_ERRAND = 512, 2048


def cookie_name(settings: RoomSettings, name: str) -> str:
    """Return the name under which a browser holds a cookie of this room."""
    return f"__Host-{name}" if settings.secure else name


def read_cookie(request: Request, settings: RoomSettings, name: str) -> str | None:
    """Return a cookie of the request; what is too long to be ours is none."""
    most = _LONGEST_ERRAND if name == ERRAND else _LONGEST
    found = request.cookies.get(cookie_name(settings, name))
    return found if found and len(found) <= most else None


def set_cookie(response: Response, settings: RoomSettings, name: str, value: str) -> None:
    """Give a cookie to the browser."""
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=_KEPT.get(name),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, settings: RoomSettings, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(
        cookie_name(settings, name), path="/", secure=settings.secure, httponly=True, samesite="lax"
    )
