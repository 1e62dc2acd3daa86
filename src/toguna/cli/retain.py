"""``toguna retain``: say, or delete, what a room has kept longer than its days."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import home_of, lang_of

__all__ = ["retain"]


@verb
def retain(
    flags: Common,
    do: Annotated[bool, typer.Option("--do", help="Delete it. Without this nothing is changed.")] = False,
) -> None:
    """Say what is kept longer than its days, and delete it with --do. Events and the ledger stay."""
    from datetime import UTC, datetime

    from toguna.core.language import Language
    from toguna.room.retention import retain as keep

    L = Language(lang_of(flags))
    found = keep(home_of(flags), datetime.now(UTC), do=do, by="command line")
    if flags.json:
        print_json({"deleted": do, "kinds": [asdict(old) for old in found]})
        return
    heads = (L("what"), L("days"), L("deleted") if do else L("to be deleted"))
    print_table(heads, [[L.word(f"kept:{old.kind}"), old.days, old.n] for old in found])
    if not do and any(old.n for old in found):
        advise(L("Nothing was deleted. Say --do to delete it."), quiet=flags.quiet)
