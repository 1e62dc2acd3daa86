"""Whatever befalls single pages, what comes out is exactly what the server holds, or a loud error.

Troubles are drawn by chance: on any page, for any number of tries, several at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ucdp_server import Server, api, event

from toguna.sources.fetch_errors import FetchError, UnusableAnswerError
from toguna.sources.patient import NotWholeError, Pace
from toguna.sources.ucdp_api import harvest
from toguna.sources.ucdp_api_pages import read_page

ROWS, SIZE, PAGES = 43, 10, 5
Told = dict[str, Any]


def _lose(server: Server, told: Told) -> None:
    del told["Result"][-1:]


def _repeat(server: Server, told: Told) -> None:
    told["Result"][-1:] = told["Result"][:1]


def _from_elsewhere(server: Server, told: Told) -> None:
    told["Result"][:1] = [event(server.first + 25)]


def _neighbour(server: Server, told: Told) -> None:
    told.update(server.told(2, SIZE))


def _total(by: int) -> Callable[[Server, Told], None]:
    def change(server: Server, told: Told) -> None:
        told["TotalCount"] += by
        told["TotalPages"] = -(-told["TotalCount"] // SIZE)

    return change


def _no_next(server: Server, told: Told) -> None:
    told["NextPageUrl"] = None


CHANGES = [_lose, _repeat, _from_elsewhere, _neighbour, _total(-3), _total(-4), _total(10), _no_next]
ANSWERS = [
    lambda body: httpx.Response(429),
    lambda body: httpx.Response(500),
    lambda body: httpx.Response(400),
    lambda body: httpx.Response(404),
    lambda body: httpx.Response(200, content=body[: len(body) // 2]),
    lambda body: httpx.Response(200, content=b"<html>"),
    lambda body: httpx.Response(200, content=b"{}"),
]
trouble = st.tuples(
    st.integers(0, PAGES - 1),
    st.one_of(
        st.sampled_from(CHANGES).map(lambda c: (c, None)), st.sampled_from(ANSWERS).map(lambda a: (None, a))
    ),
    st.integers(1, 4),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(trouble, max_size=4), st.integers(1, 3))
def test_the_whole_or_an_error(troubles: list[Any], sessions: int) -> None:
    def bend(server: Server, page: int, told: Told) -> httpx.Response | None:
        answer = None
        for where, (change, replace), times in troubles:
            if where == page and server.tries(page) <= times:
                if change:
                    change(server, told)
                else:
                    answer = replace
        return answer(json.dumps(told).encode()) if answer else None

    server = Server(rows=ROWS, bend=bend)
    with TemporaryDirectory() as folder:
        for _ in range(sessions):
            try:
                with harvest("25.1", Path(folder), api=api(server, pace=Pace(tries=3))) as got:
                    frame = pl.read_parquet(got.path)
                    assert frame["id"].to_list() == [str(server.first + i) for i in range(ROWS)]
                    assert got.proof.distinct_ids == got.proof.announced_total == ROWS
            except FetchError:
                assert not list(Path(folder).rglob("*.parquet"))
            else:
                return


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "TotalCount": values,
        "TotalPages": values,
        "NextPageUrl": values,
        "Result": values
        | st.lists(st.fixed_dictionaries(dict.fromkeys(("id", "best", "low", "high"), values))),
    },
)


@settings(max_examples=100)
@given(st.binary(max_size=200) | (values | envelopes).map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        page = read_page(body)
    except (NotWholeError, UnusableAnswerError):
        return
    assert page.whole.total >= 0
    assert all(isinstance(cell, str | None) for row in page.rows for cell in row.values())
    assert all(page.ids)


@pytest.mark.parametrize("deep", [b"[" * 10**6, b'{"Result":' * 10**5])
def test_deep_nesting_does_not_crash(deep: bytes) -> None:
    with pytest.raises(NotWholeError):
        read_page(deep)
