"""Join what a text tells twice.

Enters: the `Episode` values of a text and its day. Leaves: the same, but fewer. Called
by `toguna.reading.rules`.

News is told in rounds: the title, the lead, the statement, the witness. A later round that shares day and
place with an earlier one, or its dead where one of them names no village, is the same incident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from toguna.core.text import fold
from toguna.reading.episodes import Episode, days_told
from toguna.reading.mentions import LEVELS
from toguna.reading.places import Place
from toguna.reading.sameness import regional, same_days, same_place

__all__ = ["joined"]

RETOLD = timedelta(days=10)
"""An incident told again on the day of publication lies at most this far back."""
VILLAGE = LEVELS["admin3"]


def joined(found: Sequence[Episode], published: date | None) -> list[Episode]:
    """Join the episodes that tell one incident."""
    out: list[Episode] = []
    for e in found:
        i = next((i for i, o in enumerate(out) if _one(o, e, published)), None)
        if i is None:
            out.append(e)
        else:
            out[i] = _both(out[i], e)
    return out


def _one(a: Episode, b: Episode, published: date | None) -> bool:
    """Say whether two episodes, in the order of the text, are one incident."""
    day = same_days(a.days, b.days)
    parted = day is False and not _retold(a, b, published)
    place = False if parted else _same_scene(a.place, b.place)
    another = b.mentions[0].another
    dead = _dead(a), _dead(b)
    equal = bool(dead[0] & dead[1])
    if place is False and day and equal and not another:
        near = any(e.place is not None and e.place.role == "near" for e in (a, b))
        return near or not (_located(a.place) and _located(b.place))
    if place is False or (another and not equal):
        return False
    told = days_told(a, published) if a.days is None and b.mentions[0].back else None
    if told is not None and same_days(told[0], b.days) is False:
        return False
    if day is False:
        return place is True and (equal or not all(dead))
    if place is True:
        later = _dated_apart(a, b) and a.place and b.place and fold(a.place.name) != fold(b.place.name)
        return not (all(dead) and not equal and (b.mentions[0].back or later))
    placed = [_exact(e.place) for e in (a, b)]
    summary = any(m.summary for m in a.mentions)
    loose = a.place is None and a.days is None
    agree = equal or loose or (not all(dead) and not _dated_apart(a, b))
    lead = not placed[0] and not summary and not b.mentions[0].back and agree
    return lead or (not all(placed) and (equal or (not dead[1] and b.place is None)))


def _located(p: Place | None) -> bool:
    return p is not None and any(s.lat is not None for s in p.spots)


def _same_scene(a: Place | None, b: Place | None) -> bool | None:
    """Compare two places; a name that can mean a region contradicts no village in it."""
    same = same_place(a, b)
    if same is not False or a is None or b is None:
        return same
    region = regional(a)
    within = not b.spots or {s.admin1 for s in a.spots if s.admin1} & {s.admin1 for s in b.spots}
    return None if region and within else False


def _exact(p: Place | None) -> bool:
    """Say whether a place is the village or town itself, not one that lies near, nor a region's name."""
    return p is not None and p.role != "near" and LEVELS[p.level] >= VILLAGE and not regional(p)


def _dated_apart(a: Episode, b: Episode) -> bool:
    """Say whether both name a day of their own, and not the same."""
    return bool(a.days and b.days and not (a.inherited or b.inherited) and a.days[0] != b.days[0])


def _retold(a: Episode, b: Episode, published: date | None) -> bool:
    """Say whether one of two is dated by the day on which it was told again."""
    if published is None or a.days is None or b.days is None:
        return False
    old, new = sorted((a.days, b.days))
    return published - new[1] <= timedelta(days=1) and new[0] - old[1] <= RETOLD


def _dead(e: Episode) -> set[int]:
    """Return the counts of dead that are no attackers."""
    return {
        n
        for m in e.mentions
        for t in m.marks.tolls
        if t.fate == "dead" and t.side != "attackers" and (n := t.best or t.low)
    }


def _both(a: Episode, b: Episode) -> Episode:
    """Make one episode of two: the day of the first that has one, the finer place."""
    mentions = sorted((*a.mentions, *b.mentions), key=lambda m: m.marks.sentence.number)
    first = a if a.days is not None and not (a.inherited and b.days and not b.inherited) else b
    if a.days and b.days and a.days[2] != "day" and b.days[2] == "day":
        first = b
    if a.days and b.days and same_days(a.days, b.days) is False:
        first = min((a, b), key=lambda e: e.days or ())
    places = [e.place for e in (a, b) if e.place is not None]
    place = max(places, key=lambda p: (_exact(p), LEVELS[p.level], p.role == "scene"), default=None)
    return Episode(tuple(mentions), first.days, place, first.inherited, (*a.trailing, *b.trailing))
