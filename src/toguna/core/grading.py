"""Grades of a report: how reliable its source, how credible its content, how sensitive its disclosure.

Read by `toguna.sources.reports`, the checks, the tests of shifts and the exports.

References
----------
NATO, AJP-2.1 Allied joint doctrine for intelligence procedures: source reliability A-F, information
credibility 1-6. OCHA Data Responsibility Guidelines (2021): low, moderate, high, severe.
"""

from __future__ import annotations

import polars as pl

__all__ = [
    "CREDIBILITY",
    "HIGH",
    "NOT_JUDGED",
    "RELIABILITY",
    "SENSITIVITY",
    "SEVERE",
    "confidence",
    "is_kept_back",
    "is_low_graded",
    "is_report",
    "is_restricted",
]

RELIABILITY = ("A", "B", "C", "D", "E", "F")
CREDIBILITY = (1, 2, 3, 4, 5, 6)
NOT_JUDGED = ("F", 6)
"""What a missing grade means: it cannot be judged."""

SENSITIVITY = ("low", "moderate", "high", "severe")
LOW, MODERATE, HIGH, SEVERE = SENSITIVITY

_TRUST = {
    "high": {("A", 1), ("A", 2), ("B", 1), ("B", 2)},
    "medium": {("A", 3), ("B", 3), ("C", 1), ("C", 2), ("C", 3), ("D", 1)},
}


def confidence(reliability: str | None, credibility: int | None) -> str:
    """Say in one word how far a graded report is trusted.

    high: A or B with 1 or 2. medium: A or B with 3, C with 1 to 3, D with 1. low: everything else, and so
    E, F, 4, 5, 6 whatever stands beside them, and a grade that is missing.

    Examples
    --------
    >>> confidence("B", 2), confidence("C", 3), confidence("A", 6), confidence(None, 1)
    ('high', 'medium', 'low', 'low')
    """
    found = (level for level, pairs in _TRUST.items() if (reliability, credibility) in pairs)
    return next(found, "low")


def is_report() -> pl.Expr:
    """Rows of the source of field reports, whichever line of its releases tells them."""
    return pl.col("source").str.contains(r"^reports(?::|$)").fill_null(value=False)


def is_low_graded() -> pl.Expr:
    """Rows that bear a grade and are little trusted: shown, and not counted in tests."""
    return (pl.col("reliability").is_not_null() & (pl.col("confidence") == "low")).fill_null(value=False)


def is_restricted() -> pl.Expr:
    """Rows that may not leave as they are: every class but low. An unknown class counts as the strictest."""
    return (pl.col("sensitivity") != LOW).fill_null(value=False)


def is_kept_back() -> pl.Expr:
    """Rows that may not leave at all: every class but low and moderate."""
    return (~pl.col("sensitivity").is_in([LOW, MODERATE])).fill_null(value=False)
