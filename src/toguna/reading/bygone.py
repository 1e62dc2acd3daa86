"""Set aside the counts that a sentence gives for another time ("in 2018 more than 500 died").

Enters: the marks of a sentence and the days of the incident it is told with. Leaves: the tolls that are
of that incident. Called by `toguna.reading.incidents`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from toguna.reading.days import When
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.tolls import Toll

__all__ = ["own_tolls"]

APART = timedelta(days=1)
"""Days before an incident that a day told beside a count may lie and still be one of its days."""
_PAST, _WORST = phrase("incidents.past"), phrase("incidents.worst")
_HEAD = 14  # letters: a time that so begins a sentence governs all of it


@dataclass(frozen=True, slots=True)
class _Time:
    start: int
    end: int
    bygone: bool


def own_tolls(marks: Marks, days: tuple[date, date, str] | None, own: When | None = None) -> tuple[Toll, ...]:
    """Return the tolls of a sentence that no time of long before governs.

    Parameters
    ----------
    marks : Marks
        The sentence.
    days : (date, date, str) or None
        First and last day of the incident; with None only "last year" and the like tell other times.
    own : When or None
        The time in the sentence that is the incident's own ("the day before" may be).
    """
    if not marks.tolls:
        return marks.tolls
    times = sorted((*_times(marks, days), *_hanging(marks, own)), key=lambda t: t.start)
    if not any(t.bygone for t in times):
        return marks.tolls
    return tuple(t for t in marks.tolls if not _governed(marks, t, times))


def _times(marks: Marks, days: tuple[date, date, str] | None) -> Iterator[_Time]:
    own_year = {days[0].year, days[1].year} if days else set[int]()
    for m in _PAST.finditer(marks.folded, *marks.span):
        year = m["year"]
        praised = _WORST.search(marks.folded[max(marks.sentence.start, m.start() - 90) : m.start()])
        if not praised and (year is None or (days is not None and int(year) not in own_year)):
            yield _Time(m.start(), m.end(), bygone=True)
    for w in marks.whens:
        if days is not None and w.last is not None and w.precision in ("day", "week") and not w.since:
            yield _Time(w.start, w.end, bygone=w.last < days[0] - APART)


def _hanging(marks: Marks, own: When | None) -> Iterator[_Time]:
    """Yield the times that hang on the incident's own ("the day before") and lie before it."""
    for w in marks.whens:
        before = w.rule == "hanging" and w.shift is not None and w.shift < 0
        if before and (own is None or own.start != w.start):
            yield _Time(w.start, w.end, bygone=True)


def _governed(marks: Marks, toll: Toll, times: list[_Time]) -> bool:
    """Say whether the time nearest to a count is bygone, and in its clause or at the head of the sentence."""
    nearest = min(times, key=lambda t: max(t.start - toll.end, toll.start - t.end))
    if not nearest.bygone:
        return False
    if any(t.bygone and t.start - marks.sentence.start <= _HEAD for t in times):
        return True
    before = nearest.end <= toll.start
    between = marks.folded[nearest.end : toll.start] if before else marks.folded[toll.end : nearest.start]
    return between.count(",") + 2 * sum(between.count(c) for c in ";:") <= (1 if before else 0)
