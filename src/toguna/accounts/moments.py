"""Moments as the tables hold them: UTC, ISO, to the second, so that they sort as text.

Called by every file of this package. The clock is passed in; `system_clock` is the one of the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

__all__ = ["Clock", "later", "read_moment", "system_clock", "written"]

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the moment on the clock of the machine, UTC."""
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """Write a moment that knows its offset.

    Examples
    --------
    >>> written(datetime(2015, 11, 24, 18, 30, tzinfo=UTC))
    '2015-11-24T18:30:00+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def later(moment: datetime, seconds: float) -> str:
    """Write the moment that is `seconds` later (earlier when negative)."""
    return written(moment + timedelta(seconds=seconds))


def read_moment(text: str) -> datetime:
    """Read what `written` wrote."""
    return datetime.fromisoformat(text)
