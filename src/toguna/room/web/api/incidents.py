"""``/api/v1/t/THEATRE/incidents``: events searched, and one with what belongs to it.

Rows leave only as far as they may be passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from toguna.accounts.rights import Right
from toguna.room.search.one import dossier
from toguna.room.web.api.answers import paged, send_json
from toguna.room.web.api.found import part_of, row_of, shown_row
from toguna.room.web.api.held import held_header, held_of
from toguna.room.web.api.models import IncidentOut
from toguna.room.web.api.query import Asking, IncidentQuery
from toguna.room.web.api.routes import offers, page_of
from toguna.room.web.ask import Ask, Asked, MissingError, WithheldError
from toguna.room.withheld import withheld

__all__ = ["router"]

router = APIRouter(tags=["events"])
_INCIDENT = "incident/"


@offers(
    router,
    "/api/v1/t/{theatre}/incidents",
    Right.EXPORT,
    shows=page_of({"$ref": "#/components/schemas/Event"}),
)
def incidents(asked: Asked, query: Annotated[IncidentQuery, Query()]) -> Response:
    """Search events by words, place, organisation, days, facets and box."""

    def rows() -> tuple[int, Sequence[Any]]:
        return part_of(asked.built, query, offset=query.offset, limit=query.limit)

    return paged(asked, query, rows, rows_leave=True)


@offers(router, "/api/v1/t/{theatre}/incidents/{id:path}", Right.EXPORT, shows=IncidentOut)
def incident(asked: Asked, id: str, _query: Annotated[Asking, Query()]) -> Response:
    """One event: other tellings, why they are taken for one, claims, releases."""
    event = _event(asked, id)
    held = held_of(asked)
    return send_json(
        asked, lambda: IncidentOut(**_told(asked, event), withheld=held), headers=held_header(held)
    )


def _event(asked: Ask, id: str) -> dict[str, Any]:
    """Return an event, or the first telling of an incident.

    Raises
    ------
    WithheldError
        The terms of its source forbid passing it on.
    MissingError
        There is none.
    """
    wanted = id.removeprefix(_INCIDENT)
    row = shown_row(asked.built, wanted)
    if row is not None:
        return row
    banned = {str(account["source"]) for account in withheld(asked.built.assessment)}
    source = next((name for name in banned if wanted.startswith(f"{name}:")), None)
    if source is not None:
        raise WithheldError(source)
    raise MissingError("event", id[:80])


def _told(asked: Ask, event: Mapping[str, Any]) -> dict[str, Any]:
    found_, id = asked.built.assessment, event["event_id"]
    known = dossier(asked.built.prepared.search, found_, id)
    if known is None:
        raise MissingError("event", id[:80])
    wider = [row_of(row) for row in (known.wider,) if row and not row["closed"]]
    return {
        "theatre": asked.theatre.name,
        "as_of": asked.as_of.isoformat(),
        "event": event,
        "others": [row_of(row) for row in known.others if not row["closed"]],
        "links": known.links,
        "wider": wider[0] if wider else None,
        "inside": [row_of(row) for row in known.inside if not row["closed"]],
        "responsibility": next((r for r in found_["responsibility"] if r["event_id"] == id), None),
        "data": known.data,
    }
