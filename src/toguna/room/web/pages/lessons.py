"""``/t/THEATRE/lessons``: what was learnt from warnings, what replay taught, a form for the next lesson."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from toguna.accounts.rights import Right
from toguna.core.errors import FieldError
from toguna.core.language import Language
from toguna.core.language import in_every_language as _
from toguna.room.briefing.scope import names_of
from toguna.room.warned import LEVEL
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.moving import hand
from toguna.room.web.pages.warning_moves import refuse_stepped, typed
from toguna.room.web.readers import Reading, ledger_of, reading
from toguna.room.web.security.forms import Posted, field, fields
from toguna.warnings.lessons import Lesson, Situation, lesson_body, situation_of
from toguna.warnings.moves import learn
from toguna.warnings.states import Record
from toguna.warnings.words import KINDS, OUTCOMES

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
LONGEST = 4000


@router.get("/t/{theatre}/lessons")
@needs(Right.READ)
def lessons(asked: Asked) -> Response:
    """Show the lessons that the reader may read, newest first."""
    return _show(asked)


def _show(
    asked: Ask, *, given: Mapping[str, list[str]] | None = None, wrong: tuple[str, str] | None = None
) -> Response:
    read, L = reading(asked), asked.lang
    built = asked.built
    wanted = asked.request.query_params.get("warning", "")
    about = {"warning": [wanted] if wanted in read.records else []}
    return answer.page(
        asked,
        "lessons.html.j2",
        status=400 if wrong else 200,
        lessons=list(reversed(read.lessons)),
        records=read.records,
        names_of_actors=names_of(built.assessment, L),
        taught=built.section("taught", L.code),
        decision=lambda one: _decision(one, L),
        outcome=lambda one: _outcome(one, L),
        typed=about if given is None else {"areas": [], **given},
        wrong_at=wrong,
        kinds=KINDS,
        areas=sorted(area.name for area in asked.theatre.areas(LEVEL)),
        writable=asked.may(Right.WARN) and not asked.stepped,
        past=asked.room.settings.today() < asked.room.settings.clock().date(),
        done=asked.request.query_params.get("done", ""),
    )


def _decision(one: Lesson, L: Language) -> str:
    """Say the decision of a lesson: the ledger keeps it as a verdict in English and the reason as written."""
    for verdict, said in (("do not act: ", L("not to act")), ("act: ", L("to act"))):
        if one.decision.startswith(verdict):
            return f"{said}{L(':')} {one.decision.removeprefix(verdict)}"
    return one.decision


def _outcome(one: Lesson, L: Language) -> str:
    word, _colon, text = one.outcome.partition(": ")
    return f"{L.word(f'outcome:{word}')} {text}".strip() if word in OUTCOMES else one.outcome


@router.post("/t/{theatre}/lessons")
@needs(Right.WARN)
def write(asked: Asked, form: Posted) -> Response:
    """Write down a lesson; decision, action and outcome are taken from the warning it is about."""
    try:
        refuse_stepped(asked)
        body = _body(asked, form, reading(asked))
        entry = learn(ledger_of(asked), asked.theatre.name, body, hand(asked, form))
    except FieldError as error:
        return _show(asked, given=typed(form), wrong=(error.field, error.said[asked.lang.code]))
    return RedirectResponse(asked.link("lessons", done=entry.subject) + f"#{entry.subject}", status_code=303)


def _body(asked: Ask, form: FormData, read: Reading) -> dict[str, Any]:
    change, appraisal = _words(form, "change"), _words(form, "appraisal")
    if not change:
        raise FieldError("change", _("A lesson says what to do otherwise next time."))
    situation, record = _situation(asked, form, read)
    return lesson_body(situation, change=change, appraisal=appraisal, record=record)


def _words(form: FormData, name: str) -> str:
    found = field(form, name).strip()
    if len(found) > LONGEST:
        raise FieldError(name, _("{n} characters; {most} are the most.", n=len(found), most=LONGEST))
    return found


def _situation(asked: Ask, form: FormData, read: Reading) -> tuple[Situation, Record | None]:
    """Return what the lesson is about: a warning, or a kind and areas."""
    id = field(form, "warning")
    if id:
        if id not in read.records:
            raise FieldError("warning", _("There is no warning “{id}”.", id=id[:80]))
        return situation_of(read.records[id].warning), read.records[id]
    kind = field(form, "kind")
    known = {area.name for area in asked.theatre.areas(LEVEL)}
    areas = tuple(name for name in dict.fromkeys(fields(form, "areas")) if name in known)
    if kind not in ("", *KINDS) or not (kind or areas):
        raise FieldError("warning", _("Choose the warning it is about; without one, a kind or an area."))
    return Situation(asked.theatre.name, kind, areas), None
