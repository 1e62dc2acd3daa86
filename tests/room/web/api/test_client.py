"""The Python client against the room itself, and against servers that behave badly."""

from __future__ import annotations

import io
import os
import re
from datetime import date
from pathlib import Path

import httpx
import polars as pl
import pytest
from api_room import BASE

from toguna.accounts.rights import Role
from toguna.client import (
    MissingError,
    NotAllowedError,
    NotReadyError,
    Room,
    RoomError,
    StaleWarning,
    UnreadableError,
)
from toguna.client.asking import Asking, Patience
from toguna.core.errors import UsageError
from toguna.core.names import EXPORT_COLUMNS
from toguna.room.web.desk import Desk, Stale


class Through(httpx.BaseTransport):
    """Carries requests of the client to a room in this process, and counts what was sent."""

    def __init__(self, client):
        self.client, self.statuses = client, []

    def handle_request(self, request):
        headers = dict(request.headers)
        answered = self.client.request(request.method, str(request.url), headers=headers)
        self.statuses.append(answered.status_code)
        told = {k: v for k, v in answered.headers.items() if k not in ("content-encoding", "content-length")}
        return httpx.Response(answered.status_code, headers=told, content=answered.content)


@pytest.fixture
def way(analyst):
    return Through(analyst)


@pytest.fixture
def room(way):
    http = httpx.Client(base_url="http://localhost", transport=way)
    with Room("http://localhost", theatre="mali", asking=Asking(http, sleep=lambda _: None)) as room:
        yield room


def scripted(*answers):
    """Return an asking whose server gives these answers one after the other, and the waits it makes."""
    given, waits = iter(answers), []

    def answer(request):
        found = next(given)
        if isinstance(found, Exception):
            raise found
        return found(request) if callable(found) else found

    http = httpx.Client(base_url="http://localhost", transport=httpx.MockTransport(answer))
    return Asking(http, Patience(tries=4, first_wait=1.0), waits.append, lambda: 1.0), waits


def test_lists_are_whole_whatever_the_size_of_their_parts(room, analyst):
    whole = analyst.get(f"{BASE}/incidents?limit=1000").json()["items"]
    assert list(room.items("incidents", limit=33)) == whole
    assert list(room.items("incidents")) == whole
    assert [h["id"] for h in room.headline()] == ["where", "how", "who", "how-much", "response"]


def test_tables_are_frames(room, analyst):
    events = room.events(place="Mopti", first=date(2015, 1, 1), year=["2015"])
    assert events.columns == [c.name for c in EXPORT_COLUMNS]
    assert events["date_start"].min() >= date(2015, 1, 1)
    assert 0 < events.height < room.events().height
    areas = room.frame("areas")
    assert areas.height == analyst.get(f"{BASE}/areas").json()["total"]
    assert room.file("events.csv").startswith(b"event_id,")
    assert pl.read_parquet(io.BytesIO(room.file("shifts.parquet"))).height
    assert room.withheld() == []
    assert room.theatres()[0]["name"] == "mali"
    assert room.get("why/where")["id"] == "where"


def test_what_is_held_is_not_sent_again(room, way):
    first, again = room.get("situation"), room.get("situation")
    assert first == again
    assert way.statuses == [200, 304]
    room.get("shifts")
    assert way.statuses == [200, 304, 200]


def test_what_is_older_than_it_should_be_is_told_and_warned_of_once(room, analyst, monkeypatch):
    assert room.stale() is None
    assert room.about()["as_of"] == "2015-11-24"
    stale = Stale("2015-11-24T09:00:00+00:00", "2015-11-24T10:00:00+00:00", "no such column")
    monkeypatch.setattr(Desk, "stale", lambda self, theatre, as_of: stale)
    with pytest.warns(StaleWarning, match="failed=true"):
        assert room.frame("areas").height
    assert room.stale() == {
        "made_at": stale.made_at, "since": stale.since, "failed": True, "lags": False,
        "said": "no such column",
    }  # fmt: skip
    room.headline()  # warnings are errors here: the same is not said twice
    monkeypatch.undo()
    assert room.stale() is None


def test_refusals_are_said_in_the_language_asked_for(way):
    http = httpx.Client(base_url="http://localhost", transport=way)
    room = Room("", theatre="mali", lang="fr", asking=Asking(http))
    with pytest.raises(UnreadableError, match="limit='0': 1 ou plus") as caught:
        room.get("shifts", limit=0)
    assert caught.value.status == 422
    with pytest.raises(MissingError):
        room.get("warnings/mali-9999")
    with pytest.raises(MissingError):
        Room("", theatre="atlantis", asking=Asking(http)).headline()
    with pytest.raises(MissingError):
        Room("", theatre="../../etc", asking=Asking(http)).headline()


@pytest.mark.parametrize(("role", "status"), [(Role.GUEST, 401), (Role.MONITOR, 403)])
def test_a_right_that_lacks_is_said(reader, role, status):
    http = httpx.Client(base_url="http://localhost", transport=Through(reader(role)))
    room = Room("", theatre="mali", asking=Asking(http))
    assert room.headline()
    with pytest.raises(NotAllowedError) as caught:
        room.events()
    assert caught.value.status == status


def test_a_busy_room_is_asked_again_and_its_word_is_kept():
    asking, waits = scripted(
        httpx.Response(503, headers={"Retry-After": "10"}),
        httpx.Response(429),
        httpx.ConnectError("refused"),
        httpx.Response(200, json={"items": [1]}),
    )
    assert asking.get("/x").body == b'{"items":[1]}'
    assert waits == [10.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_patience_ends(status):
    asking, waits = scripted(*[httpx.Response(status, json={"title": "busy"})] * 4)
    with pytest.raises(NotReadyError, match="busy"):
        asking.get("/x")
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("asked", ["7200", "-1", "nan", "inf", "Fri, 27 Nov 2026 00:00:00 GMT"])
def test_a_strange_or_long_wait_is_not_waited_out(asked):
    busy = httpx.Response(503, headers={"Retry-After": asked})
    asking, waits = scripted(busy, busy, busy, busy)
    with pytest.raises(NotReadyError):
        asking.get("/x")
    assert all(0 <= wait <= 30 for wait in waits)


@pytest.mark.parametrize("status", [301, 303, 400, 404, 418, 451])
def test_a_refusal_is_not_asked_again(status):
    asking, waits = scripted(httpx.Response(status, text="<html>no", headers={"Location": "http://evil"}))
    with pytest.raises(RoomError) as caught:
        asking.get("/x")
    assert caught.value.status == status and waits == []


def test_an_answer_without_a_tag_is_not_kept_and_a_full_shelf_forgets_the_oldest():
    asked = []

    def answer(request):
        asked.append((request.url.path, request.headers.get("if-none-match")))
        return httpx.Response(200, content=b"x" * 40, headers={"ETag": f'"{request.url.path}"'})

    http = httpx.Client(base_url="http://localhost", transport=httpx.MockTransport(answer))
    asking = Asking(http, most_kept=100)
    for path in ("/a", "/b", "/c", "/a", "/c"):
        asking.get(path)
    assert asked == [("/a", None), ("/b", None), ("/c", None), ("/a", None), ("/c", '"/c"')]


@pytest.mark.parametrize("url", ["", "room.example.org", "ftp://room.example.org", "http://", "//x"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(UsageError, match="no address"):
        Room(url, theatre="mali")


def test_a_token_never_crosses_a_network_in_the_clear():
    with pytest.raises(UsageError, match="unencrypted"):
        Room("http://room.example.org", token="tgn_x", theatre="mali")
    for url in ("https://room.example.org", "http://127.0.0.1:8420", "http://[::1]:8420"):
        Room(url, token="tgn_x", theatre="mali").close()


def test_a_token_is_not_in_the_words_of_an_error():
    def answer(request):
        assert request.headers["authorization"] == "Bearer tgn_secret"
        raise httpx.ConnectError("refused")

    room = Room("https://room.example.org", token="tgn_secret", theatre="mali")
    room._asking.http._transport = httpx.MockTransport(answer)
    room._asking.sleep = lambda _: None
    with pytest.raises(NotReadyError) as caught:
        room.headline()
    assert "tgn_secret" not in str(caught.value) + repr(caught.value)


PAGE = Path(__file__).resolve().parents[4] / "docs" / "howto" / "api.md"


def test_the_example_of_the_guide_prints_what_the_guide_says(room, monkeypatch, capsys):
    text = PAGE.read_text(encoding="utf-8")
    script, said = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL).groups()
    monkeypatch.setattr("toguna.client.room._asking", lambda url, token: room._asking)
    exec(compile(script, str(PAGE), "exec"), {"token": "tgn_example"})
    printed = capsys.readouterr().out
    if "TOGUNA_RECORD" in os.environ:
        at = text.index("```text\n") + len("```text\n")
        PAGE.write_text(text[:at] + printed + text[at + len(said) :], encoding="utf-8")
    else:
        assert printed == said
