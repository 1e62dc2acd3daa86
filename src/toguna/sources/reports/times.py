"""When a report became known, and which submissions are tellings of the same one.

Enters: system columns of an export. Leaves: days in UTC, and the first id of every chain of edits. Called by
`toguna.sources.reports.seal`.

`_submission_time` is UTC without a zone; `start` and `end` bear the zone of the phone. An edit keeps the time
of submission and gives the submission a new id, with the old one as `deprecatedID`; `rootUuid`, in newer
exports, stays. What an edit says was not known at the time of submission: an edited report counts as known on
the later day of `_submission_time` and `end`, and where `end` tells no later day, on the last day of the
export.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

__all__ = ["known_on", "roots"]

# ISO first, then as spreadsheet programs in French rewrite it.
_FORMS = ("", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y")
_PREFIX = r"^(?:uuid:)+"


def _day(text: str | None) -> date | None:
    """Read a moment as its day in UTC; without a zone it is UTC already."""
    if text is None:
        return None
    moment = next((found for form in _FORMS if (found := _read(text.strip(), form))), None)
    if moment is None:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _read(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form) if form else datetime.fromisoformat(text)
    except ValueError:
        return None


def _days(frame: pl.DataFrame, name: str) -> list[date | None]:
    if name not in frame.columns:
        return [None] * frame.height
    told = {text: _day(text) for text in frame[name].unique().to_list()}
    return [told[text] for text in frame[name].to_list()]


def known_on(frame: pl.DataFrame, edited: list[bool]) -> pl.Series:
    """Return the day on which each report was known; missing where no time can be read at all."""
    sent, ended = _days(frame, "_submission_time"), _days(frame, "end")
    today = _days(frame, "today")
    told = [s or e or t for s, e, t in zip(sent, ended, today, strict=True)]
    last = max((d for d in (*told, *_where(ended, edited)) if d), default=None)
    found: list[date | None] = []
    for day, end, was_edited in zip(told, ended, edited, strict=True):
        late = end if end and day and end > day else last
        found.append(late if was_edited else day)
    return pl.Series("known", found, dtype=pl.Date())


def _where(days: list[date | None], chosen: list[bool]) -> list[date | None]:
    return [day for day, wanted in zip(days, chosen, strict=True) if wanted]


def _ids(frame: pl.DataFrame, *names: str) -> list[str | None]:
    there = [frame[name].str.replace(_PREFIX, "") for name in names if name in frame.columns]
    if not there:
        return [None] * frame.height
    return pl.select(pl.coalesce(there)).to_series().to_list()


def roots(frame: pl.DataFrame) -> tuple[list[str | None], list[bool]]:
    """Return the first id of each submission's chain of edits, and whether it was edited."""
    own = _ids(frame, "meta/instanceID", "_uuid")
    stated, before = _ids(frame, "meta/rootUuid"), _ids(frame, "meta/deprecatedID")
    older = {mine: old for mine, old in zip(own, before, strict=True) if mine and old and mine != old}
    first = {mine: root for mine, root in zip(own, stated, strict=True) if mine and root}
    found = [_first(mine, older, first) for mine in own]
    edited = [
        bool(old) or bool(root and mine and root != mine)
        for mine, root, old in zip(own, stated, before, strict=True)
    ]
    return found, edited


def _first(mine: str | None, older: dict[str, str], first: dict[str, str]) -> str | None:
    """Follow the ids of a chain of edits back to the first."""
    seen: set[str] = set()
    while mine and mine not in seen:  # a circle ends where it began
        seen.add(mine)
        root = first.get(mine)
        if root and root != mine:
            return root
        if mine not in older:
            return mine
        mine = older[mine]
    return min(seen) if seen else None
