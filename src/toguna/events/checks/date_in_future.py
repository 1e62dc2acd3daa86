"""date-in-future: a release cannot tell of what happened after it was published."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows that begin after the release was published."""
    if context.published_at is None:
        return []
    rule = Rule(
        "date-in-future",
        "failure",
        f"a day up to the publication of the release ({context.published_at})",
        "Correct the year, or name the file after its true version.",
    )
    bad = frame.filter(pl.col("date_start") > context.published_at)
    return rule.say(bad, context, "date_start", pl.col("date_start").cast(pl.String))
