"""Compare the columns of a file with those that its publisher gives.

Enters: the columns that are there, and what a source knows of them. Leaves: names and findings. Called
by the files of a source that describe its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from toguna.core.findings import Finding

__all__ = ["absent_and_extra", "with_newer_names"]


def with_newer_names(frame: pl.DataFrame, older: Mapping[str, str]) -> pl.DataFrame:
    """Give columns the names of the newer versions; letters of any case, and spaces, are understood.

    Parameters
    ----------
    frame : DataFrame
        The file as published.
    older : mapping
        Older name to newer one, both in small letters.
    """
    names: dict[str, str] = {}
    taken = set(frame.columns)
    for column in frame.columns:
        plain = column.strip().lower().replace(" ", "_")
        name = older.get(plain, plain)
        if name != column and name not in taken:
            names[column] = name
            taken.add(name)
    return frame.rename(names)


def absent_and_extra(
    columns: Iterable[str],
    table: str,
    *,
    groups: Iterable[tuple[tuple[str, ...], str]],
    published: frozenset[str],
    publication: str,
) -> list[Finding]:
    """Note which columns are absent, group by group with the effect of it, and which nobody published."""
    there = set(columns)
    found = []
    for group, effect in groups:
        lacking = [name for name in group if name not in there]
        if lacking:
            found.append(_absent(table, lacking, effect))
    extra = sorted(there - published)
    return [*found, _extra(table, extra, publication)] if extra else found


def _absent(table: str, lacking: list[str], effect: str) -> Finding:
    return Finding(
        "columns-absent",
        "note",
        table,
        None,
        lacking[0],
        f"no column {', '.join(lacking)}",
        "the columns of the published file",
        f"It can be used: {effect}. Take the full file for more.",
    )


def _extra(table: str, extra: list[str], publication: str) -> Finding:
    return Finding(
        "columns-extra",
        "note",
        table,
        None,
        None,
        f"columns that {publication} does not have: {', '.join(extra)}",
        "the columns of the published file",
        "They are archived and not used.",
    )
