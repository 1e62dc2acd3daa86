"""The pictures of a replay, with titles that say the finding.

Enters the facts of `toguna.replay.lessons`; leaves pictures by name. Called by the page of lessons and the
briefing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from toguna.core.language import Language, Word
from toguna.replay.forecast_words import event_of, paying, value_of
from toguna.room.charts.alarms import draw_alarms
from toguna.room.charts.picture import Picture
from toguna.room.charts.skill import draw_calibration, draw_steps, draw_value

__all__ = ["replay_pictures"]

Facts = Mapping[str, Any]


ALL = ("alarms", "steps", "calibration", "value")


def replay_pictures(facts: Facts, lang: Language, *, only: Collection[str] = ALL) -> dict[str, Picture]:
    """Draw what there are numbers for: alarms; error by months ahead, calibration and value of forecasts."""
    found = {}
    if "alarms" in only and facts["methods"]:
        found["alarms"] = draw_alarms(facts, lang, title=_alarms(facts, lang))
    told = facts["forecasts"]
    if "steps" in only and told and told["methods"][0]["ratio"]["value"] is not None:
        found["steps"] = draw_steps(told, lang, title=_steps(told, lang))
    if "calibration" in only and told:
        found["calibration"] = draw_calibration(told, lang, title=_calibration(told, lang))
    if "value" in only and told and 0 < value_of(told)["events"] < value_of(told)["cases"]:
        found["value"] = draw_value(told, lang, title=_value(told, lang))
    return found


def _alarms(facts: Facts, lang: Language) -> str:
    ours = facts["methods"][0]
    n = len(facts["turning_points"])
    said = lang.plural("Tests of shifts: {n} false alarm", "Tests of shifts: {n} false alarms", ours["false"])
    if not n:
        return lang("{said}, and no turning point to announce.", said=said)
    return lang(
        "{said}; {hits} of {n} turning points announced, {chance} to expect by chance.",
        said=said,
        hits=ours["hits"],
        n=n,
        chance=float(ours["hits_by_chance"]),
    )


def _steps(told: Facts, lang: Language) -> str:
    steps = told["methods"][0]["by_step"]
    first, last = steps[0], steps[-1]
    return lang(
        "Error of the {method} beside last year, {a} to {b} months ahead: {near} to {far} (1 = the same).",
        method=Word(f"method:{told['methods'][0]['name']}"),
        near=lang.number(first["ratio"] or 0.0, 2),
        a=first["step"],
        far=lang.number(last["ratio"] or 0.0, 2),
        b=last["step"],
    )


def _calibration(told: Facts, lang: Language) -> str:
    ours = told["methods"][0]
    return lang(
        "The 90% intervals of its draws held {share} of what happened, {some} where there were deaths.",
        share=lang.percent(ours["coverage90"]),
        some="–" if ours["coverage90_where_any"] is None else lang.percent(ours["coverage90_where_any"]),
    )


def _value(told: Facts, lang: Language) -> str:
    span = paying(told, told["methods"][0]["name"])
    event = event_of(told, lang)
    if span is None:
        return lang("“{event}”: acting on the forecast paid at no price of a false alarm.", event=event)
    if span[0] == span[1]:
        return lang(
            "“{event}”: acting on the forecast paid only where a false alarm costs about {at} of a miss.",
            event=event,
            at=lang.percent(span[0]),
        )
    return lang(
        "“{event}”: acting on the forecast paid where a false alarm costs {low} to {high} of a miss.",
        event=event,
        low=lang.percent(span[0]),
        high=lang.percent(span[1]),
    )
