"""Every address as every role; parts of lists; what is not sent twice; what is said of a fault."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

import jsonschema
import pytest
from api_room import BASE, issue, opened
from fastapi.testclient import TestClient

from toguna.accounts.rights import RIGHTS, Principal, Right, Role
from toguna.accounts.tokens import make_token
from toguna.accounts.users import NewAccount, add_account
from toguna.room.web.api.parts import LISTS
from toguna.room.web.security.limits import Limits
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import Hand, carry

PLACED = {"{theatre}": "mali", "{collection}": "events", "{file}": "events.csv"}


def every_address(client, ids):
    """Yield path, right and media of every address of the description, filled in."""
    told = client.get("/api/v1/openapi.json").json()
    for path, operations in told["paths"].items():
        filled = path
        for name, value in PLACED.items():
            filled = filled.replace(name, value)
        if "{id}" in filled:
            here = next(part for part in ids if part in filled)
            filled = filled.replace("{id}", quote(ids[here]))
        get = operations["get"]
        yield filled, Right(get["x-toguna-right"]), next(iter(get["responses"]["200"]["content"]))


@pytest.fixture
def ids(warned):
    return {
        "/actors/": "MUJAO",
        "/incidents/": "chronology:MLI-20151120-1",
        "/items/": "chronology:MLI-20151120-1",
        "/why/": "where",
        "/warnings/": warned["open"],
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("public", [True, False])
def test_every_address_as_every_role(reader, ids, role, public):
    client = reader(role, public=public)
    seen = 0
    for path, right, media in every_address(client, ids):
        answered = client.get(path)
        allowed = right in RIGHTS[role] and (right is Right.OPEN or public or role is not Role.GUEST)
        refused = 401 if role is Role.GUEST else 403
        assert answered.status_code == (200 if allowed else refused), path
        if allowed and media != "*/*":
            assert answered.headers["content-type"].partition(";")[0] == media.partition(";")[0], path
        if allowed:
            assert answered.headers["etag"]
        else:
            assert answered.headers["content-type"] == "application/problem+json"
        seen += 1
    assert seen > 40


@pytest.mark.parametrize("scopes", [{Right.READ}, {Right.EXPORT}, {Right.READ, Right.EXPORT}, set()])
def test_a_token_may_what_its_scopes_say(reader, ids, scopes):
    who = Principal(Role.ANALYST, 7, "reader", via="token", scopes=frozenset(scopes))
    client = reader(who)
    for path, right, _ in every_address(client, ids):
        expected = 200 if right in scopes or right is Right.OPEN else 403
        assert client.get(path).status_code == expected, path


def test_a_person_of_another_theatre_does_not_learn_of_this_one(reader):
    client = reader(Principal(Role.ANALYST, 7, "reader", theatres=frozenset({"niger"})))
    there, never = client.get(f"{BASE}/shifts"), client.get("/api/v1/t/atlantis/shifts")
    assert there.status_code == never.status_code == 404
    assert client.get("/api/v1/theatres").json()["items"] == []


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_what_the_assessment_holds(analyst, name):
    client = analyst
    whole = client.get(f"{BASE}/situation").json()
    told = client.get(f"{BASE}/{name}", params={"limit": 1000}).json()
    assert told["items"] == whole[LISTS[name][0]][:1000]
    assert told["total"] == len(whole[LISTS[name][0]])
    assert told["digest"] == whole["run"]["digest"]


def test_parts_of_a_list_make_the_list(analyst):
    client = analyst
    whole = client.get(f"{BASE}/incidents", params={"limit": 1000}).json()
    found, at = [], f"{BASE}/incidents?limit=37"
    while at:
        answered = client.get(at)
        assert answered.headers["x-total-count"] == str(whole["total"])
        found += answered.json()["items"]
        at = answered.links.get("next", {}).get("url")
    assert [e["event_id"] for e in found] == [e["event_id"] for e in whole["items"]]
    assert len({e["event_id"] for e in found}) == whole["total"] > 100
    last = client.get(f"{BASE}/incidents?limit=37&offset=100000")
    assert last.json()["items"] == []
    assert client.get(last.links["prev"]["url"]).json()["items"]


def test_what_a_reader_holds_is_not_sent_again(analyst):
    client = analyst
    for path in ("shifts", "situation", "exports/events.csv", "collections/events/items"):
        first = client.get(f"{BASE}/{path}")
        for said in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
            again = client.get(f"{BASE}/{path}", headers={"If-None-Match": said})
            assert again.status_code == 304
            assert not again.content
            assert again.headers["etag"] == first.headers["etag"]
        assert client.get(f"{BASE}/{path}", headers={"If-None-Match": '"other"'}).status_code == 200
    tags = {client.get(f"{BASE}/shifts?limit={n}").headers["etag"] for n in (1, 2, 3)}
    assert len(tags) == 3


def test_a_new_entry_of_the_ledger_changes_the_answer(home):
    warned = issue(home)
    client = opened(home, Principal(Role.ANALYST, 1, "Awa"))
    tag = client.get(f"{BASE}/warnings").headers["etag"]
    hand = Hand("Fanta", datetime(2015, 11, 21, tzinfo=UTC))
    carry(Ledger(home), warned["open"], "acknowledge", {}, hand)
    again = client.get(f"{BASE}/warnings", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert {w["id"]: w["status"] for w in again.json()["items"]}[warned["open"]] == "acknowledged"


def test_every_page_names_the_data_behind_it(analyst, warned):
    client = analyst
    pages = [
        "now",
        "actors",
        "actors/MUJAO",
        "shifts",
        "ahead",
        "doing",
        "plans",
        "warnings",
        "lessons",
        "replay",
    ]
    for page in [*pages, "data", "why/where"]:
        html = client.get(f"/t/mali/{page}").text
        _, _, rest = html.partition('<link rel="alternate" type="application/json" href="')
        assert client.get(rest.partition('"')[0]).status_code == 200, page
    now = client.get("/t/mali/now").text
    assert '<link rel="alternate" type="application/atom+xml" href="/t/mali/warnings.atom">' in now
    assert "alternate" not in client.get("/t/mali/nowhere").text


def test_a_guest_is_not_told_where_data_lie_that_are_not_for_guests(reader):
    page = reader(Role.GUEST).get("/t/mali/shifts").text
    assert "/api/v1/t/mali/shifts" in page
    assert "/why/" not in page


def test_the_assessment_keeps_its_schema_and_stands_in_the_description(analyst):
    client = analyst
    told = client.get("/api/v1/openapi.json").json()
    schemas = {"components": told["components"], **told["components"]["schemas"]["Assessment"]}
    jsonschema.Draft202012Validator(schemas).validate(client.get(f"{BASE}/situation").json())
    assert told["openapi"].startswith("3.1")
    assert "/t/{theatre}/now" not in json.dumps(told)


@pytest.mark.parametrize(("lang", "said"), [("en", "a whole number"), ("fr", "un nombre entier")])
def test_what_is_wrong_is_said_in_the_readers_language(analyst, lang, said):
    answered = analyst.get(f"{BASE}/shifts?limit=many", headers={"Accept-Language": lang})
    assert answered.status_code == 422
    assert answered.headers["content-type"] == "application/problem+json"
    problem = answered.json()
    assert problem["errors"] == [{"parameter": "limit", "found": "many", "expected": said}]
    assert problem["instance"] == f"{BASE}/shifts"
    assert problem["status"] == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1/t/mali/incidents/chronology:none", 404),
        ("/api/v1/t/mali/shifts?as_of=2014-01-31", 503),
        ("/api/v1/t/mali/shifts?as_of=2015-11-25", 404),
        ("/api/v1/t/mali/shifts?as_of=9999-12-31", 404),
        ("/api/v1/t/mali/collections/nothing", 404),
        ("/api/v1/t/mali/collections/events/items?bbox=1", 400),
    ],
)
def test_problems_are_problems(analyst, path, status):
    answered = analyst.get(path, headers={"Accept-Language": "fr"})
    assert answered.status_code == status
    assert answered.headers["content-type"] == "application/problem+json"
    assert answered.json()["status"] == status
    assert answered.json()["title"]


def test_no_other_method_is_taken(reader):
    client = reader(Role.ADMIN)
    for method in ("post", "put", "delete", "patch"):
        answered = getattr(client, method)(f"{BASE}/shifts")
        assert answered.status_code == 405
        assert answered.headers["allow"] == "GET"


def test_strangers_order_no_builds(reader):
    assert reader(Role.GUEST).get(f"{BASE}/shifts?as_of=2014-01-31").status_code == 404
    assert reader(Role.DECIDER).get(f"{BASE}/shifts?as_of=2014-01-31").status_code == 503


def test_who_asks_too_often_is_told_as_a_problem(shared_home):
    app = opened(shared_home, Principal(Role.ANALYST, 1, "Awa")).app
    counting = Limits(app, app.state.room.settings, clock=lambda: 0.0)
    client = TestClient(counting, base_url="http://localhost", client=("192.0.2.7", 50000))
    answered = [client.get("/api/v1/theatres") for _ in range(601)]
    assert {a.status_code for a in answered[:600]} == {200}
    refused = answered[600]
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == 429


def test_a_real_token_opens_what_its_scopes_open_and_a_wrong_one_nothing(home):
    register = home.register
    with register.write() as session:
        now = datetime.now(UTC)
        account = add_account(session, NewAccount("awa", "analyst"), by="test", now=now)
        token = make_token(session, account, name="notebook", scopes=[Right.READ], days=7, now=now)
    client = opened(home, None, public=False)
    shown = {"Authorization": f"Bearer {token}"}
    assert client.get(f"{BASE}/situation", headers=shown).status_code == 200
    assert client.get(f"{BASE}/incidents", headers=shown).status_code == 403
    for wrong in ("Bearer tgn_wrong", "Bearer ", f"Basic {token}", token):
        answered = client.get(f"{BASE}/situation", headers={"Authorization": wrong})
        assert answered.status_code == 401
        assert answered.headers["www-authenticate"] == "Bearer"
