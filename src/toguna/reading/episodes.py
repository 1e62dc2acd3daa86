"""Tell the incidents of one text apart: which sentences speak of which.

Enters: the marks of all sentences. Leaves: `Episode` values: the mentions of one incident each, in
the order of the text. Called by `toguna.reading.rules`.

A sentence that tells of violence as of something that happened is a mention. It joins the last
episode that its day and place do not contradict; it opens a new one when they do, or when it says
"in a separate incident". A mention without day and place goes with the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from toguna.core.text import fold
from toguna.reading.days import When
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.mentions import LEVELS, OWN_PLACE, PAST, Mention, event_days, mention_of, scene
from toguna.reading.places import Place
from toguna.reading.sameness import Days, apart, days_of, regional, same_days, same_place

__all__ = ["HEADING", "TRAIL", "Episode", "days_told", "episodes"]

HEADING = 70  # letters: a sentence so short that only names day or place heads the one after it
LATELY = 8  # days before publication that an incident told without a day is taken to lie within
REGIONAL = 2.2  # a name that can mean a region yields to a second-level area, not to a mere direction
TRAIL = 3  # sentences without a deed that may stand between two of one incident
_BODIES = phrase("episodes.bodies")


@dataclass(frozen=True)
class Episode:
    """The mentions of one incident.

    Parameters
    ----------
    mentions : tuple of Mention
        In the order of the text.
    days : (date, date, str) or None
        First and last day it can have been, and how exact that is.
    place : Place or None
        The finest scene named.
    inherited : bool
        The day is that of the incident told before.
    further : float or None
        Chance that it is an incident of its own, where `toguna.reading.further` parted it from another.
    sure : float or None
        Chance that the place is the scene, among all names of the text; None before it is chosen.
    struck : frozenset of str
        Signs of how likely the news of the text is of the place, by `toguna.reading.struck`.
    """

    mentions: tuple[Mention, ...]
    days: Days | None = None
    place: Place | None = None
    inherited: bool = False
    trailing: tuple[Marks, ...] = field(default=(), repr=False)
    further: float | None = None
    sure: float | None = None
    struck: frozenset[str] = frozenset()

    @property
    def last(self) -> int:
        """Number of the last sentence that is of it."""
        ends = [self.mentions[-1].marks.sentence.number]
        return max(ends + [m.sentence.number for m in self.trailing[-1:]])

    @property
    def paragraph(self) -> int:
        """Number of the paragraph of its last mention."""
        return self.mentions[-1].marks.sentence.paragraph

    @property
    def marks(self) -> tuple[Marks, ...]:
        """Marks of all its sentences, those that only follow included, in the order of the text."""
        own = (*(m.marks for m in self.mentions), *self.trailing)
        return tuple(sorted(own, key=lambda m: m.sentence.number))


def days_told(e: Episode, published: date | None) -> tuple[Days, When] | None:
    """Find a day for an incident whose own sentences give none: in those after it, or when it was told."""
    for marks in e.marks:
        when = event_days(marks, marks.sentence.start)
        days = days_of(when, None)
        recent = same_days(days, _lately(published, days)) is not False
        if when and days and days[2] == "day" and recent:
            return days, when
    for m in e.mentions:
        for when in m.marks.whens:
            days = None if when.since or when.precision != "day" else days_of(when, None)
            if days and same_days(days, _lately(published, days)) is not False:
                return days, when
    return None


def _joins(m: Mention, days: Days | None, e: Episode, published: date | None) -> int:
    """Score how a mention fits an episode: negative when it contradicts it."""
    own = e.days or _lately(published, days)
    day = same_days(days, own)
    place = None if day is False else same_place(m.place, e.place)
    if day is False or place is False:
        return -1
    elsewhen = days is not None and e.days is not None and apart(days, e.days)
    counts = m.place is not None or any(t.fate == "dead" for t in m.marks.tolls)
    later = m.when is not None and (m.when.shift or 0) > 0 and place is True
    if (elsewhen and counts and place is not True) or ((elsewhen or later) and _named_apart(m, e)):
        return -1
    fresh = m.place is None and same_days(days, _lately(published, days, 4)) is True
    if all(x.summary for x in e.mentions) and m.place is not None and place is not True:
        return -1
    if m.back and m.place is not None and e.place is not None and place is not True:
        return -1
    alone = m.back and days is not None and e.days is None and not fresh
    alone = alone and (not place or _told_otherwise(e, days, published))
    known = bool(day and place) or (e.days is None and (bool(place) or e.place is None))
    named = m.place and e.place and fold(m.place.name) != fold(e.place.name)
    if alone or (m.another and (not known or elsewhen or named)):
        return -1
    return 2 * (day is True and e.days is not None) + 2 * (place is True)


def _told_otherwise(e: Episode, days: Days | None, published: date | None) -> bool:
    """Say whether an incident without a day of its own is told with another than an earlier deed's."""
    told = days_told(e, published)
    return told is not None and same_days(told[0], days) is False


def _named_apart(m: Mention, e: Episode) -> bool:
    """Say whether a later day comes with another name and dead of its own: near by, and not the same."""
    dead = [t.best or t.low for t in m.marks.tolls if t.fate == "dead" and t.side != "attackers"]
    names = m.place and e.place and fold(m.place.name) != fold(e.place.name)
    return bool(names and dead)


def _lately(published: date | None, days: Days | None, back: int = LATELY) -> Days | None:
    """Return when an incident told without a day can have been, for holding an old day against it."""
    if published is None or days is None:
        return None
    return published - timedelta(days=back), published + timedelta(days=2), "week"


def _extended(e: Episode, m: Mention, days: Days | None) -> Episode:
    place = e.place
    if m.place and (place is None or _finer(m.place, place) or _told_from(m, place)):
        place = m.place
    better = (
        days
        if days and (e.days is None or e.inherited or (e.days[2] != "day" and days[2] == "day"))
        else e.days
    )
    return replace(
        e, mentions=(*e.mentions, m), days=better, place=place, inherited=e.inherited and better is e.days
    )


def _told_from(m: Mention, old: Place) -> bool:
    """Say whether a sentence tells its own place by how it lies to the old one ("at X, north of Y")."""
    return (
        m.place is not None
        and fold(m.place.name) != fold(old.name)
        and LEVELS[m.place.level] >= LEVELS["admin3"]
        and any(
            p.role in ("near", "away") and fold(p.name) == fold(old.name) and p.start > m.place.end
            for p in m.marks.places
        )
    )


def _finer(new: Place, old: Place) -> bool:
    worth = {"scene": 1.5, "near": 0.6, "bare": 0.0, "seat": -4.0}
    rank = [LEVELS[p.level] + worth.get(p.role, 0) - REGIONAL * regional(p) for p in (new, old)]
    return rank[0] > rank[1]


def _current(found: Sequence[Episode], at: int | None) -> Episode | None:
    """Return the incident whose day a new one takes over: the one before it that is no look back."""
    if at is None:
        return None
    news = [e for e in found[: at + 1] if not e.mentions[0].back]
    return news[-1] if news else found[at]


def _opened(m: Mention, days: Days | None, current: Episode | None) -> Episode:
    if days is None and current is not None and not m.back:
        return Episode((m,), current.days, m.place, inherited=current.days is not None)
    return Episode((m,), days, m.place)


def episodes(marks: Sequence[Marks], *, published: date | None = None) -> list[Episode]:
    """Sort the sentences of a text into incidents, in the order in which the text comes to them."""
    found: list[Episode] = []
    at: int | None = None
    before: list[Marks] = []
    items, lines = _items(marks), _lines(marks)
    last: Marks | None = None
    for one in marks:
        m, last = _counted_back(mention_of(one), last), one
        if m is None:
            at = _trailed(found, at, one)
            before = [*before[-2:], one]
            continue
        m = _headed(m, [b for b in before if _heads(b, one, found, at)])
        own = one.sentence.number in lines or (
            one.sentence.paragraph in items
            and not any(
                x.marks.sentence.paragraph == one.sentence.paragraph for e in found for x in e.mentions
            )
        )
        if own and (m.when or m.place):
            found.append(_opened(replace(m, another=True), days_of(m.when, None), None))
            at = len(found) - 1
        else:
            at = _placed(found, at, m, published)
        before = []
    return found


def _counted_back(m: Mention | None, last: Marks | None) -> Mention | None:
    """Date "two days after gunmen stormed X" by the day of the clause before it."""
    if m is None or last is None or m.when is None or not (m.when.shift or 0) > 0:
        return m
    if (
        not _AFTER.search(m.marks.folded[m.when.start : m.when.end + 6])
        or m.when.start - m.marks.sentence.start > 16
    ):
        return m
    base = next((w.first for w in last.whens if w.first and w.precision == "day" and not w.since), None)
    day = base - timedelta(days=m.when.shift or 0) if base else None
    return replace(m, when=replace(m.when, first=day, last=day, shift=None if day else -(m.when.shift or 0)))


_AFTER = re.compile(r"\b(?:after|apres)\b")


def _items(marks: Sequence[Marks]) -> frozenset[int]:
    """Return the paragraphs that are items of a list of incidents."""
    seen: set[int] = set()
    found = set()
    for m in marks:
        if m.sentence.paragraph not in seen and _ITEM.match(m.words()):
            found.add(m.sentence.paragraph)
        seen.add(m.sentence.paragraph)
    return frozenset(found if len(found) >= ITEMS else ())


def _lines(marks: Sequence[Marks]) -> frozenset[int]:
    """Return the sentences that are items of a list within a paragraph ("June 9: ... June 11: ...")."""
    found = {
        m.sentence.number
        for m in marks
        for w in m.whens
        if w.start == m.sentence.start and m.folded.startswith((":", " :"), w.end)
    }
    return frozenset(found if len(found) >= ITEMS else ())


ITEMS = 3  # paragraphs with a bullet, a number or a day at their head: from so many on they are a list
_ITEM = re.compile(
    r"[-•*–—▪]\s?\w|\(?\d{1,2}[.)]\s|\d{1,2}(?:er)? ?[/.]|\d{1,2}(?:-\d{1,2})?(?:er)? [a-z]{3,9}\.?\W"
)


def _heads(before: Marks, one: Marks, found: Sequence[Episode], at: int | None) -> bool:
    """Say whether a sentence without a deed sets the scene for the one after it.

    It does at the head of a text, as a short heading, and where it opens the paragraph of the other.
    """
    if any(h.key in PAST for h in before.unreal) or any(h.key != "burial" for h in before.aggregate):
        return False
    short = before.sentence.end - before.sentence.start <= HEADING
    adjacent = one.sentence.number - before.sentence.number == 1
    if at is None or (short and adjacent):
        return True
    if adjacent and any((w.shift or 0) > 0 and w.start == before.sentence.start for w in before.whens):
        return True  # "The next day reinforcements came."
    opened = found[at].last < before.sentence.number
    return opened and before.sentence.paragraph == one.sentence.paragraph != found[at].paragraph


def _headed(m: Mention, before: Sequence[Marks]) -> Mention:
    """Give a mention the day and the scene that the sentences before it set, where it names none."""
    long_ago = any(w.precision == "year" for w in m.marks.whens)
    for one in reversed(before):
        when = m.when or (None if long_ago else event_days(one, one.sentence.start))
        if m.when is not None and m.when.rule == "weekday":
            when = next((w for w in one.whens if w.start == one.sentence.start and w.rule == "date"), m.when)
        where = one.once(scene) if m.place is None else m.place
        short = one.sentence.end - one.sentence.start <= HEADING
        fine = where is not None and (where.role in ("scene", "near") or (short and where.role == "bare"))
        m = replace(m, when=when, place=where if fine else m.place)
    return m


def _placed(found: list[Episode], at: int | None, m: Mention, published: date | None) -> int | None:
    """Put a mention into the episode it fits best, or open one; return the episode that the text is at."""
    days = days_of(m.when, found[at].days if at is not None else None)
    if at is not None and _BODIES.search(m.marks.words()) and not m.another:
        found[at] = replace(found[at], mentions=(*found[at].mentions, replace(m, place=None, when=None)))
        return at
    scores = [_joins(m, days, e, published) for e in found]
    best = max(range(len(found)), key=lambda i: (scores[i], i == at, i), default=None)
    anchored = m.when is not None or m.place is not None
    if at is not None and not anchored and _PLUPERFECT.search(m.marks.words()) and not m.marks.find("report"):
        m = replace(m, marks=replace(m.marks, tolls=()))  # the toll of what was before
    if best is not None and scores[best] >= 0:
        best = at if not anchored and at is not None and scores[at] >= 0 else best
        found[best] = _extended(found[best], m, days)
        return best
    if best is not None and at is not None and _refers_back(m) and _about(days, found[at].days):
        found[at] = replace(found[at], mentions=(*found[at].mentions, replace(m, place=None, when=None)))
        return at
    if anchored or best is None or any(t.fate == "dead" for t in m.marks.tolls):
        found.append(_opened(m, days, _current(found, at)))
        return len(found) - 1
    return at


_PLUPERFECT = phrase("episodes.pluperfect")
_DEFINITE = re.compile(r"(?:^|[\s\"'(,])(?:the|this|that|cette|cet|ce|la|le|l')[\s]?(?:\w+[\s]){0,2}$")
_NOUN = phrase("episodes.noun")
_THIS = re.compile(r"(?:^|[\s\"'(,])(?:this|that|these|cette|cet|ce|ces)[\s](?:\w+[\s]){0,2}$")


def _about(a: Days | None, b: Days | None) -> bool:
    """Say whether two times come within some days: "the attack" of half a year ago is another one."""
    return a is None or b is None or abs(a[0] - b[0]) <= timedelta(days=LATELY)


def _refers_back(m: Mention) -> bool:
    """Say whether a sentence speaks of "the attack" told before, and names a place or day in passing."""
    if m.another or m.back or (m.place is None and m.when is None):
        return False
    deed = next(iter(m.marks.strong), None)
    if deed is None or not _NOUN.fullmatch(m.marks.folded[deed.start : deed.end]):
        return False
    before = m.marks.folded[max(m.marks.sentence.start, deed.start - 30) : deed.start]
    if _THIS.search(before):
        return True
    gaps = [m.marks.folded[deed.end : x.start] for x in (m.place, m.when) if x is not None]
    own = any(OWN_PLACE[m.marks.lang].match(gap) and len(gap) < 45 for gap in gaps)
    return bool(_DEFINITE.search(before)) and not own


_IT_WAS = phrase("episodes.it_was")


def _trailed(found: list[Episode], at: int | None, marks: Marks) -> int | None:
    """Let a sentence without a deed follow the incident told before it: claims and scenes stand in such."""
    if at is None:
        return None
    if marks.sentence.number - found[at].last <= TRAIL:
        e = found[at] = replace(found[at], trailing=(*found[at].trailing, marks))
        days = days_of(event_days(marks, marks.sentence.start), None)
        if days and days[2] == "day" and (e.days is None or e.inherited) and _IT_WAS.search(marks.words()):
            where = marks.once(scene)
            fine = where is not None and where.role == "scene" and (e.place is None or _finer(where, e.place))
            found[at] = replace(e, days=days, inherited=False, place=where if fine else e.place)
    return at
