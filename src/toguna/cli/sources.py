"""``toguna sources``: which sources can be taken in, on what terms, and what they cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.report import print_json, print_table

if TYPE_CHECKING:
    from toguna.sources.protocol import Source

__all__ = ["sources"]


def _facts(name: str, source: Source) -> dict[str, Any]:
    """Return what the card of a source says."""
    about = source.about
    return {
        "name": name,
        "provider": about.provider,
        "licence": about.licence,
        "citation": about.citation,
        "redistribute": about.redistribute,
        "cadence": about.cadence,
        "url": about.url,
        "limits": list(about.limits),
        "columns": dict(about.columns),
    }


def _list(flags: Common) -> None:
    from toguna.sources import sources as known

    rows = [_facts(name, source) for name, source in sorted(known().items())]
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
def show(
    flags: Common,
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="Name of the source: see `toguna sources`.")],
) -> None:
    """Show the card of a source: terms, columns, known limits."""
    from toguna.sources import get_source

    facts = _facts(name, get_source(name))
    if flags.json:
        print_json(facts)
        return
    for fact in ("name", "provider", "licence", "citation", "cadence", "url"):
        print(f"{fact}: {facts[fact] or 'none'}")
    print(f"rows may be passed on: {'yes' if facts['redistribute'] else 'no'}")
    print("known limits:")
    for limit in facts["limits"]:
        print(f"- {limit}")
    if facts["columns"]:
        print("columns:")
        print_table(("event", "read from"), list(facts["columns"].items()))


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """List the sources that can be taken in."""
    if alone(flags, ctx):
        _list(flags)


sources = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
sources.command("list")(list_sources)
sources.command("show")(show)
