"""The part of a briefing that says on what it rests: rival claims, statements put to the test, source pages.

Called by `content`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from toguna.core.language import Language
from toguna.room.briefing.blocks import Block, Cell, foreign, section, table, text, web
from toguna.room.briefing.scope import Scope, names_of, said
from toguna.room.withheld import may_be_shown

__all__ = ["claims", "deaths", "responsibility", "sources"]


MOST_LISTED = 400
"""Events in the list of sources: a page must open on an old laptop, over a bad line."""


def responsibility(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Block:
    """Show statements of responsibility that contradict one another, side by side."""
    names = names_of(assessment, lang)
    shown = {row["event_id"]: row for row in may_be_shown(scope.both, assessment).iter_rows(named=True)}
    told = [r for r in assessment.get("responsibility", []) if r["event_id"] in shown]
    told.sort(key=lambda r: (shown[r["event_id"]]["date_start"], r["event_id"]), reverse=True)
    rows: list[list[Cell]] = [
        [
            _event(shown[r["event_id"]], lang),
            _statement(r["statements"][0], names, lang),
            " · ".join(_statement(s, names, lang) for s in r["statements"][1:]) or "–",
            lang.percent(float(r["none"])) if r.get("none") is not None else "–",
        ]
        for r in told
        if r.get("statements")
    ]
    columns = [lang("event"), lang("one statement"), lang("rival statements"), lang("none of these")]
    intro = lang(
        "Statements are kept as they were made, side by side. The percentage is a weight by a stated "
        "rule (a claim "
        "by those who are also blamed counts 4, a claim alone 2, blame alone 1, none of these 0.5), "
        "not a finding "
        "of fact."
    )
    blocks = [text(intro, small=True), table(lang("Events with joint or rival statements"), columns, rows)]
    return section("responsibility", lang("Who is said to be responsible"), blocks if rows else [])


def _event(row: Mapping[str, Any], lang: Language) -> str:
    return lang("{place}, {day}", place=row["place"] or row["admin1"] or "–", day=_when(row, lang))


def _statement(statement: Mapping[str, Any], names: Mapping[str, str], lang: Language) -> str:
    who = lang.join([names.get(a, str(a)) for a in statement.get("actors", [])])
    parts = [lang.word(str(statement["basis"]))] if statement.get("basis") else []
    if statement.get("probability") is not None:
        parts.append(lang.percent(float(statement["probability"])))
    return f"{who} ({', '.join(parts)})" if parts else who


def claims(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Put what analysts said beside what the data say."""
    rows: list[list[Cell]] = [
        [
            said(c.get("statement"), lang),
            {"text": lang.word(c["verdict"]), "mark": str(c["verdict"])},
            said(c.get("text"), lang),
            {"text": lang("toguna why {id}", id=c["id"]), "id": c["id"]},
        ]
        for c in assessment.get("claims", [])
    ]
    columns = [lang("statement"), lang("verdict"), lang("what the data say"), lang("more")]
    caption = lang("Statements put to the test")
    return section(
        "claims",
        lang("What analysts said, and what the data say"),
        [table(caption, columns, rows)] if rows else [],
    )


def deaths(row: Mapping[str, Any], lang: Language) -> str:
    """Say the deaths of one event with their range."""
    best, low, high = row["best"], row["low"], row["high"]
    if best is None and low is None and high is None:
        return lang("unknown")
    if best is None:
        if low == high:
            return lang.say(low)
        ends = [lang.say(v) if v is not None else "?" for v in (low, high)]
        return lang("{low} to {high}", low=ends[0], high=ends[1])
    if low is not None and high is not None and (low, high) != (best, best):
        return lang("{best} ({low} to {high})", best=best, low=low, high=high)
    return lang.say(best)


def _pages(addresses: Sequence[str]) -> Cell:
    found = []
    for address in addresses:
        target = web(address)
        name = _host(address) if target else address
        found.append({"text": name, "href": target or ""})
    return {"text": "", "links": found}  # type: ignore[dict-item]


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    except ValueError:
        return address


def sources(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Block:
    """List the events shown with their source pages, latest first; rows under a ban are counted only."""
    listed = may_be_shown(scope.both, assessment)
    held = scope.both.height - listed.height
    withheld = lang.plural(
        "{n} event of {source} is counted and drawn but not listed: the terms of the source forbid passing "
        "its rows on.",
        "{n} events of {source} are counted and drawn but not listed: the terms of the source forbid passing "
        "its rows on.",
        held,
        source=lang.word(scope.source),
    )
    rows: list[list[Cell]] = [
        [
            row["event_id"],
            _when(row, lang),
            foreign(row["place"] or row["admin1"] or "–"),
            lang.word(row["tactic"] or row["event_type"]),
            lang.word(row["target"]) if row["target"] else "–",
            deaths(row, lang),
            _pages(row["source_urls"] or []),
        ]
        for row in listed.sort(pl.col("date_start"), "event_id", descending=True)
        .head(MOST_LISTED)
        .iter_rows(named=True)
    ]
    cut = lang(
        "Only the latest {n} of {all} events are listed; data/events.csv holds them all.",
        n=len(rows),
        all=listed.height,
    )
    columns = [
        lang("event"), lang("date"), lang("place"), lang("tactic"), lang("target"), lang("deaths"),
        lang("pages read"),
    ]  # fmt: skip
    caption = lang.plural("{n} event and its pages", "{n} events and their pages", len(rows))
    note = lang("Places are named as in the data. 0 deaths: none on record; unknown: no figure was found.")
    return section(
        "sources",
        lang("Events shown and their sources"),
        [
            *([text(withheld, small=True)] if held else []),
            *([text(cut, small=True)] if listed.height > len(rows) else []),
            *([text(note, small=True), table(caption, columns, rows, folded=True)] if rows else []),
        ],
    )


def _when(row: Mapping[str, Any], lang: Language) -> str:
    first, last = row["date_start"], row["date_end"]
    day = lang.short_date(first)
    if last and last != first:
        day = lang("{start} to {end}", start=day, end=lang.short_date(last))
    return day if (row["date_prec"] or 1) == 1 else lang("about {day}", day=day)
