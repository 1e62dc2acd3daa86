"""A UCDP API in miniature that can be told to misbehave."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from fake_time import Time, client

from toguna.sources.patient import Pace
from toguna.sources.ucdp_api import UcdpApi

TOKEN = "a-very-secret-token"
BASE = "https://ucdp.example/api"
Bend = Callable[["Server", int, dict[str, Any]], httpx.Response | None]


def event(number: int) -> dict[str, Any]:
    """One row, keys and kinds of values as the API gives them."""
    return {
        "id": number,
        "relid": f"MLI-2015-1-{number}",
        "year": 2015,
        "active_year": True,
        "code_status": "Clear",
        "type_of_violence": 1,
        "conflict_new_id": 333,
        "conflict_name": "Mali: Government",
        "dyad_new_id": 406,
        "dyad_name": "Government of Mali - AQIM",
        "side_a": "Government of Mali",
        "side_b": "AQIM",
        "source_article": "Agence, « dépêche »",
        "where_prec": 1,
        "where_coordinates": "Kidal town",
        "adm_1": "Kidal region",
        "adm_2": None,
        "latitude": 18.44110,
        "longitude": 1.40780,
        "priogrid_gid": 155883,
        "country": "Mali",
        "country_id": 432,
        "region": "Africa",
        "event_clarity": 1,
        "date_prec": 1,
        "date_start": "2015-11-02T00:00:00",
        "date_end": "2015-11-02T00:00:00",
        "deaths_a": 1,
        "deaths_b": 1,
        "deaths_civilians": 0,
        "deaths_unknown": 0,
        "best": 2,
        "low": 1,
        "high": 4,
    }


@dataclass
class Server:
    """Serves `rows`; `bend` may change an answer or replace it."""

    rows: int = 43
    first: int = 1000
    bend: Bend | None = None
    cap: int = 10**9
    asked: list[int] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)

    def told(self, page: int, size: int) -> dict[str, Any]:
        size = min(size, self.cap)
        pages = -(-self.rows // size)
        events = [event(self.first + i) for i in range(page * size, min(self.rows, (page + 1) * size))]
        link = f"{BASE}/gedevents/25.1?pagesize={size}&page="
        return {
            "TotalCount": self.rows,
            "TotalPages": pages,
            "PreviousPageUrl": f"{link}{page - 1}" if page else "",
            "NextPageUrl": f"{link}{page + 1}" if page + 1 < pages else "",
            "Result": events,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        page, size = (int(request.url.params[name]) for name in ("page", "pagesize"))
        self.asked.append(page)
        self.headers.append(request.headers)
        told = self.told(page, size)
        if self.bend and (answer := self.bend(self, page, told)) is not None:
            return answer
        return httpx.Response(200, content=json.dumps(told).encode())

    def tries(self, page: int) -> int:
        """How often a page was asked for so far."""
        return self.asked.count(page)


def api(
    server: Server, time: Time | None = None, *, page_size: int = 10, pace: Pace | None = None
) -> UcdpApi:
    """A client of the server, in fake time."""
    return UcdpApi(client(server, time, pace), TOKEN, BASE, page_size)
