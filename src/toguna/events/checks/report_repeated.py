"""report-repeated, report-corroborated: the same content under other ids.

One reporter telling the same of the same day and place again has sent a copy (four at once, over a bad line):
the first counts. Different reporters telling the same corroborate each other: nobody's report is a copy of
another's. Without a reporter only a text of some length, word for word the same, is a copy.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.grading import is_report
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_COPY = Rule(
    "report-repeated", "failure", "each report once", "Nothing: the first counts, this one is kept apart."
)
_BOTH = Rule(
    "report-corroborated",
    "note",
    "one event for one incident",
    "Both count. Where both tell the same incident, say so in `credibility` and take one out of the tests.",
)
_SAME = ("date_start", "_where", "_text", "best", "low", "high", "event_type")
_INCIDENT = ("date_start", "_where", "event_type", "best")
_LONG = 20  # letters; "RAS" or "attaque" is written by anybody


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find copies of reports under other ids, and reports of different people that tell the same."""
    reports = frame.filter(is_report() & pl.col("date_start").is_not_null())
    told = reports.sort("published_at", "row").unique("event_id", keep="last", maintain_order=True)
    told = told.with_columns(
        _where=pl.coalesce(
            pl.col("place").str.to_lowercase().str.strip_chars(), pl.format("{} {}", "lat", "lon")
        ),
        _text=pl.col("note").fill_null("").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars(),
    ).filter(pl.col("_where").is_not_null())
    # Nobody in particular may be anybody: then only a long text tells a copy.
    can_tell = pl.col("reporter").is_not_null() | (pl.col("_text").str.len_chars() >= _LONG)
    able = told.filter(can_tell)
    first = pl.col("event_id").first().over("reporter", *_SAME)
    copies = able.with_columns(_first=first).filter(pl.col("event_id") != pl.col("_first"))
    every = reports.join(copies.select("event_id", "_first"), on="event_id", how="inner").sort("row")
    found = _COPY.say(every, context, "event_id", pl.format("{} again", "_first"))
    rest = told.filter(~pl.col("event_id").is_in(copies["event_id"].implode()))
    voices = rest.filter(
        pl.col("reporter").is_not_null() & (pl.col("reporter").n_unique().over(_INCIDENT) > 1)
    )
    others = voices.with_columns(_first=pl.col("event_id").first().over(_INCIDENT))
    others = others.filter(pl.col("event_id") != pl.col("_first"))
    return found + _BOTH.say(others, context, "event_id", pl.format("the incident of {}", "_first"))
