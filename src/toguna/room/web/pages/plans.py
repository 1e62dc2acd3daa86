"""``/t/THEATRE/plans``: the plan of the day, and other plans for other questions beside it.

A question is put by ``POST``; its answer has an address of its own, which says how far it is until it is
there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from toguna.accounts.rights import Right
from toguna.core.errors import FieldError
from toguna.core.language import Language
from toguna.core.language import in_every_language as _
from toguna.responses.plan import accounts, words
from toguna.responses.plan.problem import GOALS
from toguna.responses.plan.rules import Rule, all_rules
from toguna.room.briefing.blocks import Block, table
from toguna.room.planning import LEVEL
from toguna.room.warned import LEVEL as AREAS
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.beside import moved, worths
from toguna.room.web.pages.warning_moves import typed
from toguna.room.web.planning import Wish, answer_to, answers
from toguna.room.web.security.forms import Posted, field, fields
from toguna.room.web.told import moment

__all__ = ["router", "wish_of"]

router = APIRouter(include_in_schema=False)
MOST_BUDGET = 1e12
MOST_LISTED = 12


@dataclass(frozen=True)
class Goal:
    """A goal of plans, its name and what it does."""

    id: str
    name: str


def goals(lang: Language) -> list[Goal]:
    """Name the goals a plan may have."""
    said = {
        "mixed": lang("nine parts mean, one part worst tenth"),
        "expected": lang("mean of all draws"),
        "cvar": lang("worst tenth of draws"),
        "regret": lang("least regret"),
    }
    return [Goal(id, said[id]) for id in GOALS]


def _rules() -> list[Rule]:
    """Return the rules that can be switched off."""
    return [rule for rule in all_rules() if rule.kind not in ("structure", "off", "external")]


def _areas(asked: Ask) -> list[str]:
    return sorted(area.name for area in asked.theatre.areas(AREAS)) if LEVEL == "admin1" else []


def wish_of(form: FormData, asked: Ask) -> Wish:
    """Read a question from a form.

    Raises
    ------
    FieldError
        A field does not do; it is named.
    """
    goal, areas, on = field(form, "goal"), _areas(asked), set(fields(form, "rules"))
    chosen = [name for name in dict.fromkeys(fields(form, "areas")) if name in areas]
    if goal not in GOALS:
        raise FieldError("goal", _("Choose a goal."))
    if not chosen:
        raise FieldError("areas", _("Choose at least one area."))
    return Wish(
        theatre=asked.theatre.name,
        as_of=asked.as_of.isoformat(),
        run=asked.built.digest,
        budget=_budget(field(form, "budget")),
        goal=goal,
        off=tuple(rule.id for rule in _rules() if rule.id not in on),
        areas=tuple(sorted(chosen)) if len(chosen) < len(areas) else (),
    )


def _budget(said: str) -> float:
    plain = "".join(said.split()).replace("\u202f", "").replace("\u00a0", "").replace(",", ".")
    try:
        found = float(plain)
    except ValueError:
        found = math.nan
    if not 0 <= found <= MOST_BUDGET:
        raise FieldError("budget", _("“{said}” is no budget: a number of 0 or more.", said=said[:40]))
    return found


@router.get("/t/{theatre}/plans")
@needs(Right.READ)
def plans(asked: Asked) -> Response:
    """Show the plan of the day, a form for other questions, and the answers there are."""
    return _show(asked)


def _show(
    asked: Ask, *, given: Mapping[str, list[str]] | None = None, wrong: tuple[str, str] | None = None
) -> Response:
    home, name = asked.room.settings.home, asked.theatre.name
    own = asked.built.section("plan", asked.lang.code)
    mine = asked.room.desk.planner.of(asked.principal.name)
    return answer.page(
        asked,
        "plans.html.j2",
        status=400 if wrong else 200,
        section_=own,
        kept=[_listed(one, asked) for one in answers(home, name, asked.as_of)[:MOST_LISTED]],
        mine=mine,
        **_form(asked, given, wrong),
    )


def _form(asked: Ask, given: Mapping[str, list[str]] | None, wrong: tuple[str, str] | None) -> dict[str, Any]:
    """Return what the form holds: what was typed, else the question of the plan of the day."""
    areas, rules = _areas(asked), _rules()
    plan = next(iter(asked.built.assessment["plans"]), None)
    start = {
        "budget": [f"{plan['budget'] if plan else 100.0:g}"],
        "goal": [plan["aims"]["goal"] if plan else "mixed"],
        "rules": [rule.id for rule in rules],
        "areas": areas,
    }
    return {
        "typed": start if given is None else {"rules": [], "areas": [], **given},
        "wrong_at": wrong,
        "goals": goals(asked.lang),
        "rules": rules,
        "areas": areas,
        "unit": asked.lang.word(plan["unit"] if plan else "points"),
        "asking": asked.may(Right.WARN),
    }


def _asked(wish: Wish, L: Language) -> list[tuple[str, str]]:
    """Say a question in words."""
    names = {goal.id: goal.name for goal in goals(L)}
    off = [rule.text[L.code] for rule in all_rules() if rule.id in wish.off]
    said = [(L("budget"), L.number(wish.budget, 2)), (L("goal"), names[wish.goal])]
    said.append((L("areas"), L.join(wish.areas) if wish.areas else L("all")))
    said.append((L("rules switched off"), f"{L(';')} ".join(off) or L("none")))
    return said


def _listed(one: Mapping[str, Any], asked: Ask) -> dict[str, Any]:
    wish = Wish.of(one["wish"])
    return {
        "id": one["id"],
        "asked": _asked(wish, asked.lang),
        "made_at": one["made_at"],
        "none": "plan" not in one,
        "now": wish.run == asked.built.digest,
    }


@router.post("/t/{theatre}/plans")
@needs(Right.WARN)
def ask_for(asked: Asked, form: Posted) -> Response:
    """Put a question into the queue, and lead to its answer."""
    try:
        wish = wish_of(form, asked)
        taken = asked.room.desk.planner.order(wish, asked.principal.name)
        if taken == "yours-waits":
            raise FieldError("", _("Another question of yours is being answered; one at a time."))
        if taken == "full":
            raise FieldError("", _("Too many questions wait already; ask again in some minutes."))
    except FieldError as error:
        return _show(asked, given=typed(form), wrong=(error.field, error.said[asked.lang.code]))
    return RedirectResponse(asked.link(f"plans/{wish.digest}"), status_code=303)


@router.get("/t/{theatre}/plans/{name}")
@needs(Right.READ)
def plan(asked: Asked, name: str) -> Response:
    """Show an answer beside the plan of the day, or how far it is."""
    found = answer_to(asked.room.settings.home, asked.theatre.name, name)
    planner = asked.room.desk.planner
    place, failed = planner.place(name), planner.failed(name)
    if found is None and place is None and failed is None:
        raise MissingError("plan", name[:80])
    if found is None:
        return answer.page(asked, "plan_waiting.html.j2", place=place, failed=failed)
    wish, L = Wish.of(found["wish"]), asked.lang
    if wish.as_of != asked.as_of.isoformat():
        return RedirectResponse(f"/t/{asked.theatre.name}/plans/{name}?as_of={wish.as_of}", status_code=303)
    return answer.page(asked, "plan.html.j2", asked_for=_asked(wish, L), **_told(found, wish, asked))


def _told(found: Mapping[str, Any], wish: Wish, asked: Ask) -> dict[str, Any]:
    """Say a plan, and what moved against that of the day."""
    new, L = found.get("plan"), asked.lang
    old = next(iter(asked.built.assessment["plans"]), None)
    told: dict[str, Any] = {
        "made_at": moment(found["made_at"], L),
        "seconds": found["seconds"],
        "other_data": wish.run != asked.built.digest,
        "why_not": L.typeset(found["why_not"][L.code]) if new is None else "",
        "plan": new,
    }
    if new is None:
        return told | {"moved": None, "worths": None}
    return told | {
        "sentences": [words.caution(L), " ".join([words.worth(L, new), *words.bounds(L, new)])],
        "spending": " ".join(
            [*([accounts.spending(L, new)] if new["items"] else []), *accounts.empty(L, new)]
        ),
        "whole": _whole(new, L),
        "unknown": [words.portion(L), *words.unknown(L, new)],
        "reasons": words.reason_rows(L, new),
        "moved": moved(old, new, L) if old else None,
        "worths": _worths(old, new, L) if old else None,
        "names": {item["measure"]: item["name"][L.code] for item in new["items"]},
    }


def _whole(plan: Mapping[str, Any], L: Language) -> Block | None:
    if not plan["items"]:
        return None
    return table(L("What is begun, by area"), words.grouped_columns(L), words.grouped_rows(L, plan))


def _worths(old: Mapping[str, Any], new: Mapping[str, Any], L: Language) -> Block:
    columns = ["", L("plan of the day"), L("this plan")]
    return table(L("The plan of the day and this one"), columns, worths(old, new, L))
