"""``/api/v1/t/THEATRE/PART``: the parts of an assessment as data, one address for each page and list.

Enters: requests. Leaves: what assessment.json holds, whole (``situation``) or in parts. Nothing here is a row
of a source that may not be passed on: an assessment is written to be passed on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from toguna.accounts.rights import Right
from toguna.room.folder import ASSESSMENT
from toguna.room.web.api.answers import of_day, paged, send, send_json
from toguna.room.web.api.models import ReplayToldOut
from toguna.room.web.api.query import Asking, Paging
from toguna.room.web.api.routes import assessment, list_of, offers, page_of
from toguna.room.web.ask import Asked
from toguna.room.web.building import days_ready

__all__ = ["LISTS", "router"]

router = APIRouter(tags=["assessment"])
LISTS: dict[str, tuple[str, Right, str]] = {
    "headline": ("headline", Right.READ_PUBLIC, "The five sentences, each with number and uncertainty."),
    "shifts": (
        "shifts",
        Right.READ_PUBLIC,
        "What changed beyond chance, and documented changes among actors.",
    ),
    "tested": ("tested", Right.READ_PUBLIC, "Everything else that was tested."),
    "areas": ("areas", Right.READ_PUBLIC, "Events of every area in both windows, with its status."),
    "actors": ("actors", Right.READ_PUBLIC, "Organisations known by the day."),
    "claims": ("claims", Right.READ_PUBLIC, "Statements by analysts, each with its verdict."),
    "months": ("months", Right.READ, "Events and deaths by source, month and area."),
    "recurrence": ("recurrence", Right.READ_PUBLIC, "How likely another attack of a kind in a place is."),
    "forecasts": ("forecasts", Right.READ_PUBLIC, "Deaths and incidents to come, by level, unit and month."),
    "forecast-records": ("forecast_records", Right.READ_PUBLIC, "How forecasts did on the past."),
    "similar": ("similar", Right.READ, "The gravest recent attacks with the earlier ones most like them."),
    "responses": ("responses", Right.READ, "Measures taken, and recommendations."),
    "plans": ("plans", Right.READ, "What could be done for a reference budget: proposals, never orders."),
    "lessons": ("lessons", Right.READ, "What was learnt from earlier warnings."),
    "data": ("data", Right.READ, "One account for each release used: rows, deaths, digest, terms, vintage."),
    "findings": ("findings", Right.READ, "What is wrong or remarkable in the data."),
    "revisions": ("revisions", Right.READ, "What newer releases changed."),
}
"""Address -> part of the assessment, right, what it is."""


@offers(router, "/api/v1/t/{theatre}/situation", Right.READ, shows=assessment())
def situation(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The whole assessment of the day, as in assessment.json."""
    return send(asked, (asked.built.folder / ASSESSMENT).read_bytes, state=of_day(asked))


@offers(router, "/api/v1/t/{theatre}/replay", Right.READ, shows=ReplayToldOut)
def replay(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The days that stand ready to step back to, and what a replay of the past taught."""
    days = [day.isoformat() for day in days_ready(asked.room.settings.home, asked.theatre.name)]
    told = {
        "theatre": asked.theatre.name,
        "as_of": asked.as_of,
        "ready": [day for day in days if day <= asked.as_of.isoformat()],
        "taught": asked.built.assessment["replay"],
    }
    return send_json(asked, lambda: told, state=(*of_day(asked), *days))


def _list(key: str, doc: str) -> Callable[..., Response]:
    def part(asked: Asked, query: Annotated[Paging, Query()]) -> Response:
        rows = asked.built.assessment[key]
        return paged(asked, query, lambda: (len(rows), rows[query.offset : query.offset + query.limit]))

    part.__doc__, part.__name__ = doc, key
    return part


for _name, (_key, _right, _doc) in LISTS.items():
    offers(router, f"/api/v1/t/{{theatre}}/{_name}", _right, shows=page_of(list_of(_key)))(_list(_key, _doc))
