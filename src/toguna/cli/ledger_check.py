"""``toguna ledger verify`` and ``anchor``: does the record hold, and what to keep elsewhere to prove it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.hands import ledger_of
from toguna.cli.report import leave, print_findings, print_json
from toguna.core.errors import DataError

__all__ = ["anchor", "verify"]


@verb
def verify(
    flags: Common,
    against: Annotated[
        Path | None, typer.Option("--anchor", metavar="FILE", help="An anchor that was kept elsewhere.")
    ] = None,
) -> None:
    """Check every entry of the ledger, and name the first bad one.

    Any edit, deletion, insertion or other order made outside the program, and an end that was cut off.
    """
    from toguna.warnings.ledger.head import read_head
    from toguna.warnings.verify import verify as look

    head = read_head(against) if against else None
    if against and head is None:
        raise DataError(f"there is no anchor {against}.")
    verdict = look(ledger_of(flags), head)
    if flags.json:
        print_json(verdict.as_dict())
    elif verdict.holds:
        kept = f", through the anchor at entry {verdict.anchored}" if verdict.anchored is not None else ""
        print(f"The ledger holds: {verdict.entries} entries{kept}. Last hash {verdict.hash}.")
    else:
        where = "" if verdict.first_bad is None else f" First bad entry: {verdict.first_bad}."
        print(f"The ledger does NOT hold: {verdict.entries} entries.{where}")
    if not flags.json:
        print_findings(verdict.findings, quiet=flags.quiet)
    leave(verdict.findings)


@verb
def anchor(
    flags: Common,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here.")] = None,
) -> None:
    """Write down how far the ledger goes: keep it where nobody who can write here can reach.

    Even who holds the key cannot rewrite the ledger up to an anchor unseen.
    """
    from dataclasses import asdict

    from toguna.core.digest import canonical_json
    from toguna.sources.shelf import write_atomically
    from toguna.warnings.ledger.head import read_head

    head = read_head(ledger_of(flags).head_path)
    if head is None:
        raise DataError("the ledger has no entries yet; there is nothing to anchor.")
    text = canonical_json(asdict(head), indent=1) + "\n"
    if out is None:
        print(text, end="")
        return
    write_atomically(out, text.encode())
    print(out)
