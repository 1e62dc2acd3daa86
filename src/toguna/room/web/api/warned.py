"""``/api/v1/t/THEATRE/warnings`` and what leaves as CAP, calendar, Atom and table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from toguna.accounts.rights import Right
from toguna.room.web.api.answers import absolute, paged, send, send_json
from toguna.room.web.api.atom import atom
from toguna.room.web.api.models import WarningOut, WarningPage
from toguna.room.web.api.query import Asking, Paging
from toguna.room.web.api.routes import binary, offers
from toguna.room.web.api.standing import CALENDAR, CAP, one, proposal, standing, told
from toguna.room.web.ask import Asked
from toguna.warnings.outputs.calendar import calendar, deadlines
from toguna.warnings.outputs.cap import cap
from toguna.warnings.outputs.hxl import hxl

__all__ = ["router"]

router = APIRouter(tags=["warnings"])
ATOM, CSV = "application/atom+xml", "text/csv; charset=utf-8"
_FEED = 50


class WarningQuery(Paging):
    """Which warnings."""

    status: str | None = Field(None, max_length=40, description="issued, acknowledged, ..., or proposal.")


@offers(router, "/api/v1/t/{theatre}/warnings", Right.READ, shows=WarningPage)
def warnings(asked: Asked, query: Annotated[WarningQuery, Query()]) -> Response:
    """Warnings of the ledger as they stood on the day, then proposals that nobody issued."""
    found = standing(asked)
    proposed = [p for row in asked.built.assessment["warnings"] if (p := proposal(row))]
    every = [*(told(asked, record) for record in found.records), *proposed]
    rows = [w for w in every if query.status in (None, w.status)]
    part = rows[query.offset : query.offset + query.limit]
    more = {"restricted": found.restricted}
    return paged(asked, query, lambda: (len(rows), part), state=(found.state,), more=more)


@offers(router, "/api/v1/t/{theatre}/warnings/{id:path}", Right.READ, shows=WarningOut)
def warning(asked: Asked, id: str, _query: Annotated[Asking, Query()]) -> Response:
    """One warning of the ledger, or one proposal."""
    rows = (proposal(row) for row in asked.built.assessment["warnings"] if row["id"] == id)
    if (found := next(rows, None)) is not None:
        return send_json(asked, lambda: found)
    record, stand = one(asked, id)
    return send_json(asked, lambda: told(asked, record), state=(stand.state,))


@offers(router, "/t/{theatre}/warnings.atom", Right.READ_PUBLIC, shows=binary(), media=ATOM)
def feed(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The warnings that the reader may be told of, as a feed (RFC 4287)."""
    found = standing(asked)
    own = absolute(asked, f"/t/{asked.theatre.name}/warnings.atom")
    return send(
        asked,
        lambda: atom(found.records[:_FEED], asked.theatre.title, own=own, lang=asked.lang.code),
        media=ATOM,
        state=(found.state, str(asked.may(Right.READ))),
    )


@offers(router, "/t/{theatre}/warnings/{id}.cap.xml", Right.READ_PUBLIC, shows=binary(), media=CAP)
def alert(asked: Asked, id: str, _query: Annotated[Asking, Query()]) -> Response:
    """One warning as a CAP 1.2 alert."""
    record, found = one(asked, id)
    sender = asked.request.url.hostname or ""
    return send(asked, lambda: cap(record, sender=sender).encode(), media=CAP, state=(found.state,))


@offers(router, "/t/{theatre}/warnings/{id}.ics", Right.READ_PUBLIC, shows=binary(), media=CALENDAR)
def days(asked: Asked, id: str, _query: Annotated[Asking, Query()]) -> Response:
    """The days of one warning for a calendar."""
    record, found = one(asked, id)
    return send(
        asked, lambda: calendar(record, asked.lang.code).encode(), media=CALENDAR, state=(found.state,)
    )


@offers(router, "/t/{theatre}/deadlines.ics", Right.READ_PUBLIC, shows=binary(), media=CALENDAR)
def all_days(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The days of all open warnings that the reader may be told of, for a calendar."""
    found = standing(asked)
    state = (found.state, str(asked.may(Right.READ)))
    return send(
        asked, lambda: deadlines(found.records, asked.lang.code).encode(), media=CALENDAR, state=state
    )


@offers(router, "/api/v1/t/{theatre}/exports/warnings.csv", Right.EXPORT, shows=binary(), media=CSV)
def table(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The warnings of the ledger as a table with HXL tags."""
    found = standing(asked)
    name = f"{asked.theatre.name}-{asked.as_of}-warnings.csv"
    said = {"Content-Disposition": f'attachment; filename="{name}"'}
    return send(
        asked,
        lambda: hxl(found.records).encode(),
        media=CSV,
        state=(found.state, str(asked.may(Right.READ))),
        headers=said,
    )
