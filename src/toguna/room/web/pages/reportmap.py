"""``/t/THEATRE/report/map.json``: what a reporter needs to point at a place on a map instead of naming it.

The form does without; `static/picker.js` asks for it when a reporter opens the map, and a telephone keeps it.
Which place was looked at or pointed at is not asked here: the nearest place is found on the telephone.
"""

from __future__ import annotations

import json

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.room.web import answer
from toguna.room.web.ask import Asked, needs
from toguna.room.web.ground import ground

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_TOLD: dict[tuple[str, str], bytes] = {}


@router.get("/t/{theatre}/report/map.json")
@needs(Right.REPORT)
def report_map(asked: Asked) -> Response:
    """Return outlines, names of places and words, made once for a theatre and a language."""
    key = (str(asked.theatre.folder), asked.lang.code)
    if key not in _TOLD:
        told = ground(asked.theatre, asked.lang)
        _TOLD[key] = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return answer.fresh(asked, Response(_TOLD[key], media_type="application/json"))
