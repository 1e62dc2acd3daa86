"""Files that pages show or hand out: drawings, the style sheet, the briefing."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from toguna.accounts.rights import Right
from toguna.core.language import LANGUAGES
from toguna.room.web import answer
from toguna.room.web.ask import Asked, MissingError, needs

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@router.get("/t/{theatre}/drawings/{name}.svg")
@needs(Right.READ_PUBLIC)
def drawing(asked: Asked, name: str) -> Response:
    """Return a drawing of the day in the reader's language."""
    path = asked.built.drawing(name, asked.lang.code)
    if path is None:
        raise MissingError("drawing", name)
    return FileResponse(path, media_type="image/svg+xml", headers=answer.DRAWING)


@router.get("/t/{theatre}/briefing.{lang}.{kind}")
@needs(Right.EXPORT)
def briefing(asked: Asked, lang: str, kind: str) -> Response:
    """Return the briefing of the day as a page or on paper."""
    if lang not in LANGUAGES or kind not in _TYPES:
        raise MissingError("briefing", f"{lang}.{kind}")
    path = asked.built.folder / f"briefing.{lang}.{kind}"
    name = f"{asked.theatre.name}-{asked.as_of}.{lang}.{kind}"
    return FileResponse(path, media_type=_TYPES[kind], filename=name, content_disposition_type="attachment")


@router.get("/style.css")
@needs(Right.OPEN)
def style(asked: Asked) -> Response:
    """Return the style sheet: that of the briefing, and what the room adds."""
    own = files("toguna.room.web").joinpath("static", "room.css").read_text(encoding="utf-8")
    shared = files("toguna.room.briefing").joinpath("templates", "briefing.css").read_text(encoding="utf-8")
    return Response(
        shared + own, media_type="text/css", headers={"Cache-Control": "max-age=31536000, immutable"}
    )
