"""The part of a briefing that says what could be done: one plan on one page.

Enters the assessment; leaves a section. Called by `content`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toguna.core.language import Language
from toguna.responses.plan.words import (
    binding,
    caution,
    changes,
    item_columns,
    item_rows,
    policy_columns,
    policy_rows,
    unknown,
    worth,
)
from toguna.room.briefing.blocks import Block, section, table, text
from toguna.room.briefing.scope import said

__all__ = ["planned"]


def planned(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Say what could be done, why, what would change it and what it does not know."""
    title = lang("What could be done")
    why_not = (assessment.get("notes") or {}).get("plan")
    silent = [text(said(why_not, lang))] if why_not else []
    blocks: list[Block | None] = [*silent]
    for plan in assessment.get("plans") or []:
        blocks += _plan(plan, lang)
    return section("plan", title, blocks)


def _plan(plan: Mapping[str, Any], lang: Language) -> list[Block | None]:
    intro = lang("A plan for a budget of {budget} {unit}, by area and quarter",
                 budget=lang.number(plan["budget"]), unit=lang.word(plan["unit"]))  # fmt: skip
    return [
        text(caution(lang), small=True),
        text(worth(lang, plan)),
        table(intro, item_columns(lang), item_rows(lang, plan)) if plan["items"] else None,
        table(
            lang("The same budget spent in other ways, judged on draws that chose none of them"),
            policy_columns(lang),
            policy_rows(lang, plan),
        ),
        text(lang("What would change this choice:") + " " + " ".join(changes(lang, plan))),
        *(text(line) for line in binding(lang, plan)),
        text(lang("What it does not know:") + " " + " ".join(unknown(lang, plan)), small=True),
        _reasons(plan, lang),
    ]


def _reasons(plan: Mapping[str, Any], lang: Language) -> Block | None:
    rows = [
        [row[0], row[1], row[2], item["reason"][lang.code]]
        for row, item in zip(item_rows(lang, plan), plan["items"], strict=True)
    ]
    columns = [*item_columns(lang)[:3], lang("why")]
    return table(lang("Why each part is in the plan"), columns, rows, folded=True) if rows else None
