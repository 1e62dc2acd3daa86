"""Picture: how likely a month with deaths is, area by area.

Enters outlines and a chance for each area; leaves one map. Called by `toguna.room.briefing.forecast`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
from shapely.geometry.base import BaseGeometry

from toguna.core.language import Language
from toguna.room.charts.palette import BORDER, INK, OUTSIDE
from toguna.room.charts.panel import Label, Panel, place_labels
from toguna.room.charts.picture import Chart, Picture, inline, pixel_scale

__all__ = ["Shade", "draw_expected"]

_WIDTH, _SMALL = 560.0, 9.0
_STEPS = (0.02, 0.05, 0.1, 0.25, 0.5)
_PAINT = ("#fbf7ef", "#fdebd0", "#fbd3a0", "#f5ab62", "#e67e2e", "#b7500f")
"""Darker means likelier, in grey too; the number stands in every area that has room for it."""


@dataclass(frozen=True)
class Shade:
    """One area: its name, outline, chance (None: outside of the theatre) and what is written on it."""

    name: str
    geometry: BaseGeometry
    chance: float | None
    said: str = ""


def draw_expected(
    areas: Sequence[Shade],
    lang: Language,
    *,
    title: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Picture:
    """Draw the map and its key."""
    bounds = [a.geometry.bounds for a in areas if a.chance is not None]
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    panel = Panel.around((west, south, east, north), width=_WIDTH)
    chart = alt.vconcat(
        alt.layer(_land(panel, areas), *_dots(panel, areas), *_names(panel, areas)).properties(
            width=panel.width, height=panel.height, view=alt.ViewConfig(stroke="#cfcfcf")
        ),
        _key(lang),
        spacing=6,
    )
    note = lang(
        "An area that is pale is not safe: little is recorded there, or little is known. Outlines: Natural "
        "Earth, public domain, unless the theatre says otherwise. Borders and names imply no opinion on the "
        "status of any territory."
    )
    alt_text = lang(
        "A map of the areas, darker where a month with one death or more is likelier. The table behind the "
        "picture has the numbers."
    )
    return Picture("expected", title, alt_text, chart, columns, rows, note)


def shade_of(chance: float | None) -> int:
    """Return the index of the shade of a chance; -1 outside."""
    return -1 if chance is None else sum(chance >= step for step in _STEPS)


def _land(panel: Panel, areas: Sequence[Shade]) -> Chart:
    features = []
    for area in sorted(areas, key=lambda a: (a.chance is not None, a.name)):
        shape = panel.shape(area.geometry)
        if shape is not None:
            paint = OUTSIDE if area.chance is None else _PAINT[shade_of(area.chance)]
            features.append({"type": "Feature", "geometry": shape, "properties": {"paint": paint}})
    drawn: Chart = (
        alt.Chart(inline(features))
        .mark_geoshape(stroke=BORDER, strokeWidth=0.8)
        .encode(fill=alt.Fill("properties.paint:N", scale=None))
        .project(type="identity")
    )
    return drawn


def _scales(panel: Panel) -> dict[str, Any]:
    return {
        "x": alt.X("x:Q", scale=pixel_scale(panel.width), axis=None),
        "y": alt.Y("y:Q", scale=pixel_scale(panel.height, down=True), axis=None),
    }


def _small(panel: Panel, areas: Sequence[Shade]) -> list[tuple[float, float, int]]:
    """Middle and shade of the areas that are too small to be seen: a town that is an area of its own."""
    found = []
    for area in areas:
        west, south, east, north = area.geometry.bounds
        (x0, y0), (x1, y1) = panel.at(south, west), panel.at(north, east)
        if area.chance is not None and min(abs(x1 - x0), abs(y1 - y0)) < _SMALL:
            found.append(((x0 + x1) / 2, (y0 + y1) / 2, shade_of(area.chance)))
    return found


def _dots(panel: Panel, areas: Sequence[Shade]) -> list[Chart]:
    rows = [{"x": x, "y": y, "paint": _PAINT[shade]} for x, y, shade in _small(panel, areas)]
    if not rows:
        return []
    points = alt.Chart(inline(rows)).mark_point(size=80, filled=True, stroke=INK, strokeWidth=0.8, opacity=1)
    return [points.encode(**_scales(panel), fill=alt.Fill("paint:N", scale=None))]


def _names(panel: Panel, areas: Sequence[Shade]) -> list[Chart]:
    wanted = []
    for area in sorted(areas, key=lambda a: (a.chance is None, a.geometry.area)):
        middle = panel.middle(area.geometry)
        if middle is not None:
            wanted.append(Label(f"{area.name} {area.said}".strip(), *middle))
    clear = [(x, y) for x, y, _ in _small(panel, areas)] * 3
    rows = [{"x": p.x, "y": p.y, "name": p.text} for p in place_labels(wanted, panel, points=clear)]
    if not rows:
        return []
    base = alt.Chart(inline(rows)).encode(**_scales(panel), text=alt.Text("name:N"))
    return [
        base.mark_text(fontSize=11, stroke="white", strokeWidth=3, opacity=0.9),
        base.mark_text(fontSize=11, color=INK),
    ]


def _key(lang: Language) -> Chart:
    limits = [lang.percent(step) for step in _STEPS]
    words = [
        lang("below {n}", n=limits[0]),
        *(f"{a} – {b}" for a, b in pairwise(limits)),
        lang("{n} or more", n=limits[-1]),
    ]
    step = _WIDTH / len(words)
    rows = [{"x": i * step + 8, "y": 10, "text": w, "paint": _PAINT[i]} for i, w in enumerate(words)]
    scales: dict[str, Any] = {
        "x": alt.X("x:Q", scale=pixel_scale(_WIDTH), axis=None),
        "y": alt.Y("y:Q", scale=pixel_scale(20, down=True), axis=None),
    }
    base = alt.Chart(inline(rows)).encode(**scales)
    return alt.layer(
        base.mark_point(
            shape="square", size=140, filled=True, stroke=BORDER, strokeWidth=0.8, opacity=1
        ).encode(fill=alt.Fill("paint:N", scale=None)),
        base.mark_text(align="left", dx=12, fontSize=11).encode(text=alt.Text("text:N")),
    ).properties(width=_WIDTH, height=20)
