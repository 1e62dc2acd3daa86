"""What is kept in memory is never stale and never somebody else's: the page Now, and answers for programs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from api_room import AS_OF, BASE, issue, warning
from fastapi.testclient import TestClient

from toguna.accounts.rights import GUEST, Principal, Right, Role
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import Hand, carry, raise_one

WHO = {
    "awa": Principal(Role.ANALYST, 1, "Awa", via="session"),  # wrote the restricted one
    "zeinab": Principal(Role.ANALYST, 2, "Zeinab", via="session"),
    "chef": Principal(Role.ADMIN, 3, "Chef", via="session"),
    "elsewhere": Principal(Role.ANALYST, 4, "Omar", theatres=frozenset({"niger"}), via="session"),
    "program": Principal(Role.ANALYST, 2, "Zeinab", via="token", scopes=frozenset({Right.READ_PUBLIC})),
    "guest": GUEST,
}


@pytest.fixture
def room(built_home, tmp_path):
    """One room for everybody, and its home."""
    home = Home(shutil.copytree(built_home, tmp_path / "home"))
    issue(home)
    settings = RoomSettings(
        home=home, theatres=("mali",), as_of=AS_OF, build=False, public_view=True, hosts=("testserver",)
    )
    app = create_app(settings, authenticate=lambda request: WHO[request.headers["x-who"]])
    return TestClient(app, follow_redirects=False, client=("127.0.0.1", 1)), home


def test_now_shows_everybody_their_own_warnings_and_a_new_one_at_once(room):
    client, home = room

    def now(who: str) -> str:
        return client.get("/t/mali/now", headers={"x-who": who}).text

    for _ in range(2):  # the second time from memory
        assert "(restricted)" in now("awa")
        assert "(restricted)" not in now("zeinab")
        assert "(restricted)" in now("chef")
        assert "(addressees)" not in now("guest")
    ledger = Ledger(home)
    hand = Hand("somebody else", datetime(2015, 11, 21, tzinfo=UTC))
    id = raise_one(ledger, warning("open", area="Ségou", headline="Bridges cut"), hand).id
    carry(ledger, id, "issue", {}, hand)
    assert "Bridges cut (open)" in now("zeinab")
    carry(ledger, id, "withdraw", {"reason": "a mistake"}, hand)
    assert "Bridges cut (open)" not in now("zeinab")


def test_a_kept_answer_is_given_to_the_same_rights_only(room):
    client, _ = room
    for path in ("warnings", "incidents?limit=3", "situation", "why/where"):
        first = client.get(f"{BASE}/{path}", headers={"x-who": "zeinab"})
        assert first.status_code == 200
        again = client.get(f"{BASE}/{path}", headers={"x-who": "zeinab"})
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        for who, status in (("program", 403), ("elsewhere", 404)):
            assert client.get(f"{BASE}/{path}", headers={"x-who": who}).status_code == status, (path, who)


def test_a_kept_answer_is_the_same_packed_and_plain(room):
    client, _ = room
    packed = client.get(f"{BASE}/shifts", headers={"x-who": "zeinab", "accept-encoding": "gzip"})
    plain = client.get(f"{BASE}/shifts", headers={"x-who": "zeinab", "accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]


def test_a_program_sees_a_new_warning_at_once(room):
    client, home = room

    def ids() -> list[str]:
        told = client.get(f"{BASE}/warnings", headers={"x-who": "zeinab"}).json()["items"]
        return [w["id"] for w in told if w["status"] != "proposal"]

    before = ids()
    hand = Hand("somebody else", datetime(2015, 11, 21, tzinfo=UTC))
    id = raise_one(Ledger(home), warning("open", area="Ségou"), hand).id
    carry(Ledger(home), id, "issue", {}, hand)
    assert set(ids()) == {*before, id}
