"""``toguna appraise FILE``: did counts change where and when something was done?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import Seed, Sources, TheatreFlags, verb
from toguna.cli.report import print_json
from toguna.cli.view import as_of_of, home_of, lang_of, progress_of, theatre_name, theatre_of

if TYPE_CHECKING:
    from toguna.responses.appraisal.counted import Counted
    from toguna.responses.appraisal.declaration import Declaration

__all__ = ["appraise"]


@dataclass(frozen=True, kw_only=True)
class AppraiseFlags(TheatreFlags):
    """What is appraised."""

    source: Sources = None
    seed: Seed = 0
    declare: Annotated[
        bool,
        typer.Option("--declare", help="Only write the declaration into the home; look at no outcome."),
    ] = False


def _counted(flags: AppraiseFlags, declared: Declaration, file: Path) -> Counted:
    from toguna.responses.appraisal.counted import from_csv, from_events, one_source
    from toguna.room.view import Question, collect, windows_of

    if declared.csv:
        return from_csv(file.parent / declared.csv, declared)
    theatre, as_of = theatre_of(flags), as_of_of(flags)
    question = Question(
        theatre=theatre,
        windows=windows_of(theatre, as_of),
        sources=tuple(dict.fromkeys(flags.source)) if flags.source else None,
        home=home_of(flags),
    )
    events, source = one_source(collect(question, progress=progress_of(flags)).events, as_of)
    names = theatre.names({"admin1": "adm1", "admin2": "adm2"}.get(declared.level, ""))
    return from_events(events, declared, as_of=as_of, source=source, names=names)


def _declare(flags: AppraiseFlags, declared: Declaration, data: str) -> None:
    from toguna.core.language import Language
    from toguna.responses.appraisal.logbook import declare
    from toguna.responses.appraisal.sentences import standing_in_words

    standing = declare(home_of(flags).path, declared, data, day=date.today())
    if flags.json:
        print_json({"declaration": declared.as_dict(), "standing": standing.as_dict()})
    else:
        print(standing_in_words(Language(lang_of(flags)), standing))


@verb
def appraise(
    flags: AppraiseFlags,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Declaration (TOML): what would count as a change.")
    ],
) -> None:
    """Say whether counts changed where and when something was done.

    The file declares areas, dates, comparison, method and the smallest change that would matter. Write it
    down with --declare before looking. The answer may be that it cannot be known from these data.
    """
    from toguna.responses.appraisal.declaration import read_declaration

    lang, declared = lang_of(flags), read_declaration(file)
    data = f"csv {declared.csv}" if declared.csv else f"theatre {Path(theatre_name(flags)).name}"
    if flags.declare:
        _declare(flags, declared, data)
        return
    import numpy as np

    from toguna.responses.appraisal.appraise import appraise as appraised
    from toguna.responses.appraisal.logbook import look
    from toguna.responses.appraisal.sentences import sentences

    counted = _counted(flags, declared, file)
    with progress_of(flags).step("appraise"):
        found = appraised(declared, counted, rng=np.random.default_rng(flags.seed))
    standing = look(home_of(flags).path, declared, data, day=date.today())
    said = sentences(found, standing)
    if flags.json:
        print_json(found.as_dict() | {"standing": standing.as_dict(), "seed": flags.seed, "sentences": said})
        return
    print("\n".join(said[lang]))
