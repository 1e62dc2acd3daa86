"""Read days as people write them: ISO, with month names in English or French, in figures, as Excel serials.

Enters: cells, and the orders that the mapping states. Leaves: the first and last day each can mean. Called by
`toguna.sources.table.events` and `.guess`. "07/03/2015" is never read unless the order is stated.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from datetime import date, timedelta

import polars as pl

from toguna.core.text import fold

__all__ = ["ORDERS", "days", "figures", "read_day"]

DAY_FIRST, MONTH_FIRST, ISO, EXCEL, EXCEL_1904 = "day-first", "month-first", "iso", "excel", "excel-1904"
ORDERS = (DAY_FIRST, MONTH_FIRST, ISO, EXCEL, EXCEL_1904)

_ZONE = r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_TIME = r"(?:[T ,]+\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?" + _ZONE + ")?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(19\d{2}|20\d{2})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/](\d{2})")
_FIGURES = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_SERIAL = re.compile(r"(\d{1,7})(?:[.,]\d+)?")
_CLOCK = re.compile(r"[T ,]+(?:a|à|at)?\s*\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?$")
_DAY_NAME = re.compile(r"(?:le |on )?(\d{1,2})(?:er|st|nd|rd|th)? (?:de |of )?([a-z]+) (\d{4}|\d{2})")
_NAME_DAY = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_NAME_YEAR = re.compile(r"([a-z]+) (\d{4})")
_WEEKDAY = re.compile(
    r"^(?:le )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun) (?=.*\d)(?!\d{4}$)"
)
_FIRST_SERIAL = {EXCEL: date(1899, 12, 30), EXCEL_1904: date(1904, 1, 1)}
# From 1927 to 2199: a bare year among serials ("2015") must not be read as a day of 1905.
_LEAST_SERIAL, _MOST_SERIAL = 10_000, 109_573

Days = tuple[date, date]

_NAMES = """
january jan janvier janv|february feb fevrier fev fevr|march mar mars|april apr avril avr|may mai
|june jun juin|july jul juillet juil|august aug aout aou|september sep sept septembre
|october oct octobre|november nov novembre|december dec decembre
"""
MONTHS = {name: number for number, names in enumerate(_NAMES.split("|"), start=1) for name in names.split()}


def days(cells: pl.Series, orders: Collection[str]) -> pl.DataFrame:
    """Read a column: `first` and `last` day, both missing where a cell cannot be read.

    Every distinct text is read once.
    """
    texts = cells.drop_nulls().unique()
    read = {text: found for text in texts.to_list() if (found := read_day(text, orders))}
    first = {text: found[0] for text, found in read.items()}
    last = {text: found[1] for text, found in read.items()}
    return pl.DataFrame(
        {
            "first": cells.replace_strict(first, default=None, return_dtype=pl.Date),
            "last": cells.replace_strict(last, default=None, return_dtype=pl.Date),
        }
    )


def read_day(text: str, orders: Collection[str]) -> Days | None:
    """Read one date; None when it is none, or when its order is not stated.

    Examples
    --------
    >>> read_day("1er mars 2015", ())
    (datetime.date(2015, 3, 1), datetime.date(2015, 3, 1))
    >>> read_day("07/03/2015", ()) is None
    True
    """
    bare = text.strip()
    if match := _ISO.fullmatch(bare):
        return _day(match[1], match[3], match[4])
    if match := _FIGURES.fullmatch(bare):
        return _in_figures(match, orders)
    if match := _COMPACT.fullmatch(bare):
        return _day(*match.groups())
    if match := _MONTH.fullmatch(bare):
        return _month(int(match[1]), int(match[2]))
    if match := _SERIAL.fullmatch(bare):
        return _serial(int(match[1]), orders)
    return _in_words(bare)


def figures(text: str) -> tuple[int, int] | None:
    """Return the first two figures of a date like "07/03/2015"; None when it is no such date."""
    match = _FIGURES.fullmatch(text.strip())
    return (int(match[1]), int(match[3])) if match else None


def _in_figures(match: re.Match[str], orders: Collection[str]) -> Days | None:
    one, other, year = match[1], match[3], match[4]
    if DAY_FIRST in orders:
        return _day(year, other, one)
    return _day(year, one, other) if MONTH_FIRST in orders else None


def _serial(number: int, orders: Collection[str]) -> Days | None:
    for order, zero in _FIRST_SERIAL.items():
        if order in orders and _LEAST_SERIAL <= number <= _MOST_SERIAL:
            day = zero + timedelta(days=number)
            return day, day
    return None


def _in_words(text: str) -> Days | None:
    if not any(letter.isdigit() for letter in text):
        return None
    said = _WEEKDAY.sub("", fold(_CLOCK.sub("", text)))
    if match := _DAY_NAME.fullmatch(said):
        return _day(match[3], MONTHS.get(match[2]), match[1])
    if match := _NAME_DAY.fullmatch(said):
        return _day(match[3], MONTHS.get(match[1]), match[2])
    match = _NAME_YEAR.fullmatch(said)
    return _month(int(match[2]), MONTHS.get(match[1])) if match else None


def _day(year: str, month: str | int | None, day: str) -> Days | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 69 else 1900  # as POSIX strptime does
    try:
        found = date(number, int(month or 0), int(day))
    except ValueError:
        return None
    return found, found


def _month(year: int, month: int | None) -> Days | None:
    if not month or not 1 <= month <= 12 or year < 1:
        return None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
