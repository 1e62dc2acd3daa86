"""Accounts of a plan in words: what the money goes to, where nothing goes, what other goals would do.

Enters: a plan as in the assessment. Leaves: sentences and rows. Called by the verb and the briefing, beside
`toguna.responses.plan.words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toguna.core.language import Language
from toguna.core.meanings import meaning
from toguna.responses.plan.words import money, regret

__all__ = [
    "empty",
    "goal_columns",
    "goal_rows",
    "goals_note",
    "goals_title",
    "remade",
    "spending",
    "withheld",
]

Told = Mapping[str, Any]


def withheld(lang: Language, plan: Told) -> list[str]:
    """Say that the forecast under a plan must not be published, and why; nothing when it may."""
    if not plan["withheld"]:
        return []
    found = [(one, meaning(one["code"], lang.code)) for one in plan["withheld"]]
    means = " ".join(told.means if told else one["code"] for one, told in found)
    return [
        lang(
            "For work, not for publication: the forecast of deaths by area, on which this plan rests, is "
            "withheld. {means}",
            means=means,
        )
    ]


def spending(lang: Language, plan: Told) -> str:
    """Say what is begun and spent, by area, and what speaks for it."""
    by_area: dict[str, float] = {}
    for item in plan["items"]:
        by_area[item["area"]] = by_area.get(item["area"], 0.0) + item["cost"]
    ordered = sorted(by_area.items(), key=lambda pair: (-pair[1], pair[0]))
    n, grounds = sum(item["amount"] for item in plan["items"]), plan["grounds"]
    return lang.plural(
        "{n} portion is begun, for {cost} of the budget: {areas}. What speaks for portions: evidence on "
        "violence for "
        "{evidence}, need alone for {need}, a rule or little more for {neither}.",
        "{n} portions are begun, for {cost} of the budget: {areas}. What speaks for portions: evidence on "
        "violence "
        "for {evidence}, need alone for {need}, a rule or little more for {neither}.",
        n,
        cost=lang.percent(plan["spent"] / plan["budget"]) if plan["budget"] else lang.percent(0),
        areas=lang.join(f"{area} {money(lang, plan, cost)}" for area, cost in ordered),
        **{k: lang.number(v, 0) for k, v in grounds.items()},
    )


def empty(lang: Language, plan: Told) -> list[str]:
    """Say in one sentence where nothing is begun and why."""
    bare = plan["bare"]
    if not plan["items"]:
        return _least(lang, plan)
    if not bare:
        return []
    covers = [one["cover"] for one in bare]
    values = {
        "areas": lang.join(one["area"] for one in bare),
        "deaths": lang.number(sum(one["deaths"] for one in bare), 0),
        "all": lang.number(plan["without_plan"], 0),
        "least": lang.percent(min(covers)),
        "most": lang.percent(max(covers)),
    }
    most = max(one["gain"] for one in bare)
    if most < 1:
        return [
            lang(
                "Nothing is begun in {areas}: {deaths} of the {all} deaths are forecast there, a full "
                "programme "
                "acts on {least} to {most} of the people of one area, and the best portion there would add "
                "{gain} of what a further one elsewhere adds.",
                gain=lang.percent(max(most, 0.0)),
                **values,
            )
        ]
    return [
        lang(
            "Nothing is begun in {areas}, where {deaths} of the {all} deaths are forecast: rules, limits and "
            "whole portions leave no room, though a portion there would add as much as elsewhere.",
            **values,
        )
    ]


def _least(lang: Language, plan: Told) -> list[str]:
    """Say why nothing is begun: what the smallest plan would cost, and which rules make it so."""
    if plan["least"] is None:
        return [lang("The best that was found is to begin nothing.")]
    cost, unit = plan["least"]["cost"], lang.word(plan["unit"])
    budget = f"{lang.number(plan['budget'])} {unit}"
    if cost is None:
        said = [
            lang(
                "Nothing can be begun, whatever the budget: limits and rules leave no plan in whole portions."
            )
        ]
    elif cost > plan["budget"]:
        said = [
            lang(
                "Nothing can be begun: a portion is whole, and the smallest plan that keeps all rules costs "
                "{cost}; the budget is {budget}.",
                cost=f"{lang.number(cost)} {unit}",
                budget=budget,
            )
        ]
    else:
        return [lang("The best that was found is to begin nothing.")]
    texts = {rule["id"]: rule["text"][lang.code] for rule in plan["rules"]}
    said += [
        lang(
            "Without the rule “{id}” ({text}) it would cost {cost}.",
            id=one["rule"],
            text=texts[one["rule"]],
            cost=f"{lang.number(one['cost'])} {unit}",
        )
        for one in plan["least"]["without"]
    ]
    return [" ".join(said)]


def _goal(lang: Language, goal: str) -> str:
    return {
        "mixed": lang("nine parts mean, one part worst tenth"),
        "expected": lang("mean of all draws"),
        "cvar": lang("worst tenth of draws"),
        "regret": lang("least regret"),
    }[goal]


def goals_title(lang: Language) -> str:
    """Name the table of goals."""
    return lang("The plan for each goal, and what it is worth by the others")


def goal_columns(lang: Language) -> list[str]:
    """Name the columns of the plans for each goal."""
    return [
        lang("goal"),
        lang("deaths averted"),
        lang("worst tenth"),
        lang("largest regret (at least to at most)"),
        lang("need met"),
        lang("spent"),
    ]


def goal_rows(lang: Language, plan: Told) -> list[list[str]]:
    """Return a row for each goal; the goal of this plan is marked."""
    return [
        [
            _goal(lang, row["goal"]) + (" *" if row["goal"] == plan["aims"]["goal"] else ""),
            lang.number(row["deaths"]),
            lang.number(row["worst"]),
            regret(lang, row["fresh"]["regret_least"], row["fresh"]["regret"]),
            lang.percent(row["need"], 1),
            money(lang, plan, row["spent"]),
        ]
        for row in plan["goals"]
    ]


def goals_note(lang: Language) -> str:
    """Say how the table of goals is to be read."""
    return lang(
        "* this plan. Regret is in the unit of the score: how far a plan falls behind the best one for a "
        "world with "
        "few, some or many deaths in which every measure does worse or better than believed. Ask for another "
        "goal with --robust."
    )


def remade(lang: Language, plan: Told) -> list[str]:
    """Say what changes the plan when it is made anew, and what was tried and does not."""
    if plan["aims"]["goal"] == "regret":
        return [
            lang(
                "For a plan of least regret it is not worked out what would change it: the best plan of "
                "every "
                "kind of world would move as well."
            )
        ]
    said = [_change(lang, plan, one) for one in plan["changes"] if one["factor"] is not None]
    held = [_held(lang, plan, one) for one in plan["changes"] if one["factor"] is None]
    if held:
        said.append(lang("No better plan was found with {what}.", what=lang.join(held)))
    if plan["changes"]:
        said.append(
            lang(
                "For each of these the plan was made anew. Another one counts when it is more than {matter} "
                "ahead of this one, which is itself only known to be within {gap} of the best.",
                matter=lang.percent(plan["matter"], 1),
                gap=lang.percent(plan["gap"], 1),
            )
        )
    return said


def _change(lang: Language, plan: Told, one: Told) -> str:
    values = {
        "factor": lang.number(one["factor"], 2),
        "same": lang.number(one["same"], 2),
        "moved": lang.percent(one["moved"]),
        "before": lang.percent(one["before"]),
        "after": lang.percent(one["after"]),
    }
    if one["kind"] == "budget":
        return lang(
            "With {factor} times the budget another plan is better, with {same} times none was found; it "
            "drops "
            "{moved} of what this one begins.",
            **values,
        )
    if one["kind"] == "effect":
        return lang(
            "Were the effect of “{measure}”, with its doubt, {factor} times what is believed, another "
            "plan is "
            "better, at {same} times none was found; it spends {after} on it instead of {before} and drops "
            "{moved} of this one.",
            measure=plan["names"][one["name"]][lang.code],
            **values,
        )
    return lang(
        "Were {factor} times as many deaths forecast in {area}, another plan is better, at {same} times none "
        "was found; it spends {after} there instead of {before} and drops {moved} of this one.",
        area=one["name"],
        **values,
    )


def _held(lang: Language, plan: Told, one: Told) -> str:
    factor = lang.number(one["same"], 0)
    if one["kind"] == "budget":
        return lang("{factor} times the budget", factor=factor)
    if one["kind"] == "effect":
        measure = plan["names"][one["name"]][lang.code]
        return lang("{factor} times the effect of “{measure}”", factor=factor, measure=measure)
    return lang("{factor} times the deaths in {area}", factor=factor, area=one["name"])
