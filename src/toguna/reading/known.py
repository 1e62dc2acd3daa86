"""Which incident on record a draft is taken for.

Enters: a draft and its setting. Leaves: the id of an incident. Called by every reader of the package.
"""

from __future__ import annotations

from datetime import date, timedelta

from toguna.core.text import fold
from toguna.reading.drafts import DraftIncident
from toguna.reading.marks import Setting

__all__ = ["on_record"]

DAY = timedelta(days=1)
"""How far apart the days of two tellings of one incident may be."""


def on_record(draft: DraftIncident, setting: Setting) -> str | None:
    """Name the incident on record of the same day (one off) and place; the nearest day first."""
    start, place = draft.value("date_start"), draft.value("place")
    if start is None or place is None:
        return None
    day = date.fromisoformat(start)
    near = sorted(
        (abs(k["date"] - day), str(k["id"]), str(k["place"]).split(" (", maxsplit=1)[0])
        for k in setting.known
        if isinstance(k["date"], date) and abs(k["date"] - day) <= DAY
    )
    for _, known, name in near:
        close = setting.gazetteer.near(place, name)
        if close or (close is None and fold(place) == fold(name)):
            return known
    return None
