"""A plan in words: what to begin, what it is worth, beside what, what would change it, what it does not know.

Enters: a plan as in the assessment. Leaves: sentences and rows. Called by the verb and the briefing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from toguna.core.language import Language

__all__ = [
    "binding",
    "bounds",
    "caution",
    "changes",
    "grouped_columns",
    "grouped_rows",
    "policy_columns",
    "policy_rows",
    "portion",
    "quarter_title",
    "reason_rows",
    "regret",
    "unknown",
    "worth",
]

Told = Mapping[str, Any]


def _month(text: str) -> date:
    year, month = text.split("-")
    return date(int(year), int(month), 1)


def quarter_title(lang: Language, quarter: str) -> str:
    """Say a quarter by its first and last month."""
    first, _, last = quarter.partition("/")
    return f"{lang.month(_month(first))} – {lang.month(_month(last))}"


def money(lang: Language, plan: Told, cost: float) -> str:
    """Say a cost: local money, or a share of the budget."""
    if plan["unit"] != "points":
        return f"{lang.number(cost, 0)} {plan['unit']}"
    return lang.percent(cost / plan["budget"], 1) if plan["budget"] else lang.percent(0)


def caution(lang: Language) -> str:
    """Say what a plan is and is not; said before anything else."""
    return lang(
        "A proposal to argue with, not an order: people decide. Published effects of such measures are few, "
        "small and mostly from elsewhere; what a plan averts is therefore nearly unknown, and most of it is "
        "justified by need and by rules of coherence. No measure here aims at a person or a people."
    )


def worth(lang: Language, plan: Told) -> str:
    """Say what a plan is worth and how sure that is."""
    value = plan["value"]
    return lang(
        "Without a plan {harm} deaths are forecast in the period. The plan averts {expected} of them on "
        "average; in nine of ten draws between {low} and {high} (below zero: it adds deaths), in the worst "
        "tenth {cvar}. It meets {need} of the stated need.",
        harm=lang.number(plan["without_plan"], 0),
        expected=lang.number(value["expected"]),
        low=lang.number(value["low"]),
        high=lang.number(value["high"]),
        cvar=lang.number(value["cvar"]),
        need=lang.percent(value["need"], 1),
    )


def bounds(lang: Language, plan: Told) -> list[str]:
    """Say in plain words what the plan cannot show, and which measures it was not offered."""
    value, said = plan["value"], []
    if plan["items"] and value["low"] < 0 < value["high"]:
        said.append(lang("On violence it cannot be told from doing nothing: the range holds zero."))
    for kind in ("off", "external"):
        rules = {rule["id"] for rule in plan["rules"] if rule["kind"] == kind}
        names = [plan["names"][m][lang.code] for m, rule in plan["kept_out"].items() if rule in rules]
        if names:
            said.append(_kept_out(lang, kind, names))
    return said


def _kept_out(lang: Language, kind: str, names: list[str]) -> str:
    measures = " · ".join(names)
    if kind == "off":
        return lang("Not offered, because evidence of them points to harm: {measures}.", measures=measures)
    return lang("Not planned, because others decide them: {measures}.", measures=measures)


def grouped_columns(lang: Language) -> list[str]:
    """Name the columns of `grouped_rows`."""
    return [
        lang("area"),
        lang("measure"),
        lang("when"),
        lang("portions"),
        lang("cost"),
        lang("evidence on violence"),
    ]


def grouped_rows(lang: Language, plan: Told) -> list[list[str]]:
    """Return a row for each measure of an area, its quarters together."""
    rows = []
    for own in _by_place(plan):
        first = own[0]
        quarters = "; ".join(quarter_title(lang, item["quarter"]) for item in own)
        cost = money(lang, plan, sum(item["cost"] for item in own))
        amount = str(sum(item["amount"] for item in own))
        rows.append(
            [first["area"], _name(lang, first), lang.typeset(quarters), amount, cost, _proof(lang, first)]
        )
    return rows


def reason_rows(lang: Language, plan: Told) -> list[list[str]]:
    """Return area, measure and reasons; a reason that holds for several quarters is said once."""
    return [
        [own[0]["area"], _name(lang, own[0]), " / ".join(dict.fromkeys(i["reason"][lang.code] for i in own))]
        for own in _by_place(plan)
    ]


def _by_place(plan: Told) -> list[list[Told]]:
    found: dict[tuple[str, str], list[Told]] = {}
    for item in plan["items"]:
        found.setdefault((item["area"], item["measure"]), []).append(item)
    return list(found.values())


def _name(lang: Language, item: Told) -> str:
    name: str = item["name"][lang.code]
    return name + (f" ({lang('another actor decides')})" if item["external"] else "")


def _proof(lang: Language, item: Told) -> str:
    ids = item["evidence"]
    if not ids:
        return lang("no evidence found")
    return lang.plural("{n} study row ({ids})", "{n} study rows ({ids})", len(ids), ids=", ".join(ids))


def _policy(lang: Language, name: str) -> str:
    return {
        "plan": lang("this plan"),
        "nothing": lang("do nothing"),
        "equal": lang("equal parts to all areas"),
        "reactive": lang("where last year's deaths were"),
        "forecast": lang("where deaths are forecast"),
        "need": lang("where need is greatest"),
    }[name]


def policy_columns(lang: Language) -> list[str]:
    """Name the columns of the comparison."""
    return [
        lang("way to spend"),
        lang("deaths averted"),
        lang("5% to 95%"),
        lang("worst tenth"),
        lang("need met"),
        lang("largest regret (at least to at most)"),
        lang("better than the plan in"),
    ]


def regret(lang: Language, least: float, most: float) -> str:
    """Say bounds of a regret; once where they do not differ."""
    low, high = lang.number(least, 3), lang.number(most, 3)
    return high if low == high else lang("{low} to {high}", low=low, high=high)


def portion(lang: Language) -> str:
    """Say what a portion is."""
    return lang("A portion is a quarter of a full programme in one area.")


def policy_rows(lang: Language, plan: Told) -> list[list[str]]:
    """Return a row for each way to spend the budget."""
    return [
        [
            _policy(lang, row["policy"]),
            lang.number(row["expected"]),
            lang("{low} to {high}", low=lang.number(row["low"]), high=lang.number(row["high"])),
            lang.number(row["cvar"]),
            lang.percent(row["need"], 1),
            regret(lang, row["regret_least"], row["regret"]),
            "–" if row["policy"] == "plan" else lang.percent(row["beats_plan"]),
        ]
        for row in plan["policies"]
    ]


def binding(lang: Language, plan: Told) -> list[str]:
    """Say which rules cost something, the dearest first."""
    regretful = plan["aims"]["goal"] == "regret"
    return [
        lang(
            "Rule “{id}” binds: {text}. Without it the largest regret could be {price} lower (it is "
            "{score}).",
            id=row["id"],
            text=row["text"][lang.code],
            price=lang.number(row["price"], 4),
            score=lang.number(plan["policies"][0]["regret"], 4),
        )
        if regretful
        else lang(
            "Rule “{id}” binds: {text}. Without it the score would be {price} higher (of {score}).",
            id=row["id"],
            text=row["text"][lang.code],
            price=lang.number(row["price"], 4),
            score=lang.number(plan["policies"][0]["score"], 4),
        )
        for row in plan["binding"]
    ]


def changes(lang: Language, plan: Told) -> list[str]:
    """Say what would change single portions, the nearest of each kind; all of them are in the plan."""
    names = plan["names"]
    nearest = {flip["kind"]: flip for flip in reversed(plan["flips"])}
    said = [_flip(lang, flip, names) for flip in nearest.values()]
    rivals = [row for row in plan["policies"] if row["policy"] not in ("plan", "nothing")]
    if rivals:
        best = max(rivals, key=lambda row: row["beats_plan"])
        said.append(
            lang(
                "In {share} of the draws “{policy}” does better than the plan.",
                share=lang.percent(best["beats_plan"]),
                policy=_policy(lang, best["policy"]),
            )
        )
    worthy = list(plan["information"]["measures"])
    if worthy:
        names_said = lang.join(names[id][lang.code] for id in worthy[:2])
        said.append(
            lang("What it would help most to know is the effect of: {measures}.", measures=names_said)
        )
    return said


def _portion(lang: Language, name: str, names: Told) -> str:
    measure, area, quarter = name.split("/", 2)
    return lang(
        "{measure} in {area}, {quarter}",
        measure=names[measure][lang.code],
        area=area,
        quarter=quarter_title(lang, quarter),
    )


def _flip(lang: Language, flip: Told, names: Told) -> str:
    other = _portion(lang, flip["instead"], names)
    if flip["kind"] == "budget":
        return lang("With one more portion of budget: {other}.", other=other)
    own = _portion(lang, f"{flip['measure']}/{flip['area']}/{flip['quarter']}", names)
    values = {"own": own, "other": other, "factor": lang.number(flip["factor"], 2)}
    if flip["kind"] == "effect":
        text = lang(
            "If its effect, with its doubt, were {factor} times what is believed, {own} would give way to "
            "{other}.",
            **values,
        )
    elif flip["kind"] == "forecast":
        text = lang(
            "If the forecast for {area} were {factor} times as high, {own} would give way to {other}.",
            area=flip["area"], **values,
        )  # fmt: skip
    else:
        text = lang("If need weighed {factor} times as much, {own} would give way to {other}.", **values)
    return text


def unknown(lang: Language, plan: Told) -> list[str]:
    """Say what a plan does not know."""
    none = len({i["measure"] for i in plan["items"] if not i["evidence"]})
    said = [
        lang(
            "No study measures what a measure does in one area and quarter here. Effects are beliefs: halved "
            "when from elsewhere, wide, with a chance of harm."
        ),
        lang.plural(
            "For {n} measure in the plan no evidence on violence was found.",
            "For {n} measures in the plan no evidence on violence was found.",
            none,
        ),
        lang(
            "When effects begin and how long they last, how many people a portion reaches, and what share of "
            "the budget each pillar must have are judgements; they can be changed."
        ),
        lang(
            "The plan found is at most {gap} below the best possible score.", gap=lang.percent(plan["gap"], 1)
        ),
    ]
    if plan["unit"] == "points":
        said.insert(
            0,
            lang(
                "No local costs are known: every portion costs the same 2.5 points, whatever the measure and "
                "area (a reference budget has 100). Add costs.csv to plan in money."
            ),
        )
    return said
