"""Which months are known whole at a date: where a forecast begins.

Enters: days of events, a date, the last day that releases cover. Leaves: a `Span`. Called by `outlook`.

A month that is not over, or that no release covers, is not a quiet month. A source without releases (the
chronology of a theatre) does not say where it ends: when it has been silent for longer than 92 days, and for
more than twice its longest silence before, it is held to end with its last event.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from toguna.core.dates import month_id

__all__ = ["Span", "last_day", "last_whole_month", "month_name", "span_of"]

SILENT_DAYS, TIMES = 92, 2.0


@dataclass(frozen=True, slots=True)
class Span:
    """Months known whole, as month numbers (1 = January 1980).

    Parameters
    ----------
    first, last : int
        First month of the record; origin.
    why : str
        What the origin rests on: "calendar" (the last month that was over), "release" (where the releases
        end), "silence" (the source seems to end there).
    """

    first: int
    last: int
    why: str

    @property
    def months(self) -> int:
        """Number of months."""
        return self.last - self.first + 1


def span_of(days: pl.Series, *, as_of: date, reach: date | None) -> Span | None:
    """Work out the months that are known.

    Parameters
    ----------
    days : Series of Date
        Last days of the events of one source, known by `as_of`.
    as_of : date
        The day of the forecast.
    reach : date or None
        Last day that the releases cover; None where there are none.

    Returns
    -------
    Span or None
        None when there is no event in a month that is known whole.
    """
    told = days.drop_nulls().sort()
    told = told.filter(told <= as_of)
    if told.is_empty():
        return None
    last, why = last_whole_month(as_of), "calendar"
    if reach is not None and last_whole_month(reach) < last:
        last, why = last_whole_month(reach), "release"
    end = month_id(told[-1])
    if reach is None and end < last and _gone_silent(told, as_of):
        last, why = end, "silence"
    first = month_id(told[0])
    return Span(first, last, why) if first <= last else None


def _gone_silent(told: pl.Series, as_of: date) -> bool:
    since = (as_of - told[-1]).days
    gaps = np.diff(told.cast(pl.Int32).to_numpy())
    return bool(since > max(SILENT_DAYS, TIMES * float(gaps.max(initial=0))))


def last_whole_month(day: date) -> int:
    """Return the number of the last month that is over at the end of a day."""
    over = day.day == calendar.monthrange(day.year, day.month)[1]
    return month_id(day) - (not over)


def month_name(month: int) -> str:
    """Write a month number as "2015-11".

    Examples
    --------
    >>> month_name(431)
    '2015-11'
    """
    return f"{1980 + (month - 1) // 12:04d}-{(month - 1) % 12 + 1:02d}"


def last_day(month: int) -> date:
    """Return the last day of a month number."""
    year, number = 1980 + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, number, calendar.monthrange(year, number)[1])
