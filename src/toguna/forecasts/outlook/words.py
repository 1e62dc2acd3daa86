"""Forecasts in words: where they begin, what they say, what they rest on, how they did on the past.

Enters: rows and records as in the assessment. Leaves: sentences. Called by the verb and the briefing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from toguna.core.figures import figure
from toguna.core.language import LANGUAGES, Language, Word
from toguna.forecasts.outlook.chain import KINDS
from toguna.forecasts.outlook.outlook import Outlook
from toguna.forecasts.recurrence.sentences import percent

__all__ = [
    "ALIKE",
    "begins",
    "by_unit",
    "caution",
    "columns",
    "driven",
    "judged",
    "level_title",
    "lines",
    "month_day",
    "silence",
    "target_title",
    "unit_title",
]

Row = Mapping[str, Any]
KINDS_ALL = "kinds"
"""All kinds of violence together, where none is coded."""


def month_day(text: str) -> date:
    """Read "2015-11" as the first day of that month."""
    year, month = text.split("-")
    return date(int(year), int(month), 1)


def unit_title(L: Language, unit: str) -> str:
    """Name a unit: a country, an area, a cell, or what was not placed."""
    above, slash, name = unit.rpartition("/")
    if not slash:
        return L.country(unit, unit)
    if not name:
        return L("{unit}, not placed in a smaller unit", unit=unit_title(L, above))
    return L("cell {gid}", gid=name) if name.isdigit() else name


def level_title(L: Language, level: str) -> str:
    """Name a level."""
    return {
        "country": L("country"),
        "admin1": L.word("admin1"),
        "admin2": L.word("admin2"),
        "grid": L("PRIO-GRID cell"),
    }[level]


def target_title(L: Language, target: str) -> str:
    """Say what is counted."""
    return {
        "deaths": L("deaths"),
        "deaths_sb": L("deaths in state-based violence"),
        "deaths_ns": L("deaths in non-state violence"),
        "deaths_os": L("deaths in one-sided violence"),
        "incidents": L("recorded incidents"),
        "attacks_civilians": L("attacks on civilians"),
        KINDS_ALL: L("deaths by kind of violence"),
    }[target]


def silence(found: Outlook) -> dict[str, dict[str, str]]:
    """Say, by language, why there is no forecast: target, "all" or "kinds" -> sentence."""
    silent = dict(found.silent)
    if all(silent.get(kind) == "not-coded" for kind in KINDS):
        silent = {t: why for t, why in silent.items() if t not in KINDS} | {KINDS_ALL: "not-coded"}
    return {
        target: {code: _why_not(Language(code), target, why) for code in LANGUAGES}
        for target, why in silent.items()
    }


def _why_not(L: Language, target: str, why: str) -> str:
    if why == "no-events":
        return L("Nothing can be forecast: no event is on record in a month that was over by this date.")
    if why == "too-short":
        return L(
            "{target} are not forecast: the record is too short to try a forecast on the past.",
            target=target_title(L, target).capitalize(),
        )
    if target == "attacks_civilians":
        return L("Attacks on civilians cannot be forecast: the source does not say whom violence hits.")
    return L(
        "{target} cannot be forecast: the source does not say of which kind violence is.",
        target=target_title(L, target).capitalize(),
    )


def begins(L: Language, record: Row) -> str:
    """Say where a forecast begins and what it counts."""
    origin = L.month(month_day(record["origin"]))
    parts = [
        L.plural(
            "The last month known whole is {origin}; {n} month is on record ({source}).",
            "The last month known whole is {origin}; {n} months are on record ({source}).",
            int(record["months_known"]),
            origin=origin,
            source=Word(record["source"]),
        )
    ]
    if record["origin_rests_on"] == "release":
        parts.append(L("The releases of the source end there."))
    if record["origin_rests_on"] == "silence":
        parts.append(L("The source is silent after it, for longer than ever before: it seems to end there."))
    if record["late_reports"]:
        parts.append(L("Recent months were completed for reports that come late."))
    if record["without_figure"] and record["target"].startswith("deaths"):
        parts.append(
            L.plural(
                "{n} event on record has no figure of deaths and adds none.",
                "{n} events on record have no figure of deaths and add none.",
                int(record["without_figure"]),
            )
        )
    return " ".join(parts)


def caution(L: Language) -> str:
    """Say what forecasts are not."""
    return L(
        "These forecasts continue what was recorded: they know no reason, and what is decided now may change "
        "them."
    )


def judged(L: Language, record: Row) -> str:
    """Say how the same forecasts did at past origins."""
    past = record["record"]
    what = {"target": target_title(L, record["target"]), "level": level_title(L, record["level"])}
    if not past["origins"]:
        return L(
            "{target}, by {level}: the record is too short to try this on the past; take it as a rough "
            "guess.",
            **{**what, "target": what["target"].capitalize()},
        )
    own, year = past["crps"], past["crps_last_year"]
    values = {
        **what,
        "target": what["target"].capitalize(),
        "cases": int(past["cases"]),
        "own": figure(L, own),
        "year": figure(L, year),
        "held": L.percent(past["coverage@0.9"]),
        "before": L.percent(past["coverage@0.9_before"]),
        "off": L.percent(abs(own / year - 1)) if year else L.percent(0),
    }
    tried = L.plural(
        "{target}, by {level}: tried from {n} past month on {cases} counts, the mean error (distance "
        "between what was said and what came) was {own}, that of repeating last year {year}",
        "{target}, by {level}: tried from {n} past months on {cases} counts, the mean error (distance "
        "between what was said and what came) was {own}, that of repeating last year {year}",
        int(past["origins"]),
        **values,
    )
    if not year or abs(own / year - 1) < ALIKE:
        beside = L("no difference that matters")
    elif own < year:
        beside = L("{off} better", off=values["off"])
    else:
        beside = L("{off} worse: repeating last year would have done better", off=values["off"])
    held = L("The 90% interval held in {held} ({before} before it was moved by earlier errors).", **values)
    return f"{tried} ({beside}). {held}"


ALIKE = 0.01


def driven(L: Language, record: Row, driver: Row) -> str:
    """Say what the mean of a forecast is made of, as an account and not as a cause."""
    parts = sorted(driver["parts"].items(), key=lambda part: -abs(part[1]))
    told = [
        L("{part} {sign}{value}", part=Word(name), sign="+" if v > 0 else "−", value=figure(L, abs(v)))
        for name, v in parts
        if abs(v) >= max(_SMALL * abs(driver["mean"]), 0.005)
    ]
    return L(
        "{unit}: {mean} {target} a month. The whole record alone says {base}; with it go {parts}.",
        unit=unit_title(L, driver["unit"]),
        mean=figure(L, driver["mean"]),
        target=target_title(L, record["target"]),
        base=figure(L, driver["base"]),
        parts=", ".join(told) or L("no part that moves it"),
    )


_SMALL = 0.02


def columns(L: Language) -> tuple[str, ...]:
    """Return the heads of the columns of `lines`."""
    shares = [L("chance of {n} or more", n=n) for n in (1, 25, 100)]
    return L("month"), L("mean"), L("median"), L("90% interval"), *shares


def lines(L: Language, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return the rows of one unit as a table; months in a row that read alike share a line."""
    out: list[tuple[str, ...]] = []
    first = ""
    for row in rows:
        month, told = L.month(month_day(row["month"])), _cells(L, row)
        if out and out[-1][1:] == told:
            out[-1] = (f"{first} – {month}", *told)
        else:
            first = month
            out.append((month, *told))
    return out


def _cells(L: Language, row: Row) -> tuple[str, ...]:
    interval = row["interval"]
    return (
        figure(L, row["mean"]),
        L.number(row["quantiles"]["0.5"], 0),
        L("{low} to {high}", low=L.number(interval["low"], 0), high=L.number(interval["high"], 0)),
        *(percent(L, row["at_least"][n]) if row["at_least"][n] else "0" for n in ("1", "25", "100")),
    )


def by_unit(rows: Sequence[Row], level: str, target: str) -> dict[str, list[Row]]:
    """Return the rows of a level and target, unit by unit; without units of which nothing is expected."""
    out: dict[str, list[Row]] = {}
    for row in rows:
        if (row["level"], row["target"]) == (level, target):
            out.setdefault(row["unit"], []).append(row)
    return {unit: own for unit, own in out.items() if any(r["mean"] or r["interval"]["high"] for r in own)}
