"""The part of "What may come" that tells forecasts: tables by month, what they rest on, their record.

Enters the assessment; leaves blocks. Called by `coming`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from toguna.core.figures import figure
from toguna.core.language import Language
from toguna.core.meanings import meaning
from toguna.forecasts.outlook.words import (
    ALIKE,
    begins,
    by_unit,
    caution,
    columns,
    driven,
    judged,
    level_title,
    lines,
    month_day,
    target_title,
    unit_title,
)
from toguna.forecasts.recurrence.sentences import percent
from toguna.room.briefing.blocks import Block, fold, sentences, table, text
from toguna.room.briefing.scope import said
from toguna.room.briefing.shifts import picture
from toguna.room.charts.expected import Shade, draw_expected
from toguna.room.charts.fans import Series, draw_fans
from toguna.room.charts.picture import Picture
from toguna.store.theatre import Theatre

__all__ = ["blocks", "expected_picture", "fans_picture", "series_picture"]

SILENT = "forecast/"
MOST_DRIVEN, MOST_COUNTRIES, SHOWN_MONTHS = 3, 2, 24


def blocks(
    assessment: Mapping[str, Any], pictures: Mapping[str, Picture], lang: Language
) -> list[Block | None]:
    """Tell the forecasts of an assessment, or why there are none."""
    records = list(assessment.get("forecast_records") or [])
    notes = (assessment.get("notes") or {}).items()
    silent = [text(said(why, lang)) for id, why in notes if id.startswith(SILENT)]
    if not records:
        return [*silent]
    out = [record for record in records if record.get("withheld")]
    told = [_sentence(record, lang) for record in records if record not in out]
    shown = [record for record in records if record not in out]
    return [
        text(" ".join(part for part in (*_in_short(shown, lang), caution(lang)) if part)),
        *silent,
        *(picture(pictures[name]) for name in ("fans", "expected") if name in pictures),
        text(_two_counts(lang), small=True) if assessment.get("recurrence") else None,
        *(text(_withheld(record, lang), small=True) for record in out),
        fold(
            lang("What the forecasts of counts rest on, and how they did on the past"),
            [
                text(begins(lang, records[0]), small=True),
                sentences(told) if told else None,
                *(_table(assessment, record, lang) for record in shown),
            ],
        ),
    ]


def _in_short(records: list[Mapping[str, Any]], lang: Language) -> list[str]:
    """Say where most deaths are expected, and whether such forecasts beat repeating last year."""
    told: list[str] = []
    deaths: list[str] = []
    for record in records:
        largest = sorted(record["drivers"], key=lambda d: -d["mean"])[:MOST_DRIVEN]
        where = [
            lang("{unit} {mean}", unit=unit_title(lang, d["unit"]), mean=figure(lang, d["mean"]))
            for d in largest
            if d["mean"] > 0
        ]
        if record["target"] == "deaths" and where:
            deaths.append(", ".join(where))
    if deaths:
        where_all = lang.typeset("; ".join(deaths))
        told.append(lang("Deaths to expect a month, on average: {where}.", where=where_all))
    if worse := [r for r in records if _worse(r)]:
        names = {
            lang(
                "{target} by {level}",
                target=target_title(lang, r["target"]),
                level=level_title(lang, r["level"]),
            )
            for r in worse
        }
        told.append(
            lang(
                "On the past, repeating last year did better than this forecast for: {names}.",
                names=lang.join(sorted(names)),
            )
        )
    return told


def _worse(record: Mapping[str, Any]) -> bool:
    past = record["record"]
    return bool(
        past["origins"] and past["crps_last_year"] and past["crps"] / past["crps_last_year"] - 1 > ALIKE
    )


def _two_counts(lang: Language) -> str:
    return lang(
        "The chances of a further attack count attacks of one kind, with deaths or without; the forecasts "
        "count deaths of all recorded violence, by another method. Two figures for one place therefore "
        "differ."
    )


def _withheld(record: Mapping[str, Any], lang: Language) -> str:
    """Say that a forecast is not shown, and every reason."""
    reasons = [_reason(finding, lang) for finding in record["withheld"]]
    return lang(
        "Not shown: forecast of {target}, by {level}. {reasons}",
        target=target_title(lang, record["target"]),
        level=level_title(lang, record["level"]),
        reasons=" ".join(reasons),
    )


def _reason(finding: Mapping[str, Any], lang: Language) -> str:
    """Say what a finding means; what was found is written in English, and told there only."""
    means = _means(finding["code"], lang)
    return (
        lang("{means} Found: {found}.", means=means, found=finding["found"]) if lang.code == "en" else means
    )


def _means(code: str, lang: Language) -> str:
    told = meaning(code, lang.code)
    return told.means if told else code


def _sentence(record: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    """Say the largest expectations of a level, what goes with them, and the record."""
    largest = sorted(record["drivers"], key=lambda d: -d["mean"])[:MOST_DRIVEN]
    first = largest[0]["unit"]
    return {
        "id": f"ahead-{record['level']}-{record['target']}",
        "text": " ".join(driven(lang, record, one) for one in largest if one["mean"] > 0),
        "uncertainty": judged(lang, record),
        "why": lang("Ask: toguna why {id}", id=f"forecast/{record['level']}/{record['target']}/{first}/1"),
    }


def _table(assessment: Mapping[str, Any], record: Mapping[str, Any], lang: Language) -> Block | None:
    mine = by_unit(assessment["forecasts"], record["level"], record["target"])
    rows = [[unit_title(lang, unit), *line] for unit, own in mine.items() for line in lines(lang, own)]
    caption = lang(
        "Forecast of {target}, by {level} and month",
        target=target_title(lang, record["target"]),
        level=level_title(lang, record["level"]),
    )
    return table(caption, [lang("where"), *columns(lang)], rows, folded=True) if rows else None


def fans_picture(assessment: Mapping[str, Any], lang: Language) -> Picture | None:
    """Draw counts and ranges of the countries with most deaths expected; None without forecasts."""
    records = [r for r in assessment.get("forecast_records") or [] if r["level"] == "country"]
    series, rows = [], []
    for record in records:
        mine = by_unit(assessment["forecasts"], "country", record["target"])
        largest = sorted(mine, key=lambda unit: -mine[unit][0]["mean"])[:MOST_COUNTRIES]
        for unit in largest:
            title = f"{unit_title(lang, unit)} · {target_title(lang, record['target'])}"
            ahead = [{**row, "day": f"{row['month']}-01"} for row in mine[unit]]
            series.append(Series(title, _known(record, unit), ahead))
            rows += [(title, *line) for line in lines(lang, mine[unit])]
    if not series:
        return None
    first = series[0].ahead[0]
    said = lang(
        "{series}, {month}: half of what is expected lies between {q25} and {q75}; 90% interval {low} to "
        "{high}.",
        series=series[0].title,
        month=lang.month(month_day(first["month"])),
        q25=lang.number(first["quantiles"]["0.25"], 0),
        q75=lang.number(first["quantiles"]["0.75"], 0),
        low=lang.number(first["interval"]["low"], 0),
        high=lang.number(first["interval"]["high"], 0),
    )
    heads = (lang("where"), *columns(lang))
    return draw_fans(series, lang, title=said, columns=heads, rows=tuple(rows))


def series_picture(assessment: Mapping[str, Any], rows: list[Mapping[str, Any]], lang: Language) -> Picture:
    """Draw one series of forecasts behind what was counted of it; `rows` are its months."""
    first = rows[0]
    level, target, unit = first["level"], first["target"], first["unit"]
    mine = (r for r in assessment["forecast_records"] if (r["level"], r["target"]) == (level, target))
    known = [count for record in mine if unit in record["known"]["counts"] for count in _known(record, unit)]
    title = f"{unit_title(lang, unit)} · {target_title(lang, target)}"
    ahead = [{**row, "day": f"{row['month']}-01"} for row in rows]
    table_rows = tuple(lines(lang, rows))
    return draw_fans([Series(title, known, ahead)], lang, title=title, columns=columns(lang), rows=table_rows)


def _known(record: Mapping[str, Any], unit: str) -> list[tuple[str, int]]:
    """Counts of the last two years, by first day of the month."""
    day = month_day(record["known"]["first"])
    out = []
    for count in record["known"]["counts"][unit]:
        out.append((day.isoformat(), int(count)))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return out[-SHOWN_MONTHS:]


def expected_picture(assessment: Mapping[str, Any], theatre: Theatre, lang: Language) -> Picture | None:
    """Draw how likely a month with deaths is by area; None without outlines or forecasts by area."""
    rows = [r for r in assessment.get("forecasts") or [] if (r["level"], r["target"]) == ("admin1", "deaths")]
    chance: dict[str, float] = {}
    for row in rows:
        chance[row["unit"]] = chance.get(row["unit"], 0.0) + row["at_least"]["1"]
    steps = max((r["step"] for r in rows), default=1)
    chance = {unit: total / steps for unit, total in chance.items()}
    areas = [(a, f"{a.country or theatre.countries[0]}/{a.name}") for a in theatre.areas("adm1")]
    inner = [Shade(a.name, a.geometry, chance[u], _said(lang, chance[u])) for a, u in areas if u in chance]
    if not inner:
        return None
    around = [a for a in theatre.areas("adm0") if a.country not in theatre.countries]
    outer = [Shade(lang.country(a.country, a.name), a.geometry, None) for a in around]
    told = sorted(inner, key=lambda s: -(s.chance or 0))
    title = lang.plural(
        "Chance of one death or more in a month, mean of {n} month: highest in {area}, {chance}.",
        "Chance of one death or more in a month, mean of {n} months: highest in {area}, {chance}.",
        steps,
        area=told[0].name,
        chance=told[0].said,
    )
    table_rows = tuple((s.name, s.said) for s in told)
    heads = (lang("area"), lang("chance of {n} or more", n=1))
    return draw_expected([*outer, *inner], lang, title=title, columns=heads, rows=table_rows)


def _said(lang: Language, chance: float) -> str:
    return percent(lang, chance)
