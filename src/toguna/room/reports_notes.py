"""What a reader must know about field reports: how many are kept back, coarsened, or little trusted.

Enters: what `toguna.room.disclosure` kept back, and the counted events. Leaves: entries of the assessment's
notes. Called by `toguna.room.situation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from toguna.core.grading import is_low_graded
from toguna.core.language import LANGUAGES, Language
from toguna.room.disclosure import KeptBack
from toguna.shifts.windows import Windows

__all__ = ["KEPT_BACK", "reports_notes"]

KEPT_BACK = "kept_back"


def reports_notes(kept: Sequence[KeptBack], counted: pl.DataFrame, windows: Windows) -> dict[str, Any]:
    """Return the numbers under "kept_back" and sentences by language; nothing without field reports."""
    notes: dict[str, Any] = {KEPT_BACK: [k.as_dict() for k in kept]} if kept else {}
    for k in kept:
        notes |= {f"sensitive/{k.source}": _kept(k.rows, k.source)} if k.rows else {}
        notes |= {f"coarsened/{k.source}": _coarsened(k.coarsened, k.source)} if k.coarsened else {}
    span = pl.col("date_start").is_between(windows.reference.start, windows.recent.end)
    low = counted.filter(span & is_low_graded())["source"].value_counts().sort("source")
    return notes | {f"low-graded/{source}": _low(n, source) for source, n in low.iter_rows()}


def _kept(n: int, source: str) -> dict[str, str]:
    return {
        code: Language(code).plural(
            "{n} report of the source {source} may not leave the house: it is in no figure here.",
            "{n} reports of the source {source} may not leave the house: they are in no figure here.",
            n,
            source=source,
        )
        for code in LANGUAGES
    }


def _coarsened(n: int, source: str) -> dict[str, str]:
    return {
        code: Language(code).plural(
            "{n} report of the source {source} is sensitive and told by region and month only.",
            "{n} reports of the source {source} are sensitive and told by region and month only.",
            n,
            source=source,
        )
        for code in LANGUAGES
    }


def _low(n: int, source: str) -> dict[str, str]:
    return {
        code: Language(code).plural(
            "{n} report of the source {source} is of low confidence: it is shown, not tested.",
            "{n} reports of the source {source} are of low confidence: they are shown, not tested.",
            n,
            source=source,
        )
        for code in LANGUAGES
    }
