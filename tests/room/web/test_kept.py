"""Kept pages: fast, and never one person's page for another."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fastapi import Response
from fastapi.testclient import TestClient

from toguna.accounts.rights import GUEST, Principal, Right, Role
from toguna.room.additions import add_name
from toguna.room.web import RoomSettings, create_app
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.keeping import MARK, Keeping, Page
from toguna.room.web.kept import keep, kept
from toguna.room.web.security.forgery import csrf_of
from toguna.store.home import Home

PAGES = ("now", "shifts", "ahead", "actors", "data")
AWA = Principal(role=Role.ANALYST, user_id=1, name="Awa", via="session", lang="en")
PEOPLE = {
    "awa": AWA,
    "bakary": replace(AWA, user_id=2, name="Bakary"),
    "chef": Principal(role=Role.DECIDER, user_id=3, name="Chef", via="session", lang="en"),
    "moussa": Principal(role=Role.MONITOR, user_id=4, name="Moussa", via="session", lang="en"),
    "french": replace(AWA, user_id=5, name="Fanta", lang="fr"),
    "program": replace(AWA, via="token", scopes=frozenset({Right.READ_PUBLIC})),
    "guest": GUEST,
}


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    """A room in which the header X-Who says who asks."""
    settings = RoomSettings(
        home=home,
        theatres=("mali",),
        as_of=date(2015, 11, 24),
        build=False,
        public_view=True,
        hosts=("testserver",),
    )
    app = create_app(settings, authenticate=lambda request: PEOPLE[request.headers["x-who"]])

    @app.get("/t/{theatre}/handmade")
    @needs(Right.READ_PUBLIC)
    @kept()
    def handmade(asked: Asked) -> Response:
        if "form" in asked.request.query_params:
            return Response(csrf_of(asked.request))
        seen = (asked.principal, sorted(asked.request.headers), asked.request.cookies, asked.request.client)
        return Response(f"{seen}{MARK}")

    with TestClient(app, follow_redirects=False) as opened:
        yield opened


def get(client: TestClient, who: str, path: str, **headers: str) -> str:
    answered = client.get(path, headers={"x-who": who, "accept-language": "en", **headers})
    assert answered.status_code == 200, (path, answered.text)
    return answered.text


@pytest.mark.parametrize("page", PAGES)
def test_each_reads_their_own_name_and_nobody_elses(client: TestClient, page: str) -> None:
    for who in ("awa", "bakary", "awa", "chef", "bakary"):
        text = get(client, who, f"/t/mali/{page}")
        named = {name for name in ("Awa", "Bakary", "Chef") if f">{name}</a>" in text}
        assert named == {PEOPLE[who].name}
        assert MARK not in text


@pytest.mark.parametrize("page", ("now", "shifts", "actors"))
def test_what_is_kept_is_what_would_be_made(client: TestClient, page: str) -> None:
    kept_pages = client.app.state.room.kept  # type: ignore[attr-defined]
    for who in PEOPLE:
        first = get(client, who, f"/t/mali/{page}")
        again = get(client, who, f"/t/mali/{page}")
        kept_pages._held.clear()
        assert first == again == get(client, who, f"/t/mali/{page}")


def test_rights_language_and_day_have_pages_of_their_own(client: TestClient) -> None:
    texts = {who: get(client, who, "/t/mali/now") for who in PEOPLE}
    assert 'href="/t/mali/warnings"' in texts["awa"]
    for who in ("guest", "moussa", "program"):  # asked after the analyst, and still without her pages
        assert 'href="/t/mali/warnings"' not in texts[who], who
        assert "why/" not in texts[who], who
    assert 'lang="fr"' in texts["french"] and '<html lang="en"' in texts["awa"]
    assert "Log in" in texts["guest"] and "/account" not in texts["guest"]
    answered = client.get("/t/mali/shifts?as_of=2015-06-01", headers={"x-who": "awa"})
    assert answered.status_code == 503  # another day is not answered with the page of this one


def test_packed_and_plain_say_the_same(client: TestClient) -> None:
    for who in ("awa", "bakary"):
        with client.stream(
            "GET", "/t/mali/shifts", headers={"x-who": who, "accept-encoding": "gzip"}
        ) as packed:
            assert packed.headers["content-encoding"] == "gzip"
            assert "Accept-Encoding" in packed.headers["vary"]
            unpacked = gzip.decompress(b"".join(packed.iter_raw()))
        plain = client.get("/t/mali/shifts", headers={"x-who": who, "accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert unpacked == plain.content


def test_a_reader_who_holds_it_is_told_so_and_another_is_not(client: TestClient) -> None:
    told = client.get("/t/mali/shifts", headers={"x-who": "awa"})
    same = {"if-none-match": told.headers["etag"]}
    assert client.get("/t/mali/shifts", headers={"x-who": "awa", **same}).status_code == 304
    assert client.get("/t/mali/shifts", headers={"x-who": "bakary", **same}).status_code == 200
    assert client.get("/t/mali/shifts", headers={"x-who": "guest", **same}).status_code == 200


def test_a_handler_learns_nothing_that_is_not_in_the_key(client: TestClient) -> None:
    client.cookies.set("secret", "of Awa")
    text = get(client, "awa", "/t/mali/handmade", **{"x-more": "of Awa", "authorization": "Bearer of-Awa"})
    assert "of Awa" not in text and "of-Awa" not in text
    assert "['host']" in text and "name=''" in text and "user_id=0" in text
    assert get(client, "awa", "/t/mali/handmade").partition("<a ")[0] == text.partition("<a ")[0]


def test_a_page_with_a_form_is_not_kept(client: TestClient) -> None:
    with pytest.raises(RuntimeError, match="must not be kept"):
        get(client, "awa", "/t/mali/handmade?form=1")


def test_pages_follow_what_people_add(client: TestClient, home: Home) -> None:
    before = get(client, "awa", "/t/mali/actors/AQIM")
    assert "Les Envahisseurs" not in before
    moment = datetime(2015, 11, 24, tzinfo=UTC).isoformat()
    add_name(
        home.register,
        "mali",
        actor=("AQIM", "group"),
        name="Les Envahisseurs",
        source_url="https://example.org/a",
        recorded_at=moment,
    )
    state = client.app.state.room.kept  # type: ignore[attr-defined]
    held = len(state._held)
    get(client, "awa", "/t/mali/actors/AQIM")
    assert len(state._held) == held + 1


def test_old_pages_go_when_there_are_too_many() -> None:
    page = Page.of(Response("x" * 1000 + MARK + "y" * 1000))
    keeping = Keeping(most=3 * page.size)
    for number in range(5):
        keeping.keep(number, page)
        keeping.find(0)
    assert [number for number in range(5) if keeping.find(number)] == [0, 3, 4]
    keeping.keep("large", Page.of(Response("z" * 3_000_000)))
    assert keeping.find("large") is None


def test_only_what_was_found_is_kept(client: TestClient) -> None:
    room = client.app.state.room  # type: ignore[attr-defined]
    missing = client.get("/t/mali/actors/NOBODY", headers={"x-who": "awa"})
    assert missing.status_code == 404 and ">Awa</a>" in missing.text
    assert not room.kept._held
    asked = Ask(object(), room, AWA, object(), "mali", date(2015, 11, 24))  # type: ignore[arg-type]
    assert keep and not asked.faceless
