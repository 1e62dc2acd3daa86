"""``toguna brief FOLDER``: write the pages of an assessment again, from its own files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toguna.cli.flags import TheatreFlags, verb
from toguna.cli.report import print_json
from toguna.cli.view import lang_of, progress_of, theatre_of

__all__ = ["brief"]


@verb
def brief(
    flags: TheatreFlags,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `toguna assess` wrote.")],
) -> None:
    """Write the pages of an assessment again."""
    from dataclasses import replace

    from toguna.core.errors import UsageError
    from toguna.room.briefing import render
    from toguna.room.folder import read_assessment, read_events
    from toguna.room.withheld import withheld

    lang = lang_of(flags)
    assessment = read_assessment(folder)
    if held := withheld(assessment):
        raise UsageError(
            f"the rows of {', '.join(a['source'] for a in held)} may not be kept in this folder; "
            "run `toguna assess` again to write its pages."
        )
    theatre = theatre_of(replace(flags, theatre=flags.theatre or assessment["theatre"]["name"]))
    with progress_of(flags).step("briefing"):
        render(assessment, read_events(folder), theatre, folder)
    pages = sorted(str(page) for page in folder.glob("briefing.*"))
    if flags.json:
        print_json({"out": str(folder), "files": pages})
    else:
        print(f"briefing: {folder / f'briefing.{lang}.html'}")
