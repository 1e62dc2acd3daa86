"""deaths-not-a-number, number-unreadable: counts and coordinates must be numbers; unknown is left blank."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_DEATHS = Rule(
    "deaths-not-a-number", "failure", "a whole number, or nothing when unknown", "Write digits only."
)
_OTHER = Rule("number-unreadable", "failure", "a number", "Write digits and a decimal point only.")
_ELSEWHERE = (
    "date_start",
    "date_end",
    "published_at",
    "date_prec",
    "where_prec",
    "date_precision",
    "geo_precision",
    "time_precision",
    "type_of_violence",
    # Looked at by the checks of field reports.
    "reliability",
    "credibility",
    "sensitivity",
    "consent",
    "review",
    "sent",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find cells of numbers that hold something else."""
    if context.unreadable is None:
        return []
    cells = context.unreadable.filter(~pl.col("field").is_in(_ELSEWHERE))
    rows = cells.join(frame.select("row", "event_id"), on="row", how="inner").sort("row")
    found: list[Finding] = []
    for name in sorted(rows["field"].unique()):
        rule = _DEATHS if "deaths" in name or name in ("best", "low", "high") else _OTHER
        found += rule.say(rows.filter(pl.col("field") == name), context, name, pl.format("'{}'", "text"))
    return found
