"""id-duplicated, id-reused: the first row of an id is kept; the same row again, or another one, is not."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
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
    named = frame.filter(pl.col("event_id").is_not_null())
    later = named.filter(~pl.col("event_id").is_first_distinct())
    if later.is_empty():
        return []
    first = named.filter(pl.col("event_id").is_first_distinct()).select("event_id", _first="row")
    # Nulls and lists compare as text here, so that unknown equals unknown.
    content = [c for c in frame.columns if c != "row"]
    known = frame.select("row", _content=pl.struct(content).map_elements(repr, return_dtype=pl.String))
    later = later.join(first, on="event_id", how="left", maintain_order="left")
    later = later.join(known, on="row", how="left", maintain_order="left").join(
        known.rename({"row": "_first", "_content": "_of_first"}),
        on="_first",
        how="left",
        maintain_order="left",
    )
    same = pl.col("_content") == pl.col("_of_first")
    return _AGAIN.say(
        later.filter(same), context, "event_id", pl.format("row {} again", "_first")
    ) + _OTHER.say(
        later.filter(~same), context, "event_id", pl.format("the id of row {} for other content", "_first")
    )
