"""id-missing: an event that cannot be named cannot be checked, corrected or cited."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule("id-missing", "failure", "an id", "Give the row an id of its own and keep it for ever.")


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows without an id."""
    return _RULE.say(frame.filter(pl.col("event_id").is_null()), context, "event_id", pl.lit("nothing"))
