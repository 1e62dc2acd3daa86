"""``/t/THEATRE/review``: reports that wait, one report with its likenesses, and what is decided on it.

Two may have one report open: the second is told, sees what stands now beside what was typed, and decides
again. Who reported is shown by pseudonym; one button, for whoever has the right, opens the identity, and
every opening is written down before it happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, RedirectResponse
from sqlalchemy import select

from toguna.accounts.audit import note_reads
from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Right
from toguna.core.grading import HIGH, SEVERE
from toguna.room.reporting.identity import opened
from toguna.room.reporting.inbox import ACCEPTED, MERGED, STATES
from toguna.room.reporting.likely import Alike, alike
from toguna.room.reporting.photos import photo_path
from toguna.room.reporting.questionnaire import Reading, as_typed, read
from toguna.room.reporting.review import ConflictError, Decision, Record, counts, decide, queue, record
from toguna.room.reporting.whereabouts import AS_TYPED
from toguna.room.texts.fields import told_by_text
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs, open_day
from toguna.room.web.pages.report import rules_of
from toguna.room.web.reportform import actor_names, gazetteer_of, groups, label_of, say_answer
from toguna.room.web.security.forms import Posted
from toguna.store.register.report_tables import Submission

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_SENSITIVE = (HIGH, SEVERE)


@router.get("/t/{theatre}/review")
@needs(Right.REVIEW)
def listed(asked: Asked) -> Response:
    """List the reports of a theatre, those that wait first."""
    query = asked.request.query_params
    state = query.get("state", "received")
    state = state if state in STATES else ""
    words = query.get("q", "")[:200]
    home, name = asked.room.settings.home, asked.theatre.name
    rows = queue(home, name, state=state, words=words)
    return answer.page(
        asked,
        "review.html.j2",
        rows=rows,
        state=state,
        words=words,
        states=STATES,
        counts=counts(home, name),
        say=lambda n, text: say_answer(n, text, asked.lang),
        sensitive=_SENSITIVE,
        done=query.get("done", ""),
    )


def _found(asked: Ask, number: int) -> Record:
    found = record(asked.room.settings.home, asked.theatre.name, number)
    if found is None:
        raise MissingError("report", str(number))
    return found


def _show(asked: Ask, shown: Record, found: Reading | None = None, **more: Any) -> Response:
    """Show one report; whoever is shown a sensitive one is written down first."""
    if shown.answers.get("sensitivity", SEVERE) in _SENSITIVE:
        note_reads(asked.room.gate, asked.principal.name, "report", [shown.event_id])
    typed: Mapping[str, str] = found.typed if found else as_typed(shown.answers)
    wrong = found.wrong if found else {}
    L = asked.lang
    told = {"refused": "", "conflict": None, "reporter": None, "status": 400 if wrong else 200} | more
    return answer.page(
        asked,
        "record.html.j2",
        r=shown,
        groups=groups(L, typed, wrong, regions=gazetteer_of(asked).regions, graded=True),
        candidates=found.candidates if found else [],
        chosen=typed.get("place_choice", ""),
        as_typed=AS_TYPED,
        faults=len(wrong),
        typed=typed,
        actors=actor_names(asked.theatre, asked),
        alike=_alike(asked, shown),
        label=lambda n: label_of(n, L),
        say=lambda n, text: say_answer(n, text, L),
        **told,
    )


def _alike(asked: Ask, shown: Record) -> list[Alike]:
    built = open_day(asked)
    others = [r for r in queue(asked.room.settings.home, asked.theatre.name) if r.state != "rejected"]
    return alike(
        asked.theatre,
        shown,
        events=built.events if built else None,
        others=others,
        as_of=asked.room.settings.today(),
    )


@router.get("/t/{theatre}/review/{number}")
@needs(Right.REVIEW)
def one(asked: Asked, number: int) -> Response:
    """Show one report to be decided on."""
    return _show(asked, _found(asked, number))


@router.post("/t/{theatre}/review/{number}")
@needs(Right.REVIEW)
def decided(asked: Asked, number: int, form: Posted) -> Response:
    """Write a decision, or say why not."""
    shown, settings = _found(asked, number), asked.room.settings
    typed = {name: text for name, text in form.items() if isinstance(text, str) and name != "csrf"}
    found = read(typed, rules_of(asked, graded=True))
    act = typed.get("act", "")
    if act == ACCEPTED and found.wrong:
        return _show(asked, shown, found)
    version = typed.get("version", "")
    decision = Decision(
        act=act,
        version=int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
        answers=found.answers | told_by_text(shown.answers) if act == ACCEPTED else {},
        reason=typed.get("reason", ""),
        into=_into(typed) if act == MERGED else "",
    )
    kept = Reading(typed, candidates=found.candidates)
    try:
        decide(settings.home, shown, decision, by=asked.principal.name, now=settings.clock(),
               today=settings.today())  # fmt: skip
    except ConflictError as conflict:
        said = conflict.said[asked.lang.code]
        differ = _differences(found.answers, conflict.now.answers)
        return _show(asked, conflict.now, kept, refused=said, conflict=differ, status=409)
    except RefusedError as refusal:
        return _show(asked, shown, kept, refused=refusal.said[asked.lang.code], status=400)
    asked.room.desk.wake()
    return RedirectResponse(asked.link("review", done=act), status_code=303)


def _into(typed: Mapping[str, str]) -> str:
    """Return the event to merge into: one that was listed, or one whose id was typed."""
    return (typed.get("into_other", "").strip() or typed.get("into", "").strip())[:200]


def _differences(mine: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(n, mine.get(n, ""), now.get(n, "")) for n in sorted({*mine, *now}) if mine.get(n) != now.get(n)]


@router.get("/t/{theatre}/review/{number}/photo/{sha256}")
@needs(Right.REVIEW)
def photo(asked: Asked, number: int, sha256: str) -> Response:
    """Return a photo of a report."""
    shown = _found(asked, number)
    if sha256 not in shown.photos:
        raise MissingError("photo", sha256[:64])
    path = photo_path(asked.room.settings.home, sha256)
    if not path.is_file():
        raise MissingError("photo", sha256)
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/t/{theatre}/review/{number}/reporter")
@needs(Right.SEE_REPORTER)
def reporter(asked: Asked, number: int) -> Response:
    """Open who reported, on this page only, and write first that it was opened."""
    shown, gate = _found(asked, number), asked.room.gate
    note_reads(gate, asked.principal.name, "reporter", [shown.event_id])
    with gate.register.read() as session:
        sealed = session.scalar(select(Submission.reporter_sealed).where(Submission.id == shown.id)) or ""
    return _show(asked, shown, reporter=opened(gate.key, sealed, bound_to=shown.uuid))
