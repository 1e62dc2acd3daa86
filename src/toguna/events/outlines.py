"""How far points lie from outlines, and which of several outlines holds them or is nearest.

Enters: points and outlines (degrees, WGS84). Leaves: kilometres and positions. Called by
`toguna.events.locate` and the checks of places.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from toguna.core.geography import distance_km

__all__ = ["distance_to", "holders", "nearest"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def holders(outlines: Sequence[BaseGeometry], lat: Floats, lon: Floats) -> Integers:
    """Return the position of the first outline that holds each point, its border included; -1 for none."""
    held = np.full(len(lat), -1, dtype=np.int64)
    if len(outlines) and len(lat):
        points, areas = shapely.STRtree(outlines).query(shapely.points(lon, lat), predicate="intersects")
        order = np.lexsort((areas, points))
        first, at = np.unique(points[order], return_index=True)
        held[first] = areas[order][at]
    return held


def distance_to(outline: BaseGeometry, lat: Floats, lon: Floats) -> Floats:
    """Measure how far points lie outside an outline, in km; 0 inside.

    The nearest point of the outline is looked for in degrees with longitudes shrunk by the cosine of the
    outline's middle latitude, the distance to it is measured on the sphere. For outlines of up to some
    2,000 km, away from the poles, that is right to some per cent.
    """
    far = np.zeros(len(lat))
    shapely.prepare(outline)
    outside = np.flatnonzero(~shapely.intersects_xy(outline, lon, lat))
    if not len(outside) or outline.is_empty:
        return far
    south, north = outline.bounds[1], outline.bounds[3]
    shrink = np.array([max(np.cos(np.radians((south + north) / 2)), 0.05), 1.0])
    flat = shapely.transform(outline, lambda xy: xy * shrink)
    points = shapely.points(np.column_stack([lon[outside], lat[outside]]) * shrink)
    ends = shapely.get_coordinates(shapely.shortest_line(flat, points)).reshape(-1, 2, 2)[:, 0] / shrink
    far[outside] = distance_km(lat[outside], lon[outside], ends[:, 1], ends[:, 0])
    return far


def nearest(
    outlines: Sequence[BaseGeometry], lat: Floats, lon: Floats, *, within_km: float
) -> tuple[Integers, Floats]:
    """Return the nearest outline of each point and how far it is (km); -1 and infinity beyond `within_km`."""
    best, at = np.full(len(lat), np.inf), np.full(len(lat), -1, dtype=np.int64)
    for position, outline in enumerate(outlines):
        far = distance_to(outline, lat, lon)
        nearer = far < best
        best[nearer], at[nearer] = far[nearer], position
    at[best > within_km], best[best > within_km] = -1, np.inf
    return at, best
