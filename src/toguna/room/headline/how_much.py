"""How much: events and deaths of the recent window, against the reference window.

Enters: a `Scene`. Leaves: one headline sentence. Called by `toguna.room.headline`. The counts are
those of one source, named in the sentence: sources overlap and must not be added up.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from toguna.core.language import Language, Word
from toguna.room.headline.scene import Scene
from toguna.room.headline.wording import both, sentence

__all__ = ["say"]

UNEVEN = "The source covers the two periods unevenly: part of the difference may be the compiler's effort."


def _sums(events: pl.DataFrame) -> dict[str, int]:
    """Sum the deaths of events that have a figure, and count those that have none."""
    told = events.filter(pl.col("best").is_not_null())
    low, best, high = told["low"].fill_null(told["best"]), told["best"], told["high"].fill_null(told["best"])
    unknown = events.height - told.height
    return {
        "n": events.height,
        "best": int(best.sum()),
        "low": int(low.sum()),
        "high": int(high.sum()),
        "unknown": unknown,
    }


def _figures(sums: dict[str, int], days: int, mark: str) -> dict[str, int]:
    rate = round(sums["n"] / days * 365.25)
    return {f"n{mark}": sums["n"], f"best{mark}": sums["best"], f"days{mark}": days, f"rate{mark}": rate}


def _others(scene: Scene, lang: Language) -> list[str]:
    """Say what each other source has for the recent window: differences are shown, not averaged away."""
    late = scene.every.filter(pl.col("date_start").is_between(scene.recent.start, scene.recent.end))
    names = sorted({a["source"] for a in scene.found["data"]} - {scene.source})
    sums = {name: _sums(late.filter(pl.col("source") == name)) for name in names}
    said = [
        lang.plural(
            "{source} has {n} event with {best} deaths in the same days.",
            "{source} has {n} events with {best} deaths in the same days.",
            found["n"],
            source=Word(name),
            best=found["best"],
        )
        for name, found in sums.items()
    ]
    once = (scene.found.get("incidents") or {}).get("viewpoint") == "once"
    if once and late["source"].n_unique() > 1:
        n = late["incident_id"].n_unique()
        said.append(
            lang(
                "What several sources tell of counted once, all sources have {n} incidents in these days.",
                n=n,
            )
        )
    return said


def say(scene: Scene) -> dict[str, Any]:
    """Say the tempo and the toll, with the caveat on coverage."""
    late, early = _sums(scene.within(scene.recent)), _sums(scene.within(scene.reference))
    account = next((a for a in scene.found["data"] if a["source"] == scene.source), None)
    uneven = bool(account and account["coverage"])

    def text(lang: Language) -> str:
        if not late["n"]:
            return lang(
                "No event is on record for the {days} days up to {day}.",
                days=scene.recent.days,
                day=scene.recent.end,
            )
        first = lang(
            "On record ({source}): {n} events of all kinds with {best} deaths in the {days} days to {day}, "
            "{rate} a year; in the {days0} days before, {n0} events with {best0} deaths, {rate0} a year.",
            source=Word(scene.source or ""),
            day=scene.recent.end,
            **_figures(late, scene.recent.days, ""),
            **_figures(early, scene.reference.days, "0"),
        )
        return " ".join([first, *([lang(UNEVEN)] if uneven else []), *_others(scene, lang)])

    def doubt(lang: Language) -> str:
        if not late["n"]:
            return lang("a period without records may be quiet, or unreported")
        bounds = lang(
            "deaths in the recent window between {low} and {high}", low=late["low"], high=late["high"]
        )
        unknown = lang.plural(
            "{n} event without a figure is not in it",
            "{n} events without a figure are not in it",
            late["unknown"],
        )
        return f"{bounds}; {unknown}" if late["unknown"] else bounds

    tempo = [s["id"] for s in scene.found["shifts"] if s["dimension"] == "tempo"]
    windows = [f"window/{which}/{scene.source}" for which in ("recent", "reference") if scene.source]
    why = [*windows, *tempo]
    return sentence("how-much", both(text), number=late["n"], uncertainty=both(doubt), why=why)
