"""``toguna mapping FILE``: propose how a table is to be read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import advise, leave, print_findings, print_json

__all__ = ["mapping"]


@verb
def mapping(
    flags: Common,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV, XLSX, Parquet or GeoJSON table.")],
    write: Annotated[
        bool, typer.Option("--write", help="Write FILE.mapping.toml beside the table; never over one.")
    ] = False,
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook.")] = "",
) -> None:
    """Propose a mapping for a table, with what it is unsure of.

    Look at it, correct it, then run `toguna ingest table FILE`.
    """
    from toguna.core.errors import UsageError
    from toguna.sources.table import suggest

    said = suggest(file, sheet=sheet)
    place = file.with_name(file.name + ".mapping.toml")
    written = write and bool(said.text)
    if written:
        try:
            with place.open("x", encoding="utf-8") as stream:
                stream.write(said.text)
        except FileExistsError:
            raise UsageError(f"{place} is there already; move it away first.") from None
        except OSError as error:
            raise UsageError(f"{place} cannot be written: {error.strerror}.") from None
    if flags.json:
        print_json(
            {
                "mapping": said.text,
                "columns": said.columns,
                "unsure": [{"column": d.column, "reason": d.reason} for d in said.unsure],
                "findings": [f.as_dict() for f in said.findings],
                "written": str(place) if written else None,
            }
        )
    else:
        print(f"wrote {place}" if written else said.text, end="\n" if written else "")
        print_findings(said.findings, quiet=flags.quiet)
        for doubt in said.unsure:
            advise(f"unsure of {doubt.column}: {doubt.reason}", quiet=flags.quiet)
    leave(said.findings)
