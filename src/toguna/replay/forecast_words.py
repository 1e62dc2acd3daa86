"""The lessons of replayed forecasts in words: sentences and tables, losses said as losses.

Enters: the dict of `toguna.replay.skill`. Leaves: text. Every word about better or worse is computed from the
numbers and their intervals. Called by `toguna.replay.words` and the pages of lessons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toguna.core.figures import figure
from toguna.core.language import Language, Word
from toguna.replay.worth import RATIOS

__all__ = [
    "event_of",
    "forecast_sentences",
    "forecast_table",
    "forecasts_in_short",
    "paying",
    "step_table",
    "value_of",
    "value_table",
]

Facts = Mapping[str, Any]
WORTH = 0.005
"""Smaller values are written as 0 and count as none."""

SURPRISE = 3.0
"""A group of chances is named when what happened was so many times likelier than said, or rarer."""


def forecast_sentences(told: Facts, L: Language) -> list[str]:
    """Say what was forecast, how far off it was, how sure one can be, and what it was worth."""
    ours, *others = told["methods"]
    return [
        _frame(told, L),
        *([_compared(ours, others[0], L)] if others else []),
        _held(ours, L),
        *_surprises(told, L),
        *_worth(told, L),
        *_own(told, L),
    ]


def forecasts_in_short(told: Facts, L: Language) -> list[str]:
    """Say how far off the forecast was, how sure one can be, and what it was worth."""
    ours, *others = told["methods"]
    paid = _own(told, L)[:1] or _worth(told, L)[:1]
    return [*([_compared(ours, others[0], L)] if others else []), _held(ours, L), *paid]


def _frame(told: Facts, L: Language) -> str:
    frame = told["frame"]
    return L(
        "Forecasts of deaths in {units} places, {low} to {high} months ahead, made at {origins} looks: "
        "{cases} of them came due, {some} with deaths.",
        units=frame["units"],
        low=frame["steps"][0],
        high=frame["steps"][-1],
        origins=frame["origins"],
        cases=frame["cases"],
        some=frame["with_any"],
    )


def _compared(ours: Facts, base: Facts, L: Language) -> str:
    """Hold the mean error against last year's, in deaths and in ratios."""
    return L(
        "{method}, mean error beside that of the {base} (1 = the same, smaller is better): {plain} in "
        "deaths, {log} in ratios of deaths. {verdict}",
        method=Word(f"method:{ours['name']}"),
        base=Word(f"method:{base['name']}"),
        plain=_with_interval(ours["ratio"], L),
        log=_with_interval(ours["log_ratio"], L),
        verdict=_verdict([ours["ratio"], ours["log_ratio"]], L),
    )


def _with_interval(ratio: Facts, L: Language) -> str:
    if ratio["value"] is None:
        return L("not to be said")
    if ratio["low"] is None:
        return L.number(ratio["value"], 2)
    return L(
        "{value} (90% interval {low} to {high})",
        value=L.number(ratio["value"], 2),
        low=L.number(ratio["low"], 2),
        high=L.number(ratio["high"], 2),
    )


def _verdict(ratios: Sequence[Facts], L: Language) -> str:
    if any(r["low"] is None for r in ratios):
        return L("There are too few months to say whether that is more than chance.")
    if all(r["high"] < 1 for r in ratios):
        return L("It was the better forecast.")
    if any(r["low"] > 1 for r in ratios):
        return L("It was the worse forecast.")
    return L("That it is better is not shown.")


def _held(ours: Facts, L: Language) -> str:
    own = "stated90" if ours["stated90"] is not None else "coverage90"
    where = ours[f"{own}_where_any"]
    said = L("Its 90% intervals held {share} of all outcomes", share=L.percent(ours[own]))
    if where is None:
        return said + "."
    return L("{said}, and {share} of those with deaths.", said=said, share=L.percent(where))


def event_of(told: Facts, L: Language) -> str:
    """Name the event that is decided about."""
    return L.plural("at least {n} death", "at least {n} deaths", told["at_least"])


def _surprises(told: Facts, L: Language) -> list[str]:
    """Name the groups of chances that were far from what happened."""
    said = []
    for group in told["calibration"]["reliability"]:
        off = group["happened"] / max(group["said"], 1 / max(group["cases"], 1))
        if group["cases"] >= 100 and (off >= SURPRISE or off <= 1 / SURPRISE):
            said.append(
                L(
                    "Where it gave “{event}” a chance of {low} to {high}, {said} on average, it happened in "
                    "{share} of {cases} cases.",
                    event=event_of(told, L),
                    low=L.percent(group["low"]),
                    high=L.percent(group["high"]),
                    said=L.percent(group["said"], 1),
                    share=L.percent(group["happened"], 1),
                    cases=group["cases"],
                )
            )
    return said


def value_of(told: Facts) -> Facts:
    """Return the value for the event the reader asked about."""
    found: Facts = told["value"][str(told["at_least"])]
    return found


def paying(told: Facts, method: str) -> tuple[float, float] | None:
    """Return the least and the largest ratio, of those of the curve, at which acting on a method pays."""
    rows = [r for r in value_of(told)["curve"] if r["ratio"] in RATIOS]
    good = [r["ratio"] for r in rows if (r["value"][method] or 0.0) >= WORTH]
    return (good[0], good[-1]) if good else None


def _worth(told: Facts, L: Language) -> list[str]:
    value = value_of(told)
    event = {"event": event_of(told, L), "share": L.percent(value["frequency"], 1)}
    if not value["events"] or value["events"] == value["cases"]:
        return [
            L(
                "Deciding about “{event}” in a place in a month, which came in {share} of cases: nothing to "
                "decide.",
                **event,
            )
        ]
    return [_paid(told, method["name"], event, L) for method in told["methods"][:2]]


def _paid(told: Facts, method: str, event: Mapping[str, str], L: Language) -> str:
    span, name = paying(told, method), Word(f"method:{method}")
    if span is None:
        return L(
            "Deciding about “{event}” in a place in a month ({share} of cases): at no price of a false "
            "alarm was acting on the {method} worth more than always or never acting.",
            method=name,
            **event,
        )
    curve = value_of(told)["curve"]
    at, saved = max(
        ((row["ratio"], row["value"][method]) for row in curve if row["value"][method] is not None),
        key=lambda pair: pair[1],
    )
    values = {"method": name, "at": L.percent(at), "saved": L.percent(saved), **event}
    if span[0] == span[1]:
        return L(
            "Deciding about “{event}” in a place in a month ({share} of cases): acting on the {method} was "
            "worth more than always or never acting only where a false alarm costs about {at} of what a "
            "miss costs; there it saved {saved} of what perfect knowledge would have.",
            **values,
        )
    return L(
        "Deciding about “{event}” in a place in a month ({share} of cases): acting on the {method} was worth "
        "more than always or never acting where a false alarm costs {low} to {high} of what a miss costs; "
        "at best, at {at}, it saved {saved} of what perfect knowledge would have.",
        low=L.percent(span[0]),
        high=L.percent(span[1]),
        **values,
    )


def _own(told: Facts, L: Language) -> list[str]:
    own = value_of(told)["own"]
    if own is None:
        return []
    said = []
    for method in told["methods"][:2]:
        made, value = own["decisions"][method["name"]], own["value"][method["name"]]
        said.append(
            L(
                "At your price, a false alarm costing {ratio} of a miss, the {method} gives {alarms} "
                "alarms: {hits} right, {false} for nothing; {missed} missed. Value {value} (1 = perfect, 0 "
                "= no better than always or never acting).",
                ratio=L.percent(own["ratio"]),
                method=Word(f"method:{method['name']}"),
                alarms=made["alarms"],
                hits=made["hits"],
                false=made["false"],
                missed=made["missed"],
                value=_value(value, L),
            )
        )
    low, high = own["interval"] or (None, None)
    if low is not None:
        said[0] += " " + L(
            "90% interval of the value: {low} to {high}.", low=_value(low, L), high=_value(high, L)
        )
    return said


def _value(value: float | None, L: Language) -> str:
    return "–" if value is None else L.number(round(value, 2) + 0.0, 2)


def _error(value: float, L: Language) -> str:
    return L.number(value, 2) if value < 100 else figure(L, value)


def forecast_table(told: Facts, L: Language) -> tuple[list[str], list[list[str]]]:
    """Put the forecasters side by side: heads and rows."""
    head = [
        L("method"),
        L("mean error (deaths)"),
        L("beside last year"),
        L("in ratios, beside last year"),
        L("90% intervals held"),
        L("held where deaths"),
    ]
    rows = [
        [
            L.word(f"method:{m['name']}"),
            _error(m["crps"], L),
            _with_interval(m["ratio"], L),
            _with_interval(m["log_ratio"], L),
            L.percent(m["coverage90"]),
            "–" if m["coverage90_where_any"] is None else L.percent(m["coverage90_where_any"]),
        ]
        for m in told["methods"]
    ]
    return head, rows


def step_table(told: Facts, L: Language) -> tuple[list[str], list[list[str]]]:
    """Give the error of every forecaster by months ahead: heads and rows."""
    methods = told["methods"]
    head = [L("months ahead"), L("cases"), *(L.word(f"method:{m['name']}") for m in methods)]
    rows = [
        [L.say(step["step"]), L.say(step["cases"]), *(_error(m["by_step"][k]["crps"], L) for m in methods)]
        for k, step in enumerate(methods[0]["by_step"])
    ]
    return head, rows


def value_table(told: Facts, L: Language) -> tuple[list[str], list[list[str]]]:
    """Give the value of every forecaster by the price of a false alarm: heads and rows."""
    names = [m["name"] for m in told["methods"]]
    head = [L("price of a false alarm"), *(L.word(f"method:{n}") for n in names), L("90% interval")]
    rows = []
    for row in value_of(told)["curve"]:
        span = row["interval"]
        spread = "–" if span is None else f"{_value(span[0], L)} – {_value(span[1], L)}"
        rows.append([L.percent(row["ratio"]), *(_value(row["value"][n], L) for n in names), spread])
    return head, rows
