"""The client of ACLED's API against a server that misbehaves: a loud failure or the whole.

Every failure must leave the archive as it was, and no secret may stand in any message or file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import polars as pl
import pytest
from acled_server import BASE, LOGIN, PASSWORD, QUERY, USER, Server, Told, api, event
from fake_time import Time

from toguna.core.errors import UnknownNameError, UsageError
from toguna.events.fetch import fetch_acled
from toguna.events.ingest import ingest
from toguna.sources.acled_api import AcledApi, Query, harvest
from toguna.sources.acled_api_proof import windows
from toguna.sources.acled_login import Credentials, Login, read_login_file
from toguna.sources.fetch_errors import (
    BusyError,
    FetchError,
    IncompleteError,
    NotAnsweringError,
    RefusedError,
    StaleError,
    UnusableAnswerError,
)
from toguna.sources.patient import Pace
from toguna.store.home import Home


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds an export of another country already."""
    folder = tmp_path_factory.mktemp("filled")
    rows = [{k: str(v) for k, v in event(i, iso=562).items()} for i in range(3)]
    pl.DataFrame(rows).write_csv(folder / "export.csv")
    made = Home(folder / "home")
    assert ingest("acled", folder / "export.csv", made).status == "new"
    made.register.close()  # its files beside the database go when it is closed, maybe in the midst of a copy
    return made.path


def held(home: Home) -> dict[str, str]:
    root = home.archive.root
    files = {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in root.rglob("*.*")}
    return {**files, "snapshots": str(home.archive.snapshots())}


def secrets_in(home: Home) -> list[Path]:
    """Files of a home that hold a password, a name or a token."""
    files = [p for p in home.path.rglob("*") if p.is_file()]
    words = (PASSWORD.encode(), USER.encode(), b"access-token", b"refresh-token")
    return [p for p in files if any(word in p.read_bytes() for word in words)]


def fails(
    server: Server, home: Home, error: type[Exception], *, query: Query = QUERY, page_size: int = 10
) -> str:
    before = held(home)
    with pytest.raises(error) as caught:
        fetch_acled(query, home, api=api(server, page_size=page_size))
    said = str(caught.value)
    assert held(home) == before
    assert not any(word in said for word in (PASSWORD, USER, "access-token", "refresh-token"))
    assert "stay in use" in said and not secrets_in(home)
    return said


def on(what: str, change: Callable[[Server, Told], httpx.Response | None], times: int = 99) -> Any:
    """Bend the first answers to one kind of question."""

    def bend(server: Server, params: dict[str, str], told: Told) -> httpx.Response | None:
        mine = params["what"] == what and server.asked.count(what) <= times
        return change(server, told) if mine else None

    return bend


def put(**values: Any) -> Callable[[Server, Told], None]:
    return lambda server, told: told.update(values)


def answer(*words: Any, **more: Any) -> Callable[[Server, Told], httpx.Response]:
    return lambda server, told: httpx.Response(*words, **more)


def test_everything_comes_in_and_proves_it(home: Home) -> None:
    server = Server()
    got = fetch_acled(QUERY, home, api=api(server))
    assert server.asked == ["0", "10", "20", "30", "40", *["count"] * 4, "0"]
    proof = got.proof
    assert (proof.announced_total, proof.rows, proof.distinct_ids, proof.pages) == (43, 43, 43, 5)
    assert (proof.page_size_asked, proof.page_size_honoured) == (10, 10)
    assert proof.countries == ["MLI"] and (proof.first_day, proof.last_day) == ("2014-12-01", "2015-03-31")
    assert {k: w["rows"] for k, w in proof.recounted["MLI"].items()} == {
        "2014-12": 31,
        "2015-01": 12,
        "2015-02": 0,
        "2015-03": 0,
    }
    assert proof.deaths.as_dict() == {"best": 63, "low": 63, "high": 63, "unknown": 0}
    assert sum(w["deaths"] for w in proof.recounted["MLI"].values()) == 63
    account = got.account
    assert (account.read, account.accepted, account.quarantined) == (43, 43, 0)
    assert account.sha256 == proof.sha256 and account.snapshot
    assert account.published_at == account.version == "2024-06-10"
    kept = json.loads((home.archive.root / "acled" / "proofs" / f"{proof.sha256}.json").read_text("utf-8"))
    assert kept == proof.as_dict()
    frame = home.archive.read(account.snapshot)
    assert set(frame.columns) == set(event(1)) and set(frame.dtypes) == {pl.String}
    assert frame["actor1"][0] == "Groupe « Ségou » ÿ 𝔸" and frame["longitude"][0] == "-0.0500"
    assert not list((home.path / "fetched").rglob("page-*")) and not secrets_in(home)


def test_several_countries_and_the_same_again(home: Home) -> None:
    query = Query(("MLI", "NER"), QUERY.first, QUERY.last)
    server = Server(events=[event(i) for i in range(12)] + [event(i, iso=562) for i in range(500, 520)])
    got = fetch_acled(query, home, api=api(server))
    assert (got.proof.rows, got.proof.announced_total, set(got.proof.recounted)) == (32, 32, {"MLI", "NER"})
    before = held(home)
    again = fetch_acled(query, home, api=api(server))
    assert again.account.status == "already-held" and again.proof.sha256 == got.proof.sha256
    assert {k for k in held(home) if "proofs" not in k} == {k for k in before if "proofs" not in k}


def test_long_periods_are_counted_by_year() -> None:
    assert [w.name for w in windows(date(2012, 5, 1), date(2015, 2, 3))] == ["2012", "2013", "2014", "2015"]
    parts = windows(date(2015, 1, 31), date(2016, 12, 31))
    assert len(parts) == 24 and parts[0].first == parts[0].last == date(2015, 1, 31)
    assert windows(date(2015, 3, 1), date(2015, 3, 1))[0].last == date(2015, 3, 1)


def test_a_smaller_page_size_that_loses_nothing_is_told(home: Home) -> None:
    """Asked for 5000 the server gives 1000 at a time and says where it goes on."""

    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        if params["limit"] == "20":
            told.update(server.told({**params, "limit": "5"}))

    proof = fetch_acled(QUERY, home, api=api(Server(bend=bend), page_size=20)).proof
    assert (proof.rows, proof.page_size_asked, proof.page_size_honoured, proof.pages) == (43, 20, 5, 9)


def test_a_page_that_is_silently_shorter(home: Home) -> None:
    """Five rows of every page are gone, and the cursor goes on as if they had come."""

    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        if params["limit"] == "10":
            told.update(data=told["data"][:5], count=len(told["data"][:5]))

    assert "after 23 rows; expected 43 announced" in fails(Server(bend=bend), home, IncompleteError)


def test_a_total_that_hides_the_truncation_is_found_by_counting_again(home: Home) -> None:
    """All rows of one answer, the total cut with them: only the question for each month tells."""

    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        if params["limit"] == "10":
            told.update(total_count=10, next_cursor=None)

    said = fails(Server(bend=bend), home, IncompleteError)
    assert "counts 31 events of MLI in 2014-12" in said and "expected 0" in said


@pytest.mark.parametrize("total", [42, 44, 30, 500])
def test_a_wrong_total(home: Home, total: int) -> None:
    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        if params["what"] != "count":
            told["total_count"] = total

    assert "announced" in fails(Server(bend=bend), home, IncompleteError)


def test_pages_served_twice(home: Home) -> None:
    twice = on("20", lambda s, t: t.update(data=s.told(params_at("10"))["data"]))
    assert "comes on page 2 of MLI and on page 3 of MLI" in fails(Server(bend=twice), home, IncompleteError)
    assert not list((home.path / "fetched").rglob("page-*")), "one of the kept pages may be the wrong one"


def params_at(cursor: str) -> dict[str, str]:
    return {"iso": "466", "event_date": "2014-12-01|2015-03-31", "cursor": cursor, "limit": "10"}


def test_a_cursor_that_is_ignored(home: Home) -> None:
    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        if params["what"].isdecimal():
            told.update(
                data=server.told(params_at("0"))["data"], count=10, next_cursor=int(params["what"]) + 10
            )

    assert "comes on page 1 of MLI and on page 2 of MLI" in fails(Server(bend=bend), home, IncompleteError)


def test_a_server_without_an_end(home: Home) -> None:
    """Every page is full of new rows and names a next one; the total grows with it, or does not."""

    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        if params["what"].isdecimal():
            start = int(params["what"])
            rows = [event(start + i, day=date(2015, 1, 1)) for i in range(10)]
            told.update(data=rows, count=10, next_cursor=start + 10)

    server = Server(bend=bend)
    assert "there are more, or the server has no end" in fails(server, home, IncompleteError)
    assert len(server.asked) == 5


def test_cursors_that_go_round(home: Home) -> None:
    again = fails(Server(bend=on("10", put(next_cursor=0))), home, IncompleteError)
    assert "rows are cut off" in again
    again = fails(Server(bend=on("10", put(next_cursor=10))), home, IncompleteError)
    assert "names the page 10 that was read already" in again


def test_an_empty_page_in_the_middle(home: Home) -> None:
    empty = put(data=[], count=0)
    assert "is empty and names a next page" in fails(Server(bend=on("10", empty)), home, IncompleteError)


def test_too_many_rows(home: Home) -> None:
    def more(server: Server, told: Told) -> None:
        told.update(data=[*told["data"], event(999)], count=11)

    assert "page size not honoured" in fails(Server(bend=on("10", more)), home, IncompleteError)


def test_a_row_twice_on_one_page(home: Home) -> None:
    def twice(server: Server, told: Told) -> None:
        told["data"][1] = told["data"][0]

    assert "twice on page 2 of MLI" in fails(Server(bend=on("10", twice)), home, IncompleteError)


def test_filters_that_are_not_honoured(home: Home) -> None:
    other = fails(Server(bend=on("10", lambda s, t: t["data"][0].update(iso=562))), home, IncompleteError)
    assert "holds rows of another country" in other
    days = on("10", lambda s, t: t["data"].__setitem__(0, event(7, day=date(2013, 1, 1))))
    assert "holds rows of other days" in fails(Server(bend=days), home, IncompleteError)


def test_no_events_is_no_answer(home: Home) -> None:
    said = fails(Server(events=[event(1, iso=562)]), home, IncompleteError)
    assert "announces no events of MLI" in said and "what the account may see" in said


def test_an_account_that_may_not_see_the_last_months(home: Home) -> None:
    """The server leaves them out with status 200 and no word but this limit."""

    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        limit = {"quantity": 12, "unit": "Months", "date": "2015-01-31"}
        told["data_query_restrictions"] = {"date_recency": limit}

    said = fails(Server(bend=bend), home, RefusedError)
    assert "up to 2015-01-31 only" in said and "--to 2015-01-31" in said
    inside = Query(("MLI",), QUERY.first, date(2015, 1, 31))
    assert fetch_acled(inside, home, api=api(Server(bend=bend))).proof.rows == 43


def test_a_token_that_expires_in_the_middle(home: Home) -> None:
    server = Server(lives=3)
    got = fetch_acled(QUERY, home, api=api(server))
    assert got.proof.rows == 43
    assert [form["grant_type"] for form in server.logins] == ["password", *["refresh_token"] * 3]


def test_a_token_is_renewed_before_it_expires(home: Home) -> None:
    server = Server(expires_in=301)
    fetch_acled(QUERY, home, api=api(server, Time(), pace=Pace(per_second=0.5)))
    assert len(server.logins) > 5 and server.asked.count("0") == 2, "no request was refused"


def test_401_for_ever(home: Home) -> None:
    said = fails(Server(lives=0), home, RefusedError)
    assert "401" in said and "nor is a fresh one" in said and "***" in said


def test_a_refresh_token_that_expired(home: Home) -> None:
    """With a password one logs in anew; without, the message says how to."""
    server = Server(lives=3, refreshes=0)
    assert fetch_acled(QUERY, home, api=api(server)).proof.rows == 43
    assert {form["grant_type"] for form in server.logins} == {"password"}
    alone = api(Server(refreshes=0), credentials=Credentials(refresh_token="refresh-token-old"))
    with pytest.raises(RefusedError, match="lasts 14 days: log in anew with ACLED_USERNAME") as caught:
        fetch_acled(QUERY, home, api=alone)
    assert "refresh-token" not in str(caught.value)
    good = api(Server(), credentials=Credentials(refresh_token="refresh-token-good"))
    assert fetch_acled(QUERY, home, api=good).proof.rows == 43


def test_a_wrong_password(home: Home) -> None:
    wrong = "some wrong password"
    with pytest.raises(RefusedError, match="Check user name and password") as caught:
        fetch_acled(QUERY, home, api=api(Server(), credentials=Credentials(USER, wrong)))
    assert wrong not in str(caught.value) and "not granted to ***" in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"access_token": null}', b'{"access_token": "a\\r\\nx: y"}'], ids=ascii
)
def test_logins_that_give_no_token(home: Home, body: bytes) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body)

    with pytest.raises(UnusableAnswerError, match="no access_token"):
        fetch_acled(QUERY, home, api=api(server))  # type: ignore[arg-type]


def test_terms_that_are_not_accepted(home: Home) -> None:
    words = {"message": "Consent required: please accept the terms of use."}
    said = fails(Server(bend=on("0", answer(403, json=words))), home, RefusedError)
    assert "Consent required" in said and "accept the terms" in said
    page = "<html><body>Forbidden</body></html>"
    said = fails(Server(bend=on("0", answer(403, text=page))), home, RefusedError)
    assert "403" in said and "<html>" not in said


@pytest.mark.parametrize("status", [429, 500, 503, 408])
def test_trouble_that_passes(home: Home, status: int) -> None:
    server = Server(bend=on("20", answer(status), times=3))
    assert fetch_acled(QUERY, home, api=api(server)).proof.retries == 3


def test_retry_after_is_waited_out_or_told(home: Home) -> None:
    time = Time()
    server = Server(bend=on("20", answer(429, headers={"retry-after": "77"}), times=1))
    fetch_acled(QUERY, home, api=api(server, time))
    assert any(77 <= s <= 78 for s in time.slept)
    long = Server(
        events=[event(i) for i in range(50)], bend=on("20", answer(429, headers={"retry-after": "90000"}))
    )
    assert "90000 s" in fails(long, home, NotAnsweringError)


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<!DOCTYPE html><html>Log in</html>", "a web page"), (b'{"data": [{"ev', "cut off"), (b"", "cut off")],
    ids=["html", "cut", "nothing"],
)
def test_bodies_that_are_not_whole(home: Home, body: bytes, words: str) -> None:
    assert words in fails(Server(bend=on("20", answer(200, content=body))), home, NotAnsweringError)
    assert fetch_acled(QUERY, home, api=api(Server())).proof.sessions == 2


@pytest.mark.parametrize(
    "told",
    [
        {"status": 200, "success": False, "error": [{"message": "invalid query"}], "data": []},
        {"status": 403, "messages": ["Access denied"], "count": 0, "data": [], "next_cursor": None},
        {"error": "invalid query"},
    ],
    ids=lambda told: ascii(told)[:40],
)
def test_an_error_with_status_200(home: Home, told: Told) -> None:
    said = fails(Server(bend=on("0", answer(200, json=told))), home, RefusedError)
    assert "error of its own: " in said and ("invalid query" in said or "Access denied" in said)


@pytest.mark.parametrize(
    "change",
    [
        {"data": {}},
        {"data": [7]},
        {"data": [{"event_id_cnty": ""}]},
        {"data": [{**event(1), "event_id_cnty": None}]},
        {"data": [{k: v for k, v in event(1).items() if k != "timestamp"}]},
        {"data": [{**event(1), "admin1": "\ud800"}]},
        {"count": 9},
        {"count": None},
        {"total_count": "many"},
        {"total_count": None},
        {"total_count": -1},
    ],
    ids=lambda change: ascii(change)[:40],
)
def test_json_of_another_shape(home: Home, change: Told) -> None:
    def bent(server: Server, told: Told) -> httpx.Response:
        if "data" in change:
            told["count"] = len(change["data"])
        return httpx.Response(200, text=json.dumps({**told, **change}))

    assert "expected" in fails(Server(bend=on("0", bent)), home, UnusableAnswerError)


def test_an_answer_without_a_cursor(home: Home) -> None:
    gone = on("0", lambda s, t: t.pop("next_cursor") and None)
    assert "no next_cursor" in fails(Server(bend=gone), home, UnusableAnswerError)


def test_an_answer_that_repeats_the_token(home: Home) -> None:
    def bent(server: Server, told: Told) -> None:
        told["data"][0]["notes"] = server.token

    assert "repeats the token" in fails(Server(bend=on("10", bent)), home, UnusableAnswerError)


def test_a_total_that_changes_begins_afresh_once(home: Home) -> None:
    said: list[str] = []
    server = Server(bend=on("20", lambda s, t: grow(s, t) if len(s.events) == 43 else None))
    got = fetch_acled(QUERY, home, api=api(server), say=said.append)
    assert (got.proof.rows, got.proof.restarts) == (44, 1)
    assert any("43 rows of MLI, then 44" in text and "afresh" in text for text in said)


def grow(server: Server, told: Told) -> None:
    server.events.append(event(100 + len(server.events)))
    told["total_count"] += 1


def test_a_total_that_keeps_changing(home: Home) -> None:
    assert "changed again" in fails(Server(bend=on("20", grow)), home, IncompleteError)


def test_rows_rewritten_while_fetching(home: Home) -> None:
    """The number stays; a row of the first page is another at the second reading."""

    def other(server: Server, told: Told) -> None:
        if server.asked.count("0") == 2:
            told["data"][0]["fatalities"] = 99

    said: list[str] = []
    got = fetch_acled(QUERY, home, api=api(Server(bend=on("0", other))), say=said.append)
    assert got.proof.restarts == 1 and any("first page of MLI" in text for text in said)


def test_events_written_between_fetch_and_recount_begin_afresh(home: Home) -> None:
    def bend(server: Server, params: dict[str, str], told: Told) -> None:
        if params["what"] == "count" and len(server.events) == 43:
            server.events.append(event(44))
            told.update(server.told(params))

    got = fetch_acled(QUERY, home, api=api(Server(bend=bend)))
    assert (got.proof.rows, got.proof.restarts) == (44, 1)


def test_interrupted_and_resumed(home: Home) -> None:
    def stop(server: Server, told: Told) -> httpx.Response:
        raise KeyboardInterrupt

    server = Server(bend=on("30", stop, times=1))
    with pytest.raises(KeyboardInterrupt):
        fetch_acled(QUERY, home, api=api(server))
    said: list[str] = []
    got = fetch_acled(QUERY, home, api=api(server), say=said.append)
    assert server.asked[:6] == ["0", "10", "20", "30", "30", "40"], "no finished page is asked for again"
    assert got.proof.sessions == 2 and not secrets_in(home)
    assert any(text.startswith("3 finished pages") for text in said)


def test_withdrawn_events_are_told_from_vanished_ones(home: Home) -> None:
    fetch_acled(QUERY, home, api=api(Server()))
    gone = Server(events=[event(i) for i in range(3, 43)], withdrawn={"MLI0": 1718100000, "MLI1": 1718100000})
    proof = fetch_acled(QUERY, home, api=api(gone)).proof
    assert (proof.held_before, proof.withdrawn, proof.vanished, proof.withdrawn_list) == (43, 2, 1, "read")
    assert gone.asked[-1] == "deleted"


def test_many_vanished_events_are_refused(home: Home) -> None:
    """All counts agree with one another: only what was held before tells that half is lacking."""
    fetch_acled(QUERY, home, api=api(Server()))
    half = [event(i) for i in range(20, 43)]
    said = fails(Server(events=half), home, StaleError)
    assert "20 of 43 events held before" in said
    told = dict.fromkeys([f"MLI{i}" for i in range(20)], 1718100000)
    assert fetch_acled(QUERY, home, api=api(Server(events=half, withdrawn=told))).proof.withdrawn == 20


def test_an_account_without_the_list_of_withdrawn_events(home: Home) -> None:
    fetch_acled(QUERY, home, api=api(Server()))
    refuse = on("deleted", answer(403, json={"message": "Access denied"}))
    said: list[str] = []
    server = Server(events=[event(i) for i in range(1, 43)], bend=refuse)
    proof = fetch_acled(QUERY, home, api=api(server), say=said.append).proof
    assert (proof.vanished, proof.withdrawn_list) == (1, "refused")
    assert any("withdrawn events cannot be read" in text for text in said)


def test_another_question_is_no_loss(home: Home) -> None:
    fetch_acled(QUERY, home, api=api(Server()))
    january = Query(("MLI",), date(2015, 1, 1), date(2015, 1, 31))
    proof = fetch_acled(january, home, api=api(Server())).proof
    assert (proof.rows, proof.held_before, proof.vanished) == (12, 12, 0)


def test_two_fetches_at_once(home: Home) -> None:
    with harvest(QUERY, home.path / "fetched", api=api(Server())) as got:
        with pytest.raises(BusyError, match="another fetch"):
            fetch_acled(QUERY, home, api=api(Server()))
        assert got.path.exists()


def test_missing_deaths_are_unknown(home: Home) -> None:
    events = [{**event(1), "fatalities": None}, {**event(2), "fatalities": "many"}, event(3)]
    got = fetch_acled(QUERY, home, api=api(Server(events=events)))
    assert got.proof.deaths.as_dict() == {"best": 3, "low": 3, "high": 3, "unknown": 2}
    assert (got.account.accepted, got.account.quarantined) == (3, 0)
    assert "deaths-in-words" in {f.code for f in got.account.findings}


def test_messages_of_the_server_are_kept(home: Home) -> None:
    proof = fetch_acled(QUERY, home, api=api(Server(bend=on("0", put(messages=["Mind the gap"]))))).proof
    assert proof.messages == ['["Mind the gap"]']


@pytest.mark.parametrize(
    ("countries", "first", "last"),
    [
        ((), "2015-01-01", "2015-01-02"),
        (("MLI", "MLI"), "2015-01-01", "2015-01-02"),
        (("MLI",), "2015-01-02", "2015-01-01"),
        (("MLI",), "1990-01-01", "2015-01-01"),
    ],
)
def test_questions_that_are_none(countries: tuple[str, ...], first: str, last: str) -> None:
    with pytest.raises(UsageError):
        Query(countries, date.fromisoformat(first), date.fromisoformat(last))


def test_countries_that_are_none() -> None:
    with pytest.raises(UnknownNameError, match="MLI"):
        Query(("ML",), date(2015, 1, 1), date(2015, 1, 2))
    name = Query(tuple(sorted(Query.numbers())[:9]), date(2015, 1, 1), date(2015, 1, 2)).name
    assert name.startswith("ACLED_9-countries-")


@pytest.mark.parametrize("address", ["http://acled.example", "https://u:p@acled.example", BASE + "?a=1"])
def test_addresses_that_would_give_secrets_away(address: str) -> None:
    patient = api(Server()).patient
    with pytest.raises(UsageError):
        Login(patient, LOGIN, address)
    with pytest.raises(UsageError):
        AcledApi(patient, Login(patient, LOGIN, BASE), address)


def test_secrets_are_not_shown() -> None:
    mine = api(Server())
    mine.login.token()
    shown = f"{mine!r} {mine.login!r} {LOGIN!r}"
    assert PASSWORD not in shown and "access-token" not in shown and USER not in shown


@pytest.mark.parametrize("password", ["pw", "correct horse/battery", "ümläut&+"])
def test_secrets_are_hidden_however_they_are_written(password: str) -> None:
    login = Login(api(Server()).patient, Credentials(USER, password), BASE)
    for written in (password, quote(password, safe=""), quote_plus(password)):
        assert written not in login.hide(f"not granted to <{written}>")


def test_a_login_file_that_others_can_read(tmp_path: Path) -> None:
    file = tmp_path / "acled-login.toml"
    file.write_text(f'username = "{USER}"\npassword = "{PASSWORD}"\n', encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        read_login_file(file)
    file.chmod(0o600)
    assert read_login_file(file) == LOGIN
    for text, words in (("username = ", "no TOML"), ('username = "a"', "holds no")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=words):
            read_login_file(file)


def test_all_failures_are_of_one_kind() -> None:
    kinds = (IncompleteError, NotAnsweringError, RefusedError, StaleError, UnusableAnswerError)
    assert all(issubclass(kind, FetchError) for kind in kinds)
