"""The dates of a replay, and the seed of each. Called by `toguna.replay.run` and the command line."""

from __future__ import annotations

import hashlib
from datetime import date

from toguna.core.dates import parse_partial
from toguna.core.errors import UsageError

__all__ = ["MOST_LOOKS", "month_ends", "seed_of"]

MOST_LOOKS = 1200


def month_ends(first: str, last: str) -> tuple[date, ...]:
    """Return the last days of the months from `first` to `last` ("YYYY-MM", or a day in the month).

    Raises
    ------
    UsageError
        A month cannot be read, the second lies before the first, or there are more than `MOST_LOOKS`.

    Examples
    --------
    >>> [d.isoformat() for d in month_ends("2015-01", "2015-02")]
    ['2015-01-31', '2015-02-28']
    """
    begin, end = _month(first, "--from"), _month(last, "--to")
    if end < begin:
        raise UsageError(f"--to {last} lies before --from {first}.")
    if end - begin >= MOST_LOOKS:
        raise UsageError(f"{end - begin + 1} months are more than the {MOST_LOOKS} a replay may have.")
    found = (parse_partial(f"{k // 12:04d}-{k % 12 + 1:02d}") for k in range(begin, end + 1))
    return tuple(day.last for day in found if day is not None)


def _month(text: str, flag: str) -> int:
    """Count months since year 0."""
    day = parse_partial(text)
    if day is None or len(day.text) < len("YYYY-MM"):
        raise UsageError(f"{flag} {text!r} is not a month; write it as YYYY-MM, for example 2015-11.")
    return day.first.year * 12 + day.first.month - 1


def seed_of(root: int, name: str) -> int:
    """Return the seed of a look (0 to 2**32 - 1): of the root seed and its name, whoever computes it."""
    return int.from_bytes(hashlib.sha256(f"{root}/{name}".encode()).digest()[:4], "big")
