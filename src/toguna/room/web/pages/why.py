"""``/t/THEATRE/why/ID``: from any figure down to the rows and source lines it rests on."""

from __future__ import annotations

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.core.errors import UnknownNameError
from toguna.room.web import answer
from toguna.room.web.ask import Asked, MissingError, needs
from toguna.room.web.built import Built
from toguna.room.web.kept import kept
from toguna.room.why import Reason, why

__all__ = ["explained", "router"]

router = APIRouter(include_in_schema=False)
_MOST_REASONS = 256


def explained(built: Built, id: str, lang: str) -> Reason:
    """Say why a figure says what it says.

    Raises
    ------
    MissingError
        The assessment has no such id.
    """
    kept, key = built.asked_for, ("why", id, lang)
    if key not in kept:
        try:
            kept[key] = why(dict(built.assessment), built.events, id, lang=lang)
        except UnknownNameError:
            raise MissingError("id", id[:80]) from None
        while len(kept) > _MOST_REASONS:
            kept.pop(next(iter(kept)), None)
    found: Reason = kept[key]
    return found


@router.get("/t/{theatre}/why/{id:path}")
@needs(Right.READ)
@kept()
def page(asked: Asked, id: str) -> Response:
    """Show the tree under a figure."""
    reason = explained(asked.built, id, asked.lang.code)
    return answer.fresh(asked, answer.page(asked, "why.html.j2", reason=reason))
