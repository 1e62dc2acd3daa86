"""``toguna plan``: what could be done, where and when, for a budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Seed, Sources, TheatreFlags, ViewpointName, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import lang_of, progress_of

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.responses.plan.assemble import Ask
    from toguna.responses.plan.plan import Plan
    from toguna.responses.plan.problem import Demand

__all__ = ["plan"]


@dataclass(frozen=True, kw_only=True)
class PlanFlags(TheatreFlags):
    """What is asked."""

    budget: Annotated[
        float, typer.Option("--budget", metavar="N", help="Points (100: a reference budget), or local money.")
    ] = 100.0
    quarters: Annotated[
        int, typer.Option("--quarters", min=1, max=9, metavar="N", help="Quarters planned, 1 to 9.")
    ] = 4
    off: Annotated[
        list[str] | None, typer.Option("--off", metavar="RULE", help="Switch a rule off; may be repeated.")
    ] = None
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="MEASURE", help="Offer a measure that a rule keeps out."),
    ] = None
    must: Annotated[
        list[str] | None,
        typer.Option("--must", metavar="MEASURE[@AREA]", help="Demand a portion; may be repeated."),
    ] = None
    robust: Annotated[
        str,
        typer.Option(
            "--robust",
            metavar="GOAL",
            help="expected (the mean), cvar (the worst tenth), regret (the largest, over six "
            "kinds of world), or mixed: nine parts mean, one part worst tenth.",
        ),
    ] = "mixed"
    despite_guard: Annotated[
        bool, typer.Option("--despite-guard", help="Plan from a forecast that is withheld; the plan says so.")
    ] = False
    source: Sources = None
    viewpoint: ViewpointName = "standard"
    seed: Seed = 0


def _demand(text: str) -> Demand:
    from toguna.responses.plan.problem import Demand

    measure, _, area = text.partition("@")
    return Demand(measure, area or None)


def _ask(flags: PlanFlags) -> Ask:
    from toguna.responses.plan.assemble import Ask
    from toguna.responses.plan.problem import Aims

    return Ask(
        budget=flags.budget,
        quarters=flags.quarters,
        off=tuple(flags.off or ()),
        allow=tuple(flags.allow or ()),
        demands=tuple(_demand(text) for text in flags.must or ()),
        aims=Aims().towards(flags.robust),
        seed=flags.seed,
        despite=flags.despite_guard,
    )


@verb
def plan(flags: PlanFlags) -> None:
    """Propose what could be done, where and when, for a budget, with what is not known.

    Rules of coherence hold unless switched off; what they cost is said. No plan is made from a forecast that
    the publish guard withholds, unless asked for. People decide.
    """
    from toguna.cli.forecast import question_for
    from toguna.core.language import Language
    from toguna.room.planning import plan_of, told, warned_in
    from toguna.room.view import collect

    lang, ask, question = Language(lang_of(flags)), _ask(flags), question_for(flags)
    known = collect(question, progress=progress_of(flags))
    with progress_of(flags).step("test for shifts: a plan answers warnings"):
        ask = replace(ask, warned=warned_in(known, question))
    with progress_of(flags).step("plan on draws, judge on others"):
        made = _made(lambda: plan_of(known, question, ask), lang)
    found = told(made)
    for id in ask.allow:
        risks = made.setting.measures[id].risks[lang.code]
        advise(lang("Allowed by you: {measure}. Risks: {risks}", measure=id, risks=risks), quiet=flags.quiet)
    if flags.json:
        print_json(found)
        return
    _show(found, lang)


def _made(make: Callable[[], Plan], lang: Language) -> Plan:
    """Say why there is no plan in the language asked."""
    from toguna.core.errors import DataError, NoAnswerError

    try:
        return make()
    except NoAnswerError as error:
        raise DataError(error.said[lang.code]) from None


def _show(found: dict[str, Any], lang: Language) -> None:
    from toguna.responses.plan import accounts, words

    for line in (*accounts.withheld(lang, found), words.caution(lang)):
        print(f"{line}\n")
    print(" ".join([words.worth(lang, found), *words.bounds(lang, found)]))
    if found["items"]:
        print("\n" + accounts.spending(lang, found) + "\n")
        print_table(words.grouped_columns(lang), words.grouped_rows(lang, found))
        print(words.portion(lang))
    for line in accounts.empty(lang, found):
        print(f"\n{line}")
    print("\n" + lang("The same budget spent in other ways, judged on draws that chose none of them"))
    print_table(words.policy_columns(lang), words.policy_rows(lang, found))
    if found["goals"]:
        print("\n" + accounts.goals_title(lang))
        print_table(accounts.goal_columns(lang), accounts.goal_rows(lang, found))
        print(accounts.goals_note(lang))
    _lists(found, lang)


def _lists(found: dict[str, Any], lang: Language) -> None:
    from toguna.responses.plan import accounts, words

    reasons = [f"{area}, {measure}: {why}" for area, measure, why in words.reason_rows(lang, found)]
    for title, lines in (
        (
            lang("What would change this choice:"),
            [*accounts.remade(lang, found), *words.changes(lang, found)],
        ),
        (lang("Rules that bind:"), words.binding(lang, found)),
        (lang("What it does not know:"), words.unknown(lang, found)),
        (lang("Why each part is in the plan:"), reasons),
    ):
        if lines:
            print(f"\n{title}")
            print("\n".join(f"- {line}" for line in lines))
