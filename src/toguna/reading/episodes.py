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
from toguna.reading.gazetteer import close
from toguna.reading.lexicon import Hit, phrase
from toguna.reading.marks import Marks
from toguna.reading.places import Place

__all__ = ["HEADING", "Episode", "Mention", "days_told", "episodes", "event_days", "scene"]

Days = tuple[date, date, str]
HEADING = 70  # letters: a sentence so short that only names day or place heads the one after it
NEARBY = 100.0  # km: "near X" and "near Y" may be one scene when the two lie closer than this
LATELY = 8  # days before publication that an incident told without a day is taken to lie within
TRAIL = 3  # sentences without a deed that may stand between two of one incident
LEVELS = {"point": 5, "admin3": 4, "admin2": 3, "admin1": 2, "area": 1, "country": 0}
_LETHAL = phrase("episodes.lethal")
_VERY = re.compile(r"\b(?:hauteur|environs|sortie|abords|lisiere|outskirts|village|hameau) (?:of|d[eu']) ?$")
_MANY = phrase("episodes.many")
_GENERAL = phrase("episodes.general")
_LIKE = re.compile(
    r"\b(?:similar\w*|reminiscent|resembl\w+|recall\w*|rappel\w+|semblable|similaire|compar\w+)\b"
)


@dataclass(frozen=True)
class Mention:
    """One sentence that tells of an incident: its marks, the day and scene it names, how it is told."""

    marks: Marks
    when: When | None = None
    place: Place | None = None
    strong: bool = False
    another: bool = False
    back: bool = False
    summary: bool = False


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
    """

    mentions: tuple[Mention, ...]
    days: Days | None = None
    place: Place | None = None
    inherited: bool = False
    trailing: tuple[Marks, ...] = field(default=(), repr=False)

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


def event_days(marks: Marks, at: int) -> When | None:
    """Choose the time at which the deed of a sentence was done; a day of saying is not one.

    Parameters
    ----------
    marks : Marks
        The sentence.
    at : int
        Offset of the deed: of two days the nearer one counts.
    """
    reports = [
        *marks.find("report"),
        *marks.find("toll"),
        *(h for h in marks.find("claim") if h.key != "none"),
    ]
    told = [w for w in marks.whens if not w.since and not _of_saying(marks, w, reports)]
    whose = [w for w in told if re.fullmatch(r"(?:'s)? ", marks.folded[w.end : at]) and at > w.end]
    if whose:
        return whose[-1]  # "last week's attack ... on Tuesday"
    exact = [w for w in told if w.precision == "day"] or [w for w in told if w.precision in ("week", "month")]
    return min(exact, key=lambda w: (w.rule == "hanging", abs(w.start - at)), default=None)


def _of_saying(marks: Marks, when: When, reports: Sequence[Hit]) -> bool:
    """Say whether a day belongs to a verb of saying: "the army said Saturday", "on Monday announced"."""
    if marks.folded[when.start : when.end].endswith("'s") or any(
        0 <= d.start - when.end <= 3 for d in marks.deeds
    ):
        return False  # "Friday's assault"
    for hit in reports:
        start, end = hit.start, hit.end
        after = end <= when.start
        between = marks.folded[end : when.start] if after else marks.folded[when.end : start]
        far = len(between) > 42 if after else len(between) > 16 or "," in between
        kinds = ("strong",) if hit.key in ("active", "passive") else ("strong", "soft")
        deeds = [d for d in marks.deeds if d.key in kinds]
        deed = any(min(end, when.end) <= d.start < max(start, when.start) for d in deeds)
        if not far and not deed and not re.search(r"[.;:\"]|,.*,|\bthat\b|\bqu[e']", between):
            return True
    return False


def days_told(e: Episode, published: date | None) -> tuple[Days, When] | None:
    """Find a day for an incident whose own sentences give none: in those after it, or when it was told."""
    for marks in e.marks:
        when = event_days(marks, marks.sentence.start)
        days = _days_of(when, None)
        recent = _same_days(days, _lately(published, days)) is not False
        if when and days and days[2] == "day" and recent:
            return days, when
    for m in e.mentions:
        for when in m.marks.whens:
            days = None if when.since or when.precision != "day" else _days_of(when, None)
            if days and _same_days(days, _lately(published, days)) is not False:
                return days, when
    return None


def scene(marks: Marks) -> Place | None:
    """Choose where the deed of a sentence was done: the finest place that is no desk and no elsewhere."""
    order = {"scene": 2, "near": 1, "bare": 0, "seat": -1}
    found = [p for p in marks.places if p.role in order and p.level != "country"]
    strong = [d for d in marks.deeds if d.key == "strong"] or list(marks.deeds)
    first = strong[0].start if strong else marks.sentence.start
    return max(
        found,
        key=lambda p: (
            (LEVELS[p.level] + (order[p.role] > 0)) * (p.role != "seat"),
            order[p.role] + bool(_VERY.search(marks.folded[max(0, p.start - 24) : p.start])),
            -abs(p.start - first),
        ),
        default=None,
    )


def _told_as_fact(marks: Marks) -> bool:
    """Say whether the sentence tells of violence as of something that happened."""
    hurt = any(t.fate in ("dead", "wounded", "hostages") for t in marks.tolls)
    kinds = {h.key for h in marks.unreal}
    if kinds & {"exercise", "memory"} or ("training" in kinds and not hurt):
        return False
    day = any(w.precision == "day" and not w.since for w in marks.whens)
    if marks.aggregate and not day:
        return False
    if marks.mishap and not any(d.key == "strong" for d in marks.deeds):
        return False
    return any(not _unreal(marks, d.start, d.end) for d in marks.deeds) or hurt


def _unreal(marks: Marks, start: int, end: int) -> bool:
    for h in marks.unreal:
        between = marks.folded[h.end : start] if h.end <= start else marks.folded[end : h.start]
        near = len(between) < (60 if h.end <= start else 22)
        if near and not re.search(r"[.;:]", between):
            return True
        if h.start <= start < h.end:
            return True
    return False


def _mention(marks: Marks) -> Mention | None:
    real = [d for d in marks.deeds if not _unreal(marks, d.start, d.end)]
    hurt = any(t.fate in ("dead", "wounded", "hostages") for t in marks.tolls)
    if not _told_as_fact(marks) or not (any(d.key == "strong" for d in real) or hurt):
        return None
    deed = next((d for d in real if d.key == "strong"), real[0] if real else None)
    if like := _LIKE.search(marks.words()):
        deed = next((d for d in real if d.start > marks.sentence.start + like.start()), deed)
    at = deed.start if deed else marks.sentence.start
    when = event_days(marks, at)
    if not hurt and _claims(marks, at):
        return None  # what a claimant says of his reasons is no incident of its own
    if not hurt and when is None and all(_GENERAL.fullmatch(marks.folded[d.start : d.end]) for d in real):
        return None  # "attacks are frequent in the region"
    strong = (deed is not None and deed.key == "strong") or bool(_LETHAL.search(marks.words()))
    return Mention(
        marks, event_days(marks, at), scene(marks), strong, bool(marks.another), bool(marks.earlier),
        bool(_MANY.search(marks.words())),
    )  # fmt: skip


def _claims(marks: Marks, at: int) -> bool:
    """Say whether a deed is only named in the reasons of a claim ("saying that it avenged the raid")."""
    before = [h for h in marks.find("claim") if h.end <= at]
    return any(_REASON.search(marks.folded[h.end : at]) for h in before)


_REASON = re.compile(
    r"\b(?:saying|response|aveng\w+|revenge|reprisal|retaliation|reaction|because|venge\w*|represailles|riposte|reponse"
    r"|reagi\w*|en raison)\b"
)


def _days_of(when: When | None, base: Days | None) -> Days | None:
    if when is None:
        return None
    if when.shift is not None:
        if base is None:
            return None
        first = base[0] + timedelta(days=when.shift)
        return first, first, when.precision
    return (when.first, when.last, when.precision) if when.first and when.last else None


def _same_days(a: Days | None, b: Days | None) -> bool | None:
    """Compare two times: None when one is not told."""
    if a is None or b is None:
        return None
    day = timedelta(days=1)
    return a[0] - day <= b[1] and b[0] - day <= a[1]


def _apart(a: Days, b: Days) -> bool:
    """Say whether two times share no day, though they come within one of each other."""
    return "day" == a[2] == b[2] and (a[1] < b[0] or b[1] < a[0])


def same_place(a: Place | None, b: Place | None) -> bool | None:
    """Compare two places: None when one is not told or too coarse to contradict."""
    if a is None or b is None or "seat" in (a.role, b.role):
        return None
    if fold(a.name) == fold(b.name):
        return True
    near = "near" in (a.role, b.role)
    if not a.spots or not b.spots:
        return False if min(LEVELS[a.level], LEVELS[b.level]) >= 4 and not near else None
    if _close(a, b, 25.0):
        return True
    if near and _close(a, b, NEARBY):
        return None
    return _within(a, b) if {a.level, b.level} & {"admin1", "admin2", "area"} else False


def _close(a: Place, b: Place, within_km: float) -> bool:
    return any(close(x, y, within_km=within_km) for x in a.spots for y in b.spots)


def _within(a: Place, b: Place) -> bool | None:
    """Say whether one of two places lies in the area that the other is."""
    firsts = [{x.admin1 for x in p.spots if x.admin1} for p in (a, b)]
    if all(firsts):
        return (
            bool(firsts[0] & firsts[1]) or None
            if "admin2" in (a.level, b.level)
            else bool(firsts[0] & firsts[1])
        )
    return None


def _joins(m: Mention, days: Days | None, e: Episode, published: date | None) -> int:
    """Score how a mention fits an episode: negative when it contradicts it."""
    own = e.days or _lately(published, days)
    day, place = _same_days(days, own), same_place(m.place, e.place)
    if day is False or place is False:
        return -1
    elsewhen = days is not None and e.days is not None and _apart(days, e.days)
    counts = m.place is not None or any(t.fate == "dead" for t in m.marks.tolls)
    if elsewhen and place is not True and counts:
        return -1
    fresh = m.place is None and _same_days(days, _lately(published, days, 4)) is True
    alone = m.back and days is not None and e.days is None and not place and not fresh
    known = bool(day and place) or (e.days is None and (bool(place) or e.place is None))
    named = m.place and e.place and fold(m.place.name) != fold(e.place.name)
    if alone or (m.another and (not known or elsewhen or named)):
        return -1
    return 2 * (day is True and e.days is not None) + 2 * (place is True)


def _lately(published: date | None, days: Days | None, back: int = LATELY) -> Days | None:
    """Return when an incident told without a day can have been, for holding an old day against it."""
    if published is None or days is None:
        return None
    return published - timedelta(days=back), published + timedelta(days=2), "week"


def _extended(e: Episode, m: Mention, days: Days | None) -> Episode:
    place = e.place
    if m.place and (place is None or _finer(m.place, place)):
        place = m.place
    better = (
        days
        if days and (e.days is None or e.inherited or (e.days[2] != "day" and days[2] == "day"))
        else e.days
    )
    return replace(
        e, mentions=(*e.mentions, m), days=better, place=place, inherited=e.inherited and better is e.days
    )


def _finer(new: Place, old: Place) -> bool:
    worth = {"scene": 1.5, "near": 0.4, "bare": 0.0, "seat": -4.0}
    return LEVELS[new.level] + worth.get(new.role, 0) > LEVELS[old.level] + worth.get(old.role, 0)


def _opened(m: Mention, days: Days | None, current: Episode | None) -> Episode:
    if days is None and current is not None and not m.back:
        return Episode((m,), current.days, m.place, inherited=current.days is not None)
    return Episode((m,), days, m.place)


def episodes(marks: Sequence[Marks], *, published: date | None = None) -> list[Episode]:
    """Sort the sentences of a text into incidents, in the order in which the text comes to them."""
    found: list[Episode] = []
    at: int | None = None
    before: list[Marks] = []
    for one in marks:
        m = _mention(one)
        if m is None:
            at = _trailed(found, at, one)
            before = [*before[-2:], one]
            continue
        m = _headed(m, [b for b in before if _heads(b, one, found, at)])
        at = _placed(found, at, m, published)
        before = []
    return found


def _heads(before: Marks, one: Marks, found: Sequence[Episode], at: int | None) -> bool:
    """Say whether a sentence without a deed sets the scene for the one after it.

    It does at the head of a text, as a short heading, and where it opens the paragraph of the other.
    """
    short = before.sentence.end - before.sentence.start <= HEADING
    adjacent = one.sentence.number - before.sentence.number == 1
    if at is None or (short and adjacent):
        return True
    opened = found[at].last < before.sentence.number
    return opened and before.sentence.paragraph == one.sentence.paragraph != found[at].paragraph


def _headed(m: Mention, before: Sequence[Marks]) -> Mention:
    """Give a mention the day and the scene that the sentences before it set, where it names none."""
    for one in reversed(before):
        when = m.when or event_days(one, one.sentence.start)
        if m.when is not None and m.when.rule == "weekday":
            when = next((w for w in one.whens if w.start == one.sentence.start and w.rule == "date"), m.when)
        where = scene(one) if m.place is None else m.place
        fine = where is not None and where.role in ("scene", "near")
        m = replace(m, when=when, place=where if fine else m.place)
    return m


def _placed(found: list[Episode], at: int | None, m: Mention, published: date | None) -> int | None:
    """Put a mention into the episode it fits best, or open one; return the episode that the text is at."""
    days = _days_of(m.when, found[at].days if at is not None else None)
    scores = [_joins(m, days, e, published) for e in found]
    best = max(range(len(found)), key=lambda i: (scores[i], i == at, i), default=None)
    anchored = m.when is not None or m.place is not None
    if at is not None and not anchored and _PLUPERFECT.search(m.marks.words()) and not m.marks.find("report"):
        m = replace(m, marks=replace(m.marks, tolls=()))  # the toll of what was before
    if best is not None and scores[best] >= 0:
        best = at if not anchored and at is not None and scores[at] >= 0 else best
        found[best] = _extended(found[best], m, days)
        return best
    if best is not None and at is not None and _refers_back(m):
        found[at] = replace(found[at], mentions=(*found[at].mentions, replace(m, place=None)))
        return at
    if anchored or best is None or any(t.fate == "dead" for t in m.marks.tolls):
        found.append(_opened(m, days, found[at] if at is not None else None))
        return len(found) - 1
    return at


_PLUPERFECT = re.compile(
    r"\bavai(?:t|ent) (?:deja )?(?:ete (?:tue|abattu|bless|enlev)|tue|fait|coute|perdu)"
    r"|\bhad (?:already )?(?:been )?(?:killed|claimed|died)"
)
_DEFINITE = re.compile(r"(?:^|[\s\"'(,])(?:the|this|that|cette|cet|ce|la|le|l')[\s]?(?:\w+[\s]){0,2}$")
_OWN_PLACE = re.compile(r"^[\s](?:on|in|at|against|near|contre|a|de|d'|sur|dans|du)\b")


def _refers_back(m: Mention) -> bool:
    """Say whether a sentence speaks of "the attack" told before, though it names another place in passing."""
    if m.when is not None or m.another or m.back or m.place is None:
        return False
    deed = next((d for d in m.marks.deeds if d.key == "strong"), None)
    if deed is None:
        return False
    before = m.marks.folded[max(m.marks.sentence.start, deed.start - 30) : deed.start]
    gap = m.marks.folded[deed.end : m.place.start]
    own = _OWN_PLACE.match(gap) and len(gap) < 45
    return bool(_DEFINITE.search(before)) and not own


def _trailed(found: list[Episode], at: int | None, marks: Marks) -> int | None:
    """Let a sentence without a deed follow the incident told before it: claims and scenes stand in such."""
    if at is None:
        return None
    if marks.sentence.number - found[at].last <= TRAIL:
        found[at] = replace(found[at], trailing=(*found[at].trailing, marks))
    return at
