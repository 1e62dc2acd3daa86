"""Sorts of targets, and which events harm civilians.

Enters: nothing. Leaves: sorts of targets, an expression over events. Called by `toguna.panels.counting` and
`toguna.responses.protection`, so that what is forecast and what is checked is one count.
"""

from __future__ import annotations

import polars as pl

__all__ = ["CIVILIANS", "FORCES", "on_civilians", "tells_of_civilians"]

CIVILIANS = ("civilians_local", "civilians_foreign", "aid_workers", "journalists", "religious")
FORCES = ("international_forces", "national_forces", "police_gendarmerie")


def on_civilians() -> pl.Expr:
    """Whether an event was aimed at civilians (UCDP: one-sided), or is known to have killed some."""
    aimed = pl.col("target").is_in(CIVILIANS) | (pl.col("violence") == "os")
    return aimed.fill_null(value=False) | (pl.col("deaths_civilians").fill_null(0) > 0)


def tells_of_civilians(events: pl.DataFrame) -> bool:
    """Whether any event says whom it hit: else none on civilians means nothing."""
    said = pl.any_horizontal(pl.col("target", "deaths_civilians", "violence").is_not_null())
    return bool(events.select(said.any()).item())
