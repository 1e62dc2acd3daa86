"""Earlier attacks like the gravest recent ones: a table with reasons, their series, and the record.

Enters the assessment; leaves blocks. Called by `coming`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from toguna.core.language import Language
from toguna.room.briefing.blocks import Block, Cell, foreign, table, text
from toguna.room.briefing.scope import said

__all__ = ["blocks"]

MOST_EARLIER, MOST_IN_SERIES = 3, 8


def blocks(assessment: Mapping[str, Any], lang: Language) -> list[Block | None]:
    """Return what is told of attacks alike; a sentence when nothing can be."""
    found = list(assessment.get("similar") or [])
    if not found:
        return [
            text(
                lang(
                    "No recent attack with deaths on record can be told singly, so none is compared with "
                    "earlier ones."
                )
            )
        ]
    return [
        _table(found, lang),
        text(
            lang(
                "The share says how likely the same family of armed groups is behind both, judged by "
                "place, time, setting, target, tactic and scale. It shows attacks worth reading side by "
                "side; it names nobody as the author."
            ),
            small=True,
        ),
        *(text(_series(one, lang)) for one in found),
        *_record(assessment.get("similar_record"), lang),
    ]


def _attack(one: Mapping[str, Any], lang: Language) -> str:
    day = lang.short_date(date.fromisoformat(one["date"]))
    return f"{one['place']}, {day}" if one["place"] else day


def _table(found: list[Mapping[str, Any]], lang: Language) -> Block | None:
    rows: list[list[Cell]] = [
        [
            foreign(_attack(one, lang)),
            foreign(_attack(earlier, lang)),
            said(earlier["judged"], lang),
            said(earlier["why"], lang),
        ]
        for one in found
        for earlier in one["earlier"][:MOST_EARLIER]
    ]
    columns = [lang("recent attack"), lang("earlier attack"), lang("same family"), lang("why")]
    caption = lang("Earlier attacks most like the gravest recent ones")
    return table(caption, columns, rows) if rows else text(lang("No earlier attack is on record."))


def _series(one: Mapping[str, Any], lang: Language) -> str:
    others = [e for e in one["series"] if e["event_id"] != one["id"].removeprefix("similar/")]
    attack = _attack(one, lang)
    if not others:
        return lang("{attack}: it stands in no series of attacks.", attack=attack)
    listed = lang.typeset("; ".join(_attack(e, lang) for e in others[-MOST_IN_SERIES:]))
    return lang.plural(
        "{attack}: in one series with {n} other attack, taken together likelier than not of one family: "
        "{listed}.",
        "{attack}: in one series with {n} other attacks, taken together likelier than not of one family (the "
        "latest: {listed}).",
        len(others),
        attack=attack,
        listed=listed,
    )


def _record(record: Mapping[str, Any] | None, lang: Language) -> list[Block | None]:
    if not record or not record["attacks"]:
        return [text(lang("Too few attacks of known families to hold the likeness against."), small=True)]
    rows: list[list[Cell]] = [
        [
            lang.word(name),
            *(_share(value, lang) for value in at.values()),
            lang.number(record["brier"][name], 3) if name in record["brier"] else "–",
        ]
        for name, at in record["precision"].items()
    ]
    depths = [lang.plural("nearest {n}", "nearest {n}", int(k)) for k in record["gain"]]
    caption = lang(
        "Share of the nearest earlier attacks that are of the same family, asked about {n} attacks not seen "
        "before (90% interval)",
        n=record["attacks"],
    )
    first = next(iter(record["gain"].values()))
    gain = lang(
        "For the nearest attack, how often likeness is right less how often place and time alone are: "
        "{value} percentage points (90% interval {low} to {high}).",
        **{key: lang.number(100 * first[key], 0) for key in ("value", "low", "high")},
    )
    if first["high"] < 0:
        gain += " " + lang("Likeness did worse.")
    elif first["low"] <= 0:
        gain += " " + lang("The interval holds zero: no gain is proven.")
    return [text(gain, small=True), table(caption, ["", *depths, lang("Brier score")], rows, folded=True)]


def _share(value: Mapping[str, Any], lang: Language) -> str:
    ends = {key: lang.percent(value[key]) for key in ("value", "low", "high")}
    return lang("{value} ({low} to {high})", **ends)
