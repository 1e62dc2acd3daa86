"""Picture: alarms of every method on a line of time, with turning points and lead times.

Enters the facts of a replay; leaves the picture. Called by `toguna.room.charts.replayed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.replay.words import fates, name_of, point_name
from toguna.room.charts.palette import INK, RECENT, REFERENCE
from toguna.room.charts.picture import Chart, Picture, inline

__all__ = ["draw_alarms"]

_WIDTH, _ROW = 560, 34
_VERDICTS = ("hit", "late", "undecided", "false")
_COLOURS = {"hit": REFERENCE, "late": "#56B4E9", "undecided": "#7a7a7a", "false": RECENT}
_SHAPES = {"hit": "circle", "late": "triangle-up", "undecided": "diamond", "false": "cross"}


def draw_alarms(facts: Mapping[str, Any], lang: Language, *, title: str) -> Picture:
    """Draw one row for each method; turning points are upright lines through all of them."""
    scale = alt.Scale(type="utc", domain=[_utc(facts["looks"][k]) for k in ("first", "last")])
    rows = [name_of(m["name"], lang) for m in facts["methods"]]
    points = facts["turning_points"]
    layers: list[Any] = [_sounding(facts, lang, scale, rows), _marks(facts, lang, scale, rows)]
    if points:
        layers = [_lines(points, scale), layers[0], _leads(facts, lang, scale, rows), layers[1]]
    panel: Chart = alt.layer(*layers).properties(width=_WIDTH, height=_ROW * len(rows))
    chart = alt.vconcat(_names(facts, lang, scale), panel, spacing=4) if points else panel
    columns, cells = fates(facts, lang) if points else _listed(facts, lang)
    return Picture(
        "alarms", title,
        lang(
            "One row for each method with a mark where an alarm started, and upright lines for the turning "
            "points. The table behind the picture says how each method met each turning point."
        ),
        chart, tuple(columns), tuple(map(tuple, cells)),
        lang(
            "A mark is an alarm that starts: before a turning point, soon after one, for nothing, or too "
            "near to the end to say. A blue bar leads from the first alarm before a turning point to it: "
            "the lead time. Grey: looks at which the method sounded."
        ),
    )  # fmt: skip


def _utc(text: str) -> dict[str, Any]:
    day = date.fromisoformat(text)
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}


def _x(scale: alt.Scale) -> alt.X:
    step = alt.TimeIntervalStep(interval="month", step=6)
    axis = alt.Axis(title=None, format="%b %Y", tickCount=step, labelSeparation=8, grid=False)
    return alt.X("day:T", scale=scale, axis=axis, title=None)


def _y(rows: Sequence[str]) -> alt.Y:
    return alt.Y("row:N", sort=list(rows), scale=alt.Scale(domain=list(rows)), title=None,
                 axis=alt.Axis(labelLimit=230, grid=True, ticks=False))  # fmt: skip


def _sounding(facts: Mapping[str, Any], lang: Language, scale: alt.Scale, rows: Sequence[str]) -> Chart:
    data = [
        {"day": day, "row": name_of(m["name"], lang)}
        for m in facts["methods"]
        for day in m.get("sounding", ())
    ]
    drawn: Chart = (
        alt.Chart(inline(data))
        .mark_tick(color="#b8b2a8", thickness=3, size=14)
        .encode(x=_x(scale), y=_y(rows))
    )
    return drawn


def _leads(facts: Mapping[str, Any], lang: Language, scale: alt.Scale, rows: Sequence[str]) -> Chart:
    """Draw lead times as bars, those of one row one under the other."""
    data = []
    for m in facts["methods"]:
        for k, (point, fate) in enumerate(zip(facts["turning_points"], m["fates"], strict=True)):
            if fate["lead_days"] is not None:
                day = date.fromisoformat(point["day"])
                start = date.fromordinal(day.toordinal() - fate["lead_days"])
                data.append(
                    {"day": start.isoformat(), "end": point["day"], "row": name_of(m["name"], lang), "k": k}
                )
    drawn: Chart = (
        alt.Chart(inline(data))
        .mark_rule(color=REFERENCE, strokeWidth=2, opacity=0.65)
        .encode(
            x=_x(scale),
            x2=alt.X2("end:T"),
            y=_y(rows),
            yOffset=alt.YOffset(
                "k:Q", scale=alt.Scale(domain=[-4, len(facts["turning_points"])], range=[0, _ROW - 6])
            ),
        )
    )
    return drawn


def _marks(facts: Mapping[str, Any], lang: Language, scale: alt.Scale, rows: Sequence[str]) -> Chart:
    words = {v: lang.word(f"alarm:{v}") for v in _VERDICTS}
    data = [
        {"day": a["day"], "row": name_of(m["name"], lang), "what": words[a["verdict"]]}
        for m in facts["methods"]
        for a in m["alarms"]
    ]
    said = [words[v] for v in _VERDICTS]
    legend = alt.Legend(orient="bottom", title=None, columns=2, labelLimit=300)
    drawn: Chart = (
        alt.Chart(inline(data))
        .mark_point(filled=True, size=95, opacity=1, stroke="white", strokeWidth=0.7)
        .encode(
            x=_x(scale),
            y=_y(rows),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=said, range=[_COLOURS[v] for v in _VERDICTS]),
                legend=legend,
            ),
            shape=alt.Shape(
                "what:N", scale=alt.Scale(domain=said, range=[_SHAPES[v] for v in _VERDICTS]), legend=legend
            ),
        )
    )
    return drawn


def _lines(points: Sequence[Mapping[str, Any]], scale: alt.Scale) -> Chart:
    drawn: Chart = (
        alt.Chart(inline([{"day": p["day"]} for p in points]))
        .mark_rule(color=INK, strokeWidth=1.2, strokeDash=[4, 2])
        .encode(x=_x(scale))
    )
    return drawn


def _names(facts: Mapping[str, Any], lang: Language, scale: alt.Scale) -> Chart:
    """Write the turning points above their lines, the last one on top: no name crosses a line."""
    first, last = (date.fromisoformat(facts["looks"][k]) for k in ("first", "last"))
    early = first.toordinal() + (last - first).days / 4
    data = [
        {
            "day": p["day"],
            "k": -k,
            "name": point_name(p, lang),
            "early": date.fromisoformat(p["day"]).toordinal() < early,
        }
        for k, p in enumerate(facts["turning_points"])
    ]
    x = alt.X("day:T", scale=scale, axis=None)
    base = alt.Chart(inline(data)).encode(x=x, y=alt.Y("k:O", axis=None))
    drawn: Chart = alt.layer(
        base.mark_rule(color=INK, strokeWidth=1.2, strokeDash=[4, 2]).encode(y2=alt.value("height")),
        base.transform_filter("!datum.early").mark_text(align="right", dx=-6).encode(text=alt.Text("name:N")),
        base.transform_filter("datum.early").mark_text(align="left", dx=6).encode(text=alt.Text("name:N")),
        base.mark_point(color=INK, filled=True, size=16),
    ).properties(width=_WIDTH, height=alt.Step(14))
    return drawn


def _listed(facts: Mapping[str, Any], lang: Language) -> tuple[list[str], list[list[str]]]:
    """List the alarms themselves, where there is no turning point to meet."""
    rows = [
        [
            name_of(m["name"], lang),
            lang.short_date(date.fromisoformat(a["day"])),
            lang.word(f"alarm:{a['verdict']}"),
        ]
        for m in facts["methods"]
        for a in m["alarms"]
    ]
    return [lang("method"), lang("day"), lang("what it was")], rows
