"""Log-in by an identity provider, against one that lives in this file and lies when it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from toguna.accounts.audit import audit
from toguna.accounts.identity import Window
from toguna.accounts.provider import Newcomers, Provider, read_provider
from toguna.accounts.rights import Role
from toguna.accounts.users import NewAccount, accounts_of, add_account, close_account, find_account
from toguna.core.errors import UsageError
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home

ISSUER = "https://id.example.org"
KEY = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)
OTHER = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)
PROVIDER = Provider(ISSUER, "room", title="Ministère")


class Fake(httpx.BaseTransport):
    """A provider: gives a code for a request, and a token for the code to whoever holds the verifier."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)
        self.asked: dict[str, str] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            ways = {"authorization_endpoint": "/go", "token_endpoint": "/token", "jwks_uri": "/keys"}
            told = {"issuer": ISSUER} | {name: ISSUER + way for name, way in ways.items()}
            return httpx.Response(200, json=told | self.described)
        if path == "/keys":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        sent = {name: values[0] for name, values in parse_qs(request.read().decode()).items()}
        made = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest())
        if sent["code"] != "good" or made.rstrip(b"=").decode() != self.asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": "7", "aud": "room", "exp": now + 300, "iat": now}
        claims |= {"nonce": self.asked["nonce"], "preferred_username": "aminata"}
        return httpx.Response(200, json={"id_token": self.sign(claims | self.claims)})


class Journey:
    """A browser that goes to the provider and comes back."""

    def __init__(self, home: Home, provider: Provider) -> None:
        self.fake, self.home = Fake(), home
        settings = RoomSettings(
            home=home,
            theatres=("mali",),
            build=False,
            hosts=("testserver",),
            provider=Window(provider, transport=self.fake),
        )
        self.browser = TestClient(create_app(settings), follow_redirects=False)

    def go(self, onward: str = "/account") -> None:
        led = self.browser.get("/login/provider", params={"next": onward})
        there = urlsplit(led.headers["location"])
        assert f"{there.scheme}://{there.netloc}{there.path}" == f"{ISSUER}/go"
        self.fake.asked = {name: values[0] for name, values in parse_qs(there.query).items()}

    def back(self, **changed: str) -> httpx.Response:
        answer = {"code": "good", "state": self.fake.asked["state"]} | changed
        return self.browser.get("/login/provider/back", params=answer)

    def is_in(self) -> bool:
        return self.browser.get("/account").status_code == 200


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    with home.register.write() as session:
        add_account(session, NewAccount("aminata", "analyst", lang="fr"), by="test", now=settled())
        add_account(session, NewAccount("chef", "admin"), by="test", now=settled())
    return home


def settled():
    return RoomSettings.clock()


@pytest.fixture
def journey(home: Home) -> Journey:
    return Journey(home, PROVIDER)


def acts(home: Home) -> list[tuple[str, str]]:
    with home.register.read() as session:
        return [(entry.by, entry.act) for entry in audit(session)]


def test_whoever_the_provider_knows_gets_a_session_of_their_account(journey: Journey, home: Home) -> None:
    assert "Ministère" in journey.browser.get("/login").text
    journey.go("/account")
    assert journey.fake.asked["code_challenge_method"] == "S256"
    assert journey.fake.asked["redirect_uri"] == "http://testserver/login/provider/back"
    led = journey.back(iss=ISSUER)
    assert (led.status_code, led.headers["location"]) == (303, "/account")
    assert "aminata" in journey.browser.get("/account").text
    assert ("aminata", "provider-log-in") in acts(home)
    again = journey.back()  # the errand is over: the same answer opens nothing twice
    assert again.status_code == 400


def hs256(claims: dict[str, Any]) -> str:
    public = json.dumps(KEY.as_dict(private=False)).encode()
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public))


def unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "kid": "one"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


LIES: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "of another log-in"},
    "no nonce": {"nonce": ""},
    "expired": {"exp": 1, "iat": 1},
    "for another program": {"aud": "another"},
    "for several": {"aud": ["room", "another"]},
    "by another program": {"azp": "another"},
    "of another provider": {"iss": "https://elsewhere.example"},
    "of the future": {"iat": int(time.time()) + 10_000},
}


@pytest.mark.parametrize("claims", LIES.values(), ids=LIES)
def test_a_token_that_does_not_hold_opens_nothing(journey: Journey, claims: dict[str, Any]) -> None:
    journey.fake.claims = claims
    journey.go()
    assert journey.back().status_code == 400
    assert not journey.is_in()


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        hs256,
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER),
        lambda _: "x.y",
    ],
    ids=["alg none", "public key as a secret", "another key", "no token"],
)
def test_a_signature_that_is_not_the_providers_opens_nothing(journey: Journey, sign: Any) -> None:
    journey.fake.sign = sign
    journey.go()
    assert journey.back().status_code == 400
    assert not journey.is_in()


@pytest.mark.parametrize(
    "changed",
    [{"state": "x"}, {"state": ""}, {"code": "bad"}, {"code": ""}, {"iss": "https://elsewhere.example"}],
    ids=str,
)
def test_an_answer_that_is_not_ours_opens_nothing(journey: Journey, changed: dict[str, str]) -> None:
    journey.go()
    assert journey.back(**changed).status_code == 400
    assert not journey.is_in()


def test_an_answer_to_a_browser_that_never_asked_opens_nothing(journey: Journey, home: Home) -> None:
    journey.go()
    other = TestClient(journey.browser.app, follow_redirects=False)
    answered = other.get(
        "/login/provider/back", params={"code": "good", "state": journey.fake.asked["state"]}
    )
    assert answered.status_code == 400
    other.cookies.set("toguna-errand", "forged")
    answered = other.get("/login/provider/back", params={"code": "good", "state": "x"})
    assert answered.status_code == 400


@pytest.mark.parametrize("name", ["chef", "unknown", "Ａminata ", "../x", 7, None])
def test_who_has_no_account_or_administers_is_not_let_in(journey: Journey, home: Home, name: Any) -> None:
    journey.fake.claims = {"preferred_username": name}
    journey.go()
    answered = journey.back()
    if name == "Ａminata ":  # the same letters in another form are the same name
        assert answered.status_code == 303
    else:
        assert answered.status_code == 403
        assert not journey.is_in()
        assert ("", "provider-log-in-failed") in acts(home)


def test_a_closed_account_stays_closed(journey: Journey, home: Home) -> None:
    with home.register.write() as session:
        close_account(session, find_account(session, "aminata"), by="test", now=settled())
    journey.go()
    assert journey.back().status_code == 403


def test_newcomers_get_an_account_by_the_stated_rule_only(home: Home) -> None:
    rule = Newcomers("groups", "early-warning", Role.MONITOR, ("mali",))
    journey = Journey(home, Provider(ISSUER, "room", newcomers=rule))
    for groups, status in ((["others"], 403), (None, 403), (["others", "early-warning"], 303)):
        journey.fake.claims = {"preferred_username": "moussa", "groups": groups}
        journey.go()
        assert journey.back().status_code == status
    with home.register.read() as session:
        found = {a.name: (a.role, a.theatres, a.password_hash) for a in accounts_of(session)}
    assert found["moussa"] == ("monitor", '["mali"]', None)


def test_values_can_be_led_to_accounts_one_by_one(home: Home) -> None:
    journey = Journey(home, Provider(ISSUER, "room", claim="sub", names={"7": "aminata"}))
    journey.fake.claims = {"preferred_username": "chef"}
    journey.go()
    assert journey.back().status_code == 303
    journey.fake.claims = {"sub": "aminata"}
    journey.go()
    assert journey.back().status_code == 403


@pytest.mark.parametrize(
    "described", [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://id.example.org/token"}]
)
def test_a_description_that_is_not_the_providers_is_refused(journey: Journey, described: dict) -> None:
    journey.fake.described = described
    assert journey.browser.get("/login/provider").status_code == 400


def test_nobody_is_sent_elsewhere_afterwards(journey: Journey) -> None:
    journey.go("//elsewhere.example/x")
    assert journey.back().headers["location"] == "/"


def test_without_a_provider_there_is_no_such_page(home: Home) -> None:
    settings = RoomSettings(home=home, theatres=("mali",), build=False, hosts=("testserver",))
    browser = TestClient(create_app(settings))
    assert browser.get("/login/provider").status_code == 404
    assert browser.get("/login/provider/back").status_code == 404
    assert "/login/provider" not in browser.get("/login").text


def test_the_file_of_a_provider_is_read_or_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    path = tmp_path / "provider.toml"
    path.write_text(
        'issuer = "https://id.example.org"\nclient_id = "room"\nsecret_file = "secret"\n'
        '[newcomers]\nclaim = "groups"\nvalue = "x"\nrole = "analyst"\n'
    )
    found = read_provider(path)
    assert (found.secret, found.newcomers) == ("s3cret", Newcomers("groups", "x", Role.ANALYST))
    assert "s3cret" not in repr(found)
    for wrong in (
        'issuer = "https://x"',
        'issuer = "http://id.example.org"\nclient_id = "x"',
        'issuer = "https://x"\nclient_id = "x"\nunknown = 1',
        'issuer = "https://x"\nclient_id = "x"\n[newcomers]\nclaim = "a"\nvalue = "b"\nrole = "admin"',
    ):
        path.write_text(wrong)
        with pytest.raises(UsageError, match=r"provider\.toml"):
            read_provider(path)
