"""What strangers send is refused or finds nothing; no fault of the program shows."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

import pytest
from api_room import BASE, opened
from hypothesis import HealthCheck, Phase, given, settings

from toguna.accounts.rights import Principal, Role

BAD = [
    "' OR 1=1 --", "1; DROP TABLE warnings", '") UNION SELECT password FROM users --', "{{7*7}}", "${7*7}",
    "<script>alert(1)</script>", "../../../../etc/passwd", "..\\..\\windows\\win.ini",
    "%2e%2e%2fetc%2fpasswd", "file:///etc/passwd", "http://127.0.0.1:1/", "\x00", "a\x00b",
    "\r\nSet-Cookie: a=b", "\u202egnp.exe",
    "\ufeff", "\u0000\u0001", "ﬁ", "İ", "ⅷ", "𝟚𝟘𝟙𝟝", "٢٠١٥", "é" * 80, "A" * 150,
    "a\u0301" * 50, "☃" * 60,
    "NaN", "nan", "Infinity", "-Infinity", "1e309", "-1", "0", "99999999999999999999", "1.5", "1_000", "0x10",
    " 5", "5 ", "+5", "--5", "2015-02-30", "2015-13-01", "20151124", "1448323200", "2015-11-24T00:00:00",
    "0000-00-00", "-2015-01-01", "10000-01-01", "null", "None", "[]", "{}", "true", "*", "-", "*" * 50,
    "- - -", "a* " * 60, "(((((((((((((((((((((", "\\", "\\u0000", "%", "%00", "%zz", "+", "&", "=", "#",
]  # fmt: skip
ASKED = {
    "incidents": ("as_of", "limit", "q", "place", "actor", "from", "box", "year", "sort"),
    "exports/events.csv": ("bom",),
    "collections/events/items": ("bbox", "datetime"),
    "genealogy": ("on",),
    "warnings": ("status", "offset"),
}


@pytest.fixture(scope="module")
def client(reader):
    return reader(Role.ADMIN)


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in ASKED.items() for name in names])
def test_bad_values_are_refused_or_find_nothing(client, path, name):
    for value in BAD:
        answered = client.get(f"{BASE}/{path}", params={name: value})
        said = answered.headers["content-type"]
        assert answered.status_code in (200, 400, 404, 422), value
        assert answered.status_code == 200 or said == "application/problem+json", value


@pytest.mark.parametrize(
    "before", ["incidents/", "actors/", "warnings/", "why/", "exports/", "collections/", ""]
)
def test_bad_names_are_not_there(client, before):
    for value in BAD:
        answered = client.get(f"{BASE}/{before}{quote(value)}")
        assert answered.status_code in (404, 405), (before, value)
        assert "root:" not in answered.text


@pytest.mark.parametrize("value", BAD)
def test_a_bad_theatre_is_not_there(client, value):
    assert client.get(f"/api/v1/t/{quote(value, safe='')}/shifts").status_code == 404


@pytest.mark.parametrize(
    "question",
    [
        "limit=0", "limit=1001", "limit=-1", "limit=1.5", "limit=NaN", "limit=", "offset=-1",
        "offset=1000000001", "limit=1&limit=2", "q=a&q=b", "from=2015-01-01&from=2015-01-02",
        "limt=5", "Limit=5", "q%5B%5D=a",
        "from=20151124", "from=1448323200", "to=2015-02-30", "box=1,2,3", "box=1,2,3,4,5", "box=nan,0,1,1",
        "box=0,0,inf,1", "box=0,10,1,5", "box=-181,0,1,1", "box=0,0,0,91", "box=a,b,c,d", "sort=worst",
        "lang=de", "lang=en&lang=fr", "q=" + "a" * 201, "&".join(["year=2015"] * 41), "bom=yes",
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(client, question):
    answered = client.get(f"{BASE}/incidents?{question}")
    assert answered.status_code == 422, answered.text[:200]
    assert answered.json()["errors"]
    assert all(one["parameter"] and one["expected"] for one in answered.json()["errors"])


@pytest.mark.parametrize(
    "question",
    [
        "datetime=2015",
        "datetime=../..%2F..",
        "datetime=2015-06-30/2015-01-01",
        "datetime=..",
        "bbox=1,2,3",
        "a=1",
    ],
)
def test_collections_refuse_as_their_standard_says(client, question):
    assert client.get(f"{BASE}/collections/events/items?{question}").status_code == 400


def test_a_long_question_is_no_fault(client):
    assert client.get(f"{BASE}/incidents", params={"q": "word " * 40}).status_code == 200
    assert client.get(f"{BASE}/incidents?" + "x" * 60_000).status_code == 422
    assert client.get(f"{BASE}/" + "a/" * 5000).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"' + "x" * 5000},
        {"If-None-Match": ",,,,"},
        {"If-Modified-Since": "never"},
        {"Accept": "application/xml"},
        {"Accept-Language": "x" * 5000},
        {"Accept-Language": "fr;q=NaN, *;q=2"},
        {"Content-Type": "application/xml", "Content-Length": "0"},
        {"Range": "bytes=0-"},
        {"X-Forwarded-Host": "evil.example", "X-Original-URL": "/admin"},
        {"Cookie": "lang=\x01; seen_mali=;;;==="},
    ],
)
def test_strange_headers_are_no_fault(client, headers):
    answered = client.get(f"{BASE}/shifts", headers=headers)
    assert answered.status_code == 200
    assert "evil.example" not in answered.text


def test_a_body_of_a_get_is_not_read(client):
    answered = client.request(
        "GET", f"{BASE}/shifts", content=b'{"limit": 1}', headers={"Content-Type": "text/csv"}
    )
    assert answered.status_code == 200
    assert answered.json()["limit"] == 50


def test_nothing_of_a_question_comes_back_as_a_page(client):
    answered = client.get(f"{BASE}/incidents", params={"limit": "<script>alert(1)</script>"})
    assert answered.headers["content-type"] == "application/problem+json"


SAID = {"theatre": "mali", "collection": "events"}


def test_the_interface_keeps_its_own_description(shared_home):
    import schemathesis  # two seconds, which only the worker that comes here waits
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    kept = checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance
    app = opened(shared_home, Principal(Role.ADMIN, 1, "Awa")).app
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 40
    answered = Counter()
    for operation in operations:
        answered.update(_kept(operation, (not_a_server_error, *kept)))
    assert answered[200] > 60 and answered[503] > 10, answered


def _kept(operation, checks):
    """Ask one address in many ways, hold every answer against the description; return how it answered."""
    answered = Counter()

    @given(case=operation.as_strategy())
    @settings(max_examples=5, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        for name in SAID.keys() & set(case.path_parameters or {}):
            case.path_parameters[name] = SAID[name]
        response = case.call()
        answered[response.status_code] += 1
        if response.status_code == 503:  # a day that nobody built
            assert response.headers["retry-after"]
        else:
            case.validate_response(response, checks=checks)

    ask()
    return answered
