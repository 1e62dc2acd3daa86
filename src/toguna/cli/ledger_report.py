"""``toguna ledger report`` and ``rehearse``: how warnings were answered, and which would have been given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import AreaFiles, Common, Seed, Sources, TheatreFlags, TheatreName, verb
from toguna.cli.hands import ledger_of
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import home_of, lang_of, progress_of, theatre_of
from toguna.core.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toguna.room.again import Again
    from toguna.room.view import Question
    from toguna.store.theatre import Theatre
    from toguna.warnings.report.harm import Harm
    from toguna.warnings.states import Record

__all__ = ["rehearse", "report"]


@dataclass(frozen=True, kw_only=True)
class ReportFlags(Common):
    """Flags of verbs that hold warnings against events; they have no date of their own."""

    theatre: TheatreName = None
    areas: AreaFiles = None
    source: Sources = None
    seed: Seed = 0


def _theatre(flags: ReportFlags) -> Theatre:
    return theatre_of(TheatreFlags(theatre=flags.theatre, areas=flags.areas))


def _question(flags: ReportFlags, theatre: Theatre, on: date) -> Question:
    from toguna.room.view import Question, windows_of

    named = tuple(dict.fromkeys(flags.source)) if flags.source else None
    return Question(theatre, windows_of(theatre, on), named, home_of(flags), flags.seed)


def _harm(flags: ReportFlags, theatre: Theatre, on: date) -> tuple[list[Harm], list[str]]:
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
        theatre = _theatre(flags)
        own = [r for r in records if r.warning.theatre == theatre.name]
        harm, areas = _harm(flags, theatre, period.end)
        told["aftermath"] = aftermath([given_of(r) for r in own], harm, areas, period.end)
    if flags.json:
        print_json(told)
        return
    _say_answers(told, records)
    if "aftermath" in told:
        _say_aftermath(told["aftermath"])
    else:
        advise(
            "With --theatre NAME also hits, misses, lead time and the harm during delay.", quiet=flags.quiet
        )


def _share(found: Mapping[str, Any]) -> str:
    if found["share"] is None:
        return "none"
    span = f"{found['low']:.0%} to {found['high']:.0%}"
    return f"{found['n']}/{found['of']} = {found['share']:.0%} ({span})"


def _time(found: Mapping[str, Any], q: str) -> str:
    one = found["quantiles"][q]
    if one["days"] is None:
        return "not reached"
    high = "not reached" if one["high"] is None else f"{one['high']:.1f}"
    low = "?" if one["low"] is None else f"{one['low']:.1f}"
    return f"{one['days']:.1f} d ({low} to {high})"


def _say_answers(told: Mapping[str, Any], records: list[Record]) -> None:
    if not records:
        print("No warning was issued in this period.")
        return
    groups = {"all": told["all"], **told["by_theatre"], **told["by_quarter"]}
    shares = ("acknowledged", "decided", "decided_in_time", "decided_to_act", "acted")
    print_table(
        ("warnings issued", "n", *(s.replace("_", " ") for s in shares)),
        [[name, g["issued"], *(_share(g[s]) for s in shares)] for name, g in groups.items()],
    )
    print()
    times = ("acknowledgement_days", "decision_days")
    print_table(
        ("time to", "answered", "a quarter", "half", "three quarters"),
        [
            [
                t.removesuffix("_days"),
                f"{g[t]['answered']}/{g[t]['n']}",
                *(_time(g[t], q) for q in ("0.25", "0.5", "0.75")),
            ]
            for g in [told["all"]]
            for t in times
        ],
    )


def _say_aftermath(found: Mapping[str, Any]) -> None:
    named, events, delay = found["named"], found["events"], found["delay"]
    print(
        f"\nNaming areas: {named['hits']} of {named['decided']} warnings were followed by an event there; "
        f"areas drawn at random would give {named['hits_by_chance']}. {named['false']} were not, "
        f"{named['undecided']} are undecided. Naming none: {found['unnamed']}."
    )
    if events["share"] is not None:
        print(
            f"Events since {events['since']}: {events['covered']} of {events['events']} in an area under "
            f"a warning ({events['share']:.0%}); under one were {events['share_of_area_days']:.0%} of "
            "area-days."
        )
    print(
        f"Past the deadline: {delay['late_or_undecided']} warnings, {delay['days']} days; recorded meanwhile "
        f"in the warned areas: {delay['events']} events, {delay['deaths']} deaths known. Nothing says "
        "that an answer would have averted them."
    )


@verb
def rehearse(
    flags: ReportFlags,
    *,
    first: Annotated[str, typer.Option("--from", metavar="MONTH", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", metavar="MONTH", help="Last month, YYYY-MM.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder of the looks. Default: out/rehearsal-THEATRE."),
    ] = None,
    chances: Annotated[
        bool,
        typer.Option("--chances/--no-chances", help="Whether chances of further attacks are used; slow."),
    ] = True,
) -> None:
    """Say which warnings the rules would have given month by month in the past.

    How early before turning points, how many for nothing, beside chance. An interrupted rehearsal goes on.
    """
    from toguna.replay.lessons import FEWEST_LOOKS
    from toguna.replay.looks import month_ends
    from toguna.replay.run import replay
    from toguna.replay.warned import rehearsal
    from toguna.room.warned import place_setting
    from toguna.warnings.rules import read_rules

    theatre, dates = _theatre(flags), month_ends(first, last)
    if len(dates) < FEWEST_LOOKS:
        raise DataError(f"{len(dates)} months cannot be scored; a rehearsal needs {FEWEST_LOOKS} or more.")
    folder = out or Path("out") / f"rehearsal-{theatre.name}"
    asked = {"from": first, "to": last, "theatre": theatre.name, "chances": chances, "seed": flags.seed}
    with progress_of(flags).step("look at every month") as said:
        done = replay(
            _chain(flags, theatre, chances=chances),
            dates,
            out=folder,
            asked=asked,
            told=lambda _, count: said(count, len(dates)),
        )
    harm, areas = _harm(flags, theatre, dates[-1])
    setting = place_setting(theatre, dates[-1])
    facts = rehearsal(done.looks, read_rules(theatre.folder), setting, harm=harm, areas=areas)
    if flags.json:
        print_json({"out": str(folder), **facts})
        return
    _say_rehearsal(facts, lang_of(flags))


def _chain(flags: ReportFlags, theatre: Theatre, *, chances: bool) -> Again:
    from toguna.room.again import Again
    from toguna.store.theatre import known_theatres

    named = flags.theatre or theatre.name
    return Again(
        theatre=named if named in known_theatres() else theatre.folder.absolute(),
        home=home_of(flags).path.absolute(),
        areas=tuple((level, path.absolute()) for level, path in sorted(theatre.outlines.items())),
        sources=tuple(dict.fromkeys(flags.source)) if flags.source else None,
        chances=chances,
    )


def _say_rehearsal(facts: Mapping[str, Any], lang: str) -> None:
    verdicts = {row["id"]: row for row in facts["aftermath"]["warnings"]}
    rows = [
        [
            w["id"],
            w["day"],
            w["headline"][lang],
            verdicts[w["id"]]["verdict"] if w["areas"] else "names no area",
        ]
        for w in facts["warnings"]
    ]
    if not rows:
        print("The rules would have given no warning.")
        return
    print_table(("id", "given", "what", "in its areas afterwards"), rows)
    print()
    columns = ("turning point", "day", "named before", "given before without naming it", "named after")
    keys = ("named_before_days", "unnamed_before_days", "named_after_days")
    points = [
        [p["area"], p["day"], *("never" if p[k] is None else f"{p[k]} days" for k in keys)]
        for p in facts["points"]
    ]
    print_table(columns, points)
    for name, one in facts["scores"].items():
        rate = one["false_per_year"]
        per_year = "" if rate is None else f", {rate['value']:.1f} a year"
        print(
            f"\n{name}: {one['hits']} of {len(one['fates'])} turning points within half a year after such a "
            f"warning was given; as many looks drawn at random would give {one['hits_by_chance']}. "
            f"{one['false']} false{per_year}."
        )
    _say_aftermath(facts["aftermath"])
