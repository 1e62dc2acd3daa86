"""ACLED's API in miniature that can be told to misbehave: login, events, withdrawn events."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
from fake_time import Time, client

from toguna.sources.acled_api import AcledApi, Query
from toguna.sources.acled_login import Credentials, Login
from toguna.sources.patient import Pace

BASE = "https://acled.example"
USER, PASSWORD = "analyst@example.org", "correct horse battery"
LOGIN = Credentials(USER, PASSWORD)
QUERY = Query(("MLI",), date(2014, 12, 1), date(2015, 3, 31))
Told = dict[str, Any]
Bend = Callable[["Server", dict[str, str], Told], httpx.Response | None]


def event(number: int, *, iso: int = 466, day: date | None = None) -> Told:
    """One row, keys and kinds of values as the API gives them."""
    day = day or date(2014, 12, 1) + timedelta(days=number % 121)
    return {
        "event_id_cnty": f"{'MLI' if iso == 466 else 'NIR'}{number}",
        "event_date": day.isoformat(),
        "year": day.year,
        "time_precision": 1,
        "disorder_type": "Political violence",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Groupe « Ségou » ÿ 𝔸",
        "assoc_actor_1": "",
        "inter1": "Rebel group",
        "actor2": "Military Forces",
        "assoc_actor_2": "",
        "inter2": "State forces",
        "interaction": "State forces-Rebel group",
        "civilian_targeting": "",
        "iso": iso,
        "region": "Western Africa",
        "country": "Mali" if iso == 466 else "Niger",
        "admin1": "Gao",
        "admin2": "Gao",
        "admin3": "",
        "location": "Gao",
        "latitude": "16.2667",
        "longitude": "-0.0500",
        "geo_precision": 1,
        "source": "A paper",
        "source_scale": "National",
        "notes": "words that stay at home",
        "fatalities": number % 4,
        "tags": "",
        "timestamp": 1718000000 + number,
    }


@dataclass
class Server:
    """Serves `events`, newest first; `bend` may change an answer or replace it."""

    events: list[Told] = field(default_factory=lambda: [event(i) for i in range(43)])
    withdrawn: dict[str, int] = field(default_factory=dict)
    bend: Bend | None = None
    expires_in: int = 86400
    lives: int = 10**9  # requests that a token is good for
    asked: list[str] = field(default_factory=list)
    logins: list[dict[str, str]] = field(default_factory=list)
    refreshes: int = 10**9  # how many refreshes are granted
    _used: int = 0

    @property
    def token(self) -> str:
        return f"access-token-{len(self.logins)}"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return self._login(dict(parse_qsl(request.content.decode())))
        params = dict(request.url.params)
        table = request.url.path.split("/")[2]
        what = "deleted" if table == "deleted" else "count" if params["limit"] == "1" else params["cursor"]
        self.asked.append(what)
        assert PASSWORD not in str(request.url) and "token" not in str(request.url)
        told = self.told(params, table)
        params["what"] = what
        if self.bend and (answer := self.bend(self, params, told)) is not None:
            return answer
        self._used += 1
        if request.headers["authorization"] != f"Bearer {self.token}" or self._used > self.lives:
            return httpx.Response(401, json={"message": f"expired {request.headers['authorization']}"})
        return httpx.Response(200, content=json.dumps(told).encode())

    def _login(self, form: dict[str, str]) -> httpx.Response:
        good = form.get("password") == PASSWORD and form.get("username") == USER
        if form["grant_type"] == "refresh_token":
            good = form["refresh_token"].startswith("refresh-token") and self.refreshes > 0
            self.refreshes -= 1
        assert form["client_id"] == "acled"
        if not good:
            said = {"error": "invalid_grant", "error_description": f"not granted to {form.get('password')}"}
            return httpx.Response(400, json=said)
        self.logins.append(form)
        self._used = 0
        told = {
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "access_token": self.token,
            "refresh_token": f"refresh-token-{len(self.logins)}",
        }
        return httpx.Response(200, json=told)

    def told(self, params: dict[str, str], table: str = "acled") -> Told:
        """The answer of a server that behaves."""
        if table == "deleted":
            since = int(params["deleted_timestamp"])
            found: list[Told] = [
                {"event_id_cnty": name, "deleted_timestamp": when}
                for name, when in self.withdrawn.items()
                if when >= since
            ]
        else:
            first, last = params["event_date"].split("|")
            found = [
                e for e in self.events if str(e["iso"]) == params["iso"] and first <= e["event_date"] <= last
            ]
            found.sort(key=lambda e: (e["event_date"], e["event_id_cnty"]), reverse=True)
        start, limit = int(params["cursor"]), int(params["limit"])
        page = found[start : start + limit]
        return {
            "status": 200,
            "success": True,
            "last_update": 3,
            "count": len(page),
            "total_count": len(found),
            "messages": [],
            "data": page,
            "filename": "",
            "data_query_restrictions": {},
            "next_cursor": start + limit if start + limit < len(found) else None,
        }


def api(
    server: Server,
    time: Time | None = None,
    *,
    credentials: Credentials = LOGIN,
    page_size: int = 10,
    pace: Pace | None = None,
) -> AcledApi:
    """A client of the server, in fake time."""
    patient = client(server, time, pace)
    return AcledApi(patient, Login(patient, credentials, BASE), BASE, page_size)
