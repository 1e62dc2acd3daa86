"""The page of lessons: what a replay taught in words and pictures, as one HTML file for each language.

Enters the facts of `toguna.replay.lessons`; leaves files, set like a briefing. Called by ``toguna replay``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from toguna.core.language import LANGUAGES, Language
from toguna.replay.forecast_words import forecast_table
from toguna.replay.words import table as method_table
from toguna.room.atomic import write_bytes
from toguna.room.briefing.blocks import Block, pairs, section, table, text
from toguna.room.briefing.content import Briefing, page_words
from toguna.room.briefing.page import to_html
from toguna.room.briefing.shifts import picture
from toguna.room.charts.drawing import draw_svg
from toguna.room.charts.picture import Picture
from toguna.room.charts.replayed import replay_pictures

__all__ = ["lessons_page", "write_pages"]

Facts = Mapping[str, Any]


def write_pages(facts: Facts, out: Path) -> list[Path]:
    """Write lessons.<lang>.html for every language."""
    out.mkdir(parents=True, exist_ok=True)
    return [
        write_bytes(out / f"lessons.{code}.html", lessons_page(facts, Language(code)).encode())
        for code in LANGUAGES
    ]


def lessons_page(facts: Facts, lang: Language) -> str:
    """Set the page: styles and pictures inside, no script, nothing loaded from elsewhere."""
    pictures = replay_pictures(facts, lang)
    drawings = {name: draw_svg(one, lang) for name, one in pictures.items()}
    return to_html(_composed(facts, pictures, lang), drawings, lang)


def _composed(facts: Facts, pictures: Mapping[str, Picture], lang: Language) -> Briefing:
    title = lang.typeset(facts["title"].get(lang.code, ""))
    first, last = (lang.date(date.fromisoformat(facts["looks"][k])) for k in ("first", "last"))
    sections = [_sentences(facts, lang), _alarms(facts, pictures, lang), _forecasts(facts, pictures, lang)]
    return Briefing(
        title=lang("{title}: what replay taught", title=title),
        subtitle=lang("Every month from {first} to {last}, as it looked then", first=first, last=last),
        facts=pairs(
            [
                (lang("looks"), lang.say(facts["looks"]["n"])),
                (lang("turning points"), lang.say(len(facts["turning_points"]))),
                (lang("vintage"), lang.join(f"{lang.word(s)}: {lang.word(v)}" for s, v in _vintages(facts))),
            ]
        ),
        sections=[s for s in sections if s["blocks"]],
        last_line=lang(
            "The reader of a replay knows the ending; the program did not, at any look. What was chosen with "
            "the ending in mind flatters every method alike."
        ),
        words=page_words(lang),
    )


def _vintages(facts: Facts) -> list[tuple[str, str]]:
    return sorted(facts["vintages"].items())


def _sentences(facts: Facts, lang: Language) -> Block:
    return section("lessons", lang("In words"), [text(said) for said in facts["sentences"][lang.code]])


def _placed(pictures: Mapping[str, Picture], name: str) -> Block | None:
    return picture(pictures[name]) if name in pictures else None


def _alarms(facts: Facts, pictures: Mapping[str, Picture], lang: Language) -> Block:
    if not facts["methods"]:
        return section("alarms", "", [])
    blocks = [_placed(pictures, "alarms"), table(lang("Methods side by side"), *method_table(facts, lang))]
    return section("alarms", lang("Alarms and turning points"), blocks)


def _forecasts(facts: Facts, pictures: Mapping[str, Picture], lang: Language) -> Block:
    told = facts["forecasts"]
    if not told:
        return section("forecasts", "", [])
    blocks = [
        *(_placed(pictures, name) for name in ("value", "steps", "calibration")),
        table(lang("Forecasts side by side"), *forecast_table(told, lang)),
    ]
    return section("forecasts", lang("Forecasts against what happened"), blocks)
