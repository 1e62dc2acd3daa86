"""How this source words its findings, and which words mean that nothing is known.

Called by every file beside it.
"""

from __future__ import annotations

import unicodedata

import polars as pl

from toguna.core.findings import Finding, Severity
from toguna.core.text import fold

__all__ = ["MISSING", "MISSING_TEXT", "finding", "key", "listed", "plain"]

# Of numbers and dates. A text keeps "unknown": an unknown perpetrator is something that was said.
MISSING = frozenset(
    [
        "-", "--", "---", "–", "—", "?", "??", "...", "…", "n/a", "na", "n.a.", "nd", "n.d.", "nan", "null",
        "none", "#n/a", "unknown", "not known", "not available", "inconnu", "inconnue", "inconnus",
        "inconnues", "non connu", "non précisé", "non precise", "non disponible",
        "indéterminé", "indetermine",
    ]
)  # fmt: skip
MISSING_TEXT = frozenset(["-", "--", "---", "–", "—", "n/a", "#n/a", "null", "nan"])
_MOST_LISTED = 8


def finding(
    code: str,
    severity: Severity,
    *,
    table: str,
    said: tuple[str, str, str],
    field: str | None = None,
    row: int | None = None,
) -> Finding:
    """Make a finding; `said` is what was found, what was expected, how to repair it."""
    found, expected, repair = said
    return Finding(code, severity, table, row, field, found, expected, repair)


def listed(words: list[str]) -> str:
    """List words between quotes, the first eight."""
    more = f" and {len(words) - _MOST_LISTED} more" if len(words) > _MOST_LISTED else ""
    return ", ".join(f"'{word}'" for word in words[:_MOST_LISTED]) + more


def key(text: str) -> str:
    """Fold a word for comparison; folding drops the letters of other scripts, so those words stay whole."""
    letters = [c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalpha()]
    return fold(text) if all(c.isascii() for c in letters) else " ".join(text.casefold().split())


def plain(cells: pl.Series) -> pl.Series:
    """Strip cells of every kind of space; blank = missing."""
    bare = cells.cast(pl.String()).str.replace_all("[\u00a0\u202f\u2007\ufeff]", " ").str.strip_chars()
    return bare.set(bare == "", None)
