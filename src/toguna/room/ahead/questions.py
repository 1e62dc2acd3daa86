"""Which chances an assessment states: what the theatre asks for, else its areas with most recent attacks.

Enters: a theatre, its events, a window. Leaves: `Chance` values. Called by `toguna.room.ahead.chances`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from toguna.core.dates import Window
from toguna.core.language import in_every_language
from toguna.core.text import slug
from toguna.forecasts.recurrence.population import place_named
from toguna.forecasts.recurrence.question import Area, Circle, Kind, Place
from toguna.forecasts.similar.traits import GROUPS
from toguna.shifts.sample import MIXES, Sample
from toguna.store.theatre import Theatre

__all__ = ["GRAVEST", "Chance", "gravest", "kind_of", "place_of", "stated"]

GRAVEST = "gravest"
MOST_AREAS, WHOLE_KM, TOWN_KM = 3, 20_000.0, 25.0


@dataclass(frozen=True, slots=True)
class Chance:
    """One question of a theatre.

    Parameters
    ----------
    id : str
        Its name.
    label : dict
        What is asked about, by language.
    settings : mapping
        As in theatre.toml: subject, place, radius_km, tactic, target, setting, family, like.
    """

    id: str
    label: dict[str, str]
    settings: Mapping[str, Any]


def stated(theatre: Theatre, sample: Sample | None, recent: Window) -> list[Chance]:
    """List the questions of a theatre; without any, its areas with most attacks in the recent window."""
    named = theatre.settings.get("recurrence") or []
    if named:
        return [Chance(str(one["id"]), dict(one["label"]), one) for one in named]
    if sample is None:
        return []
    inside = (sample.day >= recent.start.toordinal()) & (sample.day <= recent.end.toordinal())
    coded = sample.coded["admin1"]
    codes = coded.codes[inside & (coded.codes >= 0)]
    counts = np.bincount(codes, minlength=len(coded.names))
    order = sorted(np.flatnonzero(counts), key=lambda c: (-counts[c], coded.names[c]))[:MOST_AREAS]
    return [
        Chance(slug(name), in_every_language("attack in {place}", place=name), {"place": name})
        for name in (coded.names[c] for c in order)
    ]


def gravest(chosen: pl.DataFrame, recent: Window) -> pl.DataFrame:
    """Order the attacks of the recent window by deaths, the latest first among equals.

    As in the headline: where no best estimate is known the lower one counts, else 0.
    """
    late = chosen.filter(pl.col("date_start").is_between(recent.start, recent.end))
    toll = pl.coalesce("best", "low", pl.lit(0))
    return late.with_columns(toll=toll).sort(["toll", "date_start", "event_id"], descending=True)


def kind_of(chance: Chance, worst: Mapping[str, Any] | None) -> Kind | None:
    """Build the kind asked for; None when it is that of the gravest attack and nobody knows which that is."""
    words = {column: frozenset(chance.settings.get(column) or ()) for column in MIXES}
    if chance.settings.get("like") == GRAVEST:
        setting = (worst or {}).get("setting")
        if not setting:
            return None
        akin = next((g for g in GROUPS["setting"].values() if setting in g), (setting,))
        words["setting"] = frozenset(akin)
    return Kind(**words, family=str(chance.settings.get("family") or ""))


def place_of(chance: Chance, theatre: Theatre, sample: Sample) -> Place:
    """Find the place asked for; the whole theatre when none is named.

    Raises
    ------
    UnknownNameError
        No such area with attacks by then, nor such a town.
    """
    name = chance.settings.get("place")
    if name is None:
        lat, lon = sample.origin
        return Circle(lat, lon, WHOLE_KM, theatre.title.get("en", theatre.name))
    km = float(chance.settings.get("radius_km") or TOWN_KM)
    found = place_named(str(name), theatre=theatre, sample=sample, km=km)
    return Area(found.level, found.name, found.name) if isinstance(found, Area) else found
