"""``/api/v1``: the front door, the description of the interface, the theatres that a reader may enter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from toguna import __version__
from toguna.accounts.rights import Right
from toguna.room.web.api.aging import stale_of
from toguna.room.web.api.answers import JSON, absolute, send, send_json, to_json
from toguna.room.web.api.document import described
from toguna.room.web.api.models import Index, Link, TheatreOut, Theatres
from toguna.room.web.api.parts import LISTS
from toguna.room.web.api.query import Asking
from toguna.room.web.api.routes import offers
from toguna.room.web.ask import Ask, Asked

__all__ = ["router"]

router = APIRouter(tags=["start"])
_MORE = (
    "situation",
    "genealogy",
    "replay",
    "incidents",
    "warnings",
    "exports",
    "withheld",
)


@offers(router, "/api/v1", Right.OPEN, shows=Index)
def index(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The front door of the interface."""
    told = Index(
        title="Toguna",
        version=__version__,
        links=[
            Link(href=absolute(asked, "/api/v1"), rel="self", type=JSON),
            Link(href=absolute(asked, "/api/v1/openapi.json"), rel="service-desc", type=JSON),
            Link(href=absolute(asked, "/api/v1/theatres"), rel="collection", type=JSON),
        ],
    )
    return send_json(asked, lambda: told, state=())


@offers(router, "/api/v1/openapi.json", Right.OPEN, shows={"type": "object"})
def description(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The description of the interface (OpenAPI 3.1)."""
    return send(asked, lambda: to_json(described(asked.request.app.routes)), state=())


@offers(router, "/api/v1/theatres", Right.READ_PUBLIC, shows=Theatres)
def theatres(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The theatres that the reader may enter."""
    names = [n for n in asked.room.desk.theatres if asked.principal.may(Right.READ_PUBLIC, n)]
    told = Theatres(items=[_theatre(_standing(asked, name)) for name in names])
    return send_json(asked, lambda: told, state=[_state(one) for one in told.items])


@offers(router, "/api/v1/t/{theatre}", Right.READ_PUBLIC, shows=TheatreOut)
def theatre(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """One theatre, and the ways to everything about it; its features (OGC API Features) begin here."""
    told = _theatre(asked)
    return send_json(asked, lambda: told, state=[_state(told)])


def _standing(asked: Ask, name: str) -> Ask:
    """Return the same question about a theatre, on the day that stands open there or was asked for."""
    day = asked.as_of if asked.stepped else asked.room.desk.standing(name)
    return replace(asked, theatre_name=name, as_of=day)


def _state(told: TheatreOut) -> str:
    return told.model_dump_json(include={"name", "as_of", "ready", "failed", "stale"})


def _theatre(asked: Ask) -> TheatreOut:
    found, desk = asked.theatre, asked.room.desk
    name, state = found.name, desk.state(found.name, asked.as_of)
    return TheatreOut(
        name=name,
        title=found.title.get(asked.lang.code, name),
        titles=found.title,
        description=asked.lang("Events and areas of the assessment as of {day}.", day=asked.as_of),
        countries=list(found.countries),
        as_of=asked.as_of.isoformat(),
        ready=desk.ready(name, asked.as_of),
        failed=bool(state.failed) and not state.under_way,
        stale=stale_of(asked),
        links=[
            Link(href=absolute(asked, path), rel=rel, type=JSON, title=said)
            for path, rel, said in _ways(name)
        ],
    )


def _ways(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield address, relation and title of what there is about a theatre."""
    base = f"/api/v1/t/{name}"
    yield base, "self", ""
    yield "/api/v1/openapi.json", "service-desc", ""
    yield f"{base}/conformance", "conformance", ""
    yield f"{base}/collections", "data", ""
    for path in (*LISTS, *_MORE):
        yield f"{base}/{path}", "item", path
