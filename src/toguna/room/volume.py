"""How much: events and deaths of the recent window, against the reference window.

Enters: a `Scene`. Leaves: one headline sentence. Called by `toguna.room.headline`. The counts are
those of one source, named in the sentence: sources overlap and must not be added up.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from toguna.core.language import Language, Word
from toguna.room.scene import Scene
from toguna.room.wording import both, sentence

__all__ = ["say"]

UNEVEN = "The source covers the two periods unevenly: part of the difference may be the compiler's effort."


def _sums(events: pl.DataFrame) -> dict[str, int]:
    # A missing low or high falls back to the best figure, so that low <= best <= high holds for sums.
    best = pl.col("best")
    sums = events.select(
        n=pl.len(),
        best=best.sum(),
        low=pl.coalesce("low", "best").sum(),
        high=pl.coalesce("high", "best").sum(),
        unknown=best.is_null().sum(),
    )
    return {name: int(value) for name, value in sums.row(0, named=True).items()}


def _per_year(count: int, days: int) -> float:
    return count / days * 365.25


def say(scene: Scene) -> dict[str, Any]:
    """Say the tempo and the toll, with the caveat on coverage."""
    late, early = _sums(scene.within(scene.recent)), _sums(scene.within(scene.reference))
    account = next((a for a in scene.found["data"] if a["source"] == scene.source), None)
    uneven = bool(account and account["coverage"])

    def text(lang: Language) -> str:
        source = Word(scene.source or "")
        if not late["n"]:
            return lang(
                "No event is on record for the {days} days up to {day}.",
                days=scene.recent.days,
                day=scene.recent.end,
            )
        first = lang(
            "{source}: {n} events with {best} deaths in {days} days, at a rate of {rate} events a year; "
            "before that {rate0} a year with {best0} deaths in {days0} days.",
            source=source,
            n=late["n"],
            best=late["best"],
            days=scene.recent.days,
            rate=round(_per_year(late["n"], scene.recent.days)),
            rate0=round(_per_year(early["n"], scene.reference.days)),
            best0=early["best"],
            days0=scene.reference.days,
        )
        if not uneven:
            return first
        return f"{first} {lang(UNEVEN)}"

    def doubt(lang: Language) -> str:
        bounds = lang("deaths {low} to {high}", low=late["low"], high=late["high"])
        unknown = lang.plural("{n} event without a figure", "{n} events without a figure", late["unknown"])
        return f"{bounds}; {unknown}"

    tempo = [s["id"] for s in scene.found["shifts"] if s["dimension"] == "tempo"]
    why = [*([scene.source] if scene.source else []), *tempo]
    return sentence("how-much", both(text), number=late["n"], uncertainty=both(doubt), why=why)
