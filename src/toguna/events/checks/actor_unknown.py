"""actor-unknown: perpetrators and claimants should be in the theatre's table of actors."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "actor-unknown",
    "note",
    "the id of an actor in actors.csv",
    "Add the actor, or correct the spelling of its id.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find ids of actors that the theatre does not know."""
    if context.known_actors is None:
        return []
    known = sorted(context.known_actors)
    found: list[Finding] = []
    claimed = pl.col("responsibility").str.split("|").list.join("+").str.split("+")
    for column, ids in (("perpetrators", pl.col("perpetrators")), ("responsibility", claimed)):
        rows = frame.select("row", "event_id", _id=ids).explode("_id")
        rows = rows.with_columns(pl.col("_id").str.strip_chars())
        bad = rows.filter(pl.col("_id").is_not_null() & (pl.col("_id") != "") & ~pl.col("_id").is_in(known))
        found += _RULE.say(bad, context, column, pl.format("'{}'", "_id"))
    return found
