"""deaths-negative: nobody dies less than zero times."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "deaths-negative", "failure", "0 or more, or nothing when unknown", "Leave unknown counts blank."
)
_COUNTS = (
    "best",
    "low",
    "high",
    "deaths_attackers",
    "deaths_civilians",
    "deaths_security",
    "deaths_international",
    "wounded",
    "hostages",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find negative counts of people."""
    found: list[Finding] = []
    for name in _COUNTS:
        found += _RULE.say(frame.filter(pl.col(name) < 0), context, name, pl.col(name).cast(pl.String))
    return found
