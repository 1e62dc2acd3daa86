"""Dates that are only partly known, and windows of days.

A statement may say "2013", "2013-08" or "2013-08-22": each is an interval of days. Comparisons
with `as_of` use the *end* of the interval, because only then is the statement sure to be knowable.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from toguna.core.errors import UsageError

__all__ = ["PartialDate", "Window", "month_id", "parse_date", "parse_partial"]

_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the day, the month or the year.

    Parameters
    ----------
    first, last : date
        First and last day it can mean (inclusive).
    text : str
        As written.
    """

    first: date
    last: date
    text: str


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UsageError(f"window ends ({self.end}) before it starts ({self.start}).")

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return (self.end - self.start).days + 1

    @classmethod
    def ending(cls, end: date, days: int) -> Window:
        """Return the window of `days` days whose last day is `end`."""
        if days < 1:
            raise UsageError(f"a window needs at least one day, got {days}.")
        return cls(end - timedelta(days=days - 1), end)

    def as_dict(self) -> dict[str, str]:
        """Return ISO dates for JSON."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


def parse_partial(text: str) -> PartialDate | None:
    """Read "YYYY", "YYYY-MM" or "YYYY-MM-DD"; None when it is none of them.

    Examples
    --------
    >>> parse_partial("2013-02").last
    datetime.date(2013, 2, 28)
    """
    match = _PARTIAL.match(text.strip())
    if not match:
        return None
    year, month, day = (int(g) if g else None for g in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last = date(first.year, last_month, day or calendar.monthrange(first.year, last_month)[1])
    except ValueError:
        return None
    return PartialDate(first, last, text.strip())


def parse_date(text: str) -> date:
    """Read a whole ISO date from the command line, or say how it is written."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text!r} is not a date; write it as YYYY-MM-DD, for example 2015-11-24.") from None


def month_id(day: date) -> int:
    """Return the VIEWS month number, 1 = January 1980."""
    return (day.year - 1980) * 12 + day.month
