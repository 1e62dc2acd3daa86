"""``/t/THEATRE/now``: the five sentences, open warnings with deadlines, what is new since the last visit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.pages.warnings import open_rows
from toguna.room.web.readers import reading

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_VISIT = timedelta(minutes=30)  # requests closer together than this belong to one visit
_SECTIONS = ("headline", "map", "areas")


@router.get("/t/{theatre}/now")
@needs(Right.READ_PUBLIC)
def now(asked: Asked) -> Response:
    """Show what matters on one page."""
    since, cookie = _visits(asked)
    built, lang = asked.built, asked.lang.code
    sections = [s for s in (built.section(name, lang) for name in _SECTIONS) if s]
    answered = answer.page(
        asked,
        "now.html.j2",
        sections=sections,
        told=built.pages[lang],
        since=since,
        changes=_changes(asked, since),
        open_warnings=_open(asked) if asked.may(Right.READ) else None,
    )
    answered = answer.fresh(asked, answered)
    answered.set_cookie(
        f"seen_{asked.theatre.name}",
        cookie,
        max_age=400 * 86400,
        httponly=True,
        samesite="lax",
        secure=asked.request.url.scheme == "https",
    )
    return answered


def _visits(asked: Ask) -> tuple[datetime | None, str]:
    """Return the end of the visit before this one, and what the reader's cookie says from now on.

    The cookie holds two moments: the end of the visit before, and the last request.
    """
    moment = asked.room.settings.clock()
    said = asked.request.cookies.get(f"seen_{asked.theatre.name}", "")
    try:
        before, last = (datetime.fromisoformat(part) if part else None for part in said.split("_"))
    except ValueError:
        before = last = None
    if any(m is not None and m.tzinfo is None for m in (before, last)):
        before = last = None
    if last is not None and moment - last > _VISIT:
        before = last
    text = f"{before.isoformat(timespec='seconds') if before else ''}_{moment.isoformat(timespec='seconds')}"
    return before, text


def _changes(asked: Ask, since: datetime | None) -> list[dict[str, Any]]:
    """Return what is new since a moment, newest first; everything kept when the reader was never here."""
    found = [c for c in asked.built.changes if since is None or datetime.fromisoformat(c["at"]) > since]
    if not asked.may(Right.READ):
        found = [c for c in found if c["kind"] != "warning"]
    lang = asked.lang.code
    return [
        {"kind": c["kind"], "text": asked.lang.typeset(c["text"][lang]), "day": _day(c["at"]), "why": c["id"]}
        for c in reversed(found)
    ]


def _day(moment: str) -> Any:
    return datetime.fromisoformat(moment).date()


def _open(asked: Ask) -> list[dict[str, Any]]:
    """List the open warnings that the reader may read, what is owed first."""
    return open_rows(list(reading(asked).records.values()), asked)
