"""The part of a briefing that says what a replay of the past taught, or which line makes one.

Enters the assessment; leaves a section and pictures. Called by `content` and `pictures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toguna.core.language import Language
from toguna.replay.words import parts_in_short
from toguna.room.briefing.blocks import Block, section, text
from toguna.room.briefing.shifts import picture
from toguna.room.charts.picture import Picture
from toguna.room.charts.replayed import replay_pictures

__all__ = ["SHOWN", "taught", "taught_pictures"]

SHOWN = ("alarms", "value")
"""Pictures of a replay that a briefing has room for; the page of lessons has all."""


def taught_pictures(assessment: Mapping[str, Any], lang: Language) -> dict[str, Picture]:
    """Draw the pictures of the replay that is shown; none when none is."""
    facts = (assessment.get("replay") or {}).get("facts")
    return replay_pictures(facts, lang, only=SHOWN) if facts else {}


def taught(assessment: Mapping[str, Any], pictures: Mapping[str, Picture], lang: Language) -> Block:
    """Say in short how past alarms and forecasts did, or that nobody looked."""
    title, told = lang("What replay taught"), assessment.get("replay")
    if not told:
        return section("taught", title, [])
    if told["state"] != "shown":
        return section("taught", title, [text(_absent(told, lang))])
    looked, alarms, forecasts = parts_in_short(told["facts"], lang)
    blocks: list[Block | None] = [
        text(_run(alarms)) if alarms else None,
        text(_run(forecasts)) if forecasts else None,
        text(_run(looked), small=True),
    ]
    blocks += [picture(pictures[name]) for name in SHOWN if name in pictures]
    blocks.append(
        text(
            lang(
                "All lessons stand in the folder of the replay; `{command}` makes it again up to the last "
                "whole month.",
                command=told["command"],
            ),
            small=True,
        )
    )
    return section("taught", title, blocks)


def _run(said: list[str]) -> str:
    """Set sentences one after the other, each with a capital."""
    return " ".join(one[:1].upper() + one[1:] for one in said)


def _absent(told: Mapping[str, Any], lang: Language) -> str:
    if told["state"] == "changed":
        return lang(
            "There is a replay of this theatre, but of data that have changed since: it is not shown. Make "
            "it again: {command}",
            command=told["command"],
        )
    return lang(
        "How these alarms and forecasts would have done on the past is not known here: no replay up to this "
        "day is on record. This line makes one: {command}",
        command=told["command"],
    )
