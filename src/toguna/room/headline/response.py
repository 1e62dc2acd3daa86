"""What was done: measures on record since the gravest attack, and kinds of measures that are absent.

Enters: a `Scene`. Leaves: one headline sentence. Called by `toguna.room.headline`. It states what
the register of responses holds and holds not; it gives no advice.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from toguna.core.dates import Window
from toguna.core.language import Language, Word
from toguna.room.headline.scene import Scene
from toguna.room.headline.wording import both, sentence

__all__ = ["STRANDS", "say"]

STRANDS: dict[str, tuple[str, ...]] = {
    "security measures": (
        "military_operation",
        "patrols",
        "border_control",
        "training_mission",
        "peacekeeping_mandate",
        "state_of_emergency",
        "sanctions",
    ),
    "political measures": ("dialogue", "ceasefire", "peace_agreement"),
    "justice": ("justice",),
    "social services": ("social_services",),
    "awareness": ("awareness",),
}
"""The kinds of measures of the vocabulary, grouped; compare the UN Plan of Action, A/70/674 (2015)."""


def _days(response: dict[str, Any]) -> tuple[date, date]:
    first = date.fromisoformat(response["date_start"])
    return first, date.fromisoformat(response["date_end"] or response["date_start"])


def _taken(scene: Scene, window: Window) -> list[dict[str, Any]]:
    """Measures that began in a window; recommendations are not measures."""
    return [
        r
        for r in scene.found["responses"]
        if not r["recommendation"] and window.start <= _days(r)[0] <= window.end
    ]


def _mix(lang: Language, taken: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    counts = {name: sum(r["kind"] in kinds for r in taken) for name, kinds in STRANDS.items()}
    present = [f"{lang(name)} ({lang.say(n)})" for name, n in counts.items() if n]
    return present, [lang(name) for name, n in counts.items() if not n]


def _since(scene: Scene) -> list[dict[str, Any]]:
    if scene.gravest is None:
        return []
    return _taken(scene, Window(scene.gravest["date_start"], scene.recent.end))


def say(scene: Scene) -> dict[str, Any]:
    """Say what was done since the gravest attack, and what the recent window shows and lacks."""
    since, taken = _since(scene), _taken(scene, scene.recent)

    def first(lang: Language) -> str:
        if scene.gravest is None:
            return ""
        place = scene.gravest["place"] or scene.gravest["admin1"] or ""
        where = {"day": scene.gravest["date_start"], "place": place}
        kinds = sorted({r["kind"] for r in since})
        names = lang.join([lang.say(Word(kind)) for kind in kinds])
        return (
            lang.plural(
                "Since the attack of {day} at {place}, {n} measure is on record: {names}.",
                "Since the attack of {day} at {place}, {n} measures are on record: {names}.",
                len(since),
                names=names,
                **where,
            )
            if since
            else lang("Since the attack of {day} at {place}, no measure is on record.", **where)
        )

    def text(lang: Language) -> str:
        present, absent = _mix(lang, taken)
        shown = (
            lang("In the recent window the register holds {present}.", present=lang.join(present))
            if present
            else lang("In the recent window the register holds no measure.")
        )
        lacking = (
            lang("It holds none in these fields: {absent}.", absent=lang.join(absent))
            if absent and present
            else ""
        )
        return " ".join(part for part in (first(lang), shown, lacking) if part)

    def doubt(lang: Language) -> str:
        return lang("what the register of responses does not hold may still have been done")

    why = [r["id"] for r in (*since, *(r for r in taken if r not in since))]
    return sentence("response", both(text), number=len(since), uncertainty=both(doubt), why=why)
