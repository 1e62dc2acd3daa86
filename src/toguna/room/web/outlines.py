"""Outlines of areas made light for pages: neighbours keep their common border.

Enters: areas of a theatre. Leaves: GeoJSON (RFC 7946), or shapes. Called by `prepared` and `ground`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from toguna.core.digest import canonical_json
from toguna.store.areas import Area

__all__ = ["OUTLINES", "SHARE", "lighter", "simplified"]

OUTLINES = "outlines"
SHARE = 1 / 1500
"""Of the larger side of the map: what is smaller than that is not seen on a screen."""
DIGITS = 4


def simplified(areas: Sequence[Area]) -> bytes:
    """Return the outlines with borders simplified together, names and countries as properties."""
    shapes = [area.geometry for area in areas]
    west, south, east, north = shapely.total_bounds(shapes)
    light = lighter(shapes, SHARE * max(east - west, north - south))
    features = [
        {
            "type": "Feature",
            "geometry": _rounded(shape),
            "properties": {"name": area.name, "country": area.country},
        }
        for area, shape in zip(areas, light, strict=True)
    ]
    return canonical_json({"type": "FeatureCollection", "features": features}).encode()


def lighter(shapes: Sequence[BaseGeometry], tolerance: float) -> Sequence[BaseGeometry]:
    """Return shapes that differ from these by some `tolerance` (degrees), common borders still common.

    Outlines that do not fit together (they overlap, or leave gaps) are simplified one by one.
    """
    if shapely.coverage_is_valid(shapes):
        return list(shapely.coverage_simplify(shapes, tolerance))
    return list(shapely.simplify(shapes, tolerance))


def _rounded(shape: Any) -> dict[str, Any]:
    return dict(mapping(shapely.transform(shape, lambda xy: np.round(xy, DIGITS))))
