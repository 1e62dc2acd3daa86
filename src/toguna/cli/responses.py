"""``toguna responses``: what is being done, beside the violence, and what is known of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import TheatreFlags, ViewFlags, alone, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import as_of_of, home_of, lang_of, progress_of, question_of, theatre_of

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.responses.evidence import Catalogue, Prior

__all__ = ["responses"]


@verb
def top(flags: ViewFlags, ctx: typer.Context) -> None:
    """What is being done: measures beside attacks, threats over time, posts and people.

    Says whether measures began after violence or before it, whether they are where harm came next, which
    family of threat did most harm month by month, and how near attacks were to posts. No causal claim.
    """
    if alone(flags, ctx):
        _list(flags)


def _list(flags: ViewFlags) -> None:
    from toguna.core.language import Language
    from toguna.room.doing import doing
    from toguna.room.view import collect

    lang = Language(lang_of(flags))
    question = question_of(flags)
    progress = progress_of(flags)
    collected = collect(question, progress=progress)
    with progress.step("hold measures against violence"):
        found = doing(question, collected)
    told = found.as_dict()
    if flags.json:
        print_json({"responses": [r.as_dict() for r in found.responses], **told})
        return
    timed = {t.id: t for t in found.timing.timed}
    rows = [_line(r, found.where[r.id], timed.get(r.id), lang) for r in found.responses]
    columns = (
        lang("from"), "id", lang("kind"), lang("area"), lang("beside violence"), lang("days after"),
        lang("actor"),
    )  # fmt: skip
    print_table(columns, rows)
    _say(told, lang)


def _line(response: Any, area: str, timed: Any, lang: Language) -> list[Any]:
    delay = [b.delay for b in timed.before if b.kind == "attack"] if timed else []
    when = lang.word(f"timing:{timed.when}") if timed else lang("recommendation")
    if timed is None and not response.recommendation:
        when = lang("not judged")
    return [
        response.date_start,
        response.id,
        lang.word(response.kind),
        area or lang("whole theatre"),
        when,
        delay[0] if delay else "",
        response.actor,
    ]


def _say(told: dict[str, Any], lang: Language) -> None:
    from toguna.room import doing_words as words

    parts = (
        (lang("Before or after violence"), words.timing_said(told["response_timing"], lang)),
        (lang("Areas covered"), words.coverage_said(told["response_timing"]["coverage"], lang)),
        (lang("Threats over time"), words.threats_said(told["threat_priority"], lang)),
        (lang("Posts and people"), words.protection_said(told["protection"], lang)),
        (lang("Limits"), [*words.limits_said(told["protection"], lang), words.no_cause(lang)]),
    )
    for title, said in parts:
        print(f"\n{title}")
        for sentence in said:
            print(f"  {lang.typeset(sentence)}")


def _catalogue(flags: TheatreFlags) -> tuple[Catalogue, str]:
    from toguna.responses.evidence import load_catalogue, setting_of

    theatre = theatre_of(flags)
    return load_catalogue([theatre.folder, home_of(flags).path]), setting_of(theatre)


@verb
def evidence(
    flags: TheatreFlags,
    measure: Annotated[
        str | None, typer.Argument(metavar="MEASURE", help="Id of a measure; all when none is named.")
    ] = None,
) -> None:
    """Show what is known of the effect of measures: the prior, how it came about, or that nothing is known.

    With --as-of only studies published in earlier years count. Own rows and costs: evidence.csv and
    costs.csv in the theatre's folder or the home, each row with its source.
    """
    from toguna.core.language import Language
    from toguna.responses.evidence import prior

    lang = Language(lang_of(flags))
    catalogue, setting = _catalogue(flags)
    as_of = as_of_of(flags) if flags.as_of else None
    ids = [catalogue.measure(measure).id] if measure else list(catalogue.measures)
    priors = [prior(catalogue, id, setting=setting, as_of=as_of) for id in ids]
    if flags.json:
        print_json(_as_json(catalogue, priors, setting))
    elif measure:
        _one(catalogue, priors[0], lang)
    else:
        columns = (
            "id", lang("measure"), lang("evidence"), lang("studies"), lang("change of harm"),
            lang("chance of a rise"), lang("default"),
        )  # fmt: skip
        print_table(columns, [_row(catalogue, p, lang) for p in priors])
    for finding in catalogue.findings:
        advise(finding.sentence(), quiet=flags.quiet)
    if not measure and not catalogue.with_local_costs:
        advise(
            lang("No local costs are given (costs.csv): plans are made in shares of a budget."),
            quiet=flags.quiet,
        )


def _as_json(catalogue: Catalogue, priors: list[Prior], setting: str) -> dict[str, Any]:
    effects = {e.id: e.as_dict() for e in catalogue.effects}
    return {
        "setting": setting,
        "measures": [
            {
                **catalogue.measure(p.measure).as_dict(),
                "prior": p.as_dict(),
                "rows": [effects[e.id] for e in catalogue.of(p.measure)],
            }
            for p in priors
        ],
        "findings": [f.as_dict() for f in catalogue.findings],
    }


def _row(catalogue: Catalogue, found: Prior, lang: Language) -> list[Any]:
    from toguna.responses.evidence.words import change

    measure = catalogue.measure(found.measure)
    low, high = found.interval
    return [
        measure.id,
        lang.typeset(measure.name[lang.code]),
        lang.word(f"evidence:{found.kind}"),
        found.studies,
        f"{change(lang, found.mean)} ({change(lang, low)}, {change(lang, high)})",
        lang.percent(found.chance_of_harm),
        lang("external actor") if measure.external else lang("on") if measure.default else lang("off"),
    ]


def _one(catalogue: Catalogue, found: Prior, lang: Language) -> None:
    measure = catalogue.measure(found.measure)
    told = {lang("risks"): measure.risks, lang("rules"): measure.rules, lang("unit"): measure.unit}
    print(f"{measure.id}{lang(':')} {lang.typeset(measure.name[lang.code])}")
    print(f"  {lang.typeset(measure.description[lang.code])}")
    for title, words in told.items():
        if words[lang.code]:
            print(f"  {title}{lang(':')} {lang.typeset(words[lang.code])}")
    cost = measure.cost
    if cost is None or not cost.local:
        print(f"  {lang('No local cost is given: it is planned in shares of a budget.')}")
    else:
        print(f"  {lang('cost')}{lang(':')} {cost.best:g} {cost.currency} ({cost.source})")
    print()
    for step in found.derivation:
        print(f"- {step[lang.code]}")
    print()
    for effect in catalogue.of(found.measure):
        print(f"  {effect.id}  {effect.citation}. {effect.source_url}")


responses = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
responses.command("evidence")(evidence)
