"""Drawings made when they are asked for: where one event lies, what a period looked like.

Enters: a theatre, points. Leaves: SVG. Called by `pages.incident` and `pages.map`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from toguna.room.charts.map import LARGEST, radius
from toguna.room.charts.palette import FRONT, LAND, OUTSIDE, RECENT, REFERENCE
from toguna.room.charts.panel import Panel
from toguna.room.charts.sketch import Land, Mark
from toguna.room.search.period import Points, netted
from toguna.store.theatre import Theatre

__all__ = ["MOST_MARKS", "frame", "lands", "marks", "panel"]

MOST_MARKS = 1500
"""Marks drawn at the most: where there are more places, near ones are drawn as one."""
Frame = tuple[float, float, float, float]


def lands(theatre: Theatre, fronts: Sequence[str] = ()) -> list[Land]:
    """Return the countries around, then the areas of the theatre with their names; fronts are tinted."""
    found = [Land(area.geometry, OUTSIDE) for area in theatre.areas("adm0")]
    for area in theatre.areas("adm1"):
        if area.country in theatre.countries or not area.country:
            found.append(Land(area.geometry, FRONT if area.name in fronts else LAND, area.name))
    return found


def frame(theatre: Theatre, *, around: tuple[float, float] | None = None) -> Frame:
    """Return (west, south, east, north) of the theatre's own areas, stretched to a point (lat, lon)."""
    own = [
        a.geometry for a in (*theatre.areas("adm1"), *theatre.areas("adm0")) if a.country in theatre.countries
    ]
    lat, lon = around or (0.0, 0.0)
    west, south, east, north = shapely.total_bounds(own) if own else (lon - 1, lat - 1, lon + 1, lat + 1)
    if around is None:
        return float(west), float(south), float(east), float(north)
    return float(min(west, lon)), float(min(south, lat)), float(max(east, lon)), float(max(north, lat))


def marks(told: Points, parts: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> list[Mark]:
    """Return a ring for every place struck before, a disc for every place struck after.

    Near places are one mark where they would be too many; where one stands for more deaths than the largest
    mark means, all shrink alike, so that surfaces can be compared.
    """
    places = [_places(told, part & np.isfinite(told.lon)) for part in parts]
    most = max((n for some in places for _, _, n in some), default=0)
    share = LARGEST / max(most, LARGEST)
    inks = (REFERENCE, RECENT)
    return [
        Mark(lat, lon, radius(n * share), ink, ring=ink == REFERENCE)
        for ink, some in zip(inks, places, strict=True)
        for lat, lon, n in some
    ]


def _places(told: Points, there: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Return latitude, longitude and deaths of every place."""
    lon, lat, net = told.lon[there], told.lat[there], 1e-4
    places, at = netted(lon, lat, net=net)
    while len(places[0]) > MOST_MARKS:
        net = max(net * 2, 0.02)
        places, at = netted(lon, lat, net=net)
    deaths = np.bincount(at, weights=np.maximum(told.deaths[there], 0), minlength=len(places[0]))
    return [
        (north * net, east * net, int(n))
        for east, north, n in zip(places[0].tolist(), places[1].tolist(), deaths.tolist(), strict=True)
    ]


def panel(theatre: Theatre, width: float, *, around: tuple[float, float] | None = None) -> Panel:
    """Return the frame of a drawing that shows the theatre, and a point outside it too."""
    return Panel.around(frame(theatre, around=around), width=width)
