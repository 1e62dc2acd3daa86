"""The ground on which a reporter points at a place: outlines and names of a theatre, made light.

Enters: a theatre and a language. Leaves: JSON that `static/picker.js` draws. Called by `pages.reportmap`.
Nothing in it hangs on an assessment, an event or a report: who may report may have it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from toguna.core.language import Language
from toguna.events.outlines import holders
from toguna.reading.gazetteer import Spot, close, points
from toguna.room.web.outlines import SHARE, lighter
from toguna.store.areas import Area
from toguna.store.theatre import Theatre

__all__ = ["ground"]

Box: TypeAlias = tuple[float, float, float, float]
MARGIN = 0.08
"""Of the larger side of the theatre: what is drawn and named around it."""
_SAME_KM = 2.0
"""Nearer than that a town is a place of the theatre under another name."""
FINEST = 0.001
"""Degrees, 110 m: no number is told finer."""


def ground(theatre: Theatre, lang: Language) -> dict[str, Any]:
    """Return what is drawn: lands, places by importance, and the words said beside them.

    Returns
    -------
    dict
        `box`: west, south, east, north of the theatre (degrees); None, with `words` alone, where nothing can
        be drawn. `step`: degrees that one unit of a coordinate means. `edge`: where lands are cut,
        as `box`, in units. `lands`: `name`, `own` (whether a report may lie there), `at` (x, y of its name),
        `rings` (x, y, then differences). `regions`: names. `places`: name, position in `regions` (-1 when not
        known), x, y; larger ones first. `words`: by key.
    """
    own, around = _outlines(theatre)
    spots = points(theatre)
    box = _box(own, [s for s in spots if s.source == "theatre" and s.country in ("", *theatre.countries)])
    if box is None:
        return {"box": None, "words": words(lang)}
    span = max(box[2] - box[0], box[3] - box[1])
    step = _step(SHARE * span)
    edge = _edge(box, span)
    drawn = _drawn([*around, *own], edge, span)
    lands = [_land(area, shape, (area in own, step), lang) for area, shape in drawn]
    named = [(s, r) for s, r in _placed(spots, (own, box, span), _seats(theatre), lang) if s.name]
    regions = sorted({region for _, region in named if region})
    at = {region: n for n, region in enumerate(regions)}
    return {
        "box": [round(side, 4) for side in box],
        "step": step,
        "edge": [*_unit(*edge[:2], step), *_unit(*edge[2:], step)],
        "lands": [land for land in lands if land["rings"]],
        "regions": regions,
        "places": [[s.name, at.get(r, -1), *_unit(s.lon or 0.0, s.lat or 0.0, step)] for s, r in named],
        "words": words(lang),
    }


def _outlines(theatre: Theatre) -> tuple[list[Area], list[Area]]:
    """Return the areas in which a report may lie, first-level ones if any, and the lands around."""
    around = [a for a in theatre.areas("adm0") if a.country not in theatre.countries]
    for level in ("adm1", "adm0", "adm2"):
        own = [a for a in theatre.areas(level) if a.country in ("", *theatre.countries)]
        if own:
            return own, around
    return [], around


def _box(own: Sequence[Area], spots: Sequence[Spot]) -> Box | None:
    shapes = [a.geometry for a in own] or [shapely.Point(s.lon, s.lat) for s in spots]
    if not shapes:
        return None
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    least = 0.0 if own else 0.1  # one place alone has no extent
    return west - least, south - least, east + least, north + least


def _edge(box: Box, span: float) -> Box:
    far = MARGIN * span
    return box[0] - far, box[1] - far, box[2] + far, box[3] + far


def _step(tolerance: float) -> float:
    """Return a unit that is small beside what simplifying takes away."""
    return float(min(FINEST, 10.0 ** math.floor(math.log10(max(tolerance, 1e-6) / 4))))


def _drawn(areas: Sequence[Area], edge: Box, span: float) -> Iterator[tuple[Area, BaseGeometry]]:
    """Yield areas with their outlines, cut at the edge of what is shown and simplified by level."""
    for level in dict.fromkeys(a.level for a in areas):
        some = [a for a in areas if a.level == level]
        light = lighter([a.geometry for a in some], SHARE * span)
        yield from zip(some, shapely.clip_by_rect(light, *edge), strict=True)


def _land(area: Area, shape: BaseGeometry, told: tuple[bool, float], lang: Language) -> dict[str, Any]:
    own, step = told
    middle = shape.representative_point()
    return {
        "name": area.name if own else lang.country(area.country, area.name),
        "own": own,
        "at": [0, 0] if middle.is_empty else _unit(middle.x, middle.y, step),
        "rings": list(_rings(shape, step)),
    }


def _rings(shape: BaseGeometry, step: float) -> Iterator[list[int]]:
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        for ring in (part.exterior, *part.interiors):
            if told := _told(np.asarray(ring.coords)[:, :2], step):
                yield told


def _told(ring: NDArray[np.float64], step: float) -> list[int]:
    """Return a ring as its first position and differences; empty when nothing is left of it."""
    whole = np.rint(ring / step).astype(np.int64)
    kept = whole[np.concatenate([[True], np.any(np.diff(whole, axis=0) != 0, axis=1)])]
    if len(kept) < 4:
        return []
    told: list[int] = np.concatenate([kept[:1], np.diff(kept[:-1], axis=0)]).ravel().tolist()
    return told


def _unit(lon: float, lat: float, step: float) -> list[int]:
    return [round(lon / step), round(lat / step)]


def _placed(
    spots: Sequence[Spot], within: tuple[Sequence[Area], Box, float], seats: Set[str], lang: Language
) -> list[tuple[Spot, str]]:
    """Return places in the theatre or near it, each with its area or country, larger ones first."""
    own, box, span = within
    lon, lat = np.array([s.lon for s in spots], dtype=float), np.array([s.lat for s in spots], dtype=float)
    shapes = [a.geometry for a in own] or [shapely.box(*box)]
    near = shapely.dwithin(shapely.union_all(shapes), shapely.points(lon, lat), MARGIN * span)
    held = holders([a.geometry for a in own], lat, lon)
    found = [
        (spots[n], own[held[n]].name if held[n] >= 0 else spots[n].admin1 or lang.country(spots[n].country))
        for n in np.flatnonzero(near).tolist()
    ]
    once: list[tuple[Spot, str]] = []
    for spot, region in found:
        if not any(s.source == "theatre" and close(s, spot, within_km=_SAME_KM) for s, _ in once):
            once.append((spot, region))
    mine = {a.country for a in own}
    return sorted(once, key=lambda told: (told[0].name not in seats, -_weight(told[0], mine)))


def _weight(spot: Spot, mine: Set[str]) -> float:
    """Return how much a place tells of where one is: abroad only large towns are better known than ours."""
    return spot.population * (1.0 if spot.country in mine else 0.2)


def _seats(theatre: Theatre) -> set[str]:
    """Return the seats of first-level areas: they are named before larger places."""
    names = set(theatre.names("adm1").canonical.values())
    return {row["capital"] for row in theatre.tables["regions"].iter_rows(named=True) if row["name"] in names}


def words(lang: Language) -> dict[str, Any]:
    """Return what the map says; marks in braces stand for what it finds."""
    return {
        "map": lang("Map to point at the place"),
        "how": lang(
            "Tap where it happened. Drag to move the map; two fingers or the buttons change its scale."
        ),
        "keys": lang(
            "With keys: arrows move the cross (finer with Shift), plus and minus change the scale, "
            "Enter sets the pin."
        ),
        "larger": lang("Zoom in"),
        "smaller": lang("Zoom out"),
        "whole": lang("Show the whole theatre"),
        "near": lang(
            "Nearest place: {place}. The point lies {far} {way}.", place="{place}", far="{far}", way="{way}"
        ),
        "beside": lang("Nearest place: {place}. The point lies less than 1 km from it.", place="{place}"),
        "ways": [
            lang("north of it"),
            lang("north-east of it"),
            lang("east of it"),
            lang("south-east of it"),
            lang("south of it"),
            lang("south-west of it"),
            lang("west of it"),
            lang("north-west of it"),
        ],
        "area": lang("The point lies in {area}.", area="{area}"),
        "outside": lang("The point lies outside the areas of this theatre: check it."),
        "named": lang(
            "{place}, the place that you named, is {far} from the point. Check which of the two is right.",
            place="{place}",
            far="{far}",
        ),
        "rough": lang(
            "The pin is right to about {far}. Zoom in and tap again to be more exact.",
            far="{far}",
        ),
        "fine": lang("The pin is right to about {far}: a village, not a house.", far="{far}"),
        "use": lang("Write “{place}” as the place", place="{place}"),
        "cross": lang("Under the cross."),
    }
