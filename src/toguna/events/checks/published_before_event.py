"""published-before-event: nobody can have published a report of what had not begun.

Left alone, such a row is visible at as-of dates before it happened.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "published-before-event",
    "failure",
    "a day of publication on or after the first day of the event",
    "Correct the date of the event or of its publication.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose own day of publication lies before their first day."""
    bad = frame.filter(pl.col("published_at") < pl.col("date_start"))
    if context.published_at is not None:  # told by date-in-future already
        bad = bad.filter(pl.col("date_start") <= context.published_at)
    return _RULE.say(bad, context, "published_at", pl.format("{} for {}", "published_at", "date_start"))
