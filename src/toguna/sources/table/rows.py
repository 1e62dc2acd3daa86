"""Rows of a table that are no events: totals, notes and headings, the header again, rows longer than it.

Enters: a frame and its mapping. Leaves: which rows, and why. Called by `toguna.sources.table.events` and
`.survey`. Such rows are read and quarantined, never dropped.
"""

from __future__ import annotations

import polars as pl

from toguna.sources.table.header import BEYOND
from toguna.sources.table.mapping import Mapping

__all__ = ["HEADER", "LONG", "TEXT", "TOTALS", "strange_rows"]

TOTALS, HEADER, LONG, TEXT = "totals", "header", "long", "text"
_TOTAL = (
    r"(?i)^\W*(grand[ -]?totals?|sous[ -]?tota(l|ux)|sub[ -]?totals?|tota(l|ls|ux|aux)|somme|sum|ensemble|"
    r"moyennes?|average|mean)(\W|$)"
)
_WORDS = r"\p{L}{2,}.*[ :]|^\*"
_SCHEMA = {"row": pl.Int64(), "kind": pl.String(), "text": pl.String()}


def strange_rows(frame: pl.DataFrame, mapping: Mapping, undated: pl.Series) -> pl.DataFrame:
    """Return row, kind and first words of rows that are no events.

    Parameters
    ----------
    frame : DataFrame
        Data rows.
    mapping : Mapping
        With columns as they are named in the frame.
    undated : Series of bool
        Rows whose first day cannot be read: a station of the firm Total has a date, a total has none.
    """
    own = [name for name in frame.columns if not name.startswith(BEYOND)]
    beyond = [name for name in frame.columns if name.startswith(BEYOND)]
    first = pl.coalesce(pl.col(own)) if own else pl.lit(None, pl.String())
    used = [name for name in mapping.used() if name in frame.columns]
    again = pl.sum_horizontal(
        (pl.col(name).str.to_lowercase() == name.lower()).fill_null(value=False).cast(pl.Int64)
        for name in used
    )
    filled = (
        pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int64) for name in own) if own else pl.lit(0)
    )
    long = pl.any_horizontal(pl.col(beyond).is_not_null()) if beyond else pl.lit(value=False)
    kind = (
        pl.when(again >= min(2, len(used)))
        .then(pl.lit(HEADER))
        .when(long)
        .then(pl.lit(LONG))
        .when(undated & first.str.contains(_TOTAL).fill_null(value=False))
        .then(pl.lit(TOTALS))
        .when(undated & (filled == 1) & first.str.contains(_WORDS))
        .then(pl.lit(TEXT))
    )
    told = frame.select(
        row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        kind=kind,
        text=first.str.slice(0, 60),
    )
    return told.filter(pl.col("kind").is_not_null()).cast(_SCHEMA)  # type: ignore[arg-type]
