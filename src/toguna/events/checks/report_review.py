"""report-without-consent, report-not-approved, report-on-hold, report-undated: whether a report may be used.

Without consent nothing of a report was kept but that it came. One that was not approved stays in quarantine.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.grading import is_report
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULES = (
    ("consent", "no", Rule("report-without-consent", "failure", "a yes to the question of consent",
     "Nothing of it was kept. Ask whoever told it, and send the report again.")),
    ("review", "not approved", Rule("report-not-approved", "failure", "a report that its reviewer approved",
     "Settle it on the server of the form, and export again.")),
    ("review", "on hold", Rule("report-on-hold", "note", "a report that its reviewer approved",
     "It counts until the reviewer decides.")),
    ("sent", "nothing", Rule("report-undated", "note", "a time of submission",
     "It counts as known on its own last day; export with the columns of the server.")),
)  # fmt: skip


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find reports that nobody agreed to, that a reviewer refused or holds, or that have no time."""
    if context.unreadable is None:
        return []
    found: list[Finding] = []
    for field, text, rule in _RULES:
        cells = context.unreadable.filter((pl.col("field") == field) & (pl.col("text") == text))
        rows = cells.join(frame.filter(_REPORT).select("row", "event_id"), on="row", how="inner").sort("row")
        found += rule.say(rows, context, field, pl.col("text"))
    return found


_REPORT = is_report()
