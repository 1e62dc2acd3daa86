"""``toguna export``: the data files of an assessment, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.report import print_json
from toguna.cli.view import progress_of, view_of

__all__ = ["export"]


@verb
def export(
    flags: ViewFlags,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write the data files into.")],
) -> None:
    """Write data files for other programs.

    CSV with a row of HXL tags, GeoJSON, Parquet, GraphML.
    """
    from toguna.room.assess import export_data
    from toguna.room.folder import PACKAGE, refuse_foreign

    refuse_foreign(out, PACKAGE)  # tables of a pack bear some of the same names
    view = view_of(flags)
    with progress_of(flags).step("export"):
        files = export_data(view, out)
    if flags.json:
        print_json({"out": str(out), "files": files})
    else:
        for name in files:
            print(out / name)
