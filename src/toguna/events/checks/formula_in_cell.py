"""formula-in-cell: text that a spreadsheet would execute; it is kept as text, exports put it in quotes."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "formula-in-cell",
    "note",
    "text that begins with a letter or a figure",
    "Remove the sign if it is not meant; whatever is written for spreadsheets has it in quotes.",
)
_TEXTS = ("event_id", "place", "admin1", "admin2", "side_a", "side_b", "responsibility", "note")
# A lone dash stands for "nothing", "- " begins a list, and a signed figure is a figure.
_FORMULA = r"^\s*(?:[=@\t\r]|[+-][^\s\d.,+-]|[+-].*[=(|!])"


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find cells that begin like a formula."""
    found: list[Finding] = []
    for name in _TEXTS:
        bad = frame.filter(pl.col(name).str.contains(_FORMULA))
        found += _RULE.say(bad, context, name, pl.format("'{}'", pl.col(name).str.slice(0, 60)))
    return found
