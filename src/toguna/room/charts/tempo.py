"""Picture 3: the tempo, events per step of days against the mean of the reference window.

Enters counts and the first day of each step; leaves bars. Called by `toguna.room.briefing.pictures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.room.charts.palette import INK, RECENT, REFERENCE
from toguna.room.charts.picture import Chart, Picture, inline

__all__ = ["draw_tempo"]


def draw_tempo(
    steps: Sequence[tuple[date, int]], lang: Language, *, recent_from: date, title: str, alt_text: str
) -> Picture:
    """Draw one bar per step; steps from `recent_from` on are the recent window."""
    words = {False: lang("before"), True: lang("now")}
    rows = [
        {"day": d.isoformat(), "n": n, "when": words[d >= recent_from], "order": i}
        for i, (d, n) in enumerate(steps)
    ]
    means = {now: _mean([n for d, n in steps if (d >= recent_from) is now]) for now in (False, True)}
    days = alt.X("order:O", axis=None)
    colour = alt.Color(
        "when:N",
        scale=alt.Scale(domain=[words[False], words[True]], range=[REFERENCE, RECENT]),
        legend=alt.Legend(orient="top", title=None),
    )
    height = alt.Y("n:Q", title=lang("events per 30 days"), axis=alt.Axis(tickMinStep=1, format="d"))
    bars = (
        alt.Chart(inline(rows))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(x=days, y=height, color=colour)
    )
    numbers = (
        alt.Chart(inline(rows)).mark_text(dy=-6, fontSize=10).encode(x=days, y=height, text=alt.Text("n:Q"))
    )
    layers: list[Any] = [bars, numbers]
    if rows:
        line = inline([{"n": means[False], "label": lang("mean before: {n}", n=means[False])}])
        mean = alt.Chart(line).encode(y=height)
        layers += [
            mean.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.4),
            mean.mark_text(align="left", x="width", dx=5, fontWeight="bold").encode(text=alt.Text("label:N")),
        ]
    layers.append(_axis(rows, lang))
    return Picture(
        "tempo", title, alt_text, alt.layer(*layers).properties(width=620, height=190),
        (lang("first day of the step"), lang("window"), lang("events")),
        tuple((lang.date(d), words[d >= recent_from], lang.say(n)) for d, n in steps),
        lang("A step has about 30 days; below stand the months in which steps begin."),
    )  # fmt: skip


def _mean(counts: list[int]) -> float:
    return sum(counts) / len(counts) if counts else 0.0


def _axis(rows: list[dict[str, object]], lang: Language) -> Chart:
    """Write the month of every fourth step under its bar."""
    shown = [
        {"order": r["order"], "label": lang.month(date.fromisoformat(str(r["day"])))}
        for i, r in enumerate(rows)
        if i % 4 == 0
    ]
    drawn: Chart = (
        alt.Chart(inline(shown))
        .mark_text(y="height", dy=12, fontSize=10.5)
        .encode(x=alt.X("order:O", axis=None), text=alt.Text("label:N"))
    )
    return drawn
