"""published-before-event: nobody can have published a report of what had not begun.

Left alone, such a row is visible at as-of dates before it happened.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.grading import is_report
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "published-before-event",
    "failure",
    "a day of publication on or after the first day of the event, or the day before",
    "Correct the date of the event or of its publication.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose own day of publication lies more than a day before their first day.

    One day is let pass: a publisher's clock may be behind that of the place. Of field reports
    `toguna.events.checks.report_ahead` says it.
    """
    ahead = (pl.col("date_start") - pl.col("published_at")).dt.total_days() > 1
    bad = frame.filter(ahead & ~is_report())
    if context.published_at is not None:  # told by date-in-future already
        bad = bad.filter(pl.col("date_start") <= context.published_at)
    return _RULE.say(bad, context, "published_at", pl.format("{} for {}", "published_at", "date_start"))
