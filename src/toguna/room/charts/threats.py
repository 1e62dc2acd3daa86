"""Picture: the share of deaths by family of threat, month by month.

Enters one entry of `threat_priority`; leaves stacked bars with their names beside them. Called by
`toguna.room.briefing.doing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.room.charts.palette import INK
from toguna.room.charts.picture import Chart, Picture, inline

__all__ = ["COLOURS", "draw_threats"]

COLOURS = {
    "jihadist": "#D55E00",
    "separatist": "#0072B2",
    "communal": "#009E73",
    "state": "#5a5a5a",
    "unattributed": "#d9d4cb",
}
_WIDTH, _HEIGHT = 560, 190


def draw_threats(found: Mapping[str, Any], lang: Language, *, title: str, alt_text: str) -> Picture:
    """Draw one bar per month, the year that ends with it shared among families; names stand at the right."""
    names = {f: lang.word("threat:" + f) for f in COLOURS}
    rows, ends = [], []
    for k, shares in enumerate(found["shares"]):
        low = 0.0
        for family in COLOURS:
            share = shares.get(family, 0.0)
            row = {"order": k, "family": names[family], "low": low, "high": low + share}
            rows.append(row)
            if k == len(found["shares"]) - 1 and share >= 0.05:
                ends.append(
                    {**row, "middle": low + share / 2, "label": f"{names[family]} {lang.percent(share)}"}
                )
            low += share
    chart = alt.layer(_bars(rows, names, lang), _labels(ends), _axis(found["months"], lang), _marks(found))
    note = lang(
        "Each bar shares out the deaths of the year that ends with the month, of what was published by then. "
        "A line marks a change of rank that withstood resampling. A battle counts for the sides other than "
        "the state; communal holds militias and self-defence groups."
    )
    return Picture(
        "threats", title, alt_text, chart.properties(width=_WIDTH, height=_HEIGHT),
        (lang("year that ends in"), *names.values(), lang("deaths")), _table(found, lang), note,
    )  # fmt: skip


def _bars(rows: list[dict[str, Any]], names: Mapping[str, str], lang: Language) -> Chart:
    drawn: Chart = (
        alt.Chart(inline(rows))
        .mark_bar(stroke="white", strokeWidth=0.4)
        .encode(
            x=alt.X("order:O", axis=None, scale=alt.Scale(paddingInner=0)),
            y=alt.Y(
                "low:Q",
                title=lang("share of deaths"),
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", tickCount=4),
            ),
            y2=alt.Y2("high:Q"),
            color=alt.Color(
                "family:N",
                scale=alt.Scale(domain=list(names.values()), range=list(COLOURS.values())),
                legend=alt.Legend(orient="top", title=None),
            ),
        )
    )
    return drawn


def _labels(ends: list[dict[str, Any]]) -> Chart:
    drawn: Chart = (
        alt.Chart(inline(ends))
        .mark_text(align="left", x=_WIDTH + 6, fontSize=11, color=INK)
        .encode(y=alt.Y("middle:Q"), text=alt.Text("label:N"))
    )
    return drawn


def _axis(months: list[str], lang: Language) -> Chart:
    shown = [
        {"order": k, "label": lang.month(date.fromisoformat(f"{m}-01"))}
        for k, m in enumerate(months)
        if k % 6 == 0
    ]
    drawn: Chart = (
        alt.Chart(inline(shown))
        .mark_text(y="height", dy=12, fontSize=10.5)
        .encode(x=alt.X("order:O", axis=None), text=alt.Text("label:N"))
    )
    return drawn


def _marks(found: Mapping[str, Any]) -> Chart:
    at = {month: k for k, month in enumerate(found["months"])}
    rows = [{"order": at[c["month"]]} for c in found["changes"]]
    drawn: Chart = (
        alt.Chart(inline(rows))
        .mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.4)
        .encode(x=alt.X("order:O", axis=None))
    )
    return drawn


def _table(found: Mapping[str, Any], lang: Language) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            lang.month(date.fromisoformat(f"{month}-01")),
            *(lang.percent(shares.get(f, 0.0)) for f in COLOURS),
            lang.say(round(total)),
        )
        for month, shares, total in zip(found["months"], found["shares"], found["totals"], strict=True)
    )
