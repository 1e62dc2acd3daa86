"""``toguna ledger rehearse``: which warnings the rules would have given in the past."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import verb
from toguna.cli.ledger_report import ReportFlags, harm_in, say_aftermath, theatre_in
from toguna.cli.report import print_json, print_table
from toguna.cli.view import home_of, language_of, progress_of
from toguna.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toguna.core.language import Language
    from toguna.room.again import Again
    from toguna.store.theatre import Theatre

__all__ = ["rehearse"]


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
    forecasts: Annotated[
        bool,
        typer.Option("--forecasts/--no-forecasts", help="Whether forecasts as published then are used."),
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

    theatre, dates = theatre_in(flags), month_ends(first, last)
    if len(dates) < FEWEST_LOOKS:
        raise DataError(f"{len(dates)} months cannot be scored; a rehearsal needs {FEWEST_LOOKS} or more.")
    folder = out or Path("out") / f"rehearsal-{theatre.name}"
    asked = {"from": first, "to": last, "theatre": theatre.name, "seed": flags.seed}
    asked |= {"chances": chances, "forecasts": forecasts}
    with progress_of(flags).step("look at every month") as said:
        done = replay(
            _chain(flags, theatre, chances=chances, published=forecasts),
            dates,
            out=folder,
            asked=asked,
            told=lambda _, count: said(count, len(dates)),
        )
    harm, areas = harm_in(flags, theatre, dates[-1])
    setting = place_setting(theatre, dates[-1])
    facts = rehearsal(done.looks, read_rules(theatre.folder), setting, harm=harm, areas=areas)
    if flags.json:
        print_json({"out": str(folder), **facts})
        return
    _say_rehearsal(facts, language_of(flags))


def _chain(flags: ReportFlags, theatre: Theatre, *, chances: bool, published: bool) -> Again:
    from toguna.room.again import Again
    from toguna.store.theatre import known_theatres

    named = flags.theatre or theatre.name
    return Again(
        theatre=named if named in known_theatres() else theatre.folder.absolute(),
        home=home_of(flags).path.absolute(),
        areas=tuple((level, path.absolute()) for level, path in sorted(theatre.outlines.items())),
        sources=tuple(dict.fromkeys(flags.source)) if flags.source else None,
        model=None,
        chances=chances,
        published=published,
    )


def _say_rehearsal(facts: Mapping[str, Any], L: Language) -> None:
    verdicts = {row["id"]: row for row in facts["aftermath"]["warnings"]}
    rows = [
        [
            w["id"],
            w["day"],
            w["headline"][L.code],
            L.word(f"verdict:{verdicts[w['id']]['verdict']}") if w["areas"] else L("names no area"),
        ]
        for w in facts["warnings"]
    ]
    if rows:
        print_table((L("number"), L("given"), L("what"), L("in its areas afterwards")), rows)
        print()
        _say_points(facts["points"], L)
    else:
        print(L("The rules would have given no warning."))
    for name, one in facts["scores"].items():
        print(f"\n{_score(name, one, L)}")
    _say_forecasts(facts["forecasts"], L)
    say_aftermath(facts["aftermath"], L)


def _say_points(points: Sequence[Mapping[str, Any]], L: Language) -> None:
    columns = (
        L("turning point"), L("day"), L("named before"), L("given before without naming it"),
        L("named after"), L("highest chance forecast before"),
    )  # fmt: skip
    keys = ("named_before_days", "unnamed_before_days", "named_after_days")
    rows = [
        [
            p["area"],
            p["day"],
            *(L("never") if p[k] is None else L.plural("{n} day", "{n} days", p[k]) for k in keys),
            L.percent(p["foreseen_before"]["probability"], 1) if p["foreseen_before"] else L("none made"),
        ]
        for p in points
    ]
    print_table(columns, rows)


def _score(name: str, one: Mapping[str, Any], L: Language) -> str:
    rate = one["false_per_year"]
    said = L(
        "{which}: {hits} of {n} turning points within half a year after such a warning was given; as many "
        "looks drawn at random would give {chance}. False: {false}.",
        which=L.word(f"rehearsed:{name}"),
        hits=one["hits"],
        n=len(one["fates"]),
        chance=L.number(one["hits_by_chance"], 2),
        false=one["false"],
    )
    per_year = "" if rate is None else " " + L("That is {rate} a year.", rate=L.number(rate["value"]))
    return f"{said}{per_year}"


def _say_forecasts(found: Mapping[str, Any], L: Language) -> None:
    if not found["looks"]:
        return
    said = L(
        "Forecasts of deaths by area were published on {n} of {looks} looks and withheld on {withheld}.",
        n=found["published"],
        looks=found["looks"],
        withheld=found["withheld"],
    )
    top = found["highest"]
    if top is not None:
        said += " " + L(
            "The highest chance of {deaths} deaths or more in a month was {chance}, for {area} on {day}.",
            deaths=top["deaths"],
            chance=L.percent(top["probability"], 1),
            area=top["area"],
            day=date.fromisoformat(top["as_of"]),
        )
    print(f"\n{said}")
