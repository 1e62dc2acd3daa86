"""``toguna reports``: the form, who reported under which pseudonym, and what came through the room."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import home_of, lang_of

__all__ = ["reports"]


@verb
def form(
    flags: Common,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the form (.xlsx).")],
) -> None:
    """Write the form for field reports as an XLSForm, in English and French.

    Upload it to KoboToolbox or ODK; exports of it are read without a mapping.
    """
    from toguna.core.errors import UsageError
    from toguna.sources.reports import write_form

    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"--out {out}: name a file that ends in .xlsx.")
    if out.exists():
        raise UsageError(f"{out} is there already; name another file, or move it away.")
    path = write_form(out, lang=lang_of(flags))
    if flags.json:
        print_json({"written": str(path)})
    else:
        print(f"wrote {path}")
        advise("Upload it to your server; then: toguna ingest reports EXPORT", quiet=flags.quiet)


def _list(flags: Common) -> None:
    from toguna.events.reporters import reporters

    rows = reporters(home_of(flags))
    if flags.json:
        print_json(rows)
        return
    columns = ("reporter", "reports", "kept_apart", "first", "last", "grades")
    print_table(columns, [[row[c] for c in columns] for row in rows])


@verb
def list_reporters(flags: Common) -> None:
    """List reporters by pseudonym: how many reports, when, how graded. For the house only."""
    _list(flags)


@verb
def show_queue(
    flags: Common,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", help="received, accepted, merged or rejected."),
    ] = None,
) -> None:
    """List the reports that were sent through the room, those that wait for review first. For the house only.

    Who reported is told by pseudonym. Reports are decided on in the room: see `toguna serve`.
    """
    from toguna.core.errors import UnknownNameError
    from toguna.room.reporting.inbox import STATES
    from toguna.room.reporting.review import queue

    if state is not None and state not in STATES:
        raise UnknownNameError("state", state, STATES)
    rows = queue(home_of(flags), None, state=state or "")
    if flags.json:
        print_json([row.as_dict() for row in rows])
        return
    columns = ("event_id", "state", "theatre", "day", "place", "what", "reporter")
    told = [
        [row.event_id, row.state, row.theatre, row.answers.get("incident_date", ""),
         row.answers.get("place", ""), row.answers.get("event_type", ""), row.reporter]
        for row in rows
    ]  # fmt: skip
    print_table(columns, told)


@verb
def publish(flags: Common) -> None:
    """Take the reports that reviewers accepted in the room into the archive, as one release.

    A room that runs does so by itself; this is for a home whose room does not.
    """
    from datetime import UTC, datetime

    from toguna.room.reporting.release import release

    account = release(home_of(flags), now=datetime.now(UTC))
    if flags.json:
        print_json(account.as_dict() if account else None)
    elif account is None:
        print("no report was accepted yet")
    else:
        print(f"{account.status}: {account.accepted} accepted, {account.quarantined} superseded or withdrawn")


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """Field reports: the form, and the reporters by pseudonym."""
    if alone(flags, ctx):
        _list(flags)


reports = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
reports.command("form")(form)
reports.command("list")(list_reporters)
reports.command("queue")(show_queue)
reports.command("release")(publish)
