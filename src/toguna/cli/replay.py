"""``toguna replay``: the tests of shifts as they would have run in the past, and their score."""

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
    from collections.abc import Callable

    from toguna.core.language import Language
    from toguna.replay.task import Done
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


@dataclass(frozen=True, kw_only=True)
class ReplayFlags(Common):
    """Flags of a replay: it has no date of its own."""

    theatre: TheatreName = None
    areas: AreaFiles = None
    source: Sources = None
    viewpoint: ViewpointName = "standard"
    seed: Seed = 0
    worlds: Worlds = 0
    runner: RunnerName = "serial"
    workers: Workers = 2
    scheduler: Scheduler = None


def _chain(flags: ReplayFlags, theatre: Theatre) -> Again:
    from toguna.events.viewpoint import viewpoint
    from toguna.room.again import Again
    from toguna.store.theatre import known_theatres

    asked = flags.theatre or theatre.name
    named = asked if asked in known_theatres() else theatre.folder.absolute()
    return Again(
        theatre=named,
        home=home_of(flags).path.absolute(),
        areas=tuple((level, path.absolute()) for level, path in sorted(theatre.outlines.items())),
        sources=tuple(dict.fromkeys(flags.source)) if flags.source else None,
        viewpoint=viewpoint(flags.viewpoint).name,
        worlds=flags.worlds,
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

    Turning points, hits, lead times and false alarms a year, beside the three rules in use. An interrupted
    replay goes on where it was: what is finished and rests on the same inputs is not computed again.
    """
    from toguna.core.language import Language
    from toguna.replay.lessons import FEWEST_LOOKS, lessons
    from toguna.replay.looks import month_ends
    from toguna.replay.run import replay as carry_out
    from toguna.replay.runners import runner

    if every != "month":
        raise UnknownNameError("step", every, ("month",))
    L = Language(lang_of(flags))
    theatre = theatre_of(TheatreFlags(theatre=flags.theatre, areas=flags.areas))
    folder = out or Path("out") / f"replay-{theatre.name}"
    dates = month_ends(first, last)
    if len(dates) < FEWEST_LOOKS:
        raise UsageError(f"{len(dates)} months cannot be scored; a replay needs {FEWEST_LOOKS} or more.")
    chain = _chain(flags, theatre)
    run = runner(flags.runner, workers=flags.workers, scheduler=flags.scheduler)
    asked = {"from": dates[0].isoformat(), "to": dates[-1].isoformat(), **_asked(chain), "seed": flags.seed}
    with progress_of(flags).step("replay") as said:
        told = _teller(flags, len(dates), said)
        done = carry_out(chain, dates, out=folder, asked=asked, run=run, told=told)
    facts = lessons(done.looks, title=theatre.title, quiet_days=quiet_days)
    _write(folder, facts)
    if flags.json:
        looks = [{k: look[k] for k in ("as_of", "key", "digest", "seed")} for look in done.looks]
        print_json({"out": str(folder), "looks_list": looks, "computed": done.computed, **facts})
        return
    _say(facts, L, folder)
    peak = f", at most {done.peak_mb:.0f} MB in one worker" if done.peak_mb else ""
    advise(
        f"{done.computed} of {len(dates)} looks computed now, {done.seconds:.1f} s of workers{peak}",
        quiet=flags.quiet,
    )


def _asked(chain: Again) -> dict[str, Any]:
    """Say what is replayed, without the folders of this machine."""
    theatre = chain.theatre if isinstance(chain.theatre, str) else chain.theatre.name
    sources = list(chain.sources) if chain.sources else None
    return {"theatre": theatre, "sources": sources, "viewpoint": chain.viewpoint, "worlds": chain.worlds}


def _write(folder: Path, facts: dict[str, Any]) -> None:
    from toguna.core.language import LANGUAGES, Language
    from toguna.replay.results import Results
    from toguna.replay.words import markdown
    from toguna.sources.shelf import write_atomically

    Results(folder).write("lessons.json", facts)
    for code in LANGUAGES:
        write_atomically(folder / f"lessons.{code}.md", markdown(facts, Language(code)).encode())


def _say(facts: dict[str, Any], L: Language, folder: Path) -> None:
    from toguna.replay.words import fates, table

    for text in facts["sentences"][L.code]:
        print(f"- {text}")
    print()
    print_table(*table(facts, L))
    if facts["turning_points"]:
        print()
        print_table(*fates(facts, L))
    print(f"\nlessons: {folder / f'lessons.{L.code}.md'}")
