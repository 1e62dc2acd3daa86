"""The part of a briefing that says on what it rests: rival claims, statements put to the test, source pages.

Called by `content`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from toguna.core.language import Language
from toguna.room.briefing.blocks import Block, Cell, section, table, text, web
from toguna.room.briefing.scope import Scope, said

__all__ = ["claims", "deaths", "responsibility", "sources"]


def responsibility(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Show statements of responsibility that contradict one another, side by side."""
    names = {a["id"]: str(a["name"]) for a in assessment.get("actors", [])}
    rival = [r for r in assessment.get("responsibility", []) if len(r.get("statements", [])) > 1]
    rows: list[list[Cell]] = [
        [
            str(r["event_id"]),
            f" {lang('against')} ".join(_jointly(s, names, lang) for s in r["statements"]),
            "; ".join(
                f"{names.get(k, k)} {lang.percent(float(p))}"
                for k, p in sorted(r.get("probabilities", {}).items(), key=lambda kv: (-kv[1], kv[0]))
            ),
            _rule(r.get("rule"), lang),
        ]
        for r in sorted(rival, key=lambda r: str(r["event_id"]), reverse=True)
    ]
    columns = [lang("event"), lang("who is said to have done it"), lang("weight by the stated rule"), lang("rule")]
    shown = table(lang("Events with rival statements"), columns, rows) if rows else None
    intro = text(
        lang("Rival statements are kept as they are. The weights follow stated rules; they are not findings of fact."),
        small=True,
    )
    return section("responsibility", lang("Who is said to be responsible"), [intro, shown] if shown else [])


def _jointly(statement: Any, names: Mapping[str, str], lang: Language) -> str:
    if not isinstance(statement, Mapping):
        return str(statement)
    actors = [names.get(a, str(a)) for a in statement.get("actors", [])]
    how = statement.get("how") or statement.get("kind")
    return lang.join(actors) + (f" ({lang.word(str(how))})" if how else "")


def _rule(rule: Any, lang: Language) -> str:
    return said(rule, lang) if isinstance(rule, Mapping) else lang.word(rule)


def claims(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Put what analysts said beside what the data say."""
    rows: list[list[Cell]] = [
        [
            said(c.get("statement"), lang),
            {"text": lang.word(c["verdict"]), "mark": str(c["verdict"])},
            said(c.get("text"), lang),
            lang("toguna why {id}", id=c["id"]),
        ]
        for c in assessment.get("claims", [])
    ]
    columns = [lang("statement"), lang("verdict"), lang("what the data say"), lang("more")]
    caption = lang("Statements put to the test")
    return section("claims", lang("What analysts said, and what the data say"), [table(caption, columns, rows)] if rows else [])


def deaths(row: Mapping[str, Any], lang: Language) -> str:
    """Say the deaths of one event with their range."""
    best, low, high = row["best"], row["low"], row["high"]
    if best is None and low is None and high is None:
        return lang("unknown")
    if best is None:
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


def sources(scope: Scope, lang: Language) -> Block:
    """List the events shown with their source pages, latest first."""
    rows: list[list[Cell]] = [
        [
            row["event_id"],
            _when(row, lang),
            row["place"] or row["admin1"] or "–",
            lang.word(row["tactic"] or row["event_type"]),
            lang.word(row["target"]) if row["target"] else "–",
            deaths(row, lang),
            _pages(row["source_urls"] or []),
        ]
        for row in scope.both.sort(pl.col("date_start"), "event_id", descending=True).iter_rows(named=True)
    ]
    columns = [
        lang("event"), lang("date"), lang("place"), lang("tactic"), lang("target"), lang("deaths"), lang("pages read"),
    ]  # fmt: skip
    caption = lang.plural("{n} event and its pages", "{n} events and their pages", len(rows))
    return section("sources", lang("Events shown and their sources"), [table(caption, columns, rows, folded=True)] if rows else [])


def _when(row: Mapping[str, Any], lang: Language) -> str:
    first, last = row["date_start"], row["date_end"]
    day = lang.short_date(first)
    if last and last != first:
        day = lang("{start} to {end}", start=day, end=lang.short_date(last))
    return day if (row["date_prec"] or 1) == 1 else lang("about {day}", day=day)


