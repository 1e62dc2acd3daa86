"""actor-not-yet-founded, actor-dissolved: an organisation acts between its foundation and its end.

Partly known dates count as wide as they can: an organisation founded in "2012" can act from 1 January 2012.
Ends that lie after the as-of date are not known and are not in the context.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.text import fold
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_EARLY = Rule(
    "actor-not-yet-founded",
    "note",
    "an organisation that existed on that day",
    "Name the forerunner, or correct active_from in actors.csv; the event is counted as it stands.",
)
_LATE = Rule(
    "actor-dissolved",
    "note",
    "an organisation that existed on that day",
    "Name the successor, or correct active_to in actors.csv; the event is counted as it stands.",
)


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find perpetrators that did not exist yet, or no longer, when the event happened."""
    rows = frame.select("row", "event_id", "date_start", "date_end", _who="perpetrators").explode("_who")
    names = rows["_who"].drop_nulls().unique().sort().to_list()
    known = {name: context.lifetimes[fold(name)] for name in names if fold(name) in context.lifetimes}
    if not known:
        return []
    lives = pl.DataFrame(
        {"_who": list(known), "_from": [f for f, _ in known.values()], "_to": [t for _, t in known.values()]},
        schema={"_who": pl.String, "_from": pl.Date, "_to": pl.Date},
    )
    dated = rows.join(lives, on="_who", how="inner", maintain_order="left")
    said = pl.format("'{}' on {}, {} {},", "_who", "date_start", pl.col("_word"), pl.col("_day"))
    early = dated.filter(pl.coalesce("date_end", "date_start") < pl.col("_from"))
    late = dated.filter(pl.col("date_start") > pl.col("_to"))
    return _EARLY.say(
        early.with_columns(_word=pl.lit("founded"), _day="_from"), context, "perpetrators", said
    ) + _LATE.say(late.with_columns(_word=pl.lit("ended"), _day="_to"), context, "perpetrators", said)
