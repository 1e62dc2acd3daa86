"""Reports over a bad line: the worker that keeps the form, and the queue of a telephone.

``/report-worker.js`` is the service worker; it keeps the empty form and what the form needs, nothing else.
``/t/THEATRE/report/ticket`` says to a script whose session this is; ``/t/THEATRE/report/sealed`` takes what
waited on the telephone, sealed there for this room alone.
"""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.rights import Right
from toguna.room.reporting.envelope import open_envelope
from toguna.room.reporting.inbox import Sent, submit
from toguna.room.reporting.questionnaire import read, settled_later
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.pages.report import BODY, form_page, owner_of, rules_of
from toguna.room.web.security.forgery import csrf_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/report-worker.js")
@needs(Right.OPEN)
def worker(asked: Asked) -> Response:
    """Return the service worker; it may watch the form of a theatre, which lies below another address."""
    script = files("toguna.room.web").joinpath("static", "report-worker.js").read_text(encoding="utf-8")
    headers = {"Service-Worker-Allowed": "/t/", "Cache-Control": "no-cache"}
    return Response(script, media_type="text/javascript", headers=headers)


@router.get("/t/{theatre}/report/offline")
@needs(Right.REPORT)
def offline(asked: Asked) -> Response:
    """Return the empty form as a telephone keeps it: no name, no session, no report is in it."""
    return form_page(asked, offline=True)


@router.get("/t/{theatre}/report/ticket")
@needs(Right.REPORT)
def ticket(asked: Asked) -> Response:
    """Say whose session this is, and what a script must show to send."""
    return JSONResponse({"csrf": csrf_of(asked.request), "owner": owner_of(asked)})


@router.post("/t/{theatre}/report/sealed", max_body_size=BODY)
@needs(Right.REPORT)
async def sealed(asked: Asked, request: Request) -> Response:
    """Take one report that waited; what cannot be asked back is kept as typed, for the reviewer."""
    return await run_in_threadpool(_taken, asked, await request.body())


def _taken(asked: Ask, body: bytes) -> Response:
    uuid, gate = asked.request.headers.get("x-report-id", ""), asked.room.gate
    try:
        letter = open_envelope(gate.key, body, uuid=uuid)
        rules = rules_of(asked)
        found = read(letter.fields, rules)
        if "consent" in found.wrong:
            raise refused("Without a yes to the question of consent, nothing of a report is kept.")
        sent = Sent(
            uuid=uuid,
            theatre=asked.theatre.name,
            lang=asked.lang.code,
            sent_at=letter.fields.get("sent_at", ""),
            answers=settled_later(found, rules),
            photos=[letter.photo] if letter.photo else [],
        )
        kept = submit(asked.room.settings.home, sent, asked.principal, now=asked.room.settings.clock())
    except RefusedError as refusal:
        return JSONResponse({"wrong": refusal.said[asked.lang.code]}, status_code=400)
    return JSONResponse({"uuid": kept.uuid, "state": kept.state}, status_code=201)
