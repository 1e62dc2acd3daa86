"""Versions of UCDP GED, told by file names, and the day on which each could be had.

Called by `toguna.sources.ucdp`.

The files carry no publication date. Yearly releases X.1 come out in June of 20X: taken as known on 30 June.
Candidate releases X.0.M hold the events of month M and come out in the month after: taken as known on the
last day of that month. Candidate collections X.01.Y.M hold January to month M of 20Y: the same rule. The
last possible day is taken, so that nothing counts as known before it was.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from toguna.sources.protocol import Term

__all__ = ["published_at", "term", "version_of"]

_PATTERNS = (
    (re.compile(r"v(\d{2})[_.](\d{1,2})[_.](\d{2})[_.](\d{1,2})(?!\d)"), "{}.{}.{}.{}"),
    (re.compile(r"v(\d{2})[_.]0[_.](\d{1,2})(?!\d)"), "{}.0.{}"),
    (re.compile(r"v(\d{2})[_.](\d{1,2})(?!\d)"), "{}.{}"),
    (re.compile(r"ged[_-]?(\d{2})(\d)(?!\d)"), "{}.{}"),
)


def version_of(file_name: str) -> str:
    """Read the version in a file name, "" when there is none.

    Examples
    --------
    >>> version_of("GEDEvent_v25_1.csv"), version_of("ged171-csv.zip"), version_of("GEDEvent_v23_0_10.csv")
    ('25.1', '17.1', '23.0.10')
    """
    for pattern, form in _PATTERNS:
        match = pattern.search(file_name.lower())
        if match:
            return form.format(*(int(part) for part in match.groups()))
    return ""


def published_at(version: str) -> date | None:
    """Return the last day by which a version was out; None when it is no such version."""
    try:
        numbers = [int(part) for part in version.split(".")]
    except ValueError:
        return None
    if len(numbers) == 2 and numbers[1] >= 1:
        return date(2000 + numbers[0], 6, 30)
    if len(numbers) not in (3, 4) or not 1 <= numbers[-1] <= 12:
        return None
    year, month = 2000 + numbers[-2 if len(numbers) == 4 else 0], numbers[-1]
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, calendar.monthrange(year, month)[1])


def term(version: str) -> Term | None:
    """Return the days that a version covers; None when it is no such version.

    A yearly release X.1 ends with the year before 20X. A candidate release X.0.M holds the month M of 20X, a
    candidate collection X.01.Y.M January to month M of 20Y: both are preliminary.
    """
    if published_at(version) is None:
        return None
    numbers = [int(part) for part in version.split(".")]
    if len(numbers) == 2:
        return Term(last=date(1999 + numbers[0], 12, 31))
    whole = len(numbers) == 4
    year, month = 2000 + numbers[2 if whole else 0], numbers[-1]
    last = date(year, month, calendar.monthrange(year, month)[1])
    return Term(date(year, 1 if whole else month, 1), last, preliminary=True)
