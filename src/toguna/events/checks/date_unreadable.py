"""date-unreadable, date-missing: an event needs a first day that can be read."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_DATES = ("date_start", "date_end", "published_at")
_UNREADABLE = Rule("date-unreadable", "failure", "a date as YYYY-MM-DD", "Write the date as YYYY-MM-DD.")
_MISSING = Rule(
    "date-missing", "failure", "a first day", "Give the first day, with its precision when vague."
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose dates cannot be read or are missing."""
    found: list[Finding] = []
    bad = pl.Series([], dtype=pl.Int64)
    if context.unreadable is not None:
        cells = context.unreadable.filter(pl.col("field").is_in(_DATES))
        rows = cells.join(frame.select("row", "event_id"), on="row", how="inner").sort("row")
        for name in _DATES:
            part = rows.filter(pl.col("field") == name)
            found += _UNREADABLE.say(part, context, name, pl.format("'{}'", "text"))
        bad = cells.filter(pl.col("field") == "date_start")["row"]
    missing = frame.filter(pl.col("date_start").is_null() & ~pl.col("row").is_in(bad.implode()))
    return found + _MISSING.say(missing, context, "date_start", pl.lit("nothing"))
