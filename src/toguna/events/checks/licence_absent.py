"""licence-absent: on what terms may the rows be used and passed on? A file should say."""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["NOT_STATED", "check", "is_stated"]

NOT_STATED = "not stated"
_UNSTATED = frozenset(
    {"", "as stated in the mapping", "as stated in the metadata beside the file", NOT_STATED, "unknown"}
)
_RULE = Rule(
    "licence-absent",
    "note",
    "the licence of the file",
    "Ask the provider and state it, in the mapping of a table as `licence`; until then do not pass rows on.",
)


def is_stated(licence: str) -> bool:
    """Whether these are terms, and not the words of a source for where they would be."""
    return licence.strip().lower() not in _UNSTATED


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Say when the terms are not stated."""
    absent = context.licence is not None and not is_stated(context.licence)
    return [_RULE.once(context, None, "no licence")] if absent and frame.height else []
