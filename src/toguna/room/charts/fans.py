"""Picture: what was counted month by month, and the range of what may come.

Enters counts and forecast rows of a few series; leaves panels one below the other. Called by
`toguna.room.briefing.forecast`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.room.charts.palette import INK, MUTED, RECENT, REFERENCE
from toguna.room.charts.picture import Chart, Picture, inline

__all__ = ["Series", "draw_fans"]

_WIDTH, _HEIGHT = 640, 150


@dataclass(frozen=True)
class Series:
    """One panel.

    Parameters
    ----------
    title : str
        Where, and what is counted.
    known : sequence of (str, int)
        First day of a month and its count, in order.
    ahead : sequence of mapping
        Forecast rows of the assessment, one for each month, with `day` (first day of the month) added.
    """

    title: str
    known: Sequence[tuple[str, int]]
    ahead: Sequence[Mapping[str, Any]]


def draw_fans(
    series: Sequence[Series],
    lang: Language,
    *,
    title: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Picture:
    """Draw bars for what was counted, bands and a line for what may come; `rows` are the table behind it."""
    panels = [_panel(one, lang) for one in series]
    chart = alt.vconcat(*panels, spacing=18)
    alt_text = lang(
        "For each series: bars for the counts of past months; after them a band from the 25th to the 75th "
        "percentile, a wider one for the 90% interval, and a line for the median. The table behind the "
        "picture has all numbers."
    )
    note = lang(
        "Bars: recorded. Dark band: half of what is expected lies in it. Light band: 90% interval, moved by "
        "past errors. Line: median. Bands hold for single months, not for their sum."
    )
    return Picture("fans", title, alt_text, chart, columns, rows, note)


def _panel(one: Series, lang: Language) -> Chart:
    """Months are places on the axis, not days: bars and bands then stand on the same ground."""
    known = [{"day": day, "count": count} for day, count in one.known]
    ahead = [
        {
            "day": row["day"],
            "low": row["interval"]["low"],
            "high": row["interval"]["high"],
            "q25": row["quantiles"]["0.25"],
            "q75": row["quantiles"]["0.75"],
            "median": row["quantiles"]["0.5"],
        }
        for row in one.ahead
    ]
    days = [row["day"] for row in (*known, *ahead)]
    shown = [day for day in days if day[5:7] in ("01", "07")] or days[:1]
    names = {day: lang.month(date.fromisoformat(day)) for day in shown}
    text = " : ".join(f"datum.value == '{day}' ? '{name}'" for day, name in names.items())
    axis = alt.Axis(values=shown, labelExpr=f"{text} : ''", labelAngle=0, title=None, grid=False)
    across = alt.X("day:O", scale=alt.Scale(domain=days, paddingInner=0.25), axis=axis)
    up: dict[str, Any] = {"title": None}
    future = alt.Chart(inline(ahead)).encode(x=across)
    layers = [
        alt.Chart(inline(known))
        .mark_bar(color=REFERENCE, opacity=0.8)
        .encode(x=across, y=alt.Y("count:Q", **up)),
        future.mark_bar(color=RECENT, opacity=0.22).encode(y=alt.Y("low:Q", **up), y2=alt.Y2("high:Q")),
        future.mark_bar(color=RECENT, opacity=0.5).encode(y=alt.Y("q25:Q", **up), y2=alt.Y2("q75:Q")),
        future.mark_tick(color=INK, thickness=2).encode(y=alt.Y("median:Q", **up)),
    ]
    heading = alt.TitleParams(one.title, color=INK, subtitleColor=MUTED)
    return alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT, title=heading)
