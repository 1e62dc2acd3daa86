"""Two plans beside each other: what moved, what it costs, what it is worth.

Enters: plans as in an assessment. Leaves: rows for a page. Pure. Called by `toguna.room.web.pages.plans`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from toguna.core.language import Language

__all__ = ["moved", "worths"]

Told = Mapping[str, Any]


def _held(plan: Told) -> dict[tuple[str, str], dict[str, Any]]:
    """Sum the portions and costs of each measure in each area over the quarters."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for item in plan["items"]:
        here = found.setdefault(
            (item["area"], item["measure"]),
            {"amount": 0, "cost": 0.0, "name": item["name"], "quarters": set()},
        )
        here["amount"] += item["amount"]
        here["cost"] += item["cost"]
        here["quarters"].add((item["quarter"], item["amount"]))
    return found


def moved(old: Told, new: Told, lang: Language) -> list[dict[str, Any]]:
    """Tell every measure and area in which the plans differ, by area.

    Parameters
    ----------
    old, new : mapping
        Plans; costs are told in the unit of each.

    Returns
    -------
    list of dict
        ``area``, ``measure`` (id), ``name``, ``before`` and ``after`` (portions and cost in words, "–" for
        none), ``change`` (in words), ``later`` (whether only the quarters differ).
    """
    before, after = _held(old), _held(new)
    rows = []
    for key in sorted(before.keys() | after.keys()):
        a, b = before.get(key), after.get(key)
        if a == b:
            continue
        n = (b["amount"] if b else 0) - (a["amount"] if a else 0)
        rows.append(
            {
                "area": key[0],
                "measure": key[1],
                "name": (b or a or {})["name"][lang.code],
                "before": _portions(lang, old, a),
                "after": _portions(lang, new, b),
                "change": _signed(lang, n) if n else lang("other quarters"),
            }
        )
    return rows


def _signed(lang: Language, n: int) -> str:
    return f"{'+' if n > 0 else '−'}{lang.say(abs(n))}"


def _portions(lang: Language, plan: Told, held: Mapping[str, Any] | None) -> str:
    if held is None:
        return "–"
    return lang.plural(
        "{n} portion ({cost})", "{n} portions ({cost})", held["amount"], cost=_sum(lang, plan, held["cost"])
    )


def worths(old: Told, new: Told, lang: Language) -> list[list[str]]:
    """Tell what the plans cost and are worth: a term, the old, the new."""
    terms: list[tuple[str, Callable[[Told], str]]] = [
        (lang("budget"), lambda p: _sum(lang, p, p["budget"])),
        (lang("spent"), lambda p: _sum(lang, p, p["spent"])),
        (lang("portions begun"), lambda p: lang.say(sum(i["amount"] for i in p["items"]))),
        (lang("deaths averted, mean"), lambda p: lang.number(p["value"]["expected"])),
        (lang("in nine of ten draws"), lambda p: _range(lang, p)),
        (lang("in the worst tenth of draws"), lambda p: lang.number(p["value"]["cvar"])),
        (lang("need met"), lambda p: lang.percent(p["value"]["need"], 1)),
    ]
    return [[term, say(old), say(new)] for term, say in terms]


def _sum(lang: Language, plan: Told, cost: float) -> str:
    return f"{lang.number(cost, 1)} {lang.word(plan['unit'])}"


def _range(lang: Language, plan: Told) -> str:
    value = plan["value"]
    return lang("{low} to {high}", low=lang.number(value["low"]), high=lang.number(value["high"]))
