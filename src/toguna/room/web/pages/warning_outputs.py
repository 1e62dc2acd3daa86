"""``/t/THEATRE/warnings/ID/mail``, ``sms``, ``page`` and ``hxl``: a warning in the forms in which it leaves.

Called for by whoever may take files out and may read the warning; what was not issued, or is restricted and
not released, leaves by no way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.core.errors import NoAnswerError
from toguna.core.language import in_every_language as _
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.readers import note_read, reading
from toguna.warnings.outputs.hxl import hxl
from toguna.warnings.outputs.mail import mail
from toguna.warnings.outputs.page import page
from toguna.warnings.outputs.sms import sms
from toguna.warnings.states import Record

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Way:
    """One way out: how it is written, its media type, the end of its file's name ("" = shown, not kept)."""

    write: Callable[[Record, str], str]
    media: str
    ending: str = ""


WAYS = {
    "mail": Way(mail, "text/plain; charset=utf-8"),
    "sms": Way(sms, "text/plain; charset=utf-8"),
    "page": Way(page, "text/html; charset=utf-8", "html"),
    "hxl": Way(lambda record, lang: hxl([record]), "text/csv; charset=utf-8", "csv"),
}


def _out(asked: Ask, id: str, name: str) -> Response:
    record, way, lang = reading(asked).one(id), WAYS[name], asked.lang.code
    if not record.released or record.issued_at is None:
        raise NoAnswerError(
            _("{id} was not issued, or is restricted and not released: it leaves by no way.", id=record.id)
        )
    note_read(asked, record)
    headers = {"Vary": "Cookie, Accept-Language", "Cache-Control": "private, no-cache"}
    if way.ending:
        headers["Content-Disposition"] = f'attachment; filename="{record.id}.{lang}.{way.ending}"'
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return Response(way.write(record, lang), media_type=way.media, headers=headers)


def _handler(name: str) -> Callable[..., Response]:
    @needs(Right.EXPORT)
    def handler(asked: Asked, id: str) -> Response:
        return _out(asked, id, name)

    handler.__name__, handler.__doc__ = f"warning_as_{name}", f"Return a warning as {name}."
    return handler


for _name in WAYS:
    router.add_api_route(f"/t/{{theatre}}/warnings/{{id}}/{_name}", _handler(_name), methods=["GET"])
