"""Everything that the dictionaries find in one sentence, side by side.

Enters: a text and its setting. Leaves: one `Marks` for each sentence. Called by
`toguna.reading.rules`; what follows (episodes, incidents, authors) only reads marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from toguna.actors.registry import Registry
from toguna.core.text import fold
from toguna.reading.days import When, days
from toguna.reading.documents import Text
from toguna.reading.gazetteer import Gazetteer, close
from toguna.reading.groups import Group, Groups
from toguna.reading.lexicon import Hit, hits, phrase, plain
from toguna.reading.names import loose_names
from toguna.reading.places import Place, countries_in, dateline, is_kind, places
from toguna.reading.plain import folded
from toguna.reading.prose import is_chronology
from toguna.reading.sentences import Sentence, sentences
from toguna.reading.tolls import Toll, tolls

__all__ = ["Marks", "Setting", "mark"]

T = TypeVar("T")


_FRAME = phrase("marks.frame")
_STAMP, _DATED, _BARE_DAY = phrase("marks.stamp"), phrase("marks.dated"), phrase("marks.bare_day")
_CREDIT, _TAIL = phrase("marks.credit"), phrase("marks.tail")
_WIRE, _AFTER = phrase("marks.wire"), phrase("marks.since_then")
_AND = phrase("marks.and")
_WORD = re.compile(r"[^\W\d_]+")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
CAPTION, CLAUSE = 230, 24
"""Letters: the longest caption or link, and the shortest clause that tells something of its own."""
STAMPED = 110
"""Letters: a sentence so short that begins as "Published on ..." dates the page and nothing in it."""
MOST_DEAD = 3000  # persons; a larger count is of a war, a year or something else than one incident
DATELINE = 10
"""Days that a dateline may lie before publication and still be the day on which a text was told."""


@dataclass(frozen=True)
class Setting:
    """Where a text is read: the registry and the gazetteer of a theatre, and what is on record.

    Parameters
    ----------
    gazetteer : Gazetteer
        Names of places.
    groups : Groups
        Names of organisations.
    registry : Registry
        Organisations, as of the day of reading.
    known : tuple of dict
        Incidents on record: "id", "date" (date), "place", "tactic", to which background is linked.
    home : Path, optional
        Home whose settings a reader may need; None for the usual one.
    """

    gazetteer: Gazetteer
    groups: Groups
    registry: Registry
    known: tuple[dict[str, object], ...] = field(default=(), repr=False)
    home: Path | None = None


@dataclass(frozen=True)
class Marks:
    """One sentence and what stands in it; extents are offsets into the whole text."""

    sentence: Sentence
    folded: str = field(repr=False)
    lang: str = ""
    deeds: tuple[Hit, ...] = ()
    unreal: tuple[Hit, ...] = ()
    aggregate: tuple[Hit, ...] = ()
    mishap: tuple[Hit, ...] = ()
    another: tuple[Hit, ...] = ()
    earlier: tuple[Hit, ...] = ()
    whens: tuple[When, ...] = ()
    places: tuple[Place, ...] = ()
    groups: tuple[Group, ...] = ()
    tolls: tuple[Toll, ...] = ()
    countries: tuple[tuple[int, str, bool], ...] = ()
    plain: frozenset[str] = field(default=frozenset(), repr=False)
    _made: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was asked of this sentence before: rules ask the same many times."""

    @property
    def span(self) -> tuple[int, int]:
        """Extent of the sentence."""
        return self.sentence.start, self.sentence.end

    def find(self, theme: str) -> tuple[Hit, ...]:
        """Find a theme of the dictionaries in this sentence."""
        found: tuple[Hit, ...] | None = self._made.get(theme)
        if found is None:
            found = self._made[theme] = tuple(hits(theme, self.lang, self.folded, *self.span))
        return found

    def once(self, of: Callable[[Marks], T]) -> T:
        """Return what a function makes of this sentence; it is asked once."""
        if of not in self._made:
            self._made[of] = of(self)
        made: T = self._made[of]
        return made

    def words(self) -> str:
        """Return the folded sentence."""
        return self.folded[self.sentence.start : self.sentence.end]

    @property
    def strong(self) -> tuple[Hit, ...]:
        """Deeds that tell of violence by themselves."""
        return self.once(_strong)

    @property
    def attackers(self) -> bool:
        """Whether attackers stand in it."""
        return self.once(_attackers)


def _strong(m: Marks) -> tuple[Hit, ...]:
    return tuple(d for d in m.deeds if d.key == "strong")


def _attackers(m: Marks) -> bool:
    return any(h.key == "attackers" for h in m.find("person"))


@dataclass(frozen=True)
class _Time:
    """When a text was told: its day, or where that is not known the years it tells, the latest first."""

    day: date | None
    years: tuple[int, ...] = ()


def _one(text: str, sentence: Sentence, blank: Marks, setting: Setting, time: _Time) -> Marks:
    """Mark one sentence; `blank` has the folded text and the language."""
    span, fold, lang = (sentence.start, sentence.end), blank.folded, blank.lang
    groups = setting.groups.find(text, *span)
    taken = [(g.start, g.end) for g in groups]
    line = dateline(text, *span)
    themes = ("deed", "unreal", "aggregate", "mishap", "another", "earlier")
    found = {theme: tuple(hits(theme, lang, fold, *span)) for theme in themes}
    named = places(text, fold, lang, setting.gazetteer, span=span, taken=taken)
    named = [p for p in named if not _plain_word(p, blank.plain, fold)]
    others = [*taken, *((p.start, p.end) for p in named)] + ([line] if line else [])
    named = sorted([*named, *loose_names(text, fold, span, others)], key=lambda p: p.start)
    return Marks(
        sentence,
        fold,
        lang,
        deeds=found["deed"],
        unreal=found["unreal"],
        aggregate=found["aggregate"],
        mishap=found["mishap"],
        another=found["another"],
        earlier=found["earlier"],
        whens=tuple(
            days(
                fold,
                lang,
                published=time.day,
                start=line[1] if line else span[0],
                end=span[1],
                years=time.years,
            )
        ),
        places=tuple(named),
        groups=tuple(groups),
        tolls=tuple(t for t in tolls(fold, lang, span) if (t.best or t.low or 0) <= MOST_DEAD),
        countries=tuple(countries_in(fold, line[1] if line else span[0], span[1])),
    )


def _plain_word(p: Place, here: frozenset[str], fold_here: str) -> bool:
    """Say whether a name is a word that texts have in small letters too, and no place known well."""
    known = any(s.source != "geonames" for s in p.spots)
    if p.role == "dateline" or known or p.end - p.start < 2:
        return False
    word = p.name.lower()
    return word in here or (word in plain() and not is_kind(fold_here[max(0, p.start - 34) : p.start]))


def _body(found: Sequence[Sentence], fold: str) -> list[Sentence]:
    """Leave out what a page puts around its text: links, days, captions, all that follows "Latest news"."""
    size = {s.paragraph: 0 for s in found}
    headed = is_chronology(fold)
    kept: list[Sentence] = []
    linked = -1  # the paragraph after "Read also", which is the title of another page
    for s in found:
        size[s.paragraph] += s.end - s.start
    small = (s for s in found if size[s.paragraph] < CAPTION)
    credited = {s.paragraph for s in small if _CREDIT.search(fold, s.start, s.end)}
    for i, s in enumerate(found):
        short = size[s.paragraph] < CAPTION
        if short and _TAIL.search(fold[s.start : s.end]) and s.start > len(fold) // 2:
            break
        if short and _FRAME.match(fold, s.start, s.end):
            linked = s.paragraph + 1
        title = s.paragraph == linked and short and fold[s.end - 1] not in '.!?;"'
        after_clock = i > 0 and _CLOCK.fullmatch(fold[found[i - 1].start : found[i - 1].end])
        if not (
            _framing(s, fold, headed=headed) or after_clock or title or (short and s.paragraph in credited)
        ):
            kept.append(s)
    return kept


def _parted(s: Sentence, text: str, fold: str) -> list[Sentence]:
    """Part a sentence before "two days after ...", which tells of another deed, and before a dateline."""
    cuts = [m.end() for m in _WIRE.finditer(text, s.start, s.end)] if s.number < 4 else []
    cuts += [
        m.end()
        for m in _AFTER.finditer(fold, s.start, s.end)
        if s.end - m.end() > CLAUSE < m.start() - s.start
    ]
    ends = [s.start, *sorted(cuts), s.end]
    return [replace(s, start=a, end=b) for a, b in pairwise(ends) if b > a]


def _framing(s: Sentence, fold: str, *, headed: bool) -> bool:
    """Say whether a sentence belongs to the page and not to what it tells: links, its day.

    In a chronology (`headed`) a day alone is the heading of what follows.
    """
    said, short = fold[s.start : s.end], s.end - s.start < STAMPED and s.number < 8
    dated = short and (_DATED.match(said) or (not headed and _BARE_DAY.match(said)))
    return bool(dated or _FRAME.match(fold, s.start, s.end))


def _unstamped(s: Sentence, blank: Marks, published: date | None) -> Sentence:
    """Cut the day that a page puts before its first words ("2019-03-17 CAPITAL: ...")."""
    found = _STAMP.match(blank.folded, s.start, s.end) if s.number < 3 else None
    if found is None or found.end() >= s.end:
        return s
    told = days(blank.folded, blank.lang, published=published, start=s.start, end=found.end())
    old = published and any(w.first and abs((published - w.first).days) > DATELINE for w in told)
    return s if old else replace(s, start=found.end())


def mark(text: Text, lang: str, setting: Setting, *, published: date | None) -> Sequence[Marks]:
    """Mark every sentence of a text."""
    blank = Marks(Sentence(0, 0, 0, 0), folded(text.text), lang)
    body = _body([_unstamped(s, blank, published) for s in sentences(text.text)], blank.folded)
    every = [part for s in body for part in _parted(s, text.text, blank.folded)]
    every = [s if s.number == n else replace(s, number=n) for n, s in enumerate(every)]
    day = _told_on(text.text, blank, every[:4], published)
    time = _Time(day, () if day else _years(blank))
    named = {c for _, c, _ in countries_in(blank.folded, 0, len(blank.folded))}
    setting = replace(setting, gazetteer=setting.gazetteer.of(named))
    blank = replace(blank, plain=frozenset(w for w in _WORD.findall(text.text) if w.islower()))
    found: list[Marks] = []
    for s in every:
        one = _one(text.text, s, blank, setting, time)
        at = _joint(one)
        if at is None:
            found.append(one)
            continue
        first, second = (replace(s, end=at), replace(s, start=at))
        found.append(_one(text.text, first, blank, setting, time))
        rest = _one(text.text, second, blank, setting, time)
        found.append(replace(rest, another=rest.another or (Hit("half", at, at),)))
    return [
        m if m.sentence.number == n else replace(m, sentence=replace(m.sentence, number=n))
        for n, m in enumerate(found)
    ]


def _joint(one: Marks) -> int | None:
    """Find where a sentence of two deeds at two places falls apart ("... at X, and five ... near Y")."""
    scenes = [
        p for p in one.places if p.role in ("scene", "near") and p.level in ("point", "admin2", "admin3")
    ]
    deeds = [d.start for d in one.strong]
    deeds += [t.start for t in one.tolls if t.side != "attackers"]
    if len(scenes) < 2 or len(deeds) < 2:
        return None
    for m in _AND.finditer(one.folded, *one.span):
        sides = [[p for p in scenes if (p.start > m.start()) == right] for right in (False, True)]
        told = all(any((d > m.start()) == right for d in deeds) for right in (False, True))
        if told and all(sides) and not any(_near(a, b) for a in sides[0] for b in sides[1]):
            return m.end()
    return None


def _near(a: Place, b: Place) -> bool:
    return fold(a.name) == fold(b.name) or any(close(x, y) for x in a.spots for y in b.spots)


def _dated(blank: Marks) -> list[When]:
    """Return what a text tells of time that needs no day of publication."""
    return days(blank.folded, blank.lang, published=None, start=0, end=len(blank.folded))


def _latest(blank: Marks) -> date:
    """Return the latest day that a text gives with its year: no page is older than what it tells."""
    return max((w.first for w in _dated(blank) if w.first and w.rule == "date"), default=date.min)


def _years(blank: Marks) -> tuple[int, ...]:
    """Return the years that a text tells, the latest first."""
    return tuple(sorted({w.first.year for w in _dated(blank) if w.first}, reverse=True))


def _told_on(text: str, blank: Marks, first: Sequence[Sentence], published: date | None) -> date | None:
    """Return the day from which "Friday" counts: that of a dateline, when it is close to publication."""
    for s in first:
        line = dateline(text, s.start, s.end)
        told = days(blank.folded, blank.lang, published=published, start=line[0], end=line[1]) if line else []
        exact = [w.first for w in told if w.rule == "date" and w.first]
        if exact and (published is None or 0 <= (published - exact[0]).days <= DATELINE):
            return exact[0] if published or exact[0] >= _latest(blank) else None
    return published
