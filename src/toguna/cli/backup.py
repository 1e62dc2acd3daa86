"""``toguna backup FILE`` and ``toguna restore FILE``: a copy of a home, and a home from a copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import FINDINGS, advise, print_json
from toguna.cli.view import home_of, language_of

if TYPE_CHECKING:
    from toguna.warnings.verify import Verdict

__all__ = ["backup", "restore"]

File = Annotated[Path, typer.Argument(metavar="FILE", help="The copy, for example toguna-2015-11-24.tar.gz.")]


@verb
def backup(flags: Common, file: File) -> None:
    """Copy a home into one file: register, archive, forecasts, keys. The room may stay open."""
    from datetime import UTC, datetime

    from toguna.room.backup import backup as copy

    found = copy(home_of(flags), file, now=datetime.now(UTC))
    if flags.json:
        print_json({"file": str(file), **found.as_dict()})
    else:
        print(f"{file}: {sum(found.rows.values())} rows, {found.files} files, {found.bytes} bytes")
    advise(
        "It holds the key of the home and password hashes: keep it where nobody else reads.",
        quiet=flags.quiet,
    )


@verb
def restore(flags: Common, file: File) -> None:
    """Make a home from a copy, and say whether its ledger holds. The home must be empty or new."""
    from toguna.room.backup import restore as put_back

    home = home_of(flags)
    found = put_back(home, file)
    broken = found.verdict is not None and not found.verdict.sound
    if flags.json:
        print_json({"home": str(home.path), **found.as_dict()})
    else:
        print(f"{home.path}: {sum(found.rows.values())} rows, {found.files} files")
        if found.verdict is not None:
            print(
                "The ledger does not hold: see toguna ledger verify."
                if broken
                else _holds(found.verdict, flags)
            )
    if broken:
        raise typer.Exit(FINDINGS)


def _holds(verdict: Verdict, flags: Common) -> str:
    """Say that it holds, and where it does not because it was resumed behind a break."""
    if not verdict.breaks:
        return "The ledger holds."
    number = verdict.breaks[-1]["seq"]
    return language_of(flags)("The ledger holds from entry {number} on, not before.", number=number)
