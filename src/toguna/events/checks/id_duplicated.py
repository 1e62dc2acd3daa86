"""id-duplicated, id-reused: the first row of an id is kept; the same row again, or another one, is not.

Tellings of the same field report share an id on purpose: `report_superseded` looks at those.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.grading import is_report
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_AGAIN = Rule("id-duplicated", "failure", "each event once", "Remove the repeated row.")
_OTHER = Rule(
    "id-reused",
    "failure",
    "one id for one event",
    "Give the other event an id of its own, or merge the rows.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find later rows that bear the id of an earlier one."""
    named = frame.filter(pl.col("event_id").is_not_null() & ~is_report())
    is_first = pl.col("event_id").is_first_distinct()
    later = named.filter(~is_first)
    if later.is_empty():
        return []
    pairs = later.join(
        named.filter(is_first), on="event_id", how="left", suffix="_first", maintain_order="left"
    )
    content = [name for name in frame.columns if name not in ("row", "event_id")]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_first")) for name in content)
    again = pl.format("row {} again", "row_first")
    other = pl.format("the id of row {} for other content", "row_first")
    return _AGAIN.say(pairs.filter(same), context, "event_id", again) + _OTHER.say(
        pairs.filter(~same), context, "event_id", other
    )
