"""Picture 5: responses on a line of time, under the events of each month.

Enters responses (as in `assessment["responses"]`) and months with counts; leaves the picture. Called by
`toguna.room.briefing.pictures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from toguna.core.language import Language
from toguna.room.charts.palette import FALL, INK, MUTED, RECENT, REFERENCE
from toguna.room.charts.picture import Chart, Picture, inline

__all__ = ["draw_timeline"]

_WIDTH = 560
COLOURS = {
    "after": (RECENT, "circle"),
    "before": (FALL, "triangle-up"),
    "apart": (MUTED, "square"),
    "open": (REFERENCE, "cross"),
}
"""Colour and shape of a measure by where it stands beside violence."""


def draw_timeline(
    responses: Sequence[Mapping[str, Any]],
    months: Sequence[tuple[date, int]],
    lang: Language,
    *,
    span: tuple[date, date],
    words: tuple[str, str],
) -> Picture:
    """Draw events per month above, responses by kind below, recommendations apart.

    Parameters
    ----------
    responses : sequence of mapping
        `date_start`, `date_end`, `kind`, `recommendation`, `note`, `actor`, `place`.
    months : sequence of (date, int)
        First day of each month and its number of events.
    lang : Language
        Language to write in.
    span : pair of dates
        First and last day shown.
    words : pair of str
        Title and text alternative.
    """
    shown = [r for r in responses if _end(r) >= span[0] and _start(r) <= span[1]]
    scale = alt.Scale(type="utc", domain=[_day(span[0]), _day(span[1])])
    strip = _events(months, scale, lang)
    chart = alt.vconcat(strip, _responses(shown, scale, lang, span), spacing=6) if shown else strip
    note = lang(
        "What was decided beside what happened: the picture shows order in time, not effect. A mark is the "
        "first day of a measure; the bar behind it lasts to the last day on record, which may be the one "
        "announced. Colour and shape say whether it came after violence or before it. Recommendations "
        "(diamonds) are not measures taken."
    )
    return Picture("timeline", words[0], words[1], chart, _columns(lang), _table(shown, lang), note)


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}


def _start(response: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(response["date_start"]))


def _end(response: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(response.get("date_end") or response["date_start"]))


def _events(months: Sequence[tuple[date, int]], scale: alt.Scale, lang: Language) -> Chart:
    rows = [{"from": d.isoformat(), "to": _next(d).isoformat(), "n": n} for d, n in months]
    drawn: Chart = (
        alt.Chart(inline(rows))
        .mark_rect(color=REFERENCE, clip=True, stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X("from:T", scale=scale, axis=alt.Axis(labels=False, title=None, grid=True)),
            x2=alt.X2("to:T"),
            y=alt.Y(
                "n:Q", title=lang("events per month"), axis=alt.Axis(tickCount=3, format="d", tickMinStep=1)
            ),
            y2=alt.datum(0),
        )
        .properties(width=_WIDTH, height=100)
    )
    return drawn


def _next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _responses(
    shown: Sequence[Mapping[str, Any]], scale: alt.Scale, lang: Language, span: tuple[date, date]
) -> Chart:
    advised = lang("recommendation")
    kinds = {word: lang.word(f"timing:{word}") for word in COLOURS}
    rows = [
        {
            "from": max(_start(r), span[0]).isoformat(),
            "to": min(_end(r), span[1]).isoformat(),
            "row": _row(r, lang),
            "what": advised if r.get("recommendation") else kinds.get(str(r.get("when")), kinds["apart"]),
        }
        for r in shown
    ]
    order = [
        *sorted({r["row"] for r in rows if r["what"] != advised}),
        *sorted({r["row"] for r in rows if r["what"] == advised}),
    ]
    y = alt.Y("row:N", sort=order, title=None, axis=alt.Axis(grid=True, labelLimit=190))
    x = alt.X(
        "from:T",
        scale=scale,
        axis=alt.Axis(
            title=None,
            format="%b %Y",
            tickCount=alt.TimeIntervalStep(interval="month", step=6),
            labelSeparation=8,
        ),
    )
    base = alt.Chart(inline(rows)).encode(y=y)
    domain = [*kinds.values(), advised]
    colour = alt.Color(
        "what:N",
        scale=alt.Scale(domain=domain, range=[*(c for c, _ in COLOURS.values()), INK]),
        legend=alt.Legend(orient="bottom", title=None, columns=3),
    )
    shape = alt.Shape(
        "what:N", scale=alt.Scale(domain=domain, range=[*(s for _, s in COLOURS.values()), "diamond"])
    )
    return alt.layer(
        base.mark_rule(strokeWidth=5, opacity=0.35, color=MUTED, clip=True).encode(x=x, x2=alt.X2("to:T")),
        base.mark_point(size=60, strokeWidth=1.6, fill="white", fillOpacity=0.7).encode(
            x=x, color=colour, shape=shape
        ),
    ).properties(width=_WIDTH, height=alt.Step(21))


def _row(response: Mapping[str, Any], lang: Language) -> str:
    kind = lang.word(str(response["kind"]))
    return lang("advised: {kind}", kind=kind) if response.get("recommendation") else kind


def _columns(lang: Language) -> tuple[str, ...]:
    return (lang("from"), lang("until"), lang("kind"), lang("actor"), lang("place"), lang("remark"))


def _table(shown: Sequence[Mapping[str, Any]], lang: Language) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            lang.date(_start(r)), lang.date(_end(r)), _row(r, lang), str(r.get("actor") or "–"),
            str(r.get("place") or r.get("admin1") or "–"), str(r.get("note") or ""),
        )
        for r in sorted(shown, key=lambda r: (bool(r.get("recommendation")), str(r["date_start"])))
    )  # fmt: skip
