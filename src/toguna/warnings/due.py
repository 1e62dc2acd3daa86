"""Which warnings wait for an answer past their day, and whom to tell. Called by ``toguna ledger due`` and
`toguna.warnings.moves`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from toguna.warnings.states import Record
from toguna.warnings.words import LEVELS

__all__ = ["Due", "due", "owed_by"]

SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Due:
    """One answer that is owed.

    Parameters
    ----------
    id : str
        Id of the warning.
    what : {"release", "issue", "acknowledge", "decide", "act", "close"}
        What has to be done.
    by : date
        Until when.
    days_over : int
        Days past it; negative while it lies ahead.
    tell : str
        Whom to tell: those it is for, and from the day on which it is overdue whoever stands above them.
    level : str
        Level of the warning.
    """

    id: str
    what: str
    by: date
    days_over: int
    tell: str
    level: str

    @property
    def escalated(self) -> bool:
        """Whether the day has passed."""
        return self.days_over > 0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "by": self.by.isoformat(), "escalated": self.escalated}


def due(records: Iterable[Record], on: date, *, ahead: int = SOON_DAYS) -> list[Due]:
    """List what is owed on a day or within `ahead` days, longest overdue first.

    Parameters
    ----------
    records : iterable of Record
    on : date
        The day.
    ahead : int
        Days ahead that are looked at.
    """
    owed = (one for record in records if record.is_open for one in [owed_by(record, on)])
    found = [one for one in owed if one.days_over >= -ahead]
    return sorted(found, key=lambda d: (-d.days_over, -LEVELS.index(d.level), d.id))


def owed_by(record: Record, on: date) -> Due:
    """Say what is owed next on an open warning, and whom to tell of it on a day."""
    w = record.warning
    what, by = {
        "draft": ("issue" if record.released else "release", w.acknowledge_by),
        "issued": ("acknowledge", w.acknowledge_by),
        "acknowledged": ("decide", w.deadline),
        "decided": ("act" if record.decision and record.decision.act else "close", w.end),
        "acting": ("close", w.end),
    }[record.state]
    over = (on - by).days
    for_whom = w.owner if record.state == "draft" else ", ".join(w.addressees) or w.owner
    tell = (w.escalate_to or w.owner) if over > 0 else for_whom
    return Due(record.id, what, by, over, tell, w.level)
