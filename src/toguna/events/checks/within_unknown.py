"""within-unknown: the wider event that contains this one must be at hand, or this one counts by itself.

Called by `toguna.events.admit` after the other checks, because the wider event must have been accepted.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check", "without_container"]

_RULE = Rule(
    "within-unknown",
    "note",
    "the id of another accepted event, known by then",
    "It counts by itself until the wider event is there.",
)


def without_container() -> pl.Expr:
    """Say which rows name a wider event that is not among them, or themselves."""
    within = pl.col("within")
    return within.is_not_null() & (
        ~within.is_in(pl.col("event_id").implode()) | (within == pl.col("event_id"))
    )


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose wider event is not among the rows."""
    return _RULE.say(frame.filter(without_container()), context, "within", pl.format("'{}'", "within"))
