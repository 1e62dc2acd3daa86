"""parts-exceed-total: the dead by side should not be more than all the dead."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "parts-exceed-total",
    "note",
    "parts that add up to no more than the highest total",
    "Correct a part or the total; the total is what is counted.",
)
_PARTS = ("deaths_attackers", "deaths_civilians", "deaths_security", "deaths_international")


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose parts add up to more than the high (or else the best) estimate."""
    total = pl.coalesce("high", "best")
    rows = frame.with_columns(_parts=pl.sum_horizontal(_PARTS), _total=total)
    bad = rows.filter(pl.col("_parts") > pl.col("_total"))
    return _RULE.say(bad, context, "best", pl.format("parts {} above total {}", "_parts", "_total"))
