"""``toguna sources``: which sources can be taken in, and on what terms."""

from __future__ import annotations

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.report import print_json, print_table

__all__ = ["sources"]


def _list(flags: Common) -> None:
    from toguna.sources import sources as known

    rows = [
        {
            "name": name,
            "provider": source.about.provider,
            "licence": source.about.licence,
            "redistribute": source.about.redistribute,
            "cadence": source.about.cadence,
            "url": source.about.url,
        }
        for name, source in sorted(known().items())
    ]
    if flags.json:
        print_json(rows)
    else:
        columns = ("name", "provider", "licence", "cadence", "url")
        print_table(columns, [[row[c] for c in columns] for row in rows])


@verb
def list_sources(flags: Common) -> None:
    """List the sources that are installed."""
    _list(flags)


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """List the sources that can be taken in."""
    if alone(flags, ctx):
        _list(flags)


sources = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
sources.command("list")(list_sources)
