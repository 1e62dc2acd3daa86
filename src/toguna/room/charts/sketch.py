"""Small maps as plain SVG, drawn within milliseconds: outlines, tints, marks, names.

Enters: outlines and points in degrees. Leaves: SVG. Called by the pages of `toguna.room.web`; the pictures of
the briefing are drawn by `map` beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from shapely.geometry.base import BaseGeometry

from toguna.room.charts.palette import BACKGROUND, BORDER, FONT, INK, LAND
from toguna.room.charts.panel import Label, Panel, place_labels

__all__ = ["Land", "Mark", "sketch"]


@dataclass(frozen=True, slots=True)
class Land:
    """An area: shape in degrees, colour, and the name written into it, "" for none."""

    geometry: BaseGeometry
    fill: str = LAND
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point: degrees, radius in pixels, colour; a ring or a disc, round or a diamond."""

    lat: float
    lon: float
    radius: float
    ink: str
    ring: bool = False
    diamond: bool = False


def sketch(panel: Panel, lands: Sequence[Land], marks: Sequence[Mark], *, title: str) -> str:
    """Draw a map.

    Parameters
    ----------
    panel : Panel
        The frame.
    lands : sequence of Land
        From the bottom up.
    marks : sequence of Mark
        Large ones are drawn first, so that small ones stay seen.
    title : str
        What is seen, for those who do not see it.
    """
    ordered = sorted(marks, key=lambda m: -m.radius)
    placed = [(m, *panel.at(m.lat, m.lon)) for m in ordered]
    seen = [(m, x, y) for m, x, y in placed if panel.holds(x, y)]
    parts = [_land(panel, land) for land in lands]
    parts += [_mark(m, x, y) for m, x, y in seen]
    parts += _names(panel, lands, [(x, y) for _, x, y in seen])
    width, height = round(panel.width), round(panel.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img"><title>{escape(title)}</title>'
        f'<rect width="{width}" height="{height}" fill="{BACKGROUND}" stroke="#cfcfcf"/>'
        f"{''.join(parts)}</svg>"
    )


def _land(panel: Panel, land: Land) -> str:
    drawn = _outline(panel, land.geometry)
    return f'<path d="{drawn}" fill="{land.fill}" stroke="{BORDER}" stroke-width="0.7"/>' if drawn else ""


@lru_cache(maxsize=1024)
def _outline(panel: Panel, geometry: BaseGeometry) -> str:
    """Return the line around an area; kept, for the same areas are drawn for every period."""
    shape = panel.shape(geometry)
    return "" if shape is None else _path(shape)


def _path(shape: dict[str, object]) -> str:
    kind, coordinates = shape["type"], shape.get("coordinates", ())
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(kind), [])
    rings = (ring for polygon in polygons for ring in polygon)  # type: ignore[attr-defined]
    return "".join(f"M{_line(ring)}Z" for ring in rings)


def _line(ring: Iterable[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in ring)


def _mark(mark: Mark, x: float, y: float) -> str:
    fill = "none" if mark.ring else mark.ink
    look = f'fill="{fill}" fill-opacity="0.6" stroke="{mark.ink}" stroke-width="1.2"'
    if mark.diamond:
        r = mark.radius * math.sqrt(math.pi / 2)
        return f'<path d="M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f}l-{r:.1f} {r:.1f}l-{r:.1f}-{r:.1f}Z" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{mark.radius:.1f}" {look}/>'


def _names(panel: Panel, lands: Sequence[Land], points: list[tuple[float, float]]) -> list[str]:
    wanted = []
    for land in sorted(lands, key=lambda one: one.geometry.area):
        middle = panel.middle(land.geometry) if land.name else None
        if middle is not None:
            wanted.append(Label(land.name, *middle))
    look = f'font-family="{escape(FONT)}" font-size="11" text-anchor="middle" fill="{INK}"'
    halo = 'stroke="#ffffff" stroke-width="3" stroke-opacity="0.85" paint-order="stroke"'
    return [
        f'<text x="{p.x:.1f}" y="{p.y:.1f}" {look} {halo}>{escape(p.text)}</text>'
        for p in place_labels(wanted, panel, points=points)
    ]
