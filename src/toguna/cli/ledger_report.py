"""``toguna ledger report``: how warnings were answered, and what came after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import AreaFiles, Common, Seed, Sources, TheatreFlags, TheatreName, verb
from toguna.cli.hands import ledger_of
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import home_of, language_of, progress_of, theatre_of
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toguna.core.language import Language
    from toguna.room.view import Question
    from toguna.store.theatre import Theatre
    from toguna.warnings.report.harm import Harm
    from toguna.warnings.states import Record

__all__ = ["ReportFlags", "harm_in", "report", "say_aftermath", "theatre_in"]


@dataclass(frozen=True, kw_only=True)
class ReportFlags(Common):
    """Flags of verbs that hold warnings against events; they have no date of their own."""

    theatre: TheatreName = None
    areas: AreaFiles = None
    source: Sources = None
    seed: Seed = 0


def theatre_in(flags: ReportFlags) -> Theatre:
    """Load the theatre that is asked for."""
    return theatre_of(TheatreFlags(theatre=flags.theatre, areas=flags.areas))


def _question(flags: ReportFlags, theatre: Theatre, on: date) -> Question:
    from toguna.room.view import Question, windows_of

    named = tuple(dict.fromkeys(flags.source)) if flags.source else None
    return Question(theatre, windows_of(theatre, on), named, home_of(flags), flags.seed)


def harm_in(flags: ReportFlags, theatre: Theatre, on: date) -> tuple[list[Harm], list[str]]:
    """Return the events that warnings are held against, and the areas of the theatre."""
    from toguna.room.harm import harm_of
    from toguna.room.view import collect

    question = _question(flags, theatre, on)
    return harm_of(question, collect(question, progress=progress_of(flags)))


def _period(first: str, last: str) -> Any:
    from toguna.core.dates import parse_date
    from toguna.warnings.report.answers import Period

    end = parse_date(last) if last else date.today()
    start = parse_date(first) if first else date.min
    if end < start:
        raise UsageError(f"--to {end} lies before --from {start}.")
    return Period(start, end)


@verb
def report(
    flags: ReportFlags,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="Issued from this day on.")] = "",
    last: Annotated[
        str,
        typer.Option(
            "--to", metavar="DATE", help="Issued until this day, and as it stood then. Default: today."
        ),
    ] = "",
) -> None:
    """Say how warnings were answered: rates, times, and what came after them.

    Unanswered warnings count as long as they were watched. With --theatre also hits and misses beside chance,
    lead time used, and the harm during delay, which is no claim that a faster answer would have averted it.
    """
    from toguna.warnings.report.answers import answers, issued_within
    from toguna.warnings.report.harm import aftermath, given_of

    period = _period(first, last)
    records = issued_within(ledger_of(flags).entries(), period)
    start = period.start.isoformat() if first else None
    told: dict[str, Any] = {"from": start, "to": period.end.isoformat(), **answers(records, period)}
    if flags.theatre:
        theatre = theatre_in(flags)
        own = [r for r in records if r.warning.theatre == theatre.name]
        harm, areas = harm_in(flags, theatre, period.end)
        told["aftermath"] = aftermath([given_of(r) for r in own], harm, areas, period.end)
    if flags.json:
        print_json(told)
        return
    L = language_of(flags)
    _say_answers(told, records, L)
    if "aftermath" in told:
        say_aftermath(told["aftermath"], L)
    else:
        advise(
            L("With --theatre NAME also hits, misses, lead time and the harm during delay."),
            quiet=flags.quiet,
        )


def _share(found: Mapping[str, Any], L: Language) -> str:
    if found["share"] is None:
        return L("none")
    low, high = L.percent(found["low"]), L.percent(found["high"])
    span = L("{low} to {high}", low=low, high=high)
    return f"{found['n']}/{found['of']} = {L.percent(found['share'])} ({span})"


def _time(found: Mapping[str, Any], q: str, L: Language) -> str:
    one = found["quantiles"][q]
    if one["days"] is None:
        return L("not reached")
    high = L("not reached") if one["high"] is None else L.number(one["high"])
    low = "?" if one["low"] is None else L.number(one["low"])
    span = L("{low} to {high}", low=low, high=high)
    return f"{L('{days} d', days=L.number(one['days']))} ({span})"


def _say_answers(told: Mapping[str, Any], records: list[Record], L: Language) -> None:
    if not records:
        print(L("No warning was issued in this period."))
        return
    groups = {L("all"): told["all"], **told["by_theatre"], **told["by_quarter"]}
    shares = ("acknowledged", "decided", "decided_in_time", "decided_to_act", "acted")
    print_table(
        (L("warnings issued"), "n", *(L.word(f"answer:{s}") for s in shares)),
        [[name, g["issued"], *(_share(g[s], L) for s in shares)] for name, g in groups.items()],
    )
    print()
    times = ("acknowledgement_days", "decision_days")
    print_table(
        (L("time to"), L("answered"), L("a quarter"), L("half"), L("three quarters")),
        [
            [
                L.word(f"time:{t}"),
                f"{g[t]['answered']}/{g[t]['n']}",
                *(_time(g[t], q, L) for q in ("0.25", "0.5", "0.75")),
            ]
            for g in [told["all"]]
            for t in times
        ],
    )


def say_aftermath(found: Mapping[str, Any], L: Language) -> None:
    """Say what came after warnings."""
    named, events, delay = found["named"], found["events"], found["delay"]
    said = L(
        "Naming areas: {hits} of {decided} warnings were followed by an event there; areas drawn at random "
        "would give {chance}. {false} were not, {undecided} are undecided. Naming none: {unnamed}.",
        hits=named["hits"],
        decided=named["decided"],
        chance=L.number(named["hits_by_chance"], 2),
        false=named["false"],
        undecided=named["undecided"],
        unnamed=found["unnamed"],
    )
    print(f"\n{said}")
    if events["share"] is not None:
        print(
            L(
                "Events since {day}: {covered} of {events} in an area under a warning ({share}); of all days "
                "of all areas {days} were under one.",
                day=date.fromisoformat(events["since"]),
                covered=events["covered"],
                events=events["events"],
                share=L.percent(events["share"]),
                days=L.percent(events["share_of_area_days"]),
            )
        )
    print(
        L(
            "Past the deadline: {late} warnings, {days} days; recorded meanwhile in the warned areas: "
            "{events} events, {deaths} deaths known. Nothing says that an answer would have averted them.",
            late=delay["late_or_undecided"],
            days=delay["days"],
            events=delay["events"],
            deaths=L("no") if delay["deaths"] is None else L.number(float(delay["deaths"]), 0),
        )
    )
