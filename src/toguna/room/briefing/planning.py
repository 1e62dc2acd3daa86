"""The part of a briefing that says what could be done: one plan on one page.

Enters the assessment; leaves a section. Called by `content`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toguna.core.language import Language
from toguna.responses.plan.accounts import empty, remade, spending
from toguna.responses.plan.words import (
    binding,
    bounds,
    caution,
    changes,
    grouped_columns,
    grouped_rows,
    policy_columns,
    policy_rows,
    portion,
    reason_rows,
    unknown,
    worth,
)
from toguna.room.briefing.blocks import Block, fold, section, table, text
from toguna.room.briefing.scope import said

__all__ = ["planned"]


def planned(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Say what could be done, why, what would change it and what it does not know."""
    title = lang("What could be done")
    why_not = (assessment.get("notes") or {}).get("plan")
    silent = [text(said(why_not, lang))] if why_not else []
    blocks: list[Block | None] = [*silent]
    rows = assessment.get("warnings") or []
    warned = sorted({area for row in rows if row["level"] != "watch" for area in row["areas"]})
    for plan in assessment.get("plans") or []:
        blocks += _plan(plan, lang, warned)
    return section("plan", title, blocks)


def _plan(plan: Mapping[str, Any], lang: Language, warned: Sequence[str]) -> list[Block | None]:
    intro = lang("A plan for a budget of {budget} {unit}, by area",
                 budget=lang.number(plan["budget"]), unit=lang.word(plan["unit"]))  # fmt: skip
    reasons = reason_rows(lang, plan)
    why = [lang("area"), lang("measure"), lang("why")]
    return [
        text(caution(lang)),
        text(" ".join([worth(lang, plan), *bounds(lang, plan)])),
        text(_bare(plan, warned, lang)) if warned else None,
        text(" ".join([*([spending(lang, plan)] if plan["items"] else []), *empty(lang, plan)])),
        table(intro, grouped_columns(lang), grouped_rows(lang, plan)) if plan["items"] else None,
        text(
            portion(lang) + " " + lang("What it does not know:") + " " + " ".join(unknown(lang, plan)),
            small=True,
        ),
        table(lang("Why each part is in the plan"), why, reasons, folded=True) if reasons else None,
        fold(
            lang("What else the budget could buy, and what would change this choice"),
            [
                table(
                    lang("The same budget spent in other ways, judged on draws that chose none of them"),
                    policy_columns(lang),
                    policy_rows(lang, plan),
                ),
                text(
                    lang("What would change this choice:")
                    + " "
                    + " ".join([*remade(lang, plan), *changes(lang, plan)])
                ),
                *(text(line) for line in binding(lang, plan)),
            ],
        ),
    ]


def _bare(plan: Mapping[str, Any], warned: Sequence[str], lang: Language) -> str:
    """Say where warnings look and the plan does not: a reader must not have to find it out."""
    planned_in = {item["area"] for item in plan["items"]}
    bare = [area for area in warned if area not in planned_in]
    if not bare:
        return lang("Every area named by a warning has a part in it.")
    return lang(
        "Warnings below name {areas}, where the plan puts nothing. Settle that before anything is decided.",
        areas=lang.join(bare),
    )
