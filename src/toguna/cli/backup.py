"""``toguna backup FILE`` and ``toguna restore FILE``: a copy of a home, and a home from a copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import FINDINGS, advise, print_json
from toguna.cli.view import home_of, language_of

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.room.backup import Copied
    from toguna.warnings.verify import Verdict

__all__ = ["backup", "restore"]

File = Annotated[Path, typer.Argument(metavar="FILE", help="The copy, for example toguna-2015-11-24.tar.gz.")]


@verb
def backup(flags: Common, file: File) -> None:
    """Copy a home into one file: register, archive, forecasts, keys. The room may stay open."""
    from datetime import UTC, datetime

    from toguna.room.backup import backup as copy

    L = language_of(flags)
    found = copy(home_of(flags), file, now=datetime.now(UTC))
    if flags.json:
        print_json({"file": str(file), **found.as_dict()})
    else:
        print(f"{file}: {_counted(found, L)}")
    kept = L("It holds the key of the home and password hashes: keep it where nobody else reads.")
    advise(kept, quiet=flags.quiet)


@verb
def restore(flags: Common, file: File) -> None:
    """Make a home from a copy, and say whether its ledger holds. The home must be empty or new."""
    from toguna.accounts.auditverify import said
    from toguna.room.backup import restore as put_back

    home = home_of(flags)
    found = put_back(home, file)
    L = language_of(flags)
    broken = found.verdict is not None and not found.verdict.sound
    if flags.json:
        print_json({"home": str(home.path), **found.as_dict()})
    else:
        print(f"{home.path}: {_counted(found, L)}")
        if found.verdict is not None:
            print(
                L("The ledger does not hold: see toguna ledger verify.")
                if broken
                else _holds(found.verdict, L)
            )
        if found.audit is not None:
            print(said(found.audit, L))
    if broken or (found.audit is not None and not found.audit.holds):
        raise typer.Exit(FINDINGS)


def _counted(found: Copied, L: Language) -> str:
    rows = L.plural("{n} row", "{n} rows", sum(found.rows.values()))
    files = L.plural("{n} file", "{n} files", found.files)
    return f"{rows}, {files}, {L.plural('{n} byte', '{n} bytes', found.bytes)}"


def _holds(verdict: Verdict, L: Language) -> str:
    """Say that it holds, and where it does not because it was resumed behind a break."""
    if not verdict.breaks:
        return L("The ledger holds.")
    number = verdict.breaks[-1]["seq"]
    return L("The ledger holds from entry {number} on, not before.", number=number)
