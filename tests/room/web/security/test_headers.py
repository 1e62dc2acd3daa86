"""What a browser is told with every answer, and how cookies are marked."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import pytest
from lobbies import PASSWORD, Lobby, csrf, every, post

from toguna.accounts.rights import Principal, Role

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}


def cookies(answer) -> dict[str, SimpleCookie]:
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        jar = SimpleCookie(line)
        found |= dict(jar.items())
    return found


def test_headers_on_every_page(lobby: Lobby) -> None:
    lobby.enrol("somebody", "admin")
    somebody = Principal(role=Role.ADMIN, user_id=1, name="somebody", via="session")
    client = lobby.open(authenticate=lambda _: somebody)
    addresses = [address for method, address, _ in every(client.app) if method == "GET"]
    for address in [*addresses, "/no/such/page", "/static/room.css", "/static/nothing"]:
        seen = client.get(address)
        assert {name: seen.headers[name] for name in ALWAYS} == ALWAYS, address
        assert "frame-ancestors 'none'" in seen.headers["content-security-policy"] or ".svg" in address
        assert "unsafe" not in seen.headers["content-security-policy"] or ".svg" in address
        assert "cache-control" in seen.headers
        assert "server" not in seen.headers


def test_policy_of_content(lobby: Lobby) -> None:
    policy = lobby.open().get("/login").headers["content-security-policy"]
    told = dict(part.partition(" ")[::2] for part in policy.split("; "))
    assert told["default-src"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["form-action"] == told["connect-src"] == "'self'"
    assert told["base-uri"] == told["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy


def test_pages_hold_nothing_that_the_policy_forbids(lobby: Lobby) -> None:
    lobby.enrol("somebody", "admin")
    client = lobby.open()
    assert lobby.enter(client, "somebody").status_code == 303
    pages = ("/login", "/account", "/account/codes", "/users", "/users/somebody", "/audit", "/no/such/page")
    for address in pages:
        text = client.get(address).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", text), address


def test_what_is_behind_the_log_in_is_not_kept_by_browsers(lobby: Lobby) -> None:
    lobby.enrol("somebody", "admin")
    client = lobby.open()
    lobby.enter(client, "somebody")
    for address in ("/account", "/users", "/audit", "/account/codes", "/login"):
        assert client.get(address).headers["cache-control"] == "no-store"
    assert post(client, "/account", "/logout").headers["clear-site-data"] == '"cache"'


def test_cookies_without_tls(lobby: Lobby) -> None:
    lobby.enrol("fatou", "monitor")
    client = lobby.open()
    set_ = cookies(client.get("/login")) | cookies(lobby.enter(client, "fatou"))
    assert set(set_) == {"toguna-visitor", "toguna-session", "toguna-device"}
    for cookie in set_.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
        assert not cookie["secure"] and not cookie["domain"]
    assert not set_["toguna-session"]["max-age"] and not set_["toguna-session"]["expires"]


def test_cookies_and_headers_under_tls(lobby: Lobby) -> None:
    lobby.enrol("fatou", "monitor")
    client = lobby.open(base="https://localhost", secure=True)
    first = client.get("/login")
    assert first.headers["strict-transport-security"] == "max-age=31536000"
    set_ = cookies(first) | cookies(lobby.enter(client, "fatou"))
    assert set(set_) == {"__Host-toguna-visitor", "__Host-toguna-session", "__Host-toguna-device"}
    for cookie in set_.values():
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (
            True,
            True,
            "/",
            "",
        )
    assert client.get("/account").status_code == 200
    assert "strict-transport-security" not in lobby.open().get("/login").headers


def test_pages_without_a_form_give_no_cookie(lobby: Lobby) -> None:
    client = lobby.open()
    for address in ("/healthz", "/style.css", "/no/such/page", "/"):
        assert "set-cookie" not in client.get(address).headers


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "", "127.0.0.1.nip.io"])
def test_other_host_names_are_refused(lobby: Lobby, host: str) -> None:
    assert lobby.open().get("/healthz", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8420", "127.0.0.1:8420", "[::1]:8420"])
def test_own_host_names_are_answered(lobby: Lobby, host: str) -> None:
    assert lobby.open().get("/healthz", headers={"host": host}).status_code == 200


def test_what_nobody_expected_tells_nothing(lobby: Lobby) -> None:
    def broken(_: object) -> Principal:
        raise ValueError("secret path and password")

    seen = lobby.open(authenticate=broken, raising=False).get("/login")
    assert seen.status_code == 500
    assert "secret" not in seen.text and "ValueError" not in seen.text
    assert "default-src 'none'" in seen.headers["content-security-policy"]


def test_a_session_is_another_after_log_in_and_after_a_change(lobby: Lobby) -> None:
    lobby.enrol("fatou", "monitor")
    client = lobby.open()
    client.cookies.set("toguna-session", "planted-by-somebody", domain="localhost.local", path="/")
    lobby.enter(client, "fatou")
    first = client.cookies.get("toguna-session", domain="localhost.local")
    assert len(first) == 43
    fresh = "four donkeys drink at the well"
    sent = {"csrf": csrf(client, "/account"), "present": PASSWORD, "password": fresh, "again": fresh}
    assert client.post("/account/password", data=sent).headers["location"] == "/account?done=password"
    second = client.cookies.get("toguna-session", domain="localhost.local")
    assert second != first
    assert client.get("/account").status_code == 200
    stale = lobby.open()
    stale.cookies.set("toguna-session", first, domain="localhost.local", path="/")
    assert stale.get("/account").status_code == 303
