"""``toguna forecast``: how many deaths and incidents may come, by country, area or cell and month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Seed, Sources, TheatreFlags, ViewpointName, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import as_of_of, home_of, lang_of, progress_of, theatre_of

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.forecasts.outlook.outlook import Asked, Outlook
    from toguna.room.view import Question

__all__ = ["forecast"]


@dataclass(frozen=True, kw_only=True)
class ForecastFlags(TheatreFlags):
    """What is asked."""

    level: Annotated[
        str, typer.Option("--level", metavar="NAME", help="country, admin1, admin2 or grid.")
    ] = "admin1"
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="NAME",
            help="deaths, deaths_sb, deaths_ns, deaths_os, incidents or attacks_civilians; may be repeated. "
            "Default: deaths and incidents.",
        ),
    ] = None
    months: Annotated[
        int, typer.Option("--months", min=1, max=36, metavar="N", help="Months ahead, 1 to 36.")
    ] = 12
    draws: Annotated[
        int, typer.Option("--draws", min=20, max=10000, metavar="N", help="Draws of every count.")
    ] = 1000
    trees: Annotated[
        bool, typer.Option("--trees", help="Let boosted trees speak where there are many units; slow.")
    ] = False
    save: Annotated[
        bool, typer.Option("--save", help="Keep the forecast in the home, to score it later.")
    ] = False
    source: Sources = None
    viewpoint: ViewpointName = "standard"
    seed: Seed = 0


def question_for(flags: Any) -> Question:
    """Build the question of a verb that looks at no windows."""
    from toguna.events.viewpoint import viewpoint
    from toguna.room.view import Question, windows_of

    theatre, as_of = theatre_of(flags), as_of_of(flags)
    return Question(
        theatre=theatre,
        windows=windows_of(theatre, as_of),
        sources=tuple(dict.fromkeys(flags.source)) if flags.source else None,
        home=home_of(flags),
        seed=flags.seed,
        viewpoint=viewpoint(flags.viewpoint),
    )


def _asked(flags: ForecastFlags) -> Asked:
    from toguna.forecasts.outlook.outlook import Asked

    targets = tuple(dict.fromkeys(flags.target)) if flags.target else ("deaths", "incidents")
    return Asked(flags.level, targets, flags.months, flags.draws, flags.trees)


@verb
def forecast(flags: ForecastFlags) -> None:
    """Say how many deaths and incidents may come, month by month, and how such forecasts did on the past.

    Draws of areas add up to those of their country. What stands against publishing is said.
    """
    from toguna.forecasts.outlook.plain import plain
    from toguna.room.forecasting import against, forecast_of, keep
    from toguna.room.view import collect

    lang, asked, question = lang_of(flags), _asked(flags), question_for(flags)
    known = collect(question, progress=progress_of(flags))
    with progress_of(flags).step("forecast from past months and from today"):
        found = forecast_of(known, question, asked)
    warned = against(found, known)
    saved = keep(found, known, question, asked) if flags.save else None
    if flags.json:
        findings = [finding.as_dict() for finding in warned]
        print_json({**plain(found), "findings": findings, "saved": saved})
        return
    _show(found, lang)
    for finding in warned:
        advise(f"{finding.severity}: {finding.sentence()}", quiet=flags.quiet)
    if saved:
        print(f"saved: {saved}")


def _show(found: Outlook, lang: str) -> None:
    from toguna.core.language import Language
    from toguna.forecasts.outlook.plain import records_of, rows_of
    from toguna.forecasts.outlook.words import begins, caution, judged, silence

    L = Language(lang)
    for said in silence(found).values():
        print(said[lang])
    rows, records = rows_of(found), records_of(found)
    for record in records:
        _table(L, rows, record)
        print(judged(L, record))
        _drivers(L, record)
        print()
    if records:
        print(begins(L, records[0]))
        print(caution(L))


def _table(L: Language, rows: list[dict[str, Any]], record: dict[str, Any]) -> None:
    from toguna.forecasts.outlook.words import by_unit, columns, lines, target_title, unit_title

    print(target_title(L, record["target"]).capitalize())
    mine = by_unit(rows, record["level"], record["target"])
    body = [(unit_title(L, unit), *line) for unit, own in mine.items() for line in lines(L, own)]
    print_table((L("where"), *columns(L)), body)
    if quiet := len(record["drivers"]) - len(mine):
        print(
            L.plural(
                "{n} unit has nothing on record, and nothing is expected there.",
                "{n} units have nothing on record, and nothing is expected there.",
                quiet,
            )
        )


def _drivers(L: Language, record: dict[str, Any]) -> None:
    from toguna.forecasts.outlook.words import driven

    told = sorted(record["drivers"], key=lambda d: -d["mean"])[:3]
    for driver in told:
        if driver["mean"] > 0:
            print(f"- {driven(L, record, driver)}")
