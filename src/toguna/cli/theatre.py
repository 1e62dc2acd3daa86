"""``toguna theatre``: list, check and start theatre packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.report import leave, print_json, print_table
from toguna.cli.view import lang_of

__all__ = ["theatre"]


def _list(flags: Common) -> None:
    from toguna.store.theatre import known_theatres, load_theatre

    lang = lang_of(flags)
    packs = [load_theatre(name) for name in known_theatres()]
    if flags.json:
        print_json([{"name": p.name, "title": p.title, "countries": list(p.countries)} for p in packs])
    else:
        rows = [(p.name, p.title.get(lang, p.name), " ".join(p.countries)) for p in packs]
        print_table(("name", "title", "countries"), rows)


@verb
def list_theatres(flags: Common) -> None:
    """List the theatres that come with the program."""
    _list(flags)


@verb
def check(
    flags: Common,
    name: Annotated[str, typer.Argument(metavar="NAME|DIR", help="Embedded theatre, or a folder.")],
) -> None:
    """Validate a theatre pack and say what is wrong, row by row."""
    from toguna.core.errors import UnknownNameError
    from toguna.responses.evidence import load_catalogue
    from toguna.room.claims.statements import check_statements
    from toguna.store.check.pack import check_theatre
    from toguna.store.theatre import known_theatres, shipped_folder

    folder = shipped_folder() / name if name in known_theatres() else Path(name)
    if not folder.is_dir():
        raise UnknownNameError("theatre", name, known_theatres())
    added = load_catalogue([folder]).findings
    findings = [*check_theatre(folder), *check_statements(folder), *added]
    if flags.json:
        print_json({"theatre": name, "findings": [f.as_dict() for f in findings]})
    else:
        for finding in findings:
            print(f"{finding.severity}: {finding.sentence()}")
        grave = sum(f.severity != "note" for f in findings)
        print(f"{name}: {grave} to repair, {len(findings) - grave} notes")
    leave(findings)


@verb
def new(
    flags: Common,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new theatre.")],
    folder: Annotated[
        Path | None, typer.Option("--in", metavar="DIR", help="Folder to make. Default: ./NAME.")
    ] = None,
) -> None:
    """Start a theatre pack: a folder with every file it may have, ready to fill."""
    from toguna.store.scaffold import new_theatre

    place = folder or Path(name)
    made = [str(path) for path in new_theatre(place, name)]
    if flags.json:
        print_json({"theatre": name, "files": made})
    else:
        print("\n".join(made))
        print(f"Fill the files, then: toguna theatre check {place}")


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """List, check and start theatre packs."""
    if alone(flags, ctx):
        _list(flags)


theatre = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
theatre.command("list")(list_theatres)
theatre.command("check")(check)
theatre.command("new")(new)
