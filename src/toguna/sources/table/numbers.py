"""Read numbers as people write them: decimal commas, thousands with spaces, commas or points.

Enters: cells and the decimal sign that the mapping states. Leaves: numbers, missing where a cell holds
anything else ("dozens", "10-15"). Called by `toguna.sources.table.events` and `.guess`.
"""

from __future__ import annotations

import re

import polars as pl

__all__ = ["RANGE", "WORDED", "counts", "degrees"]

_MOST = 10**12  # beyond any count of people; sums of such cells stay within 64 bits
_SPACED = r"^[+-]?\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?$"
RANGE = re.compile(r"^\s*\d+\s*(?:-|–|à|a|to|ou|or|/)\s*\d+\s*$", re.IGNORECASE)
WORDED = re.compile(
    r"\b(dozens?|scores?|several|many|few|some|hundreds?|about|around|over|at least|more than|up to|"
    r"plusieurs|quelques|environ|au moins|plus de|une? (?:ving|tren|quaran|cinquan|soixan)taine|"
    r"une dizaine|une douzaine|une centaine|dizaines?|douzaines?|centaines?|vingtaines?)\b",
    re.IGNORECASE,
)


def degrees(cells: pl.Series, decimal: str) -> pl.Series:
    """Read coordinates: one decimal sign, no thousands."""
    good = cells.str.contains(rf"^[+-]?\d{{1,3}}(?:{re.escape(decimal)}\d*)?$").fill_null(value=False)
    plain = cells.set(~good, None).str.replace(decimal, ".", literal=True).str.strip_chars_end(".")
    # A program may have written 0.0000001 with an exponent; that is a number whatever the decimal sign.
    exponent = cells.str.contains(r"^-?\d(?:\.\d+)?[eE]-?\d+$").fill_null(value=False)
    text = pl.select(pl.when(exponent).then(cells).otherwise(plain)).to_series()
    value = text.str.strip_prefix("+").cast(pl.Float64, strict=False)
    return value.set(~value.is_finite().fill_null(value=True), None)


def counts(cells: pl.Series, decimal: str) -> pl.Series:
    """Read whole numbers: "1 200", "1,200" (decimal point) or "1.200" (decimal comma), "3.0"."""
    group = "," if decimal == "." else "."
    spaced = cells.str.contains(_SPACED).fill_null(value=False)
    bare = pl.select(pl.when(spaced).then(cells.str.replace_all("[ '’]", "")).otherwise(cells)).to_series()
    marked = bare.str.contains(rf"^[+-]?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(decimal)}\d+)?$")
    marked = marked.fill_null(value=False)
    bare = pl.select(
        pl.when(marked).then(bare.str.replace_all(group, "", literal=True)).otherwise(bare)
    ).to_series()
    good = bare.str.contains(rf"^[+-]?\d+(?:{re.escape(decimal)}0+)?$").fill_null(value=False)
    text = bare.set(~good, None).str.replace(decimal, ".", literal=True).str.strip_prefix("+")
    value = text.cast(pl.Float64, strict=False)
    whole = value.is_finite() & (value == value.round()) & (value.abs() < _MOST)
    return value.set(~whole.fill_null(value=True), None).cast(pl.Int64)
