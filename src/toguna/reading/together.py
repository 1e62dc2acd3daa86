"""Set aside the counts that a text gives for several of its incidents together, or for another one.

Enters: the incidents of a text. Leaves: for each the extents of the counts in its sentences that are not
its own. Called by `toguna.reading.rules`.

A figure is of several incidents where it is the sum of what the sentences of one and of others count; a
count with a place of its own ("two at X and three at Y") is of the incident there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from toguna.core.text import fold
from toguna.reading.drafts import Span
from toguna.reading.episodes import Episode
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.mentions import PAST, event_days
from toguna.reading.places import Place
from toguna.reading.sameness import apart, days_of, same_days, same_place
from toguna.reading.sums import Account, sum_up
from toguna.reading.tolls import Toll

__all__ = ["adds_up", "left_over", "not_own"]

LEAST = 3
"""Persons: the least figure that is taken for a sum over incidents."""
MOST = 3
"""Incidents beside one that a figure can count with it."""
SPAN = timedelta(days=14)
"""Time over which a figure counts incidents together."""
_AT = phrase("together.at")


def not_own(found: Sequence[Episode]) -> list[frozenset[Span]]:
    """Return for each incident the extents of the counts in its sentences that are of others too.

    Parameters
    ----------
    found : sequence of Episode
        The incidents of one text.
    """
    if len(found) < 2:
        return [frozenset()] * len(found)
    elsewhere = [_elsewhere(e, found) for e in found]
    sums = [
        {fate: _figures(e, fate, spans) for fate in FATES} for e, spans in zip(found, elsewhere, strict=True)
    ]
    return [
        spans
        | _together(e, sums[n], [s for o, s in zip(found, sums, strict=True) if o is not e and _near(o, e)])
        for n, (e, spans) in enumerate(zip(found, elsewhere, strict=True))
    ]


FATES = ("dead", "wounded")


def _elsewhere(e: Episode, found: Sequence[Episode]) -> frozenset[Span]:
    """Return the counts that stand at the scene of another incident, and totals beside one at its own."""
    if e.place is None or not any(m.tolls for m in e.marks):
        return frozenset()
    others = [o.place for o in found if o is not e and o.place and same_place(o.place, e.place) is not True]
    spans: set[Span] = set()
    for m in e.marks:
        at = {t: p for t in m.tolls if (p := _place_of(m, t))}
        own = {t for t, p in at.items() if fold(p.name) == fold(e.place.name)}
        spans |= {
            (t.start, t.end)
            for t, p in at.items()
            if t not in own and any(fold(p.name) == fold(o.name) for o in others)
        }
        spans |= {
            (t.start, t.end)
            for t in m.tolls
            if t not in at and any(t.fate == o.fate and (t.best or 0) > (o.best or 0) for o in own)
        }
    return frozenset(spans)


def _place_of(m: Marks, t: Toll) -> Place | None:
    """Return the place at which a count stands ("trois a X", "three near Y")."""
    found = _AT.match(m.folded, t.end)
    at = found.end() if found else -1
    return next((p for p in m.places if p.start == at), None)


def _figures(e: Episode, fate: str, spans: frozenset[Span]) -> Mapping[int, int]:
    """Return what each sentence of an incident counts of one fate, by the number of the sentence."""
    told: dict[int, int] = {}
    for m in e.marks:
        own = [
            t for t in m.tolls if t.fate == fate and t.side != "attackers" and (t.start, t.end) not in spans
        ]
        best = s.best if own and (s := sum_up([Account(own)], fate)) else None
        if best:
            told[m.sentence.number] = best
    return told


def _near(a: Episode, b: Episode) -> bool:
    """Say whether two incidents are of one time, so that a figure can count them together."""
    return (
        a.days is None or b.days is None or (a.days[0] <= b.days[1] + SPAN and b.days[0] <= a.days[1] + SPAN)
    )


_Figures = Mapping[str, Mapping[int, int]]


def _together(e: Episode, sums: _Figures, others: Sequence[_Figures]) -> frozenset[Span]:
    """Return the counts of figures that are what one incident and others have together."""
    spans: set[Span] = set()
    for fate in FATES:
        own = sums[fate]
        rest = [{best for number, best in s[fate].items() if number not in own} for s in others]
        alien = {
            best for best in set(own.values()) if best >= LEAST and adds_up(best, set(own.values()), rest)
        }
        for m in e.marks:
            if own.get(m.sentence.number) in alien:
                spans |= {(t.start, t.end) for t in m.tolls if t.fate == fate and t.side != "attackers"}
    return frozenset(spans)


def adds_up(best: int, own: set[int], rest: Sequence[set[int]]) -> bool:
    """Say whether a figure is one of an incident's own and one of each of some others together."""
    reached = [{a for a in own if a < best}, *(set[int]() for _ in range(MOST))]  # by how many others
    for one in rest:
        for k in range(MOST, 0, -1):
            reached[k] |= {a + b for a in reached[k - 1] for b in one if a + b <= best}
    return any(best in sums for sums in reached[1:])


CLOSE = 5
"""Sentences within which one that counts persons, and is of no incident, is of the one proposed."""


def left_over(kept: Sequence[Episode], every: Sequence[Episode], marks: Sequence[Marks]) -> list[list[Marks]]:
    """Return for each incident proposed the sentences beside it that are of none proposed.

    Parameters
    ----------
    kept : sequence of Episode
        The incidents proposed.
    every : sequence of Episode
        All incidents of the text.
    marks : sequence of Marks
        All sentences.
    """
    left: list[list[Marks]] = [[] for _ in kept]
    taken = {m.sentence.number for e in kept for m in e.marks}
    told = {m.sentence.number for e in every for m in e.marks}
    for m in marks:
        if m.sentence.number in told or not m.tolls or m.aggregate or any(h.key in PAST for h in m.unreal):
            continue
        n = min(range(len(kept)), key=lambda n: _distance(kept[n], m))
        days = days_of(event_days(m, m.sentence.start), None)
        if same_days(days, kept[n].days) is not False and _distance(kept[n], m) <= CLOSE:
            left[n].append(m)
    for o in every:
        if any(o is e for e in kept) or any(m.back for m in o.mentions):
            continue
        near = [n for n, e in enumerate(kept) if _of_one_day(e, o)]
        for m in o.marks:
            if m.tolls and near and m.sentence.number not in taken:
                left[min(near, key=lambda n: _distance(kept[n], m))].append(m)
    return left


def _of_one_day(a: Episode, b: Episode) -> bool:
    return same_days(a.days, b.days) is not False and not (a.days and b.days and apart(a.days, b.days))


def _distance(e: Episode, m: Marks) -> int:
    return min(abs(x.sentence.number - m.sentence.number) for x in e.marks)
