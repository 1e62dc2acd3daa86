"""``/api/v1/t/THEATRE/why/ID``: the tree under a figure, down to rows that may be passed on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from toguna.accounts.rights import Right
from toguna.core.errors import UnknownNameError
from toguna.room.web.api.answers import send_json
from toguna.room.web.api.held import held_header, held_of
from toguna.room.web.api.models import ReasonOut
from toguna.room.web.api.query import Asking
from toguna.room.web.api.routes import offers
from toguna.room.web.ask import Asked, MissingError
from toguna.room.why import why

__all__ = ["router"]

router = APIRouter(tags=["assessment"])


@offers(router, "/api/v1/t/{theatre}/why/{id:path}", Right.EXPORT, shows=ReasonOut)
def reason(asked: Asked, id: str, _query: Annotated[Asking, Query()]) -> Response:
    """Why a figure says what it says."""

    def make() -> dict[str, Any]:
        try:
            found = why(dict(asked.built.assessment), asked.built.shown, id, lang=asked.lang.code)
        except UnknownNameError:
            raise MissingError("id", id[:80]) from None
        return found.as_dict()

    return send_json(asked, make, headers=held_header(held_of(asked)))
