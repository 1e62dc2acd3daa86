"""``toguna revisions``: how the figures of the same events changed between releases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import home_of

if TYPE_CHECKING:
    from toguna.events.revisions import Revision

__all__ = ["revisions"]

_COLUMNS = (
    "source", "older", "newer", "in both", "added", "(deaths)", "withdrawn", "(deaths)", "best up", "(by)",
    "best down", "(by)", "other date", "other place", "other actors",
)  # fmt: skip


def _row(found: Revision) -> list[Any]:
    best, moved = found.deaths["best"], found.moved
    told = [
        ("?", "?") if ids is None else (len(ids), deaths)
        for ids, deaths in ((found.added, found.added_deaths), (found.withdrawn, found.withdrawn_deaths))
    ]
    return [
        *(found.source, found.older, found.newer, found.both),
        *(cell for pair in told for cell in pair),
        *(best.up, best.up_by, best.down, best.down_by),
        *(len(moved[name]) for name in ("date", "place", "actors")),
    ]


@verb
def revisions(
    flags: Common,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="Only this source. Default: all.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Only releases published by this day.")
    ] = None,
) -> None:
    """Say what newer releases changed.

    Only what two releases both cover is compared. "?": one of them is a sample or an extract, and what is
    missing from it says nothing.
    """
    from toguna.core.dates import parse_date
    from toguna.events.revisions import revisions as compare

    home, day = home_of(flags), parse_date(as_of) if as_of else date.today()
    names = [source] if source else sorted({s.source for s in home.archive.snapshots()})
    found = [revision for name in names for revision in compare(home, name, as_of=day)]
    if flags.json:
        print_json([revision.as_dict() for revision in found])
        return
    print_table(_COLUMNS, [_row(revision) for revision in found])
    if not found:
        advise("No two releases of a source tell of the same days here.", quiet=flags.quiet)
