"""``toguna recurrence``: how likely another attack of a kind in a place is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Seed, Sources, TheatreFlags, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import as_of_of, home_of, lang_of, progress_of, theatre_of

if TYPE_CHECKING:
    from toguna.forecasts.recurrence.population import Asked
    from toguna.forecasts.recurrence.question import Kind, Place
    from toguna.forecasts.recurrence.recur import Recurrence

__all__ = ["recurrence"]

Words = list[str] | None


def _mark(flag: str) -> Any:
    return typer.Option(flag, metavar="WORD", help="Only attacks of this kind; may be repeated.")


@dataclass(frozen=True, kw_only=True)
class RecurrenceFlags(TheatreFlags):
    """What is asked."""

    place: Annotated[
        str, typer.Option("--place", metavar="NAME|LAT,LON", help="An area with events, a town, or a point.")
    ]
    tactic: Annotated[Words, _mark("--tactic")] = None
    target: Annotated[Words, _mark("--target")] = None
    setting: Annotated[Words, _mark("--setting")] = None
    family: Annotated[
        str | None, typer.Option("--family", metavar="ID", help="Only by this family of organisations.")
    ] = None
    within: Annotated[
        list[int] | None,
        typer.Option("--within", metavar="MONTHS", help="1 to 36; may be repeated. Default: 3, 6 and 12."),
    ] = None
    radius: Annotated[
        float,
        typer.Option("--radius", metavar="KM", help="Of the circle around a town or point; at least 5."),
    ] = 25.0
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help="Which population of the theatre.")
    ] = None
    source: Sources = None
    seed: Seed = 0


def _population(flags: RecurrenceFlags) -> Asked:
    from toguna.forecasts.recurrence.population import population_of
    from toguna.room.view import Question, collect, windows_of

    theatre, as_of = theatre_of(flags), as_of_of(flags)
    question = Question(
        theatre=theatre,
        windows=windows_of(theatre, as_of),
        sources=tuple(dict.fromkeys(flags.source)) if flags.source else None,
        home=home_of(flags),
    )
    known = collect(question, progress=progress_of(flags))
    return population_of(
        known.events, theatre=theatre, registry=known.registry, as_of=as_of, subject=flags.subject
    )


def _place(flags: RecurrenceFlags, asked: Asked) -> Place:
    import re

    from toguna.forecasts.recurrence.population import place_named
    from toguna.forecasts.recurrence.question import Circle

    point = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*", flags.place)
    if point:
        return Circle(float(point[1]), float(point[2]), flags.radius)
    return place_named(flags.place, theatre=theatre_of(flags), sample=asked.sample, km=flags.radius)


def _kind(flags: RecurrenceFlags) -> Kind:
    from toguna.core.errors import UnknownNameError
    from toguna.forecasts.recurrence.question import Kind
    from toguna.store.vocabulary import vocabulary

    settings = theatre_of(flags).settings
    stated = {"tactic": flags.tactic, "target": flags.target, "setting": flags.setting}
    for column, words in stated.items():
        known = vocabulary(f"{column}s", settings)
        for word in words or []:
            if word not in known:
                raise UnknownNameError(column, word, known)
    return Kind(**{c: frozenset(w or []) for c, w in stated.items()}, family=flags.family or "")


def _show(found: tuple[Recurrence, ...], asked: Asked, lang: str) -> None:
    from toguna.core.language import Language
    from toguna.forecasts.recurrence.sentences import sentences

    L = Language(lang)
    said = [sentences(r, asked.label)[lang] for r in found]
    for lines in said:
        print(lines[0])
    print("\n".join(said[-1][1:]))
    models = found[-1].record["models"]
    rows = [
        (
            L.word(name),
            *(f"{r.record['models'][name]['probability']:.3f}" for r in found),
            *(f"{one[key]:.3f}" if key in one else "" for key in ("ignorance", "brier")),
        )
        for name, one in models.items()
    ]
    print()
    print_table((L("model"), *(str(r.horizon_months) for r in found), L("ignorance"), "Brier"), rows)


@verb
def recurrence(flags: RecurrenceFlags) -> None:
    """Say how likely another attack of a kind in a place is.

    With its interval, the model that was best on past days, and what the others say.
    """
    import numpy as np

    from toguna.forecasts.recurrence.recur import recur

    lang, kind = lang_of(flags), _kind(flags)
    asked = _population(flags)
    place = _place(flags, asked)
    with progress_of(flags).step("forecast from past days and from today"):
        found = recur(
            asked.sample,
            kind=kind,
            place=place,
            as_of=as_of_of(flags),
            horizons=flags.within or (3, 6, 12),
            rng=np.random.default_rng(flags.seed),
        )
    if flags.json:
        told = {"population": asked.subject, "source": asked.source, "left_out": asked.left_out}
        print_json({**told, "seed": flags.seed, "recurrence": [r.as_dict() for r in found]})
        return
    _show(found, asked, lang)
    advise(
        f"{asked.source}: {asked.left_out} events are placed or dated too vaguely and were left out.",
        quiet=flags.quiet or not asked.left_out,
    )
