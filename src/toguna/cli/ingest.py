"""``toguna ingest SOURCE FILE``: take a release into the archive and account for every row."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toguna.cli.flags import TheatreFlags, verb
from toguna.cli.report import advise, leave, print_findings, print_json
from toguna.cli.view import home_of, progress_of

__all__ = ["ingest"]


@verb
def ingest(
    flags: TheatreFlags,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Name of the source: see `toguna sources`.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The release as you got it.")],
) -> None:
    """Take a release of a source into the archive.

    Prints what was read, accepted and quarantined, and the deaths of the accepted rows.
    """
    from toguna.events.ingest import ingest as take_in

    with progress_of(flags).step(f"ingest {file.name}"):
        account = take_in(source, file, home_of(flags))
    if account.status == "already-held":
        advise(f"{file.name} is in the archive already: nothing changed.", quiet=flags.quiet)
    if flags.json:
        print_json(account.as_dict())
    else:
        counts = f"read {account.read} = accepted {account.accepted} + quarantined {account.quarantined}"
        deaths = f"deaths {account.deaths.best} ({account.deaths.low}-{account.deaths.high})"
        release = f"{account.source} {account.version}".strip()
        print(f"{release}: {counts}; {deaths}")
        print_findings(account.findings, quiet=flags.quiet)
    leave(account.findings)
