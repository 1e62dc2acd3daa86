"""A form that another site made a browser send changes nothing, on any route."""

from __future__ import annotations

import pytest
from lobbies import PASSWORD, as_page, csrf, every, post

from toguna.accounts.rights import Principal, Right, Role
from toguna.accounts.tokens import make_token
from toguna.store.register.account_tables import Account

FORGED = {
    "nothing shown": {"x-csrf": ""},
    "another value": {"x-csrf": "0" * 64},
    "no ASCII": {"x-csrf": b"\xe9" * 64},
    "no cookie": {"cookie": ""},
    "cookie of another browser": {"cookie": "toguna-visitor=" + "w" * 43},
    "another origin": {"origin": "https://elsewhere.example"},
    "an origin of the same name on another port": {"origin": "http://localhost:8080"},
    "an opaque origin": {"origin": "null", "sec-fetch-site": "cross-site"},
    "an opaque origin of an old browser": {"origin": "null", "x-csrf": ""},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same site, another host": {"sec-fetch-site": "same-site"},
}


@pytest.mark.parametrize("how", FORGED)
def test_every_unsafe_route_refuses_a_forged_form(lobby, how: str) -> None:
    lobby.enrol("somebody", "admin")
    somebody = Principal(role=Role.ADMIN, user_id=1, name="somebody", via="session")
    client = lobby.open(authenticate=lambda _: somebody)
    unsafe = [(m, a) for m, a, _ in every(client.app) if m not in ("GET", "HEAD", "OPTIONS")]
    assert len(unsafe) > 12
    for method, address in unsafe:
        seen = client.request(method, address, headers=as_page(lobby) | FORGED[how])
        assert (seen.status_code, "Nothing was changed" in seen.text) == (403, True), address


def test_what_a_page_of_the_room_sends_passes(lobby) -> None:
    somebody = Principal(role=Role.ADMIN, user_id=1, name="somebody", via="session")
    lobby.enrol("somebody", "admin")
    client = lobby.open(authenticate=lambda _: somebody)
    as_browsers_do = {"sec-fetch-site": "same-origin", "origin": "null"}  # under the policy no-referrer
    for more in ({}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, as_browsers_do):
        assert client.post("/account/sessions/end", headers=as_page(lobby) | more).status_code == 303


def test_log_in_itself_is_protected(lobby) -> None:
    """Else somebody could be logged in to the account of another, and report in it unawares."""
    lobby.enrol("fatou", "monitor")
    client = lobby.open()
    typed = {"name": "fatou", "password": PASSWORD}
    assert client.post("/login", data=typed).status_code == 403
    assert lobby.enter(client, "fatou").status_code == 303


def test_what_a_form_carries_belongs_to_one_session(lobby) -> None:
    lobby.enrol("fatou", "monitor")
    lobby.enrol("moussa", "monitor")
    first, second = lobby.open(), lobby.open()
    lobby.enter(first, "fatou")
    lobby.enter(second, "moussa")
    theirs = csrf(second, "/account")
    assert csrf(first, "/account") != theirs
    assert first.post("/logout", data={"csrf": theirs}).status_code == 403
    assert post(first, "/account", "/logout").status_code == 303


def test_the_field_of_a_form_with_files_counts_too(lobby) -> None:
    lobby.enrol("fatou", "monitor")
    client = lobby.open()
    lobby.enter(client, "fatou")
    right = csrf(client, "/account")
    files = {"photo": ("x.jpg", b"\xff\xd8\xff", "image/jpeg")}
    assert client.post("/account/sessions/end", data={"csrf": right}, files=files).status_code == 303
    assert client.post("/account/sessions/end", data={"csrf": ""}, files=files).status_code == 403
    assert client.post("/account/sessions/end", files={"csrf": ("x", right.encode())}).status_code == 403
    assert client.post("/account/sessions/end", json={"csrf": right}).status_code == 403


def test_a_cookie_is_worth_nothing_beside_a_token(lobby) -> None:
    """A page elsewhere must not pass the check by adding a header and ride on the cookie."""
    id = lobby.enrol("fatou", "analyst")
    with lobby.gate.register.write() as session:
        account = session.get(Account, id)
        token = make_token(session, account, name="x", scopes=[Right.READ], days=9, now=lobby.moment)
    client = lobby.open()
    lobby.enter(client, "fatou")
    for shown in ("Bearer wrong", "Bearer ", "Basic abc", f"Bearer {token}"):
        seen = client.post("/account/sessions/end", headers={"authorization": shown})
        assert seen.status_code in (303, 403)
        assert "done=" not in seen.headers.get("location", "")
