"""From an event frame to what `recur` takes: one population of one source, and a place by its name.

Enters: the event frame of a theatre as of a date, a registry, words. Leaves: a `Sample`, a `Place`.
Called by the verb ``recurrence``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.errors import DataError, UnknownNameError
from toguna.forecasts.recurrence.question import Area, Circle, Place
from toguna.shifts.population import subjects
from toguna.shifts.sample import Sample, select, to_sample
from toguna.store.theatre import Theatre

__all__ = ["Asked", "place_named", "population_of"]

LEVELS = {"admin1": "adm1", "admin2": "adm2"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One population: its id and names by language, its source, its events, and how many were left out."""

    subject: str
    label: dict[str, str]
    source: str
    sample: Sample
    left_out: int


def population_of(
    events: pl.DataFrame, *, theatre: Theatre, registry: Registry, as_of: date, subject: str | None = None
) -> Asked:
    """Select the population of a theatre in its largest source.

    Parameters
    ----------
    events : DataFrame
        Event frame with resolved actors and canonical areas, as published by `as_of`.
    theatre : Theatre
        Its `subjects` are the populations; the first when `subject` is None.
    registry : Registry
    as_of : date
    subject : str, optional
        Id of a population.

    Raises
    ------
    UnknownNameError
        No such population.
    DataError
        No event by that date.
    """
    known = {s["id"]: s for s in subjects(theatre)}
    name = subject or next(iter(known))
    if name not in known:
        raise UnknownNameError("population", name, known)
    counted = events.filter(pl.col("within").is_null() & (pl.col("date_start") <= as_of))
    kinds = {a: registry.kind(a) for a in registry.actors}
    chosen = select(counted, known[name], kinds)
    if chosen.is_empty():
        raise DataError(
            f"no event of {name!r} is on record by {as_of}; try a later --as-of or another source."
        )
    sizes = chosen["source"].value_counts().rows()
    source = str(min(sizes, key=lambda row: (-row[1], row[0]))[0])
    own = chosen.filter(pl.col("source") == source)
    sample = to_sample(own, registry.families(as_of))
    return Asked(name, dict(known[name]["label"]), source, sample, own.height - len(sample))


def place_named(name: str, *, theatre: Theatre, sample: Sample, km: float) -> Place:
    """Find a place: an area that has events, else a town of the theatre, as a circle of `km`.

    Raises
    ------
    UnknownNameError
        Neither.
    """
    known: set[str] = set()
    for level, outline in LEVELS.items():
        coded = sample.coded[level]
        used = {coded.names[c] for c in np.unique(coded.codes) if c >= 0}
        found = theatre.names(outline).find(name) or name
        hit = next((u for u in used if u.casefold() == found.casefold()), None)
        if hit is not None:
            return Area(level, hit, hit)
        known |= used
    towns = theatre.tables["places"]
    for row in towns.iter_rows(named=True):
        said = row.get("place")
        if said and said.casefold() == name.casefold() and row.get("latitude") and row.get("longitude"):
            return Circle(float(row["latitude"]), float(row["longitude"]), km, f"{said} ({km:g} km)")
    raise UnknownNameError("place", name, known | {p for p in towns["place"].to_list() if p})
