"""Check a whole pack: its settings, its outlines, every cell of every table, and the links between them.

Enters: a folder. Leaves: findings, sorted by file and row; a pack without "failure" and "stop" can be used.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from toguna.core.errors import DataError
from toguna.core.findings import Finding
from toguna.store.check.cells import check_cells
from toguna.store.check.links import check_links
from toguna.store.check.settings import check_outlines, check_settings
from toguna.store.reading import read_table
from toguna.store.tables import TABLES
from toguna.store.theatre import read_settings

__all__ = ["check_theatre"]


def check_theatre(folder: Path) -> list[Finding]:
    """Find everything that is wrong or remarkable in a pack.

    Parameters
    ----------
    folder : Path
        The pack.

    Returns
    -------
    list of Finding
        "stop": the pack cannot be loaded; "failure": a row or setting is wrong; "note": look at it.
    """
    if not folder.is_dir():
        return [_stop(folder.name, "folder-absent", "no such folder", "the folder of a theatre pack")]
    try:
        settings = read_settings(folder)
    except DataError as error:
        return [_stop("theatre.toml", "settings-unreadable", str(error), "a theatre.toml in TOML, UTF-8")]
    findings = check_settings(settings) + check_outlines(folder, settings)
    frames: dict[str, pl.DataFrame] = {}
    for stem, table in TABLES.items():
        path = folder / f"{stem}.csv"
        if table.usual and not path.exists():
            findings.append(_absent(path.name, table.meaning))
        frame, said = read_table(path, table.columns)
        findings += said
        broken = {f.row for f in said if f.code == "row-length"}
        frames[stem] = frame.filter(~pl.col("row").is_in(sorted(r for r in broken if r is not None)))
        lacking = frozenset(f.field for f in said if f.code == "column-missing" and f.field)
        findings += check_cells(frames[stem], table, settings=settings, lacking=lacking)
    findings += check_links(frames, settings)
    return sorted(findings, key=lambda f: (f.table, f.row or 0, f.field or "", f.code))


def _stop(table: str, code: str, found: str, expected: str) -> Finding:
    repair = "Run `toguna theatre new NAME` to see how a pack is written."
    return Finding(code, "stop", table, None, None, found, expected, repair)


def _absent(table: str, meaning: str) -> Finding:
    return Finding(
        "table-absent",
        "note",
        table,
        None,
        None,
        "no such file",
        f"a table, {meaning}",
        "Add it when there is something to say; until then it counts as empty.",
    )
