"""``/t/THEATRE/why/ID``: from any figure down to the rows and source lines it rests on."""

from __future__ import annotations

from functools import lru_cache

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


@lru_cache(maxsize=256)
def _explained(digest: str, id: str, lang: str, built: _Held) -> Reason:
    return why(dict(built.built.assessment), built.built.events, id, lang=lang)


class _Held:
    """An assessment as a key of the cache: the digest beside it tells them apart."""

    def __init__(self, built: Built) -> None:
        self.built = built

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


def explained(built: Built, id: str, lang: str) -> Reason:
    """Say why a figure says what it says.

    Raises
    ------
    MissingError
        The assessment has no such id.
    """
    try:
        return _explained(built.digest, id, lang, _Held(built))
    except UnknownNameError:
        raise MissingError("id", id[:80]) from None


@router.get("/t/{theatre}/why/{id:path}")
@needs(Right.READ)
@kept()
def page(asked: Asked, id: str) -> Response:
    """Show the tree under a figure."""
    reason = explained(asked.built, id, asked.lang.code)
    return answer.fresh(asked, answer.page(asked, "why.html.j2", reason=reason))
