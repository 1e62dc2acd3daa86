"""Pictures of replayed forecasts: error by months ahead, calibration, value by the price of a false alarm.

Enters the score of forecasts; leaves pictures. Called by `toguna.room.charts.replayed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.replay.forecast_words import step_table, value_of, value_table
from toguna.room.charts.palette import INK, MUTED, RECENT, REFERENCE
from toguna.room.charts.picture import Chart, Picture, inline

__all__ = ["draw_calibration", "draw_steps", "draw_value"]

_COLOURS = (RECENT, REFERENCE, "#009E73", "#CC79A7")
_DASHES: tuple[list[int], ...] = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
_LEAST = -1.0
"""Values below are drawn at the lower edge: a forecast that misleads can lose without bound."""


def _names(told: Mapping[str, Any], lang: Language) -> list[str]:
    return [lang.word(f"method:{m['name']}") for m in told["methods"]]


def _lines(data: Sequence[dict[str, Any]], names: Sequence[str], *, x: alt.X, y: alt.Y) -> list[Any]:
    """Draw one line for each method, told apart by colour and dash, with points."""
    legend = alt.Legend(
        orient="bottom",
        title=None,
        labelLimit=320,
        symbolType="stroke",
        symbolSize=500,
        symbolStrokeWidth=2.5,
    )
    colour = alt.Color(
        "method:N", scale=alt.Scale(domain=list(names), range=list(_COLOURS[: len(names)])), legend=legend
    )
    dash = alt.StrokeDash(
        "method:N", scale=alt.Scale(domain=list(names), range=list(_DASHES[: len(names)])), legend=legend
    )
    base = alt.Chart(inline(list(data))).encode(x=x, y=y, color=colour)
    return [
        base.mark_line(strokeWidth=2, clip=True).encode(strokeDash=dash),
        base.mark_point(filled=True, size=34, opacity=1, clip=True),
    ]


def _rule(level: float, y: alt.Y) -> Any:
    return alt.Chart(inline([{y.shorthand.partition(":")[0]: level}])).mark_rule(color=INK).encode(y=y)


def draw_steps(told: Mapping[str, Any], lang: Language, *, title: str) -> Picture:
    """Draw the mean error by months ahead, beside that of last-year resampling (1 = the same)."""
    names = _names(told, lang)
    data = [
        {"step": step["step"], "ratio": step[key], "method": name, "panel": panel}
        for key, panel in (
            ("ratio", lang("error in deaths")),
            ("log_ratio", lang("error in ratios of deaths")),
        )
        for m, name in zip(told["methods"], names, strict=True)
        for step in m["by_step"]
        if step[key] is not None
    ]
    values = [row["ratio"] for row in data] or [1.0]
    scale = alt.Scale(domain=[min(0.8, *values) - 0.02, max(1.1, *values) + 0.05], nice=False, zero=False)
    x = alt.X("step:Q", title=lang("months ahead"), axis=alt.Axis(tickMinStep=1, format="d", grid=False))
    y = alt.Y("ratio:Q", scale=scale, title=lang("error beside last year"), axis=alt.Axis(tickCount=5))
    panels = []
    for panel in dict.fromkeys(row["panel"] for row in data):
        inside = [row for row in data if row["panel"] == panel]
        layers = [_rule(1.0, y), *_lines(inside, names, x=x, y=y)]
        panels.append(alt.layer(*layers).properties(width=270, height=190, title=panel))
    columns, cells = step_table(told, lang)
    return Picture(
        "steps", title,
        lang(
            "Two panels with a line for each forecast: its mean error by months ahead, divided by that of "
            "last-year resampling. The table behind the picture has the errors."
        ),
        alt.hconcat(*panels, spacing=30), tuple(columns), tuple(map(tuple, cells)),
        lang("Below 1: nearer to what happened than last year's months. The error is the mean CRPS."),
    )  # fmt: skip


def draw_value(told: Mapping[str, Any], lang: Language, *, title: str) -> Picture:
    """Draw the value of acting on each forecast, by the price of a false alarm."""
    names, value = _names(told, lang), value_of(told)
    data = [
        {"ratio": row["ratio"], "value": max(row["value"][m["name"]], _LEAST), "method": name}
        for row in value["curve"]
        for m, name in zip(told["methods"], names, strict=True)
        if row["value"][m["name"]] is not None
    ]
    spread = [
        {
            "ratio": row["ratio"],
            "low": max(row["interval"][0], _LEAST),
            "high": max(row["interval"][1], _LEAST),
        }
        for row in value["curve"]
        if row["interval"] is not None
    ]
    scale = alt.Scale(domain=[_LEAST, 1.0], nice=False)
    across = alt.Scale(type="log", domain=[0.01, 0.9], nice=False)
    axis = alt.Axis(values=[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9], format="~%", grid=False)
    x = alt.X("ratio:Q", scale=across, axis=axis, title=lang("price of a false alarm, as a share of a miss"))
    y = alt.Y("value:Q", scale=scale, title=lang("value"), axis=alt.Axis(tickCount=5))
    layers: list[Any] = []
    if spread:
        band = alt.Chart(inline(spread)).mark_area(color=RECENT, opacity=0.16, clip=True)
        layers.append(band.encode(x=x, y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q")))
    layers += [_rule(0.0, y), *_lines(data, names, x=x, y=y)]
    layers += _marked(told, lang, x)
    columns, cells = value_table(told, lang)
    return Picture(
        "value", title,
        lang(
            "A line for each forecast: its value by the price of a false alarm. The table behind the picture "
            "has all numbers."
        ),
        alt.layer(*layers).properties(width=560, height=240), tuple(columns), tuple(map(tuple, cells)),
        lang(
            "1: as good as knowing. 0: no better than the cheaper of always and never acting. Below: it "
            "would have cost more. Band: 90% interval of the first forecast, where there are months enough. "
            "Values below −1 are drawn at −1."
        ),
    )  # fmt: skip


def _marked(told: Mapping[str, Any], lang: Language, x: alt.X) -> list[Any]:
    """Mark the reader's own price and the frequency of the event, where the most can be gained."""
    value = value_of(told)
    rows = [(value["frequency"], lang("share of cases"))] if 0.01 <= value["frequency"] <= 0.9 else []
    if told["cost_loss"] is not None:
        rows.append((told["cost_loss"], lang("your price")))
    marks: list[Any] = []
    for k, (ratio, name) in enumerate(rows):
        base = alt.Chart(inline([{"ratio": ratio, "name": name}])).encode(x=x)
        label = base.mark_text(align="left", dx=4, color=MUTED, y=8 + 14 * k).encode(text=alt.Text("name:N"))
        marks += [base.mark_rule(color=MUTED, strokeDash=[3, 3]), label]
    return marks


def draw_calibration(told: Mapping[str, Any], lang: Language, *, title: str) -> Picture:
    """Draw chances said against what happened, and the ranks of what happened among the draws."""
    first = _names(told, lang)[0]
    chart = alt.hconcat(_reliability(told, lang), _ranks(told, lang), spacing=34)
    return Picture(
        "calibration", title,
        lang(
            "Left: for groups of chances, what was said on average and how often it happened. Right: ranks "
            "of what happened among the draws, in ten groups. The table behind the picture has the left part."
        ),
        chart,
        (lang("said"), lang("happened"), lang("cases")),
        tuple(
            (lang.percent(g["said"], 1), lang.percent(g["happened"], 1), lang.say(g["cases"]))
            for g in told["calibration"]["reliability"]
        ),
        lang(
            "{method}. On the slanted line chances are right; above it, more happened than was said. Ranks "
            "should be level: more at the right end means that outcomes were larger than foreseen.",
            method=first[:1].upper() + first[1:],
        ),
    )  # fmt: skip


def _reliability(told: Mapping[str, Any], lang: Language) -> Chart:
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format="%", tickCount=5, grid=False)
    groups = told["calibration"]["reliability"]
    data = [{"said": g["said"], "happened": g["happened"], "cases": g["cases"]} for g in groups]
    line = inline([{"said": 0, "happened": 0}, {"said": 1, "happened": 1}])
    x = alt.X("said:Q", scale=scale, axis=axis, title=lang("chance said"))
    y = alt.Y("happened:Q", scale=scale, axis=axis, title=lang("share that happened"))
    points = alt.Chart(inline(data)).encode(x=x, y=y)
    drawn: Chart = alt.layer(
        alt.Chart(line).mark_line(color=INK, strokeWidth=1).encode(x=x, y=y),
        points.mark_line(color=RECENT, strokeWidth=2),
        points.mark_point(color=RECENT, filled=True, opacity=1).encode(
            size=alt.Size("cases:Q", scale=alt.Scale(range=[25, 260]), legend=None)
        ),
    ).properties(width=230, height=210)
    return drawn


def _ranks(told: Mapping[str, Any], lang: Language) -> Chart:
    counts = told["calibration"]["pit"][told["methods"][0]["name"]]
    total = sum(counts)
    data = [{"from": k / 10, "to": (k + 1) / 10, "share": n / total} for k, n in enumerate(counts)]
    x = alt.X("from:Q", scale=alt.Scale(domain=[0, 1]), title=lang("rank of what happened among the draws"),
              axis=alt.Axis(format="%", tickCount=5, grid=False))  # fmt: skip
    most = max(0.2, *(row["share"] for row in data))
    scale = alt.Scale(domain=[0, most])
    bars = alt.Chart(inline(data)).mark_rect(color=REFERENCE, stroke="white")
    y = alt.Y("share:Q", scale=scale, title=lang("share of cases"), axis=alt.Axis(format="%", tickCount=4))
    drawn: Chart = alt.layer(
        bars.encode(x=x, x2=alt.X2("to:Q"), y=y, y2=alt.datum(0)),
        _rule(0.1, y),
    ).properties(width=250, height=210)
    return drawn
