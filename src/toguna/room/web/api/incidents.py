"""``/api/v1/t/THEATRE/incidents``: events searched, and one with what belongs to it.

Rows leave only as far as they may be passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query, Response

from toguna.accounts.rights import Right
from toguna.room.web.api.answers import paged, send_json
from toguna.room.web.api.found import part_of
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
    rows = asked.built.shown.filter(pl.col("event_id") == wanted)
    if rows.height:
        return rows.row(0, named=True)
    banned = {str(account["source"]) for account in withheld(asked.built.assessment)}
    source = next((name for name in banned if wanted.startswith(f"{name}:")), None)
    if source is not None:
        raise WithheldError(source)
    raise MissingError("event", id[:80])


def _told(asked: Ask, event: Mapping[str, Any]) -> dict[str, Any]:
    shown, found_ = asked.built.shown, asked.built.assessment
    id = event["event_id"]
    others = shown.filter((pl.col("incident_id") == event["incident_id"]) & (pl.col("event_id") != id))
    wider = shown.filter(pl.col("event_id") == event["within"]).to_dicts() if event["within"] else []
    told = (found_.get("incidents") or {}).get("several_sources", [])
    return {
        "theatre": asked.theatre.name,
        "as_of": asked.as_of.isoformat(),
        "event": event,
        "others": others.to_dicts(),
        "links": [link for one in told if id in one["event_ids"] for link in one["links"]],
        "wider": wider[0] if wider else None,
        "inside": shown.filter(pl.col("within") == id).to_dicts(),
        "responsibility": next((r for r in found_["responsibility"] if r["event_id"] == id), None),
        "data": [a for a in found_["data"] if a["source"] == event["source"]],
    }
