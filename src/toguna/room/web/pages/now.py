"""``/t/THEATRE/now``: the five sentences, open warnings with deadlines, what is new since the last visit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.built import Built
from toguna.room.web.kept import keep
from toguna.room.web.pages.warnings import open_rows
from toguna.room.web.readers import Reading, reading

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_VISIT = timedelta(minutes=30)  # requests closer together than this belong to one visit
_SECTIONS = ("headline", "map", "areas")


@router.get("/t/{theatre}/now")
@needs(Right.READ_PUBLIC)
def now(asked: Asked) -> Response:
    """Show what matters on one page."""
    since, cookie = _visits(asked)
    changes = [c for c in asked.built.changes if since is None or datetime.fromisoformat(c["at"]) > since]
    read = reading(asked) if asked.may(Right.READ) else None
    # The same for everybody who may read the same warnings and was last here on the same day.
    state = (since and since.date(), len(changes), read and (read.state, tuple(read.records)))
    answered = keep(asked, lambda plain: _set(plain, since, changes, read), state=state)
    answered.set_cookie(
        f"seen_{asked.theatre.name}",
        cookie,
        max_age=400 * 86400,
        httponly=True,
        samesite="lax",
        secure=asked.request.url.scheme == "https",
    )
    return answered


def _set(asked: Ask, since: datetime | None, changes: list[dict[str, Any]], read: Reading | None) -> Response:
    built, lang = asked.built, asked.lang.code
    last, known_by = _silence(built)
    return answer.page(
        asked,
        "now.html.j2",
        sections=[s for s in (built.section(name, lang) for name in _SECTIONS) if s],
        told=built.pages[lang],
        since=since,
        silent_since=last,
        known_by=known_by,
        changes=_changes(asked, changes),
        open_warnings=None if read is None else open_rows(list(read.records.values()), asked),
    )


def _silence(built: Built) -> tuple[date | None, date | None]:
    """Return the day of the newest event and that by which all were known; None when the window has some."""
    recent = built.assessment["windows"]["recent"]
    last = built.events["date_start"].max() if built.events.height else None
    if not isinstance(last, date) or last >= date.fromisoformat(recent["start"]):
        return None, None
    known_by = built.events["published_at"].max()
    return last, known_by if isinstance(known_by, date) else None


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


def _changes(asked: Ask, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Word what is new, newest first."""
    if not asked.may(Right.READ):
        found = [c for c in found if c["kind"] != "warning"]
    lang = asked.lang.code
    return [
        {"kind": c["kind"], "text": asked.lang.typeset(c["text"][lang]), "day": _day(c["at"]), "why": c["id"]}
        for c in reversed(found)
    ]


def _day(moment: str) -> Any:
    return datetime.fromisoformat(moment).date()
