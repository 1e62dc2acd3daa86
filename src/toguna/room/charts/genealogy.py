"""Picture 4: who belongs to whom at a date, and what changed since an earlier one.

Enters nodes and edges (as in `assessment["genealogy"]`) and positions; leaves the picture. Called by
`toguna.room.briefing.pictures`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.room.charts.palette import INK, MUTED, RECENT, RELATION_COLOURS, RELATION_DASHES
from toguna.room.charts.panel import Panel
from toguna.room.charts.picture import Picture, inline, pixel_scale

__all__ = ["connected", "draw_genealogy", "in_frame"]

_WIDTH, _LEFT, _RIGHT, _TOP, _LANE = 760.0, 132.0, 140.0, 92.0, 27.0
_KIND_SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-left")
_DIRECTED = ("merger_into", "splinter_from", "component_of", "allegiance_to")
_HALOS: tuple[dict[str, Any], ...] = ({"stroke": "white", "strokeWidth": 3.5}, {})
Positions = Mapping[str, tuple[float, float]]


def connected(nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the nodes that some relation touches; the others would only be dots."""
    touched = {e["source"] for e in edges} | {e["target"] for e in edges}
    return [n for n in nodes if n["id"] in touched]


def in_frame(positions: Positions, width: float) -> dict[str, tuple[float, float]]:
    """Turn years and lanes into pixels: years across `width`, `_LANE` pixels per lane.

    Parameters
    ----------
    positions : mapping
        Id -> (year, lane), as `toguna.actors.layout.layout` gives them.
    width : float
        Pixels across.
    """
    years, lanes = _ends(positions), sorted({p[1] for p in positions.values()})
    span = (years[1] - years[0]) or 1.0
    return {
        k: (round((x - years[0]) / span * width, 1), float(_LANE * lanes.index(lane)))
        for k, (x, lane) in sorted(positions.items())
    }


def _ends(positions: Positions) -> tuple[float, float]:
    years = [p[0] for p in positions.values()]
    return min(years), max(years)


def draw_genealogy(
    genealogy: Mapping[str, Any], positions: Positions, lang: Language, *, title: str, alt_text: str
) -> Picture:
    """Draw actors as marks with their names and relations as lines; changes are thick."""
    edges = list(genealogy["edges"])
    nodes = [n for n in connected(genealogy["nodes"], edges) if n["id"] in positions]
    inner = {n["id"]: positions[n["id"]] for n in nodes} or {"": (0.0, 0.0)}
    frame = in_frame(inner, _WIDTH - _LEFT - _RIGHT)
    at = {k: (x + _LEFT, y + _TOP + 20) for k, (x, y) in frame.items()}
    panel = Panel((0, 0), (_WIDTH, max(y for _, y in at.values()) + 40), _WIDTH)
    shown = [e for e in edges if e["source"] in at and e["target"] in at]
    layers = [
        *_years(panel, inner, at, lang),
        *_lines(panel, shown, at),
        *_marks(panel, nodes, at),
        *_key(panel, shown, nodes, lang),
    ]
    chart = alt.layer(*layers).properties(width=panel.width, height=panel.height)
    note = lang(
        "Lines are statements in the register, each with its sources; a triangle points to the "
        "second actor of "
        "a directed relation. From left to right: year of foundation. Actors without any relation "
        "are in the list of "
        "actors only."
    )
    return Picture("genealogy", title, alt_text, chart, _columns(lang), _table(shown, nodes, lang), note)


def _scales(panel: Panel) -> dict[str, Any]:
    return {
        "x": alt.X("x:Q", scale=pixel_scale(panel.width), axis=None),
        "y": alt.Y("y:Q", scale=pixel_scale(panel.height, down=True), axis=None),
    }


def _years(panel: Panel, positions: Positions, at: Positions, lang: Language) -> list[Any]:
    """Write the years of foundation along the foot, and where the undated stand."""
    first, last = _ends(positions)
    foot = panel.height - 8
    dated = sorted({math.floor(p[0]) for p in positions.values() if p[0] > first})
    left, right = min(x for x, _ in at.values()), max(x for x, _ in at.values())
    per_year = (right - left) / ((last - first) or 1.0)
    ticks = [{"x": left + (year - first) * per_year, "y": foot, "text": str(year)} for year in dated]
    ticks = [t for t in ticks if float(str(t["x"])) > left + 60]
    words = [*ticks, {"x": left - 44, "y": foot, "text": lang("no date")}]
    lines = [{"x": t["x"], "y": _TOP, "y2": foot - 10} for t in ticks]
    text = alt.Chart(inline(words)).mark_text(align="left", color=MUTED, fontSize=10.5)
    return [
        alt.Chart(inline(lines)).mark_rule(color="#ececec").encode(**_scales(panel), y2=alt.Y2("y2:Q")),
        text.encode(**_scales(panel), text=alt.Text("text:N")),
    ]


def _look(edge: Mapping[str, Any]) -> tuple[str, list[int], float, float]:
    kind = str(edge["kind"])
    width = 3.2 if edge.get("change") == "began" else 1.3
    opacity = 0.35 if edge.get("change") == "ended" else 0.9
    return RELATION_COLOURS.get(kind, MUTED), RELATION_DASHES.get(kind, [1, 0]), width, opacity


def _lines(panel: Panel, edges: Sequence[Mapping[str, Any]], at: Positions) -> list[Any]:
    layers = []
    heads = []
    for kind in sorted({str(e["kind"]) for e in edges}):
        for width in sorted({_look(e)[2:] for e in edges if e["kind"] == kind}):
            same = [e for e in edges if e["kind"] == kind and _look(e)[2:] == width]
            colour, dash, thick, opacity = _look(same[0])
            rows = [
                dict(zip(("x", "y", "x2", "y2"), (*at[e["source"]], *at[e["target"]]), strict=True))
                for e in same
            ]
            layers.append(
                alt.Chart(inline(rows))
                .mark_rule(color=colour, strokeDash=dash, strokeWidth=thick, opacity=opacity)
                .encode(**_scales(panel), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
            )
            if kind in _DIRECTED:
                heads += [_head(r, colour) for r in rows]
    if heads:
        layers.append(
            alt.Chart(inline(heads))
            .mark_point(shape="triangle", filled=True, size=55, opacity=1)
            .encode(
                **_scales(panel), angle=alt.Angle("angle:Q", scale=None), color=alt.Color("ink:N", scale=None)
            )
        )
    return layers


def _head(row: Mapping[str, float], colour: str) -> dict[str, Any]:
    x, y = row["x2"] - row["x"], row["y2"] - row["y"]
    part = max(0.5, 1 - 16 / max(math.hypot(x, y), 1.0))
    angle = math.degrees(math.atan2(x, -y))
    return {"x": row["x"] + part * x, "y": row["y"] + part * y, "angle": angle, "ink": colour}


def _shapes(nodes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    kinds = sorted({str(n.get("kind") or "unknown") for n in nodes})
    return {k: _KIND_SHAPES[i % len(_KIND_SHAPES)] for i, k in enumerate(kinds)}


def _marks(panel: Panel, nodes: Sequence[Mapping[str, Any]], at: Positions) -> list[Any]:
    shapes = _shapes(nodes)
    first = min((x for x, _ in at.values()), default=0.0)
    rows = [
        {
            "x": at[n["id"]][0],
            "y": at[n["id"]][1],
            "name": _short(n),
            "left": at[n["id"]][0] <= first,
            "shape": shapes[str(n.get("kind") or "unknown")],
            "ink": RECENT if str(n.get("status")).startswith("new") else INK,
        }
        for n in nodes
    ]
    if not rows:
        return []
    base = alt.Chart(inline(rows)).encode(**_scales(panel))
    # The names of those at the left margin stand before their marks: the lines leave on the other side.
    looks: dict[bool, dict[str, Any]] = {
        False: {"dx": 8, "align": "left"},
        True: {"dx": -8, "align": "right"},
    }
    words = [
        base.transform_filter(f"datum.left === {str(left).lower()}")
        .mark_text(**(look | halo), fontSize=10.5)
        .encode(text=alt.Text("name:N"))
        for left, look in looks.items()
        for halo in _HALOS
    ]
    return [
        *words,
        base.mark_point(filled=True, size=75, opacity=1).encode(
            shape=alt.Shape("shape:N", scale=None), color=alt.Color("ink:N", scale=None)
        ),
    ]


def _short(node: Mapping[str, Any], most: int = 22) -> str:
    """Return a name that fits, the letters it is known by when it gives them, or else the id."""
    name = str(node.get("name") or node["id"])
    if len(name) <= most:
        return name
    letters = re.search(r"\(([A-Z]{2}[\w-]{0,8})\)$", name)
    for bare in (name.partition(" (")[0], re.split(r" [-–] ", name)[-1]):
        if not letters and len(bare) <= most:
            return bare[:1].upper() + bare[1:]
    return letters[1] if letters else " ".join(_word(part) for part in str(node["id"]).split("_"))


def _word(part: str) -> str:
    """Write a part of an id as a word, unless it is as short as letters that stand for a name."""
    return part.capitalize() if len(part) > 7 and part.isalpha() else part


def _key(
    panel: Panel, edges: Sequence[Mapping[str, Any]], nodes: Sequence[Mapping[str, Any]], lang: Language
) -> list[Any]:
    layers = []
    words = []
    for i, kind in enumerate(sorted({str(e["kind"]) for e in edges})):
        x, y = 4 + 190 * (i % 4), 8 + 16 * (i // 4)
        colour, dash, _, _ = _look({"kind": kind})
        line = alt.Chart(inline([{"x": x, "y": y, "x2": x + 30, "y2": y}]))
        layers.append(
            line.mark_rule(color=colour, strokeDash=dash, strokeWidth=2).encode(
                **_scales(panel), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")
            )
        )
        words.append({"x": x + 36, "y": y, "text": lang.word(kind)})
    words.append(
        {
            "x": 4,
            "y": 42,
            "text": lang("thick: began in the period · pale: ended in the period · orange mark: new actor"),
        }
    )
    marks = []
    for i, (kind, shape) in enumerate(_shapes(nodes).items()):
        x, y = 9 + 190 * (i % 4), 60 + 16 * (i // 4)
        marks.append({"x": x, "y": y, "shape": shape})
        words.append({"x": x + 10, "y": y, "text": lang.word(kind)})
    if marks:
        layers.append(
            alt.Chart(inline(marks))
            .mark_point(filled=True, size=60, color=INK, opacity=1)
            .encode(**_scales(panel), shape=alt.Shape("shape:N", scale=None))
        )
    layers.append(
        alt.Chart(inline(words))
        .mark_text(align="left", fontSize=10.5, color=MUTED)
        .encode(**_scales(panel), text=alt.Text("text:N"))
    )
    return layers


def _columns(lang: Language) -> tuple[str, ...]:
    return (lang("actor"), lang("relation"), lang("with"), lang("since"), lang("until"), lang("remark"))


def _table(
    edges: Sequence[Mapping[str, Any]], nodes: Sequence[Mapping[str, Any]], lang: Language
) -> tuple[tuple[str, ...], ...]:
    names = {n["id"]: str(n.get("name") or n["id"]) for n in nodes}

    def remark(edge: Mapping[str, Any]) -> str:
        said = {"began": lang("began in the period"), "ended": lang("ended in the period")}
        parts = [said.get(str(edge.get("change")), ""), lang("contested") if edge.get("contested") else ""]
        return ", ".join(p for p in parts if p)

    return tuple(
        (
            names[e["source"]], lang.word(str(e["kind"])), names[e["target"]],
            str(e.get("start") or "–"), str(e.get("end") or "–"), remark(e),
        )
        for e in edges
    )  # fmt: skip
