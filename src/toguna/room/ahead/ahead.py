"""What may come, worked out when it is first asked for.

Enters: what was collected, a theatre, the windows, a seed. Leaves: an `Ahead`. Called by `toguna.room.view`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, wraps
from typing import Any, TypeVar

import polars as pl
from threadpoolctl import threadpool_limits

from toguna.core.dates import Window
from toguna.core.grading import is_restricted
from toguna.forecasts.outlook.chain import KINDS
from toguna.forecasts.outlook.outlook import Asked, Outlook, Sources, outlook
from toguna.forecasts.publish import Refused, published, refused
from toguna.forecasts.similar.answer import Seen
from toguna.forecasts.similar.traits import traits_of
from toguna.room.ahead.chances import Chances, chances
from toguna.room.ahead.questions import gravest
from toguna.room.alike import Known, alike_of, attacks, held_out
from toguna.shifts.population import for_tests, main_source, subjects
from toguna.shifts.sample import select
from toguna.store.theatre import Theatre

__all__ = ["MOST_COMPARED", "Ahead"]

MOST_COMPARED = 1000
"""The newest attacks that are compared with one another: work grows with the square."""
MOST_GRAVE, MOST_EARLIER = 3, 5
BY_AREA = Asked("admin1", ("deaths", "incidents", "attacks_civilians"))
BY_KIND = Asked("country", KINDS)

Found = TypeVar("Found")


def _one_thread(compute: Callable[[Ahead], Found]) -> Callable[[Ahead], Found]:
    """Keep libraries of linear algebra to one thread while something is worked out.

    The matrices are small, threads double the work of the processor, and how they split a sum must not reach
    a number.
    """

    @wraps(compute)
    def alone(ahead: Ahead) -> Found:
        with threadpool_limits(limits=1):
            return compute(ahead)

    return alone


@dataclass(frozen=True)
class Ahead:
    """What the past of the main source says about what may come.

    Parameters
    ----------
    collected : Known
        Events and registry as of the date.
    theatre : Theatre
    recent : Window
        The recent window, which ends on the day of the assessment.
    seed : int
    """

    collected: Known
    theatre: Theatre
    recent: Window
    seed: int

    @property
    def as_of(self) -> date:
        """Day of the assessment."""
        return self.recent.end

    @cached_property
    def source(self) -> str | None:
        """The main source; None when there are no events."""
        events = self.collected.events
        return main_source(events.filter(events["within"].is_null()), self.recent)

    @cached_property
    def events(self) -> pl.DataFrame:
        """What of the main source is looked at: no row told by month only, none of low confidence."""
        own = for_tests(attacks(self.collected.events, self.source or ""))
        own = own.filter(pl.col("date_start") <= self.as_of)
        return own.filter(~is_restricted()) if "sensitivity" in own.columns else own

    @cached_property
    @_one_thread
    def chances(self) -> Chances:
        """Chances of further attacks."""
        windows = self.as_of, self.recent
        registry = self.collected.registry
        return chances(self.events, self.theatre, registry, windows=windows, seed=self.seed)

    @cached_property
    @_one_thread
    def compared(self) -> tuple[pl.DataFrame, Seen]:
        """The newest attacks of the main source, and what they teach about likeness."""
        newest = self.events.sort("date_start", "event_id").tail(MOST_COMPARED)
        return newest, Seen.of(traits_of(newest, self.collected.registry, as_of=self.as_of))

    @property
    def _told_singly(self) -> bool:
        closed = {a.source for a in self.collected.gathered.accounts if not a.redistribute}
        return self.source is not None and self.source not in closed

    @cached_property
    @_one_thread
    def similar(self) -> list[dict[str, Any]]:
        """What is like each of the gravest recent attacks; none where single attacks may not be told."""
        if not self._told_singly:
            return []
        registry, ids = self.collected.registry, set(self.compared[0]["event_id"].to_list())
        kinds = {a: registry.kind(a) for a in registry.actors}
        worst = gravest(select(self.events, subjects(self.theatre)[0], kinds), self.recent)
        rows = worst.filter(pl.col("toll") > 0).head(MOST_GRAVE).iter_rows(named=True)
        return [self._like(row) for row in rows if row["event_id"] in ids]

    def _like(self, row: dict[str, Any]) -> dict[str, Any]:
        found = alike_of(self.collected, self.compared, row["event_id"], most=MOST_EARLIER)
        told = {
            "id": f"similar/{row['event_id']}",
            "date": row["date_start"].isoformat(),
            "place": str(row["place"] or row["admin1"] or ""),
            "deaths": {name: row[name] for name in ("best", "low", "high")},
        }
        return told | found.as_dict()

    @cached_property
    @_one_thread
    def record(self) -> dict[str, Any] | None:
        """How likeness did on attacks it had not seen; None when nothing alike is told."""
        return held_out(self.compared[1], seed=self.seed).as_dict() if self.similar else None

    @cached_property
    @_one_thread
    def outlook(self) -> Outlook:
        """Forecasts by country and first-level area, and of deaths by kind of violence by country."""
        areas, kinds = self._outlook(BY_AREA), self._outlook(BY_KIND)
        return replace(areas, made=areas.made + kinds.made, silent=kinds.silent | areas.silent).proven()

    def _outlook(self, asked: Asked) -> Outlook:
        sources = Sources(self.collected.reach, self.collected.completeness)
        events, theatre = self.collected.events, self.theatre
        return outlook(events, theatre, as_of=self.as_of, seed=self.seed, asked=asked, sources=sources)

    @cached_property
    def refused(self) -> Refused:
        """What stands against publishing forecasts: those are withheld."""
        return refused(self.outlook, self.collected.gathered.accounts)

    @cached_property
    def published(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Forecasts and their records as an assessment carries them, without what is withheld."""
        return published(self.outlook, self.refused)

    def as_dict(self) -> dict[str, Any]:
        """Return what an assessment carries."""
        forecasts, records = self.published
        return {
            "recurrence": self.chances.rows,
            "similar": self.similar,
            "similar_record": self.record,
            "forecasts": forecasts,
            "forecast_records": records,
        }
