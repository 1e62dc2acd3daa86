"""deaths-out-of-order: low, best and high estimates must not cross; missing ones are left out."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule("deaths-out-of-order", "failure", "low <= best <= high", "Correct the estimate that crosses.")


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose estimates cross."""
    low, best, high = pl.col("low"), pl.col("best"), pl.col("high")
    crossed = ((low > best).fill_null(value=False) | (best > high).fill_null(value=False)) | (
        low > high
    ).fill_null(value=False)
    said = pl.format(
        "low {}, best {}, high {}", *(c.cast(pl.String).fill_null("unknown") for c in (low, best, high))
    )
    return _RULE.say(frame.filter(crossed), context, "best", said)
