"""dates-out-of-order: an event cannot end before it begins."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "dates-out-of-order", "failure", "a last day on or after the first", "Swap or correct the dates."
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose last day comes before the first."""
    bad = frame.filter(pl.col("date_end") < pl.col("date_start"))
    return _RULE.say(bad, context, "date_end", pl.format("{} before {}", "date_end", "date_start"))
