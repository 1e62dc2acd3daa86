"""What the values of a column look like: dates of which order, numbers with which decimal sign, ids.

Enters: cells. Leaves: findings in words. Called by `toguna.sources.table.suggest`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from toguna.sources.table.dates import figures, read_day
from toguna.sources.table.numbers import RANGE, WORDED, counts, degrees
from toguna.sources.table.says import MISSING

__all__ = ["Order", "decimal_comma", "known", "looks_like_dates", "odd_counts", "order_of", "span"]

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIALS = (20_000, 60_000)  # 1954 to 2064
_MOST = 5_000  # distinct values looked at


@dataclass(frozen=True, slots=True)
class Order:
    """How the dates of a column are to be read: orders for the mapping, and why it is not sure."""

    orders: tuple[str, ...] = ()
    doubt: str = ""


def known(cells: pl.Series) -> list[str]:
    """Return the distinct values that are not words for "not known"."""
    texts = cells.drop_nulls().unique().sort().head(_MOST).to_list()
    return [text for text in texts if text.lower() not in MISSING]


def looks_like_dates(cells: pl.Series) -> bool:
    """Whether nearly all values are dates, serials of Excel not counted."""
    texts = known(cells)
    dated = [t for t in texts if not t.isdigit() and (figures(t) or read_day(t, ()))]
    return len(dated) * 10 >= len(texts) * 9 > 0


def order_of(cells: pl.Series) -> Order:
    """Tell the order of days and months by the figures that are above 12."""
    texts = known(cells)
    pairs = [pair for t in texts if (pair := figures(t))]
    serials = [t for t in texts if _SERIAL.fullmatch(t) and _SERIALS[0] <= float(t) <= _SERIALS[1]]
    excel = ("excel",) if serials else ()
    day_first = any(first > 12 for first, _ in pairs)
    month_first = any(second > 12 for _, second in pairs)
    if day_first and month_first:
        return Order(excel, "some dates have the day first and others the month: no order fits all")
    if day_first or month_first:
        return Order(("day-first" if day_first else "month-first", *excel))
    if pairs:
        example = next(t for t in texts if figures(t))
        return Order(excel, f"dates like {example} can be day-first or month-first: no figure is above 12")
    return Order(excel)


def decimal_comma(cells: pl.Series) -> bool:
    """Whether coordinates are written with a decimal comma."""
    texts = pl.Series(known(cells), dtype=pl.String)
    with_comma, with_point = (int(degrees(texts, mark).is_not_null().sum()) for mark in (",", "."))
    return with_comma > with_point


def span(cells: pl.Series, decimal: str) -> float | None:
    """Return the largest distance from zero of a column of coordinates; None when it holds no numbers."""
    texts = pl.Series(known(cells), dtype=pl.String)
    values = degrees(texts, decimal)
    if texts.is_empty() or values.null_count() * 2 > len(values):
        return None
    largest = values.abs().max()
    return float(largest) if isinstance(largest, float) else None


def odd_counts(cells: pl.Series, decimal: str) -> tuple[list[str], list[str], int]:
    """Return values of a count that are ranges, that are words, and how many are any other thing."""
    texts = pl.Series(known(cells), dtype=pl.String)
    odd = texts.filter(counts(texts, decimal).is_null()).to_list()
    ranges = [t for t in odd if RANGE.fullmatch(t)]
    words = [t for t in odd if WORDED.search(t) and t not in ranges]
    return ranges, words, len(odd) - len(ranges) - len(words)
