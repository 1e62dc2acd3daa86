"""markup-in-cell: HTML in a name or a note; it is shown as text and never as a page."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule("markup-in-cell", "note", "plain text", "Remove the markup.")
_TEXTS = ("place", "admin1", "admin2", "side_a", "side_b", "note")
_MARKUP = r"<\s*/?\s*[A-Za-z!][^>]*>|&(#\d+|#x[0-9a-fA-F]+|[a-z]{2,8});"


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find cells that contain markup."""
    found: list[Finding] = []
    for name in _TEXTS:
        found += _RULE.say(
            frame.filter(pl.col(name).str.contains(_MARKUP)), context, name, pl.col(name).str.slice(0, 60)
        )
    return found
