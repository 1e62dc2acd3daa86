"""The recent window and the reference window it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from toguna.core.dates import Window
from toguna.core.errors import UsageError

__all__ = ["Windows", "windows_ending"]


@dataclass(frozen=True, slots=True)
class Windows:
    """Two adjoining windows: the recent one ends at `as_of`, the reference one just before it.

    Raises
    ------
    UsageError
        When the two overlap or leave a gap.
    """

    recent: Window
    reference: Window

    def __post_init__(self) -> None:
        if self.reference.end + timedelta(days=1) != self.recent.start:
            raise UsageError(
                f"the reference window must end the day before the recent one starts: "
                f"found reference to {self.reference.end}, recent from {self.recent.start}."
            )

    @property
    def as_of(self) -> date:
        """Last day of the recent window."""
        return self.recent.end

    @property
    def days(self) -> int:
        """Days of both windows together."""
        return self.recent.days + self.reference.days

    def as_dict(self) -> dict[str, dict[str, str]]:
        """Return ISO dates for JSON."""
        return {"recent": self.recent.as_dict(), "reference": self.reference.as_dict()}


def windows_ending(as_of: date, *, recent_days: int = 365, reference_days: int = 730) -> Windows:
    """Build the two windows that end at `as_of`.

    The defaults, one year against the two years before it, keep whole years on both sides so that
    the season of the year cannot pass for a shift.
    """
    recent = Window.ending(as_of, recent_days)
    return Windows(recent, Window.ending(recent.start - timedelta(days=1), reference_days))
