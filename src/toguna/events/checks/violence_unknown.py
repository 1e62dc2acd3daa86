"""violence-unknown: organised violence is state-based, non-state or one-sided."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "violence-unknown", "failure", "1 (state-based), 2 (non-state) or 3 (one-sided)", "Correct the code."
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find codes of type of violence that mean nothing."""
    if context.unreadable is None:
        return []
    cells = context.unreadable.filter(pl.col("field") == "type_of_violence")
    rows = cells.join(frame.select("row", "event_id"), on="row", how="inner").sort("row")
    return _RULE.say(rows, context, "type_of_violence", pl.format("'{}'", "text"))
