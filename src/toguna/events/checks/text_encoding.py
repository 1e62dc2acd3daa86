"""text-garbled: letters that were decoded with the wrong alphabet, and that nobody can be sure to restore.

Where the way back is certain `toguna.events.mend` has restored them before this check, and said so.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check"]

_RULE = Rule(
    "text-garbled", "note", "readable letters", "Restore the text from its source and save it as UTF-8."
)
_TEXTS = ("place", "admin1", "admin2", "side_a", "side_b", "note")
# UTF-8 read as Windows-1252 turns "é" into "Ã©" and a curly quote into "â€™"; U+FFFD marks a lost letter.
_GARBLED = "Ã[\u0080-\u00bf\u0152-\u0192\u2013-\u203a\u20ac]|Â[\u0080-\u00bf]|â€|\ufffd"


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find cells with garbled letters."""
    found: list[Finding] = []
    for name in _TEXTS:
        found += _RULE.say(
            frame.filter(pl.col(name).str.contains(_GARBLED)), context, name, pl.col(name).str.slice(0, 60)
        )
    return found
