"""report-sent-again, report-superseded: of several tellings of one submission the newest counts.

The same submission may come several times: sent again over a bad line, or edited. Equal tellings are kept
once (the first); of different ones the one that was known last wins, of one day the later row.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.grading import is_report
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_AGAIN = Rule("report-sent-again", "failure", "each submission once", "Nothing: it is kept once.")
_OLD = Rule("report-superseded", "failure", "the newest telling", "Nothing: the newest telling counts.")
_TELLING = ("row", "published_at")


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find tellings that a newer one, or an equal one, stands for."""
    reports = frame.filter(is_report() & pl.col("event_id").is_not_null())
    several = reports.filter(pl.col("event_id").is_duplicated()).sort("published_at", "row")
    if several.is_empty():
        return []
    newest = several.unique("event_id", keep="last", maintain_order=True)
    pairs = several.join(newest, on="event_id", how="left", suffix="_new", maintain_order="left")
    content = [name for name in frame.columns if name not in ("event_id", *_TELLING)]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_new")) for name in content)
    told = pairs.with_columns(_same=same, _of=pl.len().over("event_id"))
    # Of equal tellings the first is kept: on its day the world could know it.
    later = pl.col("row").cum_count().over("event_id", "_same") > 1
    again = told.filter(pl.col("_same") & later)
    old = told.filter(~pl.col("_same"))
    versions = pl.format("one of {} tellings, row {} is the newest", "_of", "row_new")
    return _AGAIN.say(again, context, "event_id", versions) + _OLD.say(old, context, "event_id", versions)
