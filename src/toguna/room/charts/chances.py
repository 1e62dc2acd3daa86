"""Picture: how likely another attack is within some months, with interval and what other models say.

Enters rows of chances; leaves points, bars and rings. Called by `toguna.room.briefing.coming`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.forecasts.recurrence.sentences import percent
from toguna.room.charts.palette import INK, MUTED, RECENT
from toguna.room.charts.picture import Picture, inline

__all__ = ["draw_chances"]


def draw_chances(
    found: Sequence[Mapping[str, Any]], lang: Language, *, title: str, cells: Sequence[tuple[str, ...]]
) -> Picture:
    """Draw one row for each horizon of each question; `cells` are the table behind it."""
    rows = [_row(one, lang) for one in found]
    rings = [
        {**_row(one, lang), "p": model["probability"]}
        for one in found
        for name, model in one["record"]["models"].items()
        if name != one["model"]
    ]
    months = list(dict.fromkeys(r["months"] for r in rows))
    share = alt.Scale(domain=[0, 1])
    across = alt.X("p:Q", scale=share, title=lang("probability"), axis=alt.Axis(format="%", tickCount=5))
    down = alt.Y("months:N", sort=months, title=None)
    every = inline([*({**r, "kind": "own"} for r in rows), *({**r, "kind": "other"} for r in rings)])
    own, other = (alt.datum.kind == name for name in ("own", "other"))
    base = alt.Chart().encode(y=down)
    layers = [
        base.transform_filter(own)
        .mark_rule(color=RECENT, strokeWidth=3)
        .encode(x=alt.X("low:Q", scale=share), x2=alt.X2("high:Q")),
        base.transform_filter(other)
        .mark_point(color=MUTED, filled=False, size=30, strokeWidth=1)
        .encode(x=across),
        base.transform_filter(own)
        .mark_point(color=RECENT, filled=True, size=110, opacity=1)
        .encode(x=across),
        base.transform_filter(own)
        .mark_text(align="left", color=INK, fontWeight="bold")
        .encode(x=alt.value(548), text=alt.Text("said:N")),
    ]
    panel = alt.layer(*layers).properties(width=540, height=66)
    header = alt.Header(
        title=None, labelOrient="top", labelAnchor="start", labelFontSize=12, labelFontWeight="bold",
        labelLimit=620, labelColor=INK,
    )  # fmt: skip
    order = list(dict.fromkeys(r["what"] for r in rows))
    chart = panel.facet(data=every, row=alt.Row("what:N", sort=order, header=header), spacing=14)
    return Picture(
        "chances",
        title,
        lang(
            "For each question and number of months a point for the probability, a bar for its 90% "
            "interval and rings for what the other models say. The table behind the picture has all numbers."
        ),
        chart,
        (lang("what"), lang("within"), lang("probability"), lang("90% interval"), lang("expected number")),
        tuple(cells),
        lang(
            "Point: the model that was best on past days. Bar: its 90% interval. Rings: what the other "
            "models say."
        ),
    )


def _row(one: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    n = int(one["horizon_months"])
    return {
        "what": lang.typeset(one["label"][lang.code]),
        "months": lang.plural("{n} month", "{n} months", n),
        "p": one["probability"],
        "low": one["low"],
        "high": one["high"],
        "said": percent(lang, one["probability"]),
    }
