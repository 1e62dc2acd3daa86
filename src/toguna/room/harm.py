"""The events that warnings are held against afterwards.

Enters: a question and what was collected for it. Leaves: events of the theatre's first population. Called by
``toguna ledger report`` and ``rehearse``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toguna.room.again import first_level
from toguna.room.ahead.ahead import Ahead
from toguna.shifts.population import subjects
from toguna.shifts.sample import select
from toguna.warnings.report.harm import Harm

if TYPE_CHECKING:
    from toguna.room.view import Collected, Question

__all__ = ["harm_of"]


def harm_of(question: Question, collected: Collected) -> tuple[list[Harm], list[str]]:
    """Return the events of the first population of the main source, and the first-level areas assessed.

    Events outside the countries assessed are left out, as are those whose area is not known.
    """
    theatre, registry = question.theatre, collected.registry
    ahead = Ahead(collected, theatre, question.windows.recent, question.seed)
    kinds = {a: registry.kind(a) for a in registry.actors}
    chosen = select(ahead.events, subjects(theatre)[0], kinds).drop_nulls("admin1")
    areas = first_level(theatre) or frozenset(chosen["admin1"].to_list())
    rows = chosen.filter(pl.col("admin1").is_in(sorted(areas))).sort("date_start", "event_id")
    told = rows.select("date_start", "admin1", pl.coalesce("best", "low").cast(pl.Float64)).iter_rows()
    return [Harm(day, area, deaths) for day, area, deaths in told], sorted(areas)
