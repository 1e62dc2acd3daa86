"""Which warnings the rules propose for a view, and which the ledger of the home holds.

Enters: a `View`. Leaves: warnings, and the part of the assessment about them. Called by the situation and
``toguna warn``. What people wrote counts from the day on which it happened: later entries change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from shapely.geometry import MultiPolygon, Polygon

from toguna.warnings.foreseen import foreseen
from toguna.warnings.raising import Setting, propose
from toguna.warnings.rules import read_rules
from toguna.warnings.signals import Signal, of_chances, of_forecasts, of_shifts
from toguna.warnings.types import Area, Option, Warning

if TYPE_CHECKING:
    from toguna.room.view import View
    from toguna.store.theatre import Theatre

__all__ = ["outlines", "place_setting", "proposed", "setting_of"]

LEVEL = "adm1"
TOWN_KM = 25.0
_TOLERANCE, _LEAST_SHARE = 0.02, 0.02


def proposed(view: View, options: Mapping[str, tuple[Option, ...]] | None = None) -> list[Warning]:
    """Say which warnings the rules of the theatre make of a view.

    Parameters
    ----------
    view : View
    options : mapping, optional
        Name of an area ("" = the theatre) -> what a plan would do there; none = no plan was made.
    """
    theatre = view.question.theatre
    return propose(_signals(view), read_rules(theatre.folder), setting_of(view, options or {}))


def _signals(view: View) -> list[Signal]:
    theatre = view.question.theatre
    titles = (*theatre.title.values(), theatre.name)
    shifts = of_shifts(s.as_dict() for s in view.detection.tested)
    if view.ahead is None:
        return shifts
    chances = of_chances(view.ahead.chances.rows, theatre=titles)
    ahead = foreseen(view.ahead.published[0], view.question.as_of)
    return [*shifts, *chances, *of_forecasts(ahead)]


def setting_of(view: View, options: Mapping[str, tuple[Option, ...]]) -> Setting:
    """Gather what a warning needs to know of its theatre and of what was found."""
    theatre = view.question.theatre
    best = view.events.select("event_id", deaths=pl.coalesce("best", "low")).drop_nulls()
    return replace(
        place_setting(theatre, view.question.as_of),
        names={id: actor.name for id, actor in view.collected.registry.actors.items()},
        deaths={str(id): float(n) for id, n in best.iter_rows()},
        options=_of_towns(theatre, options) | dict(options),
    )


def _of_towns(theatre: Theatre, options: Mapping[str, tuple[Option, ...]]) -> dict[str, tuple[Option, ...]]:
    """Give towns what a plan would do in their area."""
    rows = theatre.tables["places"].iter_rows(named=True)
    return {row["place"]: options[row["admin1"]] for row in rows if row["place"] and row["admin1"] in options}


def place_setting(theatre: Theatre, as_of: date) -> Setting:
    """Gather what the pack alone says."""
    return Setting(theatre.name, theatre.title, as_of, areas=outlines(theatre))


def outlines(theatre: Theatre) -> dict[str, Area]:
    """Return towns as circles and first-level areas as outlines, simplified to some 2 km."""
    found: dict[str, Area] = {}
    for row in theatre.tables["places"].iter_rows(named=True):
        lat, lon = (_number(row[name]) for name in ("latitude", "longitude"))
        if row["place"] and lat is not None and lon is not None:
            found[row["place"]] = Area(row["place"], "place", circle=(lat, lon, TOWN_KM))
    for area in theatre.areas(LEVEL):
        found[area.name] = Area(area.name, LEVEL, _rings(area.geometry))
    return found


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _rings(geometry: Any) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the outer rings of what is not tiny, as (lat, lon)."""
    simple = geometry.simplify(_TOLERANCE)
    parts = simple.geoms if isinstance(simple, MultiPolygon) else [simple]
    whole = [p for p in parts if isinstance(p, Polygon) and p.area >= _LEAST_SHARE * simple.area]
    return tuple(
        tuple((round(float(lat), 4), round(float(lon), 4)) for lon, lat in part.exterior.coords)
        for part in whole
    )
