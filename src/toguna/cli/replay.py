"""``toguna replay``: tests of shifts and forecasts as they would have run in the past, and their score."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import AreaFiles, Common, Seed, Sources, TheatreFlags, TheatreName, ViewpointName, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import home_of, lang_of, progress_of, theatre_of
from toguna.core.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from toguna.core.language import Language
    from toguna.core.progress import Progress
    from toguna.replay.run import Replayed
    from toguna.replay.task import Chain, Done
    from toguna.room.again import Again
    from toguna.store.theatre import Theatre

__all__ = ["replay"]

RunnerName = Annotated[str, typer.Option("--runner", metavar="NAME", help="serial, processes or dask.")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=4096, metavar="N", help="Processes to start.")]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler, or its scheduler file."),
]
Worlds = Annotated[
    int,
    typer.Option("--worlds", min=0, max=100, metavar="N", help="Simulated worlds for stated false alarms."),
]
Table = Annotated[
    Path | None,
    typer.Option(
        "--table", metavar="FILE", help="Replay forecasts of counts by unit and month (CSV, Parquet) instead."
    ),
]
Column = Annotated[
    str | None, typer.Option("--column", metavar="NAME", help="Column of --table that counts.")
]
Model = Annotated[
    str,
    typer.Option("--model", metavar="NAME", help="Who forecasts: pool, pool_with_trees (slow) or none."),
]
AtLeast = Annotated[
    int,
    typer.Option("--at-least", min=1, metavar="N", help="Event decided about: so many deaths in a month."),
]
CostLoss = Annotated[
    float | None,
    typer.Option(
        "--cost-loss", metavar="R", help="Your price of a false alarm, as a share of what a miss costs."
    ),
]


NOBODY = "none"


@dataclass(frozen=True, kw_only=True)
class ReplayFlags(Common):
    """Flags of a replay: it has no date of its own."""

    theatre: TheatreName = None
    areas: AreaFiles = None
    source: Sources = None
    viewpoint: ViewpointName = "standard"
    seed: Seed = 0
    worlds: Worlds = 0
    table: Table = None
    column: Column = None
    model: Model = "pool"
    at_least: AtLeast = 1
    cost_loss: CostLoss = None
    runner: RunnerName = "serial"
    workers: Workers = 2
    scheduler: Scheduler = None


@dataclass(frozen=True)
class Subject:
    """What is replayed: its name for folders, its title, the chain, and what was asked without paths."""

    name: str
    title: dict[str, str]
    chain: Chain
    asked: dict[str, Any]


def _subject(flags: ReplayFlags) -> Subject:
    if flags.table is not None:
        return _table(flags, flags.table)
    if flags.column is not None:
        raise UsageError("--column names a column of a table: say which with --table FILE.")
    theatre = theatre_of(TheatreFlags(theatre=flags.theatre, areas=flags.areas))
    chain = _chain(flags, theatre)
    return Subject(theatre.name, dict(theatre.title), chain, _asked(chain))


def _table(flags: ReplayFlags, path: Path) -> Subject:
    """Replay a table: it has neither events nor areas, so nothing but forecasts."""
    from toguna.core.digest import file_sha256
    from toguna.panels.reading import read_counts
    from toguna.replay.forecasters import forecasters
    from toguna.replay.foretelling import Foretelling

    if flags.theatre or flags.areas or flags.source:
        raise UsageError("a table is replayed by itself: leave out --theatre, --areas and --source.")
    read_counts(path, column=flags.column)
    who = forecasters(flags.model, column="count")
    chain = Foretelling(path.absolute(), flags.column, who=who)
    asked = {"table": path.name, "sha256": file_sha256(path), "column": flags.column, "model": flags.model}
    return Subject(path.stem, {"en": path.name, "fr": path.name}, chain, asked)


def _chain(flags: ReplayFlags, theatre: Theatre) -> Again:
    from toguna.events.viewpoint import viewpoint
    from toguna.replay.forecasters import forecasters
    from toguna.room.again import Again
    from toguna.store.theatre import known_theatres

    if flags.model != NOBODY:
        forecasters(flags.model)
    asked = flags.theatre or theatre.name
    named = asked if asked in known_theatres() else theatre.folder.absolute()
    return Again(
        theatre=named,
        home=home_of(flags).path.absolute(),
        areas=tuple((level, path.absolute()) for level, path in sorted(theatre.outlines.items())),
        sources=tuple(dict.fromkeys(flags.source)) if flags.source else None,
        viewpoint=viewpoint(flags.viewpoint).name,
        worlds=flags.worlds,
        model=None if flags.model == NOBODY else flags.model,
    )


def _teller(flags: ReplayFlags, total: int, said: Callable[[int, int], None]) -> Callable[[Done, int], None]:
    """Tell every look: on the bar of a terminal, as a line elsewhere."""
    import sys

    plain = not flags.quiet and not sys.stderr.isatty()

    def told(done: Done, count: int) -> None:
        said(count, total)
        if plain:
            what = f"{done.seconds:.1f} s" if done.text is not None else "was there"
            advise(f"{done.name} · {what} · {count} of {total}")

    return told


@verb
def replay(
    flags: ReplayFlags,
    *,
    first: Annotated[str, typer.Option("--from", metavar="MONTH", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", metavar="MONTH", help="Last month, YYYY-MM.")],
    every: Annotated[str, typer.Option("--every", metavar="month", help="How often to look.")] = "month",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder to write or go on with. Default: out/replay-THEATRE."
        ),
    ] = None,
    quiet_days: Annotated[
        int, typer.Option("--quiet-days", min=30, metavar="DAYS", help="Quiet days before a turning point.")
    ] = 365,
) -> None:
    """Look again at every month of the past, with what was known then, and score it.

    Turning points, hits, lead times and false alarms a year, beside the three rules in use; forecasts beside
    last year, and what acting on them was worth. Writes lessons.{en,fr}.{html,md}. An interrupted replay goes
    on where it was: what is finished and rests on the same inputs is not computed again.
    """
    from toguna.core.language import Language
    from toguna.replay.lessons import FEWEST_LOOKS, lessons
    from toguna.replay.looks import month_ends
    from toguna.replay.skill import Asked
    from toguna.scores.value import ratios_for

    if every != "month":
        raise UnknownNameError("step", every, ("month",))
    if flags.cost_loss is not None:
        ratios_for(flags.cost_loss)
    dates = month_ends(first, last)
    if len(dates) < FEWEST_LOOKS:
        raise UsageError(f"{len(dates)} months cannot be scored; a replay needs {FEWEST_LOOKS} or more.")
    subject = _subject(flags)
    folder = out or Path("out") / f"replay-{subject.name}"
    done = _carried_out(flags, subject, dates, folder)
    asked = Asked(flags.at_least, flags.cost_loss, flags.seed)
    facts = lessons(done.looks, title=subject.title, quiet_days=quiet_days, asked=asked)
    _write(folder, facts, progress=progress_of(flags))
    _keep(subject.chain, done, facts, quiet=flags.quiet)
    if flags.json:
        looks = [{k: look[k] for k in ("as_of", "key", "digest", "seed")} for look in done.looks]
        print_json({"out": str(folder), "looks_list": looks, "computed": done.computed, **facts})
        return
    _say(facts, Language(lang_of(flags)), folder)
    peak = f", at most {done.peak_mb:.0f} MB in one worker" if done.peak_mb else ""
    advise(
        f"{done.computed} of {len(dates)} looks computed now, {done.seconds:.1f} s of workers{peak}",
        quiet=flags.quiet,
    )


def _carried_out(flags: ReplayFlags, subject: Subject, dates: Sequence[date], folder: Path) -> Replayed:
    from toguna.replay.run import replay as carry_out
    from toguna.replay.runners import runner

    run = runner(flags.runner, workers=flags.workers, scheduler=flags.scheduler)
    asked = {"from": dates[0].isoformat(), "to": dates[-1].isoformat(), **subject.asked, "seed": flags.seed}
    with progress_of(flags).step("replay") as said:
        told = _teller(flags, len(dates), said)
        return carry_out(subject.chain, dates, out=folder, asked=asked, run=run, told=told)


def _asked(chain: Again) -> dict[str, Any]:
    """Say what is replayed, without the folders of this machine."""
    theatre = chain.theatre if isinstance(chain.theatre, str) else chain.theatre.name
    sources = list(chain.sources) if chain.sources else None
    return {
        "theatre": theatre,
        "sources": sources,
        "viewpoint": chain.viewpoint,
        "worlds": chain.worlds,
        "model": chain.model,
    }


def _write(folder: Path, facts: dict[str, Any], *, progress: Progress) -> None:
    from toguna.core.language import LANGUAGES, Language
    from toguna.replay.results import Results
    from toguna.replay.words import markdown
    from toguna.room.taught.page import write_pages
    from toguna.sources.shelf import write_atomically

    Results(folder).write("lessons.json", facts)
    for code in LANGUAGES:
        write_atomically(folder / f"lessons.{code}.md", markdown(facts, Language(code)).encode())
    with progress.step("draw and write the lessons"):
        write_pages(facts, folder)


def _keep(chain: Chain, done: Replayed, facts: dict[str, Any], *, quiet: bool) -> None:
    """Keep the lessons in the home, where briefings find them; a home that cannot be written is said."""
    from toguna.core.errors import StoreError
    from toguna.room.again import Again
    from toguna.room.taught.kept import keep

    if not isinstance(chain, Again):
        return
    try:
        keep(chain, done.looks, facts)
    except StoreError as error:
        advise(f"Briefings will not show this replay: {error}", quiet=quiet)


def _say(facts: dict[str, Any], L: Language, folder: Path) -> None:
    from toguna.replay.words import tables

    for text in facts["sentences"][L.code]:
        print(f"- {text}")
    for head, rows in tables(facts, L):
        print()
        print_table(head, rows)
    print(f"\nlessons: {folder / f'lessons.{L.code}.html'}")
