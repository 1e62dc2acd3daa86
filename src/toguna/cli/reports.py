"""``toguna reports``: the form for field reports, and who reported what under which pseudonym."""

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
def top(flags: Common, ctx: typer.Context) -> None:
    """Field reports: the form, and the reporters by pseudonym."""
    if alone(flags, ctx):
        _list(flags)


reports = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
reports.command("form")(form)
reports.command("list")(list_reporters)
