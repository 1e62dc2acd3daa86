"""Picture 2: the mix of tactics, targets or settings, before and now.

Enters the categories of one shift; leaves shares joined by a line, and their difference with its
interval. Called by `toguna.room.briefing.pictures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.room.charts.palette import INK, MUTED, RECENT, REFERENCE
from toguna.room.charts.picture import Chart, Picture, inline

__all__ = ["draw_mix"]

_MOST = 12


def draw_mix(
    name: str, categories: Sequence[dict[str, Any]], lang: Language, *, title: str, alt_text: str
) -> Picture:
    """Draw the shares of each category in the two windows, the largest change first."""
    ordered = sorted(categories, key=lambda c: (-float(c["difference"]), str(c["category"])))
    shown = _largest(ordered)
    rows = [_row(c, lang) for c in shown]
    order = [r["category"] for r in rows]
    chart = alt.hconcat(
        _shares(rows, order, lang), _differences(rows, order, lang), spacing=24
    ).resolve_scale(y="shared")
    note = lang(
        "Line: from the share before to the share now. Right: difference in percentage points with its 90% "
        "interval; where the interval crosses zero, the data do not tell the direction."
    )
    if len(shown) < len(ordered):
        note += " " + lang.plural(
            "{n} smaller category is in the table only.",
            "{n} smaller categories are in the table only.",
            len(ordered) - len(shown),
        )
    return Picture(name, title, alt_text, chart, _columns(lang), _table(ordered, lang), note)


def _largest(ordered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def weight(category: dict[str, Any]) -> float:
        return abs(float(category["difference"])) + 0.01 * int(category["reference"] + category["recent"])

    kept = sorted(ordered, key=weight, reverse=True)[:_MOST]
    return [c for c in ordered if c in kept]


def _row(category: dict[str, Any], lang: Language) -> dict[str, Any]:
    row = {
        "category": lang.word(category["category"]),
        "before": 100 * category["reference_share"],
        "now": 100 * category["recent_share"],
        "difference": 100 * category["difference"],
        "counts": f"{category['reference']} → {category['recent']}",
    }
    if category.get("low") is not None and category.get("high") is not None:
        row |= {"low": 100 * category["low"], "high": 100 * category["high"]}
    return row


def _shares(rows: list[dict[str, Any]], order: list[str], lang: Language) -> Chart:
    y = alt.Y("category:N", sort=order, title=None, axis=alt.Axis(labelLimit=230, labelPadding=6))
    top = max([*(r["before"] for r in rows), *(r["now"] for r in rows), 1.0])
    scale = alt.Scale(domain=[0, top * 1.22], nice=False)
    title = lang("share of events in the window (%)")
    x = alt.X("before:Q", scale=scale, title=title)
    base = alt.Chart(inline(rows)).encode(y=y)
    words = {"before": lang("before"), "now": lang("now")}
    points = [
        {"category": r["category"], "share": r[when], "when": words[when]}
        for r in rows
        for when in ("before", "now")
    ]
    look = alt.Scale(domain=[words["before"], words["now"]], range=[REFERENCE, RECENT])
    form = alt.Scale(domain=[words["before"], words["now"]], range=["circle", "square"])
    marks = (
        alt.Chart(inline(points))
        .mark_point(size=75, filled=True, opacity=1)
        .encode(
            y=y,
            x=alt.X("share:Q", scale=scale, title=title),
            color=alt.Color("when:N", scale=look, title=None, legend=alt.Legend(orient="top")),
            shape=alt.Shape("when:N", scale=form, title=None),
        )
    )
    counts = base.transform_calculate(end="max(datum.before, datum.now)").mark_text(
        align="left", dx=9, color=MUTED
    )
    return alt.layer(
        base.mark_rule(strokeWidth=2, color="#9a9a9a").encode(x=x, x2=alt.X2("now:Q")),
        marks,
        counts.encode(x=alt.X("end:Q", scale=scale, title=title), text=alt.Text("counts:N")),
    ).properties(width=370, height=alt.Step(24))


def _differences(rows: list[dict[str, Any]], order: list[str], lang: Language) -> Chart:
    y = alt.Y("category:N", sort=order, axis=None)
    title = lang("difference (percentage points)")
    x = alt.X("difference:Q", title=title)
    whole = [r for r in rows if "low" in r]
    layers: list[Any] = [
        alt.Chart(inline([{"zero": 0}])).mark_rule(color=INK).encode(x=alt.X("zero:Q", title=title))
    ]
    if whole:
        layers.append(
            alt.Chart(inline(whole))
            .mark_rule(strokeWidth=2, color=MUTED)
            .encode(y=y, x=alt.X("low:Q", title=title), x2=alt.X2("high:Q"))
        )
    layers.append(
        alt.Chart(inline(rows)).mark_point(size=50, filled=True, color=INK, opacity=1).encode(x=x, y=y)
    )
    return alt.layer(*layers).properties(width=190, height=alt.Step(24))


def _columns(lang: Language) -> tuple[str, ...]:
    return (
        lang("category"), lang("events before"), lang("events now"), lang("share before"), lang("share now"),
        lang("difference (percentage points)"), lang("90% interval"), "p",
    )  # fmt: skip


def _table(categories: Sequence[dict[str, Any]], lang: Language) -> tuple[tuple[str, ...], ...]:
    def interval(category: dict[str, Any]) -> str:
        if category.get("low") is None or category.get("high") is None:
            return lang("none can be had")
        return lang("{low} to {high}", low=100 * float(category["low"]), high=100 * float(category["high"]))

    return tuple(
        (
            lang.word(c["category"]), lang.say(int(c["reference"])), lang.say(int(c["recent"])),
            lang.percent(float(c["reference_share"])), lang.percent(float(c["recent_share"])),
            lang.number(100 * float(c["difference"])), interval(c), lang.p_value(c.get("p")),
        )
        for c in categories
    )  # fmt: skip
