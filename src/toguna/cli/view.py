"""From flags to the things they mean: a theatre, a home, a date, a question.

Enters: flag groups. Leaves: loaded values. Called by the verbs; imports what it needs when asked.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from toguna.cli.flags import Common, TheatreFlags, ViewFlags
from toguna.cli.report import advise
from toguna.core.errors import DataError, UnknownNameError, UsageError

if TYPE_CHECKING:
    import polars as pl

    from toguna.actors.registry import Registry
    from toguna.core.language import Language
    from toguna.core.progress import Bars, PlainLines, Silent
    from toguna.room.view import Question, View
    from toguna.store.home import Home
    from toguna.store.theatre import Theatre

__all__ = [
    "advise_on_date",
    "as_of_of",
    "home_of",
    "lang_of",
    "language_of",
    "progress_of",
    "question_of",
    "registry_of",
    "say_viewpoint",
    "theatre_name",
    "theatre_of",
    "view_of",
]

_LEVELS = ("adm0", "adm1", "adm2")


def lang_of(flags: Common) -> str:
    """Return the language, or say which there are."""
    from toguna.core.language import Language

    return Language(flags.lang).code


def language_of(flags: Common) -> Language:
    """Return what sentences are said with."""
    from toguna.core.language import Language

    return Language(flags.lang)


def home_of(flags: Common) -> Home:
    """Open the home folder named by the flag, by $TOGUNA_HOME, or the usual one."""
    from toguna.store.home import Home, default_home

    return Home(flags.home) if flags.home else default_home()


def progress_of(flags: Common) -> Silent | PlainLines | Bars:
    """Choose how to tell progress."""
    from toguna.core.progress import for_stream

    return for_stream(quiet=flags.quiet)


def as_of_of(flags: TheatreFlags) -> date:
    """Read the date of the assessment; today when none is given."""
    from toguna.core.dates import parse_date

    return parse_date(flags.as_of) if flags.as_of else date.today()


def theatre_name(flags: TheatreFlags) -> str:
    """Return the theatre asked for: flag, $TOGUNA_THEATRE, or the only one there is."""
    named = flags.theatre or os.environ.get("TOGUNA_THEATRE")
    if named:
        return named
    from toguna.store.theatre import known_theatres

    known = known_theatres()
    if len(known) == 1:
        return str(known[0])
    raise UsageError(f"which theatre? Say --theatre NAME|DIR. Known: {', '.join(known) or 'none'}.")


def _area_files(pairs: list[str] | None) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for pair in pairs or []:
        level, equals, name = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--areas {pair!r}: write it as LEVEL=FILE, for example adm2=cercles.geojson.")
        if level not in _LEVELS:
            raise UnknownNameError("area level", level, _LEVELS)
        if not Path(name).is_file():
            raise UsageError(f"--areas {pair!r}: there is no file {name}.")
        files[level] = Path(name)
    return files


def theatre_of(flags: TheatreFlags) -> Theatre:
    """Load the theatre asked for, with the outlines the user supplies."""
    from toguna.store.check.settings import check_settings
    from toguna.store.theatre import load_theatre

    theatre = load_theatre(theatre_name(flags), areas=_area_files(flags.areas) or None)
    wrong = [finding for finding in check_settings(theatre.settings) if finding.severity != "note"]
    if wrong:
        more = f" ({len(wrong) - 1} more: toguna theatre check {theatre.folder})" if len(wrong) > 1 else ""
        raise DataError(f"{theatre.folder}: {wrong[0].sentence()}{more}")
    return theatre


def registry_of(flags: TheatreFlags) -> Registry:
    """Build the registry of the theatre asked for, with what users added, as of the date."""
    from toguna.actors.registry import Registry
    from toguna.room.additions import with_additions

    return Registry.build(with_additions(theatre_of(flags), home_of(flags).register), as_of=as_of_of(flags))


def question_of(flags: ViewFlags) -> Question:
    """Gather everything an analysis depends on into one question."""
    from toguna.core.dates import parse_date
    from toguna.events.viewpoint import viewpoint
    from toguna.room.view import Question, windows_of

    for which in ("recent", "reference"):
        if getattr(flags, f"{which}_days") is not None and getattr(flags, f"{which}_from"):
            raise UsageError(f"say --{which}-days or --{which}-from, not both.")
    rule = viewpoint(flags.viewpoint)
    theatre, as_of = theatre_of(flags), as_of_of(flags)
    windows = windows_of(
        theatre,
        as_of,
        recent=parse_date(flags.recent_from) if flags.recent_from else flags.recent_days,
        reference=parse_date(flags.reference_from) if flags.reference_from else flags.reference_days,
    )
    named = tuple(dict.fromkeys(flags.source)) if flags.source else None
    home = home_of(flags)
    return Question(
        theatre=theatre, windows=windows, sources=named, home=home, seed=flags.seed, viewpoint=rule
    )


def say_viewpoint(flags: ViewFlags) -> None:
    """Print in words which viewpoint was used."""
    from toguna.core.language import Language
    from toguna.events.viewpoint import sentence, viewpoint

    print(f"\n{sentence(viewpoint(flags.viewpoint), Language(lang_of(flags)))}")


def view_of(flags: ViewFlags) -> View:
    """Run the analysis that the flags ask for."""
    from toguna.room.view import look

    question = question_of(flags)
    view = look(question, progress=progress_of(flags))
    advise_on_date(view.events, question, flags)
    return view


def advise_on_date(events: pl.DataFrame, question: Question, flags: Common) -> None:
    """Name a better date when every known event lies before the recent window."""
    latest = events["date_start"].max()
    if isinstance(latest, date) and latest < question.windows.recent.start:
        advise(f"The last event known is of {latest}; try --as-of {latest}.", quiet=flags.quiet)
