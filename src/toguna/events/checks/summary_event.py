"""summary-event: rows that tell of weeks or months at once, with the share of all deaths that they carry.

Put on their first or last day they make a peak there and a lull before. Said once for the table: the share
tells whether it matters. `toguna.events.spread` can spread them over their days.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule, share_of

__all__ = ["MOST_DAYS", "check", "is_summary"]

MOST_DAYS = 31
_OVER_A_MONTH = 5  # UCDP date_prec
_RULE = Rule(
    "summary-event",
    "note",
    f"events of at most {MOST_DAYS} days",
    "Read peaks on their days with care; spreading puts them on all their days.",
)


def is_summary() -> pl.Expr:
    """Say which rows span more than 31 days, or are dated no better than that."""
    days = (pl.col("date_end") - pl.col("date_start")).dt.total_days() + 1
    return (days > MOST_DAYS).fill_null(value=False) | (pl.col("date_prec") == _OVER_A_MONTH).fill_null(
        value=False
    )


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find summary events and say what share of the deaths they hold."""
    rows = frame.filter(is_summary())
    if rows.is_empty():
        return []
    first = rows.sort("best", descending=True, nulls_last=True, maintain_order=True).row(0, named=True)
    example = f"{first['event_id'] or 'no id'}, {first['date_start']} to {first['date_end']}"
    return [_RULE.once(context, "date_start", f"{share_of(rows, frame)}; the largest: {example}")]
