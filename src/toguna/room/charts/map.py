"""Picture 1: where it struck, before and now.

Enters events with coordinates, outlines of areas and the names of new fronts; leaves two panels of the
same frame. Called by `toguna.room.briefing.pictures`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
from shapely.geometry.base import BaseGeometry

from toguna.core.language import Language
from toguna.room.charts.palette import BORDER, FRONT, INK, LAND, MUTED, OUTSIDE, RECENT, REFERENCE
from toguna.room.charts.panel import Label, Panel, fan_out, place_labels
from toguna.room.charts.picture import Chart, Picture, inline, pixel_scale

__all__ = ["LARGEST", "MapData", "Outline", "Spot", "draw_map", "radius"]

_WIDTH = 372.0
_FAR = 20.0
"""Pixels from its home beyond which a name gets a thread to it."""


@dataclass(frozen=True)
class Spot:
    """One event on the map: degrees, deaths (None = unknown), whether the point is approximate."""

    lat: float
    lon: float
    deaths: int | None
    approximate: bool
    front: bool


@dataclass(frozen=True)
class Outline:
    """One area: its name, shape, whether it is part of the theatre and a new front."""

    name: str
    geometry: BaseGeometry
    inside: bool
    front: bool = False


@dataclass(frozen=True)
class MapData:
    """What the map shows.

    Parameters
    ----------
    title, alt, before, after : str
        Finding, text alternative, headings of the two panels.
    reference, recent : sequence of Spot
        Events of the two windows.
    outlines : sequence of Outline
        Areas of the theatre and countries around.
    centres : pair of (lat, lon), optional
        Centre of violence before and now.
    distance : str
        What stands beside the arrow between the two centres.
    columns, rows : tuple
        Table behind the picture.
    """

    title: str
    alt: str
    before: str
    after: str
    reference: Sequence[Spot]
    recent: Sequence[Spot]
    outlines: Sequence[Outline]
    centres: tuple[tuple[float, float], tuple[float, float]] | None = None
    distance: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


LARGEST = 200
"""Deaths of the largest mark."""


def radius(deaths: float | None) -> float:
    """Return the radius of a mark in pixels: its surface grows with the deaths, from 2.6 for none."""
    return math.sqrt(2.6**2 + 2.2 * min(deaths or 0, LARGEST))


def draw_map(data: MapData, lang: Language) -> Picture:
    """Draw the two panels and the key below them."""
    panel = Panel.around(_frame(data), width=_WIDTH)
    spots = [data.reference, data.recent]
    places = [fan_out([panel.at(s.lat, s.lon) for s in some]) for some in spots]
    arrow = _along(panel, data.centres) if data.centres else []
    # One place for a name on both panels: the eye compares them.
    names = _names(panel, data, [*places[0], *places[1], *arrow])
    panels = [
        _one(panel, data, marks=_marks(panel, some, where, recent=recent), names=names, recent=recent)
        for some, where, recent in zip(spots, places, (False, True), strict=True)
    ]
    chart = alt.vconcat(alt.hconcat(*panels, spacing=14), _key(2 * _WIDTH + 14, panel, lang), spacing=6)
    outside = sum(not panel.holds(*panel.at(s.lat, s.lon)) for s in (*data.reference, *data.recent))
    note = [
        lang(
            "Lengths are true within 5% (equirectangular projection about the centre of the map). Events of "
            "one place are fanned out around it."
        )
    ]
    if data.centres:
        note.append(lang("The arrow leads from the centre of gravity before (cross) to that of now."))
    if outside:
        note.append(
            lang.plural("{n} event lies outside the frame.", "{n} events lie outside the frame.", outside)
        )
    note.append(
        lang(
            "Outlines: Natural Earth, public domain, unless the theatre says otherwise. Borders and "
            "names imply "
            "no opinion on the status of any territory."
        )
    )
    return Picture("map", data.title, data.alt, chart, data.columns, data.rows, " ".join(note))


def _frame(data: MapData) -> tuple[float, float, float, float]:
    shapes = [o.geometry.bounds for o in data.outlines if o.inside]
    spots = [*data.reference, *data.recent]
    if not shapes:
        shapes = [(s.lon - 0.5, s.lat - 0.5, s.lon + 0.5, s.lat + 0.5) for s in spots] or [(-1, -1, 1, 1)]
    west, south = min(b[0] for b in shapes), min(b[1] for b in shapes)
    east, north = max(b[2] for b in shapes), max(b[3] for b in shapes)
    slack = 0.08 * max(east - west, north - south)
    near = [s for s in spots if west - slack < s.lon < east + slack and south - slack < s.lat < north + slack]
    lon = [s.lon for s in near] or [west]
    lat = [s.lat for s in near] or [south]
    return min(west, *lon), min(south, *lat), max(east, *lon), max(north, *lat)


def _one(panel: Panel, data: MapData, *, marks: list[Any], names: Chart, recent: bool) -> Chart:
    layers: list[Any] = [_land(panel, data, recent=recent), *marks]
    if recent and data.centres:
        layers.append(_arrow(panel, data.centres))
    layers.append(names)
    if recent and data.centres and data.distance:
        layers.append(_beside(panel, data))
    return alt.layer(*layers).properties(
        width=panel.width,
        height=panel.height,
        title=_title(data.after if recent else data.before),
        view=alt.ViewConfig(stroke="#cfcfcf"),
    )


def _title(text: str) -> Any:
    """Set days and counts ("now · ... · 44 events") under the first word: one line is wider than the map."""
    first, _, rest = text.partition(" · ")
    return alt.TitleParams(first, subtitle=rest, subtitleFontSize=12) if rest else first


def _land(panel: Panel, data: MapData, *, recent: bool) -> Chart:
    features = []
    for outline in sorted(data.outlines, key=lambda o: (o.inside, o.name)):
        shape = panel.shape(outline.geometry)
        if shape is None:
            continue
        lit = recent and outline.front
        paint = FRONT if lit else LAND if outline.inside else OUTSIDE
        features.append({"type": "Feature", "geometry": shape, "properties": {"paint": paint, "front": lit}})
    drawn: Chart = (
        alt.Chart(inline(features))
        .mark_geoshape(stroke=BORDER, strokeWidth=0.7)
        .encode(fill=alt.Fill("properties.paint:N", scale=None))
        .project(type="identity")
    )
    return drawn


def _xy(panel: Panel) -> dict[str, Any]:
    return {
        "x": alt.X("x:Q", scale=pixel_scale(panel.width), axis=None),
        "y": alt.Y("y:Q", scale=pixel_scale(panel.height, down=True), axis=None),
    }


def _marks(
    panel: Panel, spots: Sequence[Spot], places: list[tuple[float, float]], *, recent: bool
) -> list[Any]:
    rows = [
        {
            "x": round(x, 1),
            "y": round(y, 1),
            "size": round(math.pi * radius(s.deaths) ** 2, 1),
            "shape": "diamond" if s.approximate else "circle",
            "ink": RECENT if recent and s.front else REFERENCE,
            "fill": "transparent" if s.deaths is None else (RECENT if recent and s.front else REFERENCE),
        }
        for s, (x, y) in sorted(zip(spots, places, strict=True), key=lambda z: -radius(z[0].deaths))
        if panel.holds(x, y)
    ]
    if not rows:
        return []
    return [
        alt.Chart(inline(rows))
        .mark_point(fillOpacity=0.55, strokeWidth=1.1)
        .encode(
            **_xy(panel),
            size=alt.Size("size:Q", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("ink:N", scale=None),
        )
    ]


def _names(panel: Panel, data: MapData, places: list[tuple[float, float]]) -> Chart:
    wanted = []
    for inside in (True, False):
        # Small areas first: a large one has other places for its name.
        for outline in sorted(data.outlines, key=lambda o: o.geometry.area):
            middle = panel.middle(outline.geometry) if outline.inside is inside else None
            if middle is not None and outline.name:
                wanted.append((inside, Label(outline.name, *middle)))
    placed = place_labels([label for _, label in wanted], panel, points=places)
    homes = {label.text: label for _, label in wanted}
    threads = [
        {"x": homes[p.text].x, "y": homes[p.text].y, "x2": p.x, "y2": p.y}
        for p in placed
        if math.hypot(p.x - homes[p.text].x, p.y - homes[p.text].y) > _FAR
    ]
    inner = {label.text for inside, label in wanted if inside}
    rows = [
        {"x": p.x, "y": p.y, "name": p.text, "ink": INK if p.text in inner else "#777777"} for p in placed
    ] or [{"x": 0, "y": 0, "name": "", "ink": INK}]
    base = alt.Chart(inline(rows)).encode(**_xy(panel), text=alt.Text("name:N"))
    halo = base.mark_text(fontSize=11, stroke="white", strokeWidth=3, opacity=0.85)
    words = base.mark_text(fontSize=11).encode(color=alt.Color("ink:N", scale=None))
    if not threads:
        return alt.layer(halo, words)
    thread = alt.Chart(inline(threads)).mark_rule(stroke="#777777", strokeWidth=0.8)
    return alt.layer(thread.encode(**_xy(panel), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")), halo, words)


def _arrow(panel: Panel, centres: tuple[tuple[float, float], tuple[float, float]]) -> Chart:
    (x0, y0), (x1, y1) = panel.at(*centres[0]), panel.at(*centres[1])
    angle = math.degrees(math.atan2(x1 - x0, y0 - y1))
    scales = _xy(panel)
    shaft = alt.Chart(inline([{"x": x0, "y": y0, "x2": x1, "y2": y1}]))
    line = {**scales, "x2": "x2:Q", "y2": "y2:Q"}
    tail = alt.Chart(inline([{"x": x0, "y": y0}])).mark_point(shape="cross", size=70, filled=True, color=INK)
    head = alt.Chart(inline([{"x": x1, "y": y1, "angle": angle}])).mark_point(
        shape="triangle", size=110, filled=True, color=INK, opacity=1
    )
    return alt.layer(
        shaft.mark_rule(stroke="white", strokeWidth=5).encode(**line),
        shaft.mark_rule(stroke=INK, strokeWidth=2.2).encode(**line),
        tail.encode(**scales),
        head.encode(**scales, angle=alt.Angle("angle:Q", scale=None)),
    )


def _along(
    panel: Panel, centres: tuple[tuple[float, float], tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return pixels along the arrow, about its head and under its words, for names to keep clear of."""
    (x0, y0), (x1, y1) = panel.at(*centres[0]), panel.at(*centres[1])
    shaft = [(x0 + (x1 - x0) * i / 12, y0 + (y1 - y0) * i / 12) for i in range(13)]
    words = [((x0 + x1) / 2 - dx, (y0 + y1) / 2 + dy) for dx in (10, 25, 40, 55) for dy in (-8, 0, 8)]
    head = [(x1 + dx, y1 + dy) for dx in (-6, 0, 6) for dy in (-6, 0, 6)]
    return [*shaft, *head, *words, *words]


def _beside(panel: Panel, data: MapData) -> Chart:
    assert data.centres is not None
    (x0, y0), (x1, y1) = panel.at(*data.centres[0]), panel.at(*data.centres[1])
    rows = [{"x": (x0 + x1) / 2 - 8, "y": (y0 + y1) / 2, "name": data.distance}]
    base = alt.Chart(inline(rows)).encode(**_xy(panel), text=alt.Text("name:N"))
    look: dict[str, Any] = {"fontSize": 12, "fontWeight": "bold", "align": "right"}
    return alt.layer(base.mark_text(**look, stroke="white", strokeWidth=4), base.mark_text(**look))


def _key(width: float, panel: Panel, lang: Language) -> Chart:
    marks: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []

    def item(x: float, row: int, text: str, **look: Any) -> None:
        y = 10 + 20 * row
        marks.append(
            {"x": x, "y": y, "size": 60, "shape": "circle", "ink": REFERENCE, "fill": REFERENCE, **look}
        )
        words.append({"x": x + 13, "y": y, "text": text})

    item(10, 0, lang("event"))
    item(180, 0, lang("event in a new or grown front (now)"), ink=RECENT, fill=RECENT)
    item(440, 0, lang("approximate point"), shape="diamond")
    item(600, 0, lang("deaths unknown"), fill="transparent")
    for x, deaths in ((10, 1), (60, 10), (115, 50)):
        size = math.pi * radius(deaths) ** 2
        item(x, 1, str(deaths), size=size)
    words.append({"x": 146, "y": 30, "text": lang("deaths (surface of the mark)")})
    item(440, 1, lang("area of a front"), shape="square", size=110, ink=BORDER, fill=FRONT)
    km = next(k for k in (500, 200, 100, 50, 20, 10) if k * panel.scale < 120)
    words.append({"x": 622 + km * panel.scale + 6, "y": 30, "text": lang("{n} km", n=km)})
    strip = Panel((0, 0), (width, 44), width)
    bar = inline([{"x": 622, "y": 30, "x2": 622 + km * panel.scale, "y2": 30}])
    scales = _xy(strip)
    points = alt.Chart(inline(marks)).mark_point(fillOpacity=0.6, strokeWidth=1.1)
    return alt.layer(
        points.encode(
            **scales,
            size=alt.Size("size:Q", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("ink:N", scale=None),
        ),
        alt.Chart(bar)
        .mark_rule(strokeWidth=3, color=INK)
        .encode(**scales, x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")),
        alt.Chart(inline(words))
        .mark_text(align="left", color=MUTED)
        .encode(**scales, text=alt.Text("text:N")),
    ).properties(width=width, height=44)
