"""date-after-report: nobody reports what has not happened yet."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.grading import is_report
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "date-after-report",
    "failure",
    "a day up to the one on which it was sent",
    "Correct the day: the clock of the phone may be wrong, or the year.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find reports that begin more than a day after they were sent.

    One day is let pass: submission is in UTC, and in the east of it the day of an incident may be the next.
    """
    ahead = (pl.col("date_start") - pl.col("published_at")).dt.total_days() > 1
    bad = frame.filter(is_report() & ahead)
    return _RULE.say(bad, context, "date_start", pl.format("{}, sent {}", "date_start", "published_at"))
