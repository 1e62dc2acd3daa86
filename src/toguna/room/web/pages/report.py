"""``/t/THEATRE/report``: report an incident, and see what became of one's reports.

The form works without scripts: what is wrong is said at its field, and nothing that was typed is lost. With
scripts (`pages.reportline`) a report waits on the telephone until the line is back.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Right
from toguna.accounts.secrets import derived_key, hashed
from toguna.room.reporting.envelope import public_key
from toguna.room.reporting.inbox import Sent, own, submit
from toguna.room.reporting.photos import MOST_BYTES
from toguna.room.reporting.questionnaire import Reading, Rules, read
from toguna.room.reporting.whereabouts import AS_TYPED
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.reportform import actor_names, gazetteer_of, groups
from toguna.room.web.security.forms import Posted
from toguna.room.web.security.headers import DEVICES

__all__ = ["BODY", "form_page", "owner_of", "router", "rules_of"]

router = APIRouter(include_in_schema=False)
BODY = MOST_BYTES + 256 * 1024
_MOST_ASKED = 8
_POSITION = DEVICES.replace("geolocation=()", "geolocation=(self)")  # asked for with a button, after a tick


def rules_of(asked: Ask, *, graded: bool = False) -> Rules:
    """Return the rules by which this person's typing is read."""
    names = () if graded else (asked.principal.name,)
    return Rules(asked.lang, asked.room.settings.today(), gazetteer_of(asked), names, graded)


def form_page(asked: Ask, found: Reading | None = None, *, offline: bool = False, **more: Any) -> Response:
    """Show the form, empty or as it was typed."""
    typed, wrong = (found.typed, found.wrong) if found else ({}, {})
    settings, gate, places = asked.room.settings, asked.room.gate, gazetteer_of(asked)
    page = answer.page(
        asked,
        "report.html.j2",
        status=400 if found else 200,
        groups=groups(asked.lang, typed, wrong, regions=places.regions, graded=False),
        candidates=found.candidates if found else [],
        chosen=typed.get("place_choice", ""),
        as_typed=AS_TYPED,
        faults=len(wrong),
        uuid="" if offline else typed.get("uuid") or str(uuid4()),
        offline=offline,
        fresh=found is None,
        exercise=settings.as_of is not None and settings.as_of != settings.clock().date(),
        today=settings.today(),
        actors=actor_names(asked.theatre, asked),
        queue_key=public_key(gate.key),
        owner="" if offline else owner_of(asked),
        mapped=bool(places.outlined or places.places),
        **({"refused": ""} | more),
    )
    page.headers["Permissions-Policy"] = _POSITION
    return page


def owner_of(asked: Ask) -> str:
    """Return by what a telephone knows whose waiting reports are whose: nothing that leads to a name."""
    return hashed(f"{derived_key(asked.room.gate.key, 'queue-owner').hex()}{asked.principal.user_id}")[:16]


@router.get("/t/{theatre}/report")
@needs(Right.REPORT)
def form(asked: Asked) -> Response:
    """Show an empty form."""
    return form_page(asked)


@router.post("/t/{theatre}/report", max_body_size=BODY)
@needs(Right.REPORT)
def send(asked: Asked, request: Request, form: Posted) -> Response:
    """Take a report; a script is answered in JSON, so that it knows a report from a page of log-in."""
    typed = {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    found = read(typed, rules_of(asked))
    if found.wrong:
        return form_page(asked, found)
    sent = Sent(
        uuid=typed.get("uuid", ""),
        theatre=asked.theatre.name,
        lang=asked.lang.code,
        sent_at=typed.get("sent_at", ""),
        answers=found.answers,
        photos=_photos(form),
    )
    try:
        kept = submit(asked.room.settings.home, sent, asked.principal, now=asked.room.settings.clock())
    except RefusedError as refusal:
        return form_page(asked, found, refused=refusal.said[asked.lang.code])
    where = asked.link("report/mine", sent=kept.uuid, masked=found.masked or None)
    if request.headers.get("x-report") == "script":
        return JSONResponse({"location": where, "uuid": kept.uuid}, status_code=201)
    return RedirectResponse(where, status_code=303)


def _photos(form: FormData) -> list[bytes]:
    """Return the files that were chosen; a field without one brings an empty file."""
    chosen = [part for part in form.getlist("photo") if isinstance(part, UploadFile)]
    return [data for part in chosen if (data := part.file.read(MOST_BYTES + 1))]


@router.get("/t/{theatre}/report/mine")
@needs(Right.REPORT)
def mine(asked: Asked) -> Response:
    """List one's own reports and where they stand."""
    sent = asked.request.query_params.get("sent", "")
    listed = own(asked.room.settings.home, asked.theatre.name, asked.principal)
    masked = asked.request.query_params.get("masked", "")
    return answer.page(
        asked,
        "mine.html.j2",
        listed=listed,
        sent=next((r for r in listed if r.uuid == sent), None),
        masked=masked.isdecimal() and masked != "0",
        owner=owner_of(asked),
    )


@router.get("/t/{theatre}/places")
@needs(Right.REPORT)
def places(asked: Asked) -> Response:
    """Suggest places for what was typed so far."""
    typed = asked.request.query_params.get("q", "")
    found = gazetteer_of(asked).suggest(typed, _MOST_ASKED)
    return JSONResponse({"places": [place.as_dict() for place in found]})
