"""precision-unknown: how exact a date and a place are is told in the codes of UCDP, or the pack's words."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_DATE = Rule(
    "precision-unknown",
    "failure",
    "1 to 5 (or day, week, month)",
    "Say how exact the date is with such a code.",
)
_PLACE = Rule("precision-unknown", "failure", "1 to 7", "Say how exact the place is with such a code.")


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find codes of precision that mean nothing."""
    found: list[Finding] = []
    for rule, column, last in ((_DATE, "date_prec", 5), (_PLACE, "where_prec", 7)):
        bad = frame.filter(~pl.col(column).is_between(1, last))
        found += rule.say(bad, context, column, pl.col(column).cast(pl.String))
        if context.unreadable is not None:
            given = context.columns.get(column, column)
            cells = context.unreadable.filter(pl.col("field") == given)
            rows = cells.join(frame.select("row", "event_id"), on="row", how="inner").sort("row")
            found += rule.say(rows, context, column, pl.format("'{}'", "text"))
    return found
