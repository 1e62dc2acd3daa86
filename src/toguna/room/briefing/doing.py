"""The part of a briefing that says what is being done, and how that stands beside the violence.

Enters the assessment; leaves a section and a picture. Called by `content` and `pictures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from toguna.core.language import Language, Word
from toguna.room.briefing.blocks import Block, Cell, fold, section, table, text
from toguna.room.briefing.shifts import picture
from toguna.room.charts.picture import Picture
from toguna.room.charts.threats import draw_threats
from toguna.room.doing_words import (
    coverage_said,
    limits_said,
    no_cause,
    protection_said,
    threats_said,
    timing_said,
)

__all__ = ["doing", "threats_picture"]


def doing(assessment: Mapping[str, Any], pictures: Mapping[str, Picture], lang: Language) -> Block:
    """Say what is being done: measures beside events, threats over time, protection."""
    timing = assessment.get("response_timing")
    threats, found = assessment.get("threat_priority"), assessment.get("protection")
    if not assessment.get("responses"):
        timing = None
    blocks: list[Block | None] = [
        _lead(assessment, lang),
        picture(pictures["timeline"]) if "timeline" in pictures else None,
        _timed(assessment, timing, lang) if timing else None,
    ]
    if threats:
        blocks += [
            picture(pictures["threats"]) if "threats" in pictures else None,
            fold(lang("Changes of rank among threats"), [_text(threats_said(threats, lang)[1:], lang)]),
        ]
    if found:
        blocks.append(
            fold(
                lang("Posts and attacks on civilians, area by area"),
                [
                    _text(protection_said(found, lang), lang),
                    _areas(found, lang),
                    _text(limits_said(found, lang), lang, small=True),
                ],
            )
        )
    return section("responses", lang("What is being done"), blocks)


def _lead(assessment: Mapping[str, Any], lang: Language) -> Block | None:
    """Return the first sentences about timing, threats and protection, and that none is an effect."""
    timing = assessment.get("response_timing") if assessment.get("responses") else None
    threats, found = assessment.get("threat_priority"), assessment.get("protection")
    said = [
        *(timing_said(timing, lang)[:1] if timing else []),
        *(threats_said(threats, lang)[:1] if threats else []),
        *(protection_said(found, lang)[:2] if found else []),
    ]
    return _text([*said, no_cause(lang)], lang) if said else None


def _timed(assessment: Mapping[str, Any], timing: Mapping[str, Any], lang: Language) -> Block | None:
    return fold(
        lang("Measures beside violence, one by one"),
        [
            _text(timing_said(timing, lang)[1:], lang),
            _text(coverage_said(timing["coverage"], lang), lang),
            _measures(assessment, lang),
        ],
    )


def _text(sentences: list[str], lang: Language, *, small: bool = False) -> Block:
    return text(lang.typeset(" ".join(sentences)), small=small)


def _measures(assessment: Mapping[str, Any], lang: Language) -> Block:
    """List measures with what came before each, the latest first."""
    rows: list[list[Cell]] = [
        [
            lang.short_date(date.fromisoformat(r["date_start"])),
            lang.word(r["kind"]),
            r["area"] or lang("whole theatre"),
            r["actor"],
            lang.word("timing:" + r["when"]) if r["when"] else lang("not judged"),
            _delay(r, lang),
        ]
        for r in reversed(assessment["responses"])
        if not r["recommendation"]
    ]
    columns = [
        lang("from"),
        lang("kind"),
        lang("area"),
        lang("actor"),
        lang("beside violence"),
        lang("days after"),
    ]
    return table(lang("Measures and the attack before each"), columns, rows)


def _delay(response: Mapping[str, Any], lang: Language) -> str:
    days = [b["delay"] for b in response["before"] if b["kind"] == "attack"]
    return lang.say(days[0]) if days else "–"


def _areas(found: Mapping[str, Any], lang: Language) -> Block | None:
    rows: list[list[Cell]] = [
        [
            a["area"],
            lang.say(a["posts"]),
            lang.say(round(a["people"])) if a["people"] is not None else "–",
            lang.say(a["attacks"]),
            lang.percent(a["share"]) if a["share"] is not None else "–",
            *([lang.percent(a["forecast_share"])] if a["forecast_share"] is not None else []),
        ]
        for a in sorted(found["areas"], key=lambda a: (-a["attacks"], a["area"]))
    ]
    columns = [
        lang("area"), lang("towns with posts"), lang("people"), lang("attacks on civilians"),
        lang("share of them"), *([lang("share of those forecast")] if _forecast(found) else []),
    ]  # fmt: skip
    return table(lang("Posts and attacks on civilians"), columns, rows) if rows else None


def _forecast(found: Mapping[str, Any]) -> bool:
    return any(a["forecast_share"] is not None for a in found["areas"])


def threats_picture(assessment: Mapping[str, Any], lang: Language) -> Picture | None:
    """Draw the shares of threats over time, or nothing when less than a year is on record."""
    found = (assessment.get("threat_priority") or {}).get("deaths")
    if not found or not found["months"]:
        return None
    last = {k: v for k, v in found["shares"][-1].items() if k != "unattributed" and v}
    if not last:
        return None
    top = max(last, key=lambda k: last[k])
    title = lang(
        "Deaths of the last year: most by the {family} family, {share}.",
        family=Word("threat:" + top),
        share=lang.percent(last[top]),
    )
    alt_text = lang("Stacked bars, one per month: shares of the deaths of a year by family of threat.")
    return draw_threats(found, lang, title=title, alt_text=alt_text)
