"""The lessons of a replay in words: sentences, a table, a page. Losses are said as losses.

Enters: the dict of `toguna.replay.lessons`. Leaves: text. Nothing here knows an outcome: every word
about better or worse is computed from the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from toguna.core.language import Language
from toguna.replay.forecast_words import (
    forecast_sentences,
    forecast_table,
    forecasts_in_short,
    step_table,
    value_table,
)

__all__ = [
    "fates",
    "in_short",
    "markdown",
    "name_of",
    "no_better_than_chance",
    "parts_in_short",
    "point_name",
    "sentences",
    "table",
    "tables",
]

Facts = Mapping[str, Any]
_FINAL = "final vintage"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def name_of(method: str, L: Language) -> str:
    """Name a method."""
    return L.word(f"method:{method}")


def sentences(facts: Facts, L: Language) -> list[str]:
    """Say what was replayed, on what data, and what came of it."""
    return [
        *_frame(facts, L),
        *(_alarmed(facts, L) if facts["methods"] else ()),
        *(forecast_sentences(facts["forecasts"], L) if facts["forecasts"] else ()),
    ]


def in_short(facts: Facts, L: Language) -> list[str]:
    """Say the least a reader must know: what was looked at, and how alarms and forecasts did."""
    return [text for part in parts_in_short(facts, L) for text in part]


def parts_in_short(facts: Facts, L: Language) -> tuple[list[str], list[str], list[str]]:
    """Return `in_short` in its parts: what was looked at, how alarms did, how forecasts did."""
    told, alarmed = facts["forecasts"], bool(facts["methods"])
    return (
        [_frame(facts, L)[0], *(_points(facts, L)[:1] if alarmed else ())],
        [*_method(facts["methods"][0], L), *_compared(facts, L)] if alarmed else [],
        forecasts_in_short(told, L) if told else [],
    )


def no_better_than_chance(facts: Facts) -> bool:
    """Whether the tests of shifts announced no more turning points than as many alarms by chance."""
    if not facts["methods"] or not facts["turning_points"]:
        return False
    ours = facts["methods"][0]
    return bool(ours["hits"] <= ours["hits_by_chance"])


def _alarmed(facts: Facts, L: Language) -> list[str]:
    return [
        *_points(facts, L),
        *(text for method in facts["methods"] for text in _method(method, L)),
        *_compared(facts, L),
        *_named(facts, L),
    ]


def _frame(facts: Facts, L: Language) -> list[str]:
    looks = facts["looks"]
    said = [
        L(
            "{title}: {n} looks, on the last day of every month from {first} to {last}.",
            title=L.typeset(facts["title"].get(L.code, "")),
            n=looks["n"],
            first=_day(looks["first"]),
            last=_day(looks["last"]),
        )
    ]
    if looks["untested"]:
        said.append(
            L.plural(
                "At {n} look there were too few events to test anything: the tests of shifts could sound no "
                "alarm there.",
                "At {n} looks there were too few events to test anything: the tests of shifts could sound no "
                "alarm there.",
                looks["untested"],
            )
        )
    final = sorted(s for s, vintage in facts["vintages"].items() if vintage.startswith(_FINAL))
    if final:
        said.append(
            L(
                "Final vintage, pseudo-real-time: {sources}. Every row counts as known on its own last day, "
                "although it was written later; that flatters every method alike.",
                sources=L.join(L.word(s) for s in final),
            )
        )
    return said


def point_name(point: Facts, L: Language) -> str:
    """Name a turning point: its own title, or its area."""
    return L.typeset(point["title"].get(L.code) or point["area"] or "")


def _points(facts: Facts, L: Language) -> list[str]:
    points = facts["turning_points"]
    if not points:
        return [
            L("No turning point lies within the looks: there is nothing that an alarm could have announced.")
        ]
    listed = L.join(f"{point_name(p, L)} ({L.date(_day(p['day']))})" for p in points)
    said = [
        L.plural("{n} turning point: {listed}.", "{n} turning points: {listed}.", len(points), listed=listed)
    ]
    apart = (_day(points[-1]["day"]) - _day(points[0]["day"])).days
    if len(points) > 1 and apart <= facts["definitions"]["lead_days"]:
        said.append(
            L(
                "They lie within {days} days of one another and are hit or missed together: they are nearer "
                "to one case than to {n}.",
                days=apart,
                n=len(points),
            )
        )
    return said


def _method(method: Facts, L: Language) -> list[str]:
    n, rate = len(method["fates"]), method["false_per_year"]
    leads = [fate["lead_days"] for fate in method["fates"] if fate["lead_days"] is not None]
    said = []
    if n:
        said.append(
            L(
                "{method}: {hits} of {n} turning points announced, {chance} to expect by chance from as many "
                "alarms ({starts}).",
                method=name_of(method["name"], L),
                hits=method["hits"],
                n=n,
                chance=float(method["hits_by_chance"]),
                starts=method["starts"],
            )
        )
    if leads:
        said[-1] += " " + L("Announced {low} to {high} days before.", low=min(leads), high=max(leads))
    if rate is not None:
        text = L(
            "{false} false alarms in {years} years, {rate} a year (90% interval {low} to {high}).",
            false=method["false"],
            years=float(method["years"]),
            **{k: float(rate[v]) for k, v in (("rate", "value"), ("low", "low"), ("high", "high"))},
        )
        said = [f"{said[0]} {text}" if said else f"{name_of(method['name'], L)} · {text}"]
    return said


def _compared(facts: Facts, L: Language) -> list[str]:
    """Hold the tests of shifts against each rule, by hits beyond chance and by false alarms."""
    ours, *rules = facts["methods"]
    if not facts["turning_points"]:
        return []
    said = []
    if no_better_than_chance(facts):
        said.append(L("The tests of shifts announced no more than chance would have."))
    more = [name_of(r["name"], L) for r in rules if r["hits"] > ours["hits"]]
    if more:
        said.append(L("More turning points than the tests of shifts announced: {rules}.", rules=L.join(more)))
    fewer = [name_of(r["name"], L) for r in rules if _rate(r) < _rate(ours)]
    if fewer:
        said.append(L("Fewer false alarms than the tests of shifts had: {rules}.", rules=L.join(fewer)))
    return said


def _rate(method: Facts) -> float:
    return method["false_per_year"]["value"] if method["false_per_year"] else 0.0


def _named(facts: Facts, L: Language) -> list[str]:
    areas = [p for p in facts["turning_points"] if p["area"]]
    if not areas:
        return []
    told = [
        L("{area} after {n} days", area=point_name(p, L), n=p["named_days"])
        if p["named_days"] is not None
        else L("{area} never", area=point_name(p, L))
        for p in areas
    ]
    return [
        L(
            "An alarm of the tests of shifts named the area, counted from its turning point: {told}. No test "
            "of what happened can name an area before.",
            told=L.join(told),
        )
    ]


def table(facts: Facts, L: Language) -> tuple[list[str], list[list[str]]]:
    """Put the methods side by side: heads and rows."""
    head = [
        L("method"),
        L("announced"),
        L("by chance"),
        L("days before"),
        L("false alarms a year"),
        L("90% interval"),
        L("alarms"),
    ]
    return head, [_row(method, L) for method in facts["methods"]]


def _row(method: Facts, L: Language) -> list[str]:
    leads = sorted(fate["lead_days"] for fate in method["fates"] if fate["lead_days"] is not None)
    rate = method["false_per_year"]
    spread = "" if rate is None else f"{L.number(rate['low'])}–{L.number(rate['high'])}"
    return [
        name_of(method["name"], L),
        f"{method['hits']}/{len(method['fates'])}",
        L.number(method["hits_by_chance"]),
        ", ".join(map(str, leads)),
        "" if rate is None else L.number(rate["value"]),
        spread,
        L.say(method["starts"]),
    ]


def fates(facts: Facts, L: Language) -> tuple[list[str], list[list[str]]]:
    """Say how each method met each turning point: heads and rows."""
    head = [L("turning point"), L("day"), *(name_of(m["name"], L) for m in facts["methods"])]
    rows = [
        [
            point_name(point, L),
            L.short_date(_day(point["day"])),
            *(_fate(method["fates"][k], L) for method in facts["methods"]),
        ]
        for k, point in enumerate(facts["turning_points"])
    ]
    return head, rows


def _fate(fate: Facts, L: Language) -> str:
    if fate["lead_days"] is not None:
        return L("{n} days before", n=fate["lead_days"])
    if fate["noticed_days"] is not None:
        return L("missed; {n} days after", n=fate["noticed_days"])
    return L("missed")


def tables(facts: Facts, L: Language) -> list[tuple[list[str], list[list[str]]]]:
    """Return all tables of a replay: methods, turning points, forecasts."""
    told = facts["forecasts"]
    return [
        *([table(facts, L)] if facts["methods"] else []),
        *([fates(facts, L)] if facts["turning_points"] else []),
        *([make(told, L) for make in (forecast_table, step_table, value_table)] if told else []),
    ]


def markdown(facts: Facts, L: Language) -> str:
    """Write the page of lessons as text."""
    said = "".join(f"- {text}\n" for text in facts["sentences"][L.code])
    grids = (_grid(*one) for one in tables(facts, L))
    return "\n".join(["# " + L("Lessons of the replay") + "\n", said, *grids])


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
