"""The areas of a theatre as features: outlines with what was counted in them.

Enters: an `Ask`. Leaves: GeoJSON. Called by exports and features.
"""

from __future__ import annotations

from typing import Any

from shapely import set_precision
from shapely.geometry import mapping, shape

from toguna.core.text import fold
from toguna.room.web.api.answers import to_json
from toguna.room.web.ask import Ask
from toguna.store.theatre import Theatre

__all__ = ["LEVEL_OF", "area_features", "areas_of", "bounds"]

LEVEL_OF = {"admin1": "adm1", "admin2": "adm2", "country": "adm0"}
"""Level of the assessment -> level of the outlines."""
_TOLERANCE, _GRID = 0.01, 0.0001  # degrees: about one kilometre; ten metres


def areas_of(asked: Ask) -> list[dict[str, Any]]:
    """Return every area of the assessment as a GeoJSON feature; without an outline its geometry is null."""
    areas = asked.built.assessment["areas"]
    outlines = {level: _outlines(asked.theatre, level) for level in sorted({a["level"] for a in areas})}
    return [
        {
            "type": "Feature",
            "id": f"{area['level']}/{area['name']}",
            "geometry": outlines[area["level"]].get(fold(area["name"])),
            "properties": {key: value for key, value in area.items() if key != "event_ids"},
        }
        for area in areas
    ]


def area_features(asked: Ask) -> bytes:
    """Return them all as one collection (RFC 7946)."""
    return to_json({"type": "FeatureCollection", "features": areas_of(asked)})


def bounds(feature: dict[str, Any]) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of a feature; None when it has no shape."""
    if feature["geometry"] is None:
        return None
    west, south, east, north = shape(feature["geometry"]).bounds
    return float(west), float(south), float(east), float(north)


def _outlines(theatre: Theatre, level: str) -> dict[str, Any]:
    """Return simplified outlines by folded name."""
    if level not in LEVEL_OF:
        return {}
    return {
        fold(area.name): mapping(set_precision(area.geometry.simplify(_TOLERANCE), _GRID))
        for area in theatre.areas(LEVEL_OF[level])
    }
