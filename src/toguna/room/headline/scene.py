"""What the headline sentences look at: the assessment, the main population, its gravest event.

Enters: an assessment without its headline, counted events, a theatre. Leaves: a `Scene`. Called by
`toguna.room.headline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toguna.core.dates import Window
from toguna.core.language import Language
from toguna.room.withheld import may_be_shown
from toguna.shifts.population import main_source, subjects
from toguna.shifts.sample import select
from toguna.store.theatre import Theatre

__all__ = ["Scene", "scene_of"]


@dataclass(frozen=True)
class Scene:
    """The assessment and what the sentences pick out of it.

    Parameters
    ----------
    found : mapping
        Assessment without headline.
    events : DataFrame
        Counted events of the main source.
    every : DataFrame
        Counted events of all sources; they overlap.
    source : str or None
        The main source: the one with the most counted events in the recent window.
    subject_id : str
        The theatre's first population of events.
    recent, reference : Window
        The two windows.
    gravest : dict or None
        The recent event of that population with the most deaths; the latest among equals. Of a main source
        whose rows may not be passed on it is taken from the other sources.
    """

    found: Mapping[str, Any]
    events: pl.DataFrame
    every: pl.DataFrame
    source: str | None
    subject_id: str
    recent: Window
    reference: Window
    gravest: dict[str, Any] | None

    def within(self, window: Window) -> pl.DataFrame:
        """Return the events of the main source that began in a window."""
        return self.events.filter(pl.col("date_start").is_between(window.start, window.end))

    def name(self, lang: Language, actor_id: str) -> str:
        """Name an actor; what the registry does not hold is named as it stands."""
        named = {a["id"]: a["names"][lang.code] for a in self.found["actors"]}
        return str(named.get(actor_id) or lang.word(actor_id))


def _window(found: Mapping[str, Any], which: str) -> Window:
    days = found["windows"][which]
    return Window(date.fromisoformat(days["start"]), date.fromisoformat(days["end"]))


def _gravest(events: pl.DataFrame) -> dict[str, Any] | None:
    toll = pl.coalesce("best", "low", pl.lit(0))
    ranked = events.with_columns(_toll=toll).sort(["_toll", "date_start", "event_id"], descending=True)
    return ranked.row(0, named=True) if ranked.height else None


def scene_of(found: Mapping[str, Any], events: pl.DataFrame, theatre: Theatre) -> Scene:
    """Pick out what the sentences need."""
    recent, reference = _window(found, "recent"), _window(found, "reference")
    source = main_source(events, recent)
    own = events.filter(pl.col("source") == source) if source else events
    subject = subjects(theatre)[0]
    kinds = {a["id"]: a["kind"] for a in found["actors"]}
    told = may_be_shown(own, found)
    if own.height and not told.height:
        rest = may_be_shown(events, found)
        told = rest.filter(pl.col("source") == (main_source(rest, recent) or ""))
    late = told.filter(pl.col("date_start").is_between(recent.start, recent.end))
    gravest = _gravest(select(late, subject, kinds))
    return Scene(found, own, events, source, str(subject["id"]), recent, reference, gravest)
