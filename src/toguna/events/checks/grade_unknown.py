"""grade-unknown, sensitivity-unknown: grades and classes of a report outside their scales.

A grade that is missing or unknown counts as "cannot be judged" (F, 6), a class as the strictest (severe).
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULES = (
    ("reliability", Rule("grade-unknown", "note", "A to F (AJP-2.1)",
     "It counts as F, cannot be judged; grade the source.")),
    ("credibility", Rule("grade-unknown", "note", "1 to 6 (AJP-2.1)",
     "It counts as 6, cannot be judged; grade the information.")),
    ("sensitivity", Rule("sensitivity-unknown", "note", "low, moderate, high or severe (OCHA)",
     "It counts as severe and never leaves the house; class the report.")),
)  # fmt: skip


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find grades and classes that mean nothing."""
    if context.unreadable is None:
        return []
    found: list[Finding] = []
    for column, rule in _RULES:
        cells = context.unreadable.filter(pl.col("field") == column)
        rows = cells.join(frame.select("row", "event_id"), on="row", how="inner").sort("row")
        found += rule.say(rows, context, column, pl.format("'{}'", "text"))
    return found
