"""``toguna why ID``: walk from a figure to the events and source lines it rests on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import print_json
from toguna.cli.view import home_of, lang_of
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from rich.tree import Tree

    from toguna.room.why import Reason

__all__ = ["why"]


def _latest(flags: Common) -> Path:
    from toguna.room.runs import folders

    known = folders(home_of(flags).register)
    found = next((folder for folder in known if (folder / "assessment.json").is_file()), None)
    if found is None:
        raise UsageError("no assessment is on record here; say --in DIR, the folder that `assess` wrote.")
    return found


def _print_plain(reason: Reason, depth: int = 0) -> None:
    print("  " * depth + (f"{reason.id}: " if reason.id else "") + reason.text)
    for part in reason.parts:
        _print_plain(part, depth + 1)


def _grow(reason: Reason, tree: Tree | None = None) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    label = Text.assemble((f"{reason.id} ", "bold"), reason.text)
    branch = Tree(label) if tree is None else tree.add(label)
    for part in reason.parts:
        _grow(part, branch)
    return branch


@verb
def why(
    flags: Common,
    id: Annotated[
        str, typer.Argument(metavar="ID", help="A headline, shift, claim, area, event, source ...")
    ],
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="Assessment folder. Default: the newest on record."),
    ] = None,
) -> None:
    """Walk from a figure to its events and sources."""
    from toguna.room.folder import read_assessment, read_events
    from toguna.room.why import why as explain

    lang = lang_of(flags)
    place = folder or _latest(flags)
    reason = explain(read_assessment(place), read_events(place), id, lang=lang)
    if flags.json:
        print_json(reason.as_dict())
    elif sys.stdout.isatty():
        from rich.console import Console

        Console().print(_grow(reason))
    else:
        _print_plain(reason)
