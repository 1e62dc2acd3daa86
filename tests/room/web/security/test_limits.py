"""How large, how often, and of what kind what is sent may be."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import APIRouter, Response
from fastapi.testclient import TestClient
from lobbies import Lobby, as_page, csrf
from starlette.responses import PlainTextResponse

from toguna.accounts.rights import Right
from toguna.room.web import RoomSettings, pages
from toguna.room.web.ask import Asked, needs
from toguna.room.web.security.forms import Posted
from toguna.room.web.security.limits import BODY, Buckets, Limits
from toguna.room.web.security.sniffing import kind_of

KIND = {"content-type": "application/x-www-form-urlencoded"}


def test_a_body_too_large_is_refused_while_it_is_read(lobby: Lobby) -> None:
    """An endless body is left after the limit; nothing waits for its end."""
    client, sent, seen = lobby.open(), 0, []

    async def receive() -> dict[str, object]:
        nonlocal sent
        sent += 4096
        return {"type": "http.request", "body": b"x" * 4096, "more_body": True}

    async def send(message: dict[str, object]) -> None:
        seen.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", KIND["content-type"].encode())]
    scope = {"type": "http", "method": "POST", "path": "/login", "raw_path": b"/login", "root_path": ""}
    scope |= {"query_string": b"", "headers": headers, "client": ("192.0.2.7", 1), "scheme": "http"}
    scope |= {"server": ("localhost", 80), "http_version": "1.1", "app": client.app}
    # A visitor of whom everything is right but the size.
    headers += [(name.encode(), value.encode()) for name, value in as_page(lobby).items() if name != "x-csrf"]
    asyncio.run(client.app(scope, receive, send))
    assert seen[0]["status"] == 413
    assert BODY < sent <= BODY + 2 * 4096


def test_a_body_that_says_it_is_too_large_is_refused_in_both_languages(lobby: Lobby) -> None:
    seen = lobby.open().post("/login", content=b"x" * (BODY + 1), headers=KIND)
    assert (seen.status_code, "trop volumineux" in seen.text) == (413, True)
    assert seen.headers["x-content-type-options"] == "nosniff"


def test_a_length_that_lies_does_not_help(lobby: Lobby) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded", "content-length": "5"}
    seen = lobby.open().post("/login", content=b"x" * (BODY * 2), headers=kind)
    assert seen.status_code in (400, 413)


def test_too_many_fields_and_files_are_refused(lobby: Lobby) -> None:
    client = lobby.open()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    seen = client.post("/login", content="&".join(f"a{n}=1" for n in range(500)), headers=kind)
    assert seen.status_code == 400
    files = [("f", (f"{n}.txt", b"x")) for n in range(50)]
    assert client.post("/login", files=files).status_code == 400


def counted(lobby: Lobby, clock: list[float], address: str = "192.0.2.7", **said: bool) -> TestClient:
    """A page that answers everybody, behind counters of which the first is a hundredth of the real one."""

    async def page(scope, receive, send) -> None:
        await PlainTextResponse("here")(scope, receive, send)

    settings = RoomSettings(home=lobby.home, theatres=("mali",), **said)
    limits = Limits(page, settings, clock=lambda: clock[0])
    assert (limits.addresses, limits.browsers) == (Buckets(600, 60), Buckets(120, 12))
    limits.addresses, limits.browsers = Buckets(6, 2), Buckets(3, 1)
    return TestClient(limits, client=(address, 50_000))


def asked(client: TestClient, times: int) -> list[int]:
    return [client.get("/").status_code for _ in range(times)]


def test_too_many_requests_are_told_when_to_return(lobby: Lobby) -> None:
    clock = [0.0]
    client = counted(lobby, clock)
    assert asked(client, 7) == [200] * 6 + [429]
    last = client.get("/")
    assert last.headers["retry-after"] == "1"
    assert "Too many requests" in last.text and "Trop de requêtes" in last.text
    clock[0] = 1.0
    assert asked(client, 3) == [200] * 2 + [429]


def test_one_browser_does_not_use_up_what_its_office_may(lobby: Lobby) -> None:
    client = counted(lobby, [0.0])
    client.headers["cookie"] = "toguna-session=" + "a" * 43
    assert asked(client, 4) == [200] * 3 + [429]
    client.headers["cookie"] = "toguna-session=" + "b" * 43
    assert asked(client, 1) == [200]


@pytest.mark.parametrize(("behind_proxy", "last"), [(False, 200), (True, 429)])
def test_the_machine_itself_is_not_counted_unless_as_a_proxy(lobby: Lobby, behind_proxy, last) -> None:
    assert asked(counted(lobby, [0.0], "127.0.0.1", behind_proxy=behind_proxy), 9)[-1] == last


def test_a_route_that_takes_files_may_say_its_own_limit(lobby: Lobby, monkeypatch) -> None:
    router = APIRouter()

    @router.post("/photo", max_body_size=4 * BODY)
    @needs(Right.OPEN)
    def photo(asked: Asked, form: Posted) -> Response:
        return PlainTextResponse(str(len(form["photo"].file.read())))

    monkeypatch.setattr(pages, "ROUTERS", (*pages.ROUTERS, router))
    client = lobby.open()
    for size, status in ((3 * BODY, 200), (5 * BODY, 413)):
        files = {"photo": ("x.jpg", b"x" * size)}
        assert client.post("/photo", files=files, headers=as_page(lobby)).status_code == status


def test_a_bucket_fills_up_again() -> None:
    bucket = Buckets(burst=3, per_second=2)
    assert [bucket.take("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take("b", 0.0) == 0
    assert bucket.take("a", 0.25) == 0.25
    assert bucket.take("a", 0.5) == 0
    assert bucket.take("a", -5.0) > 0  # a clock set back gives nothing
    assert [bucket.take("a", 1000.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_buckets_do_not_fill_the_memory() -> None:
    bucket = Buckets(burst=3, per_second=2)
    for n in range(12_000):
        bucket.take(str(n), 0.0)
    assert len(bucket._held) == 10_000


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"PK\x03\x04\x14\x00", "application/zip"),
        (b"<svg xmlns=", None),
        (b"<!DOCTYPE html><script>", None),
        (b"MZ\x90\x00", None),
        (b"GIF89a", None),
        (b"", None),
        (b" \xff\xd8\xff", None),
    ],
)
def test_a_file_is_what_its_bytes_say(start: bytes, kind: str | None) -> None:
    assert kind_of(start) == kind


def test_a_form_as_large_as_it_may_be_passes(lobby: Lobby) -> None:
    client = lobby.open()
    typed = {"csrf": csrf(client, "/login"), "name": "x" * 1000, "password": "y" * 50_000}
    assert client.post("/login", data=typed).status_code == 401
