"""``toguna audit``: does the record of who read and changed what hold, and what to keep to prove it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.ledger_check import AnchorFile, anchor_in, write_anchor
from toguna.cli.report import leave, print_findings, print_json
from toguna.cli.view import home_of, language_of

if TYPE_CHECKING:
    from toguna.store.head import Head

__all__ = ["audit"]


def _look(flags: Common, against: Head | None) -> None:
    from toguna.accounts.auditverify import said
    from toguna.accounts.auditverify import verify as look

    verdict = look(home_of(flags), against)
    if flags.json:
        print_json(verdict.as_dict())
    else:
        print(said(verdict, language_of(flags)))
        print_findings(verdict.findings, quiet=flags.quiet)
    leave(verdict.findings)


@verb
def verify(flags: Common, against: AnchorFile = None) -> None:
    """Check every entry of the audit: edited, deleted or added outside the program, or cut off at its end.

    Entries that went by the rule of retention are no fault: an entry tells how far.
    """
    _look(flags, anchor_in(against))


@verb
def anchor(
    flags: Common,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here.")] = None,
) -> None:
    """Write down how far the audit goes: keep it where nobody who can write here can reach."""
    from toguna.accounts.auditchain import head_path

    write_anchor(head_path(home_of(flags).path), out)


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """Whether the record of who read sensitive records and changed accounts holds."""
    if alone(flags, ctx):
        _look(flags, None)


audit = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
audit.command()(verify)
audit.command()(anchor)
