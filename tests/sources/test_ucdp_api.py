"""The UCDP API client against a server that misbehaves: a loud failure or the whole, never something between.

Every failure must leave the archive as it was. The accidents are those of the field: pages silently cut short
(335,918 of 385,918 events, no error), totals that do not fit, throttling that answers 400.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from ucdp_server import BASE, TOKEN, Server, Time, api, event

from toguna.core.errors import StoreError, UsageError
from toguna.core.progress import Silent
from toguna.events.fetch import fetch
from toguna.events.ingest import ingest
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
from toguna.sources.shelf import Shelf
from toguna.sources.ucdp_api import UcdpApi, harvest
from toguna.store.home import Home


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds a release already."""
    folder = tmp_path_factory.mktemp("filled")
    file = folder / "GEDEvent_v24_1.csv"
    pl.DataFrame([{k: str(v) for k, v in event(i).items()} for i in range(3)]).write_csv(file)
    made = Home(folder / "home")
    assert ingest("ucdp", file, made).status == "new"
    made.register.close()  # its files beside the database go when it is closed, maybe in the midst of a copy
    return made.path


def held(home: Home) -> dict[str, str]:
    """What the archive and the register hold, by digest."""
    root = home.archive.root
    files = {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in root.rglob("*.*")}
    return {**files, "snapshots": str(home.archive.snapshots())}


def fails(server: Server, home: Home, error: type[Exception], *, page_size: int = 10) -> str:
    before = held(home)
    with pytest.raises(error) as caught:
        fetch("25.1", home, api=api(server, page_size=page_size))
    assert held(home) == before
    assert TOKEN not in str(caught.value)
    if isinstance(caught.value, FetchError):
        assert "stay in use" in str(caught.value)
    return str(caught.value)


def once(page: int, answer: Callable[[], httpx.Response], times: int = 1) -> Any:
    """Bend the first answers to one page."""

    def bend(server: Server, number: int, told: dict[str, Any]) -> httpx.Response | None:
        return answer() if number == page and server.tries(page) <= times else None

    return bend


def always(change: Callable[[int, dict[str, Any]], None]) -> Any:
    def bend(server: Server, number: int, told: dict[str, Any]) -> None:
        change(number, told)

    return bend


def test_a_whole_version_comes_in_and_proves_it(home: Home) -> None:
    server, time = Server(), Time()
    got = fetch("25.1", home, api=api(server, time))
    assert server.asked == [0, 1, 2, 3, 4]
    assert {h["x-ucdp-access-token"] for h in server.headers} == {TOKEN}
    proof = got.proof
    assert (proof.announced_total, proof.rows, proof.distinct_ids) == (43, 43, 43)
    assert (proof.announced_pages, proof.pages, proof.page_size_asked, proof.page_size_honoured) == (
        5,
        5,
        10,
        10,
    )
    assert proof.deaths.as_dict() == {"best": 86, "low": 43, "high": 172, "unknown": 0}
    assert (proof.first_id, proof.last_id, proof.requests, proof.retries) == ("1000", "1042", 5, 0)
    assert (proof.sessions, proof.restarts) == (1, 0)
    account = got.account
    assert (account.status, account.version, account.published_at) == ("new", "25.1", "2025-06-30")
    assert (account.read, account.accepted, account.quarantined) == (43, 43, 0)
    assert account.sha256 == proof.sha256 and account.snapshot
    kept = json.loads((home.archive.root / "ucdp" / "proofs" / f"{proof.sha256}.json").read_text("utf-8"))
    assert kept == proof.as_dict()
    assert TOKEN not in json.dumps(got.as_dict())
    frame = home.archive.read(account.snapshot)
    assert frame.columns == list(event(1)) and set(frame.dtypes) == {pl.String}
    assert frame.row(0, named=True)["latitude"] == "18.4411"
    assert not list((home.path / "fetched").rglob("page-*"))


def test_figures_stay_the_text_of_the_server(home: Home) -> None:
    def exact(server: Server, number: int, told: dict[str, Any]) -> httpx.Response:
        body = json.dumps(told).replace("18.4411,", "18.44110,").replace("1.4078,", "1.40780000000000012,")
        return httpx.Response(200, text=body)

    got = fetch("25.1", home, api=api(Server(bend=exact)))
    assert got.account.snapshot
    frame = home.archive.read(got.account.snapshot)
    assert frame["latitude"].unique().to_list() == ["18.44110"]
    assert frame["longitude"].unique().to_list() == ["1.40780000000000012"]


def test_the_same_version_again_changes_nothing(home: Home) -> None:
    fetch("25.1", home, api=api(Server()))
    before = held(home)
    again = fetch("25.1", home, api=api(Server()))
    assert again.account.status == "already-held"
    assert {k: v for k, v in held(home).items() if "proofs" not in k} == {
        k: v for k, v in before.items() if "proofs" not in k
    }


def test_one_page_and_exact_multiples(home: Home) -> None:
    for rows, version in ((1, "25.0.1"), (10, "25.0.2"), (20, "25.0.3")):
        got = fetch(version, home, api=api(Server(rows=rows, first=rows * 1000)))
        assert (got.proof.rows, got.account.version) == (rows, version)


@pytest.mark.parametrize("honest_pages", [True, False], ids=["pages of the cap", "pages as asked"])
def test_silent_truncation_by_a_capped_page_size(home: Home, honest_pages: bool) -> None:
    """385,918 events scaled down: asked for 50 rows a page, the server gives 10 and says nothing."""

    def bend(server: Server, number: int, told: dict[str, Any]) -> None:
        if not honest_pages:
            told["TotalPages"] = -(-385 // 50)

    server = Server(rows=385, cap=10, bend=bend)
    said = fails(server, home, IncompleteError, page_size=50)
    found = "page size not honoured" if honest_pages else "page 1 of 8 holds 10 rows"
    assert found in said and "385" in said
    assert server.asked == [0]


def test_a_page_cut_short_in_the_middle(home: Home) -> None:
    said = fails(
        Server(bend=always(lambda n, t: t["Result"].pop() if n == 2 else None)), home, IncompleteError
    )
    assert "page 3 of 5 holds 9 rows" in said and "expected 10" in said


def test_an_empty_page_in_the_middle(home: Home) -> None:
    said = fails(
        Server(bend=always(lambda n, t: t["Result"].clear() if n == 2 else None)), home, IncompleteError
    )
    assert "holds 0 rows" in said


def test_a_page_too_long(home: Home) -> None:
    longer = always(lambda n, t: t["Result"].append(event(9)) if n == 2 else None)
    assert "holds 11 rows" in fails(Server(bend=longer), home, IncompleteError)


def test_pages_served_twice(home: Home) -> None:
    def bend(server: Server, number: int, told: dict[str, Any]) -> None:
        if number == 3:
            told["Result"] = server.told(2, 10)["Result"]

    said = fails(Server(bend=bend), home, IncompleteError)
    assert "event 1020 comes on page 3 and on page 4" in said
    assert not list((home.path / "fetched").rglob("page-*")), "one of the kept pages may be the wrong one"


def test_a_server_that_counts_pages_from_one(home: Home) -> None:
    """Page 0 and page 1 are then the same."""

    def bend(server: Server, number: int, told: dict[str, Any]) -> None:
        told.update(server.told(max(0, number - 1), 10))

    fails(Server(bend=bend), home, IncompleteError)


def test_overlapping_pages(home: Home) -> None:
    def bend(server: Server, number: int, told: dict[str, Any]) -> None:
        if number:
            told["Result"][0] = event(1000 + number * 10 - 1)

    assert "comes on page" in fails(Server(bend=bend), home, IncompleteError)


def test_a_row_twice_on_one_page(home: Home) -> None:
    twice = always(lambda n, t: t["Result"].__setitem__(1, t["Result"][0]) if n == 1 else None)
    assert "event 1010 comes twice on page 2" in fails(Server(bend=twice), home, IncompleteError)


@pytest.mark.parametrize(
    ("total", "pages"), [(53, 6), (47, 5), (60, 6), (41, 5), (40, 4), (30, 3), (43, 4), (43, 6), (0, 0)]
)
def test_a_wrong_total(home: Home, total: int, pages: int) -> None:
    """Too high by a page, too low by a page (every page full!), too high and too low by some rows."""
    fails(
        Server(bend=always(lambda n, t: t.update(TotalCount=total, TotalPages=pages))), home, IncompleteError
    )


def test_an_empty_version(home: Home) -> None:
    assert "no rows" in fails(Server(rows=0), home, IncompleteError)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 408])
def test_trouble_that_passes(home: Home, status: int) -> None:
    server, time = Server(bend=once(2, lambda: httpx.Response(status), times=3)), Time()
    got = fetch("25.1", home, api=api(server, time))
    assert (got.proof.rows, got.proof.requests, got.proof.retries) == (43, 8, 3)
    assert server.asked == [0, 1, 2, 2, 2, 2, 3, 4]


def test_waits_grow_and_are_spread(home: Home) -> None:
    server, time = Server(bend=once(0, lambda: httpx.Response(500), times=5)), Time()
    fetch("25.1", home, api=api(server, time, pace=Pace(per_second=1000.0)))
    waits = [s for s in time.slept if s > 0.01]
    assert len(waits) == 5
    assert all(0.5 * 2**i <= wait <= 2**i for i, wait in enumerate(waits))


def test_retry_after_is_waited_out(home: Home) -> None:
    server = Server(bend=once(1, lambda: httpx.Response(429, headers={"retry-after": "77"})))
    time = Time()
    fetch("25.1", home, api=api(server, time))
    assert any(77 <= s <= 78 for s in time.slept)


def test_retry_after_as_a_date(home: Home) -> None:
    day = "Thu, 01 Jan 2026 00:05:00 GMT"
    server = Server(bend=once(0, lambda: httpx.Response(503, headers={"retry-after": day})))
    time = Time()
    fetch("25.1", home, api=api(server, time))
    assert any(300 <= s <= 301 for s in time.slept)


def test_retry_after_that_makes_no_sense(home: Home) -> None:
    server = Server(bend=once(0, lambda: httpx.Response(429, headers={"retry-after": "soon"})))
    assert fetch("25.1", home, api=api(server)).proof.rows == 43


def test_a_quota_used_up_stops_and_keeps_pages(home: Home) -> None:
    server = Server(bend=once(3, lambda: httpx.Response(429, headers={"retry-after": "86400"})))
    said = fails(server, home, NotAnsweringError)
    assert "86400 s" in said and server.tries(3) == 1
    assert fetch("25.1", home, api=api(server)).proof.sessions == 2
    assert server.asked == [0, 1, 2, 3, 3, 4]


def test_400_is_throttling_once_the_server_has_answered(home: Home) -> None:
    server = Server(bend=once(3, lambda: httpx.Response(400), times=2))
    time = Time()
    assert fetch("25.1", home, api=api(server, time)).proof.retries == 2
    assert max(time.slept) >= 7.5


def test_400_on_the_first_page_is_a_refusal(home: Home) -> None:
    server = Server(bend=once(0, lambda: httpx.Response(400), times=99))
    assert "400" in fails(server, home, RefusedError)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "word"), [(401, "token"), (403, "token"), (404, "version"), (301, "moved")]
)
def test_refusals_are_not_repeated(home: Home, status: int, word: str) -> None:
    server = Server(bend=once(0, lambda: httpx.Response(status, headers={"location": "https://other"}), 99))
    assert word in fails(server, home, RefusedError)
    assert len(server.asked) == 1


def test_500_for_ever_keeps_what_came(home: Home) -> None:
    server = Server(bend=once(3, lambda: httpx.Response(500), times=6))
    said = fails(server, home, NotAnsweringError)
    assert "failed 6 times" in said and "status 500" in said
    got = fetch("25.1", home, api=api(server))
    assert server.asked == [0, 1, 2, *[3] * 6, 3, 4]
    assert (got.proof.rows, got.proof.requests, got.proof.retries, got.proof.sessions) == (43, 11, 5, 2)


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError])
def test_connections_that_break(home: Home, error: type[httpx.TransportError]) -> None:
    def broken() -> httpx.Response:
        raise error("broken")

    got = fetch("25.1", home, api=api(Server(bend=once(2, broken, times=2))))
    assert (got.proof.rows, got.proof.retries) == (43, 2)
    fails(Server(first=5000, bend=once(2, broken, times=99)), home, NotAnsweringError)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "a web page instead of JSON"),
        (b'{"TotalCount": 43, "TotalPages": 5, "Result": [{"id": 10', "cut off"),
        (b"", "cut off"),
        (b'{"TotalCount": 43, "Result": "\xff\xfe"}', "no UTF-8"),
        (b"[" * 100_000, "cut off or broken"),
    ],
    ids=["html", "cut JSON", "nothing", "bytes", "deep"],
)
def test_bodies_that_are_not_whole(home: Home, body: bytes, words: str) -> None:
    passing = Server(bend=once(2, lambda: httpx.Response(200, content=body), times=2))
    assert words in fails(
        Server(bend=once(0, lambda: httpx.Response(200, content=body), 99)), home, NotAnsweringError
    )
    assert fetch("25.1", home, api=api(passing)).proof.retries == 2


@pytest.mark.parametrize(
    "told",
    [
        [],
        {"data": []},
        {"TotalCount": 1, "TotalPages": 1, "Result": None},
        {"TotalCount": 1, "TotalPages": 1, "Result": {"id": 1}},
        {"TotalCount": None, "TotalPages": 1, "Result": []},
        {"TotalCount": -1, "TotalPages": 1, "Result": []},
        {"TotalCount": 1.5, "TotalPages": 1, "Result": []},
        {"TotalCount": "9" * 5000, "TotalPages": 1, "Result": []},
        {"TotalCount": 1, "TotalPages": 1, "Result": [{**event(1), "adm_1": "\ud800"}]},
        {"TotalCount": 1, "TotalPages": 1, "Result": [7]},
        {"TotalCount": 1, "TotalPages": 1, "Result": [{"id": None, "best": 1, "low": 1, "high": 1}]},
        {"TotalCount": 1, "TotalPages": 1, "Result": [{"id": 1}]},
    ],
    ids=lambda told: ascii(told)[:60],
)
def test_json_of_another_shape(home: Home, told: Any) -> None:
    server = Server(bend=once(0, lambda: httpx.Response(200, text=json.dumps(told)), 99))
    assert "expected" in fails(server, home, UnusableAnswerError)
    assert len(server.asked) == 1


def test_rows_that_are_no_events_are_refused_with_a_finding(home: Home) -> None:
    """The pages are whole, but the columns are those of another table."""

    def bare(number: int, told: dict[str, Any]) -> None:
        told["Result"] = [{k: r[k] for k in ("id", "best", "low", "high")} for r in told["Result"]]

    before = held(home)
    got = fetch("25.1", home, api=api(Server(bend=always(bare))))
    assert got.account.status == "refused"
    assert [f.code for f in got.account.findings] == ["file-not-ged"]
    assert held(home) == before


def test_a_total_that_changes_begins_afresh_once(home: Home) -> None:
    def bend(server: Server, number: int, told: dict[str, Any]) -> None:
        if number == 2 and server.rows == 43:
            server.rows = 44
            told.update(server.told(2, 10))

    said: list[str] = []
    server = Server(bend=bend)
    got = fetch("25.1", home, api=api(server), say=said.append)
    assert server.asked == [0, 1, 2, 0, 1, 2, 3, 4]
    assert (got.proof.rows, got.proof.restarts, got.proof.requests) == (44, 1, 8)
    assert any("43 rows, then 44" in text and "afresh" in text for text in said)


def test_a_total_that_keeps_changing(home: Home) -> None:
    def bend(server: Server, number: int, told: dict[str, Any]) -> None:
        server.rows += 1

    said = fails(Server(bend=bend), home, IncompleteError)
    assert "changed again" in said


def test_a_total_that_changed_between_sessions(home: Home) -> None:
    server = Server(bend=once(3, lambda: httpx.Response(500), times=6))
    fails(server, home, NotAnsweringError)
    said: list[str] = []
    got = fetch("25.1", home, api=api(Server(rows=45, first=2000)), say=said.append)
    assert (got.proof.rows, got.proof.first_id, got.proof.restarts) == (45, "2000", 1)
    assert any("afresh" in text for text in said)


def test_interrupted_and_resumed(home: Home) -> None:
    def stop() -> httpx.Response:
        raise KeyboardInterrupt

    server = Server(bend=once(3, stop))
    before = held(home)
    with pytest.raises(KeyboardInterrupt):
        fetch("25.1", home, api=api(server))
    assert held(home) == before
    said: list[str] = []
    got = fetch("25.1", home, api=api(server), say=said.append)
    assert server.asked == [0, 1, 2, 3, 3, 4], "no finished page is asked for again"
    assert (got.proof.rows, got.proof.sessions, got.proof.requests) == (43, 2, 6)
    assert any(text.startswith("3 finished pages") for text in said)


def test_a_damaged_page_on_disk_is_fetched_again(home: Home) -> None:
    server = Server(bend=once(3, lambda: httpx.Response(500), times=6))
    fails(server, home, NotAnsweringError)
    (page,) = (home.path / "fetched").rglob("page-000001.json")
    page.write_bytes(page.read_bytes()[:-40])
    got = fetch("25.1", home, api=api(server))
    assert got.proof.rows == 43
    assert server.asked[9:] == [1, 3, 4]


def test_old_pages_are_not_trusted(home: Home) -> None:
    server = Server(bend=once(3, lambda: httpx.Response(500), times=6))
    fails(server, home, NotAnsweringError)
    said: list[str] = []
    got = fetch("25.1", home, api=api(server, Time(passed=8 * 86400.0)), say=said.append)
    assert server.asked[9:] == [0, 1, 2, 3, 4]
    assert (got.proof.sessions, got.proof.requests) == (1, 5)
    assert any("too old" in text for text in said)


def test_a_stale_answer_with_fewer_rows_than_held(home: Home) -> None:
    fetch("25.1", home, api=api(Server(rows=43)))
    said = fails(Server(rows=40), home, StaleError)
    assert "40 rows" in said and "43" in said
    said = fails(Server(rows=2, first=7000), home, StaleError)
    assert fetch("25.1", home, api=api(Server(rows=44))).account.status == "new"


def test_two_fetches_at_once(home: Home) -> None:
    with harvest("25.1", home.path / "fetched", api=api(Server())) as got:
        said = fails(Server(), home, BusyError)
        assert "another fetch" in said
        assert got.path.exists()
    assert fetch("25.1", home, api=api(Server())).proof.rows == 43


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        fetch("25.1", Home(tmp_path / "file"), api=api(Server()))


def test_a_full_disk(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("toguna.sources.shelf.os.fsync", full)
        assert "No space left" in fails(Server(), home, StoreError)
    assert not list(home.path.rglob(".new-*"))
    assert fetch("25.1", home, api=api(Server())).proof.rows == 43


def test_requests_are_spaced(home: Home) -> None:
    time = Time()
    fetch("25.1", home, api=api(Server(), time, pace=Pace(per_second=0.5)))
    assert time.slept == [2.0, 2.0, 2.0, 2.0]


def test_progress_is_told(home: Home) -> None:
    steps: list[tuple[int, int]] = []

    class Told(Silent):
        def step(self, name: str) -> Any:
            from contextlib import nullcontext

            return nullcontext(lambda done, total: steps.append((done, total)))

    fetch("25.1", home, api=api(Server()), progress=Told())
    assert steps == [(i, 5) for i in range(1, 6)]


@pytest.mark.parametrize("version", ["", "25", "v25.1", "25.1/../24.1", "25.1.2", "25.1?x=1", "2025.1"])
def test_versions_that_are_none(home: Home, version: str) -> None:
    server = Server()
    with pytest.raises(UsageError, match="no version"):
        fetch(version, home, api=api(server))
    assert server.asked == []


@pytest.mark.parametrize(
    "address", ["http://ucdp.example/api", "ftp://ucdp.example", "https://u:p@ucdp.example", BASE + "?a=1"]
)
def test_addresses_that_would_give_the_token_away(address: str) -> None:
    with pytest.raises(UsageError):
        UcdpApi(api(Server()).patient, TOKEN, address)


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(api(Server()))


def test_too_many_pages_for_a_day(home: Home) -> None:
    said = fails(Server(rows=5001), home, RefusedError, page_size=1)
    assert "5001 pages" in said


def test_missing_figures_are_unknown_not_zero(home: Home) -> None:
    def some(number: int, told: dict[str, Any]) -> None:
        if number == 0:
            told["Result"][0]["best"] = None
            told["Result"][1]["high"] = "NaN"

    proof = fetch("25.1", home, api=api(Server(bend=always(some)))).proof
    assert proof.deaths.as_dict() == {"best": 82, "low": 41, "high": 164, "unknown": 2}


def test_a_shelf_survives_broken_notes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, lambda body: body)
    (tmp_path / "notes.json").write_text("{", encoding="utf-8")
    assert shelf.notes() == {}
