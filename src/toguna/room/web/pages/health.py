"""``/healthz`` for those who watch the server, and ``/`` which leads to the first theatre."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy import text

from toguna.accounts.rights import Right
from toguna.room.web.ask import Asked, needs

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
@needs(Right.OPEN)
def healthz(asked: Asked) -> Response:
    """Answer 200 when the register can be read."""
    with asked.room.settings.home.register.read() as session:
        session.execute(text("SELECT 1"))
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.get("/")
@needs(Right.OPEN)
def first(asked: Asked) -> Response:
    """Lead to the first theatre that the reader may enter."""
    names = [n for n in asked.room.desk.theatres if asked.principal.may(Right.READ_PUBLIC, n)]
    name = (names or list(asked.room.desk.theatres))[0]
    return RedirectResponse(f"/t/{name}/now", status_code=303)
