"""``/api/v1/t/THEATRE/actors/ID`` and ``.../genealogy``: one organisation, and who is with whom on a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from toguna.accounts.rights import Right
from toguna.actors.genealogy import genealogy, to_dict
from toguna.room.web.api.answers import of_day, send_json
from toguna.room.web.api.models import ActorOut, Genealogy
from toguna.room.web.api.query import Asking, Day
from toguna.room.web.api.routes import offers
from toguna.room.web.ask import Asked, MissingError
from toguna.room.web.pages.actors import registry_of

__all__ = ["router"]

router = APIRouter(tags=["assessment"])
_YEAR = timedelta(days=365)


class On(Asking):
    """Which day of the genealogy."""

    on: Day | None = Field(
        None, description="Day of the picture, by the day of the room; that day when left out."
    )


@offers(router, "/api/v1/t/{theatre}/genealogy", Right.READ_PUBLIC, shows=Genealogy)
def family_tree(asked: Asked, query: Annotated[On, Query()]) -> Response:
    """Organisations and the relations between them on a day."""
    on = query.on or asked.as_of
    if on > asked.as_of or on.year < 2:
        raise MissingError("day", on.isoformat())
    since = on - _YEAR
    registry = registry_of(asked)
    told = {
        "theatre": asked.theatre.name,
        "as_of": asked.as_of,
        "on": on,
        "since": since,
        **to_dict(genealogy(registry, on=on, since=since)),
    }
    return send_json(asked, lambda: told, state=(*of_day(asked), str(len(registry.statements))))


@offers(router, "/api/v1/t/{theatre}/actors/{id}", Right.READ_PUBLIC, shows=ActorOut)
def actor(asked: Asked, id: str, _query: Annotated[Asking, Query()]) -> Response:
    """One organisation: names, kind, family, and every statement about it."""
    found = next((a for a in asked.built.assessment["actors"] if a["id"] == id), None)
    if found is None:
        raise MissingError("actor", id[:80])
    registry = registry_of(asked)
    relations = [
        {
            "kind": r.kind,
            "a": r.a,
            "b": r.b,
            "start": r.start.text if r.start else None,
            "end": r.end.text if r.end else None,
            "contested": r.contested,
            "sources": list(r.sources),
        }
        for r in sorted(registry.statements, key=lambda r: (r.begin, r.id), reverse=True)
        if id in (r.a, r.b)
    ]
    told = {"theatre": asked.theatre.name, "as_of": asked.as_of, "actor": found, "relations": relations}
    return send_json(asked, lambda: told, state=(*of_day(asked), str(len(registry.statements))))
