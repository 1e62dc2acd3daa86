"""``/t/THEATRE/warnings/new``, ``…/ID/edit`` and ``…/ID/correct``: warnings written by people.

Other words for an open warning are an update: a release must then be given anew. A correction is a new
draft that takes the place of the old one when it is issued.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from toguna.accounts.rights import Right
from toguna.core.errors import ConflictError, FieldError, UsageError
from toguna.room.web import answer, told
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.capwords import meanings
from toguna.room.web.moving import hand
from toguna.room.web.pages.warning import Tried
from toguna.room.web.pages.warning_moves import refuse_stepped, typed
from toguna.room.web.pages.why import explained
from toguna.room.web.readers import ledger_of, note_read, reading
from toguna.room.web.security.forms import Posted, field
from toguna.room.web.writing import VOCABULARIES, Blank, filled, title_of, warning_of
from toguna.warnings.moves import correct, move, raise_one
from toguna.warnings.rules import read_rules
from toguna.warnings.states import Record
from toguna.warnings.steps import Update

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_NEVER = "0"


@router.get("/t/{theatre}/warnings/new")
@needs(Right.WARN)
def blank(asked: Asked) -> Response:
    """Offer an empty form."""
    return _form(asked, "new")


@router.get("/t/{theatre}/warnings/{id}/edit")
@needs(Right.WARN)
def to_edit(asked: Asked, id: str) -> Response:
    """Offer the words of a warning to be changed."""
    return _form(asked, "edit", reading(asked).one(id))


@router.get("/t/{theatre}/warnings/{id}/correct")
@needs(Right.WARN)
def to_correct(asked: Asked, id: str) -> Response:
    """Offer the words of a warning for one that takes its place."""
    return _form(asked, "correct", reading(asked).one(id))


@router.post("/t/{theatre}/warnings/new")
@needs(Right.WARN)
def write(asked: Asked, form: Posted) -> Response:
    """Raise a warning as a draft."""
    return _written(asked, "new", form)


@router.post("/t/{theatre}/warnings/{id}/edit")
@needs(Right.WARN)
def edit(asked: Asked, id: str, form: Posted) -> Response:
    """Put other words into an open warning."""
    return _written(asked, "edit", form, reading(asked).one(id))


@router.post("/t/{theatre}/warnings/{id}/correct")
@needs(Right.WARN)
def put_right(asked: Asked, id: str, form: Posted) -> Response:
    """Raise the correction of a warning as a draft."""
    return _written(asked, "correct", form, reading(asked).one(id))


def _written(asked: Ask, mode: str, form: FormData, record: Record | None = None) -> Response:
    seen, tried = field(form, "version") or _NEVER, Tried(mode, typed(form))
    try:
        refuse_stepped(asked)
        made = _carried(asked, mode, form, record, seen=seen)
    except ConflictError as error:
        now = reading(asked).one(record.id) if record else None
        since = tuple(told.since(now, seen, asked.lang)) if now else ()
        tried = replace(tried, wrong=error.said[asked.lang.code], since=since)
        return _form(asked, mode, now, tried, status=409)
    except FieldError as error:
        tried = replace(tried, field=error.field, wrong=error.said[asked.lang.code])
        return _form(asked, mode, record, tried, status=400)
    except UsageError as error:
        return _form(asked, mode, record, replace(tried, wrong=str(error)), status=400)
    done = "update" if mode == "edit" else "raised"
    return RedirectResponse(asked.link(f"warnings/{made.id}", done=done), status_code=303)


def _carried(asked: Ask, mode: str, form: FormData, record: Record | None, *, seen: str) -> Record:
    ledger, before = ledger_of(asked), record.warning if record else None
    warning = warning_of(form, asked, before, known=lambda id: _is_known(asked, id))
    by = hand(asked, form, record)
    if record is None:
        return raise_one(ledger, warning, by)
    if mode == "edit":
        return move(ledger, record.id, Update(warning), by, seen=seen)
    return correct(ledger, record.id, replace(warning, corrects=""), by, seen=seen)


def _is_known(asked: Ask, id: str) -> bool:
    try:
        explained(asked.built, id, asked.lang.code)
    except MissingError:
        return False
    return True


def _form(
    asked: Ask, mode: str, record: Record | None = None, tried: Tried | None = None, *, status: int = 200
) -> Response:
    offers, L = Blank.of(asked), asked.lang
    if record is not None:
        note_read(asked, record)
    desk = read_rules(asked.theatre.folder).desk
    start = filled(record.warning if record else None, asked, offers, desk)
    return answer.page(
        asked,
        "warning_write.html.j2",
        status=status,
        mode=mode,
        title=title_of(L, mode),
        record=record,
        offers=offers,
        typed={"areas": [], "actors": [], **tried.typed} if tried else start,
        wrong_at=(tried.field, tried.wrong) if tried else None,
        since=tried.since if tried else (),
        means=meanings(L),
        words=VOCABULARIES,
        names=told.field_names(L),
        past=asked.room.settings.today() < asked.room.settings.clock().date(),
    )
