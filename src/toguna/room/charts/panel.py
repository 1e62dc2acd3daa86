"""Where things fall on a map panel: kilometres to pixels, outlines, labels that keep apart.

Enters coordinates and outlines in degrees; leaves pixels. Called by `toguna.room.charts.map`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shapely.affinity import affine_transform
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from toguna.core.geography import EARTH_KM, to_km

__all__ = ["Label", "Panel", "fan_out", "place_labels"]

_GOLDEN = math.pi * (3 - math.sqrt(5))
_KM_PER_DEGREE = math.pi / 180 * EARTH_KM


@dataclass(frozen=True, slots=True)
class Label:
    """A name and where its middle stands, in pixels."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A flat map: equirectangular about its centre, so that lengths hold within 5 % over 2,000 km.

    Parameters
    ----------
    origin : tuple of float
        Latitude and longitude of the centre, degrees.
    km : tuple of float
        Width and height shown, km.
    width : float
        Pixels across.
    """

    origin: tuple[float, float]
    km: tuple[float, float]
    width: float

    @classmethod
    def around(
        cls, bounds: tuple[float, float, float, float], *, width: float, margin: float = 0.03
    ) -> Panel:
        """Fit a panel to (west, south, east, north) in degrees."""
        west, south, east, north = bounds
        lat, lon = (south + north) / 2, (west + east) / 2
        across = max((east - west) * _KM_PER_DEGREE * math.cos(math.radians(lat)), 50.0)
        up = max((north - south) * _KM_PER_DEGREE, 50.0)
        up = min(max(up, across * 0.6), across * 1.5)
        return cls((lat, lon), (across * (1 + 2 * margin), up * (1 + 2 * margin)), width)

    @property
    def scale(self) -> float:
        """Pixels per km."""
        return self.width / self.km[0]

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.km[1] * self.scale

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Return the pixel (x from the left, y from the top) of a point."""
        east, north = (float(v) for v in to_km(lat, lon, origin=self.origin))
        return (east + self.km[0] / 2) * self.scale, (self.km[1] / 2 - north) * self.scale

    def holds(self, x: float, y: float) -> bool:
        """Say whether a pixel is on the panel."""
        return 0 <= x <= self.width and 0 <= y <= self.height

    def shape(self, geometry: BaseGeometry) -> dict[str, Any] | None:
        """Project, clip and simplify an outline to GeoJSON in pixels; None when nothing is left."""
        seen = self._projected(geometry)
        return None if seen.is_empty else dict(mapping(seen.simplify(0.6)))

    def middle(self, geometry: BaseGeometry) -> tuple[float, float] | None:
        """Return a pixel inside the visible part of an outline."""
        seen = self._projected(geometry)
        if seen.is_empty:
            return None
        inside = seen.representative_point()
        centre = seen.centroid
        chosen = centre if seen.contains(centre) else inside
        return float(chosen.x), float(chosen.y)

    def _projected(self, geometry: BaseGeometry) -> BaseGeometry:
        lat, lon = self.origin
        k = _KM_PER_DEGREE * self.scale
        kx = k * math.cos(math.radians(lat))
        moved = affine_transform(
            geometry, [kx, 0, 0, -k, self.width / 2 - lon * kx, self.height / 2 + lat * k]
        )
        return moved.buffer(0).intersection(box(0, 0, self.width, self.height))


def fan_out(points: Sequence[tuple[float, float]], *, step: float = 3.4) -> list[tuple[float, float]]:
    """Move points that coincide a few pixels apart, on a spiral in the order given."""
    seen: dict[tuple[int, int], int] = {}
    moved = []
    for x, y in points:
        key = (round(x / 3), round(y / 3))
        k = seen.get(key, 0)
        seen[key] = k + 1
        r, angle = step * math.sqrt(k), k * _GOLDEN
        moved.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    return moved


def place_labels(
    wanted: Iterable[Label], panel: Panel, *, points: Sequence[tuple[float, float]] = (), letter: float = 5.9
) -> list[Label]:
    """Move labels apart; one that finds no free spot is left out (the table still has it).

    Each label tries its own place, then spots around it; among free ones the spot wins that covers few
    points and lies near its own place (12 pixels away weigh as much as one point covered).
    """
    taken: list[tuple[float, float, float, float]] = []
    placed = []
    for label in wanted:
        options = [o for o in _spots(label) if _fits(o, panel, letter) and not _clash(o, taken, letter)]
        if not options:
            continue
        best = min(options, key=lambda o: _covered(o, points, letter) + _far(o, label) / 12)
        taken.append(_frame(best, letter))
        placed.append(best)
    return placed


def _far(one: Label, other: Label) -> float:
    return math.hypot(one.x - other.x, one.y - other.y)


def _spots(label: Label) -> list[Label]:
    shifts = [(0, 0), *((dx, dy) for dy in (0, -14, 14, -26, 26, -38, 38) for dx in (0, -30, 30, -60, 60))]
    return [Label(label.text, label.x + dx, label.y + dy) for dx, dy in shifts]


def _frame(label: Label, letter: float) -> tuple[float, float, float, float]:
    half = len(label.text) * letter / 2 + 2
    return label.x - half, label.y - 7, label.x + half, label.y + 7


def _fits(label: Label, panel: Panel, letter: float) -> bool:
    x0, y0, x1, y1 = _frame(label, letter)
    return panel.holds(x0, y0) and panel.holds(x1, y1)


def _clash(label: Label, taken: list[tuple[float, float, float, float]], letter: float) -> bool:
    x0, y0, x1, y1 = _frame(label, letter)
    return any(x0 < b[2] and b[0] < x1 and y0 < b[3] and b[1] < y1 for b in taken)


def _covered(label: Label, points: Sequence[tuple[float, float]], letter: float) -> int:
    x0, y0, x1, y1 = _frame(label, letter)
    return sum(x0 - 3 < x < x1 + 3 and y0 - 3 < y < y1 + 3 for x, y in points)
