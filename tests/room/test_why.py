"""Down to source lines: only releases that may have told an event are named, and nothing unknown is."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from toguna.core.language import LANGUAGES, Language
from toguna.core.names import EVENT_SCHEMA
from toguna.room.briefing.findings import data
from toguna.room.why import why


def account(version: str, published: str | None, **changed: Any) -> dict[str, Any]:
    deaths = {"best": 0, "low": 0, "high": 0, "unknown": 0}
    return {
        "source": "ucdp", "version": version, "read": 9, "accepted": 2, "quarantined": 0, "superseded": 7,
        "events": 2, "deaths": deaths, "sha256": version * 8, "published_at": published,
        "licence": "CC BY 4.0",
        "citation": "UCDP", "vintage": "as published", "redistribute": True,
        **changed,
    }  # fmt: skip


def events(published: date | None) -> pl.DataFrame:
    row = {"event_id": "ucdp:1", "source": "ucdp", "row": 5, "published_at": published}
    return pl.DataFrame([row], schema_overrides={k: v for k, v in EVENT_SCHEMA.items() if k in row}).select(
        pl.col(name) if name in row else pl.lit(None, dtype).alias(name)
        for name, dtype in EVENT_SCHEMA.items()
    )


def lines(accounts: list[dict[str, Any]], published: date | None) -> list[str]:
    told = {"data": accounts, "run": {}, "findings": [], "windows": {}}
    empty = {name: [] for name in ("headline", "shifts", "claims", "areas", "responses", "actors", "tested")}
    return [part.text for part in why({**empty, **told}, events(published), "ucdp:1").parts]


def test_a_row_is_of_the_release_that_told_it() -> None:
    annual, candidate = account("22.1", "2022-06-30"), account("23.0.1", "2023-02-28")
    (line,) = lines([annual, candidate], date(2023, 2, 28))
    assert line.startswith("ucdp 23.0.1, row 5, sha256")
    replaced = account("21.1", "2021-06-30", accepted=0, superseded=9)
    (line,) = lines([replaced, annual], date(2020, 1, 1))
    assert line.startswith("ucdp 22.1, row 5, sha256")
    assert all("row 5, in one of 2 releases" in x for x in lines([annual, candidate], None))


def test_what_a_release_does_not_say_is_not_printed_as_none() -> None:
    told = {"data": [account("", None)], "run": {}, "findings": []}
    empty = {name: [] for name in ("headline", "shifts", "claims", "areas", "responses", "actors", "tested")}
    found = why({**empty, **told, "windows": {}}, events(None), "ucdp")
    assert found.text.startswith("ucdp: read 9 = accepted 2 + quarantined 0 + superseded")
    assert "published on a day not stated" in found.parts[0].text


def test_rows_of_the_briefing_add_up(tmp_path: Any) -> None:
    for code in LANGUAGES:
        lang = Language(code)
        table = str(data({"data": [account("22.1", "2022-06-30")]}, lang))
        assert lang("superseded") in table
        assert lang("superseded") not in str(data({"data": [account("22.1", None, superseded=0)]}, lang))
