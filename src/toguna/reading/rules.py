"""The reader that comes with Toguna: dictionaries and rules, offline.

Enters: a `Text` and a `Setting`. Leaves: `Drafts`. Registered as ``rules`` in the group
``toguna.readers``; called by `toguna read` and benches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from toguna.actors.registry import Registry
from toguna.reading.confidence import Weights, shipped
from toguna.reading.documents import Text
from toguna.reading.drafts import DraftIncident, Drafts
from toguna.reading.episodes import HEADING, Episode, episodes
from toguna.reading.gazetteer import Gazetteer, capital_of
from toguna.reading.groups import Groups
from toguna.reading.incidents import Context, draft
from toguna.reading.kin import settled
from toguna.reading.known import on_record
from toguna.reading.lexicon import hits
from toguna.reading.marks import Marks, Setting, mark
from toguna.reading.mentions import PAST, frees, kills
from toguna.reading.plain import folded
from toguna.reading.relations import relations
from toguna.reading.responses import responses
from toguna.reading.scenes import chosen
from toguna.reading.tongue import language_of
from toguna.reading.twice import joined, refined
from toguna.store.theatre import Theatre

__all__ = ["RulesReader", "setting_of_theatre"]

IN_PASSING = 0.6  # share of the least chance that suffices for an incident told in passing
RECENT = timedelta(days=21)
"""An incident older than this at publication is background, unless the text has nothing newer."""
STALE = timedelta(days=120)
"""A text whose newest incident is older than this tells history and proposes none."""
BACKGROUND = timedelta(days=800)
"""Older background is history as well."""
LEADING = 3
"""Sentences at the head of a text that say what it is about: a trial, an exercise, a denial."""
HEAD = 6
"""Sentences at the head of a text in which an incident of some weeks ago can be its news."""
SPORT = 4  # words of sport; a text with more of them than victims is about a game


def setting_of_theatre(theatre: Theatre, *, as_of: date, known: Sequence[Mapping[str, Any]] = ()) -> Setting:
    """Make the setting of a theatre as of a date; `known` are incidents on record with id, date and place."""
    registry = Registry.build(theatre, as_of=as_of)
    return Setting(Gazetteer.build(theatre), Groups.build(registry), registry, tuple(dict(k) for k in known))


class RulesReader:
    """Reads by dictionaries and rules; the same text gives the same drafts."""

    name = "rules"

    def __init__(self, setting: Setting, weights: Weights | None = None) -> None:
        self.setting = setting
        self.weights = weights or shipped()

    def read(self, text: Text, *, lang: str = "auto", published: date | None = None) -> Drafts:
        """Read one text; see `toguna.reading.protocol.Reader`."""
        day = published or text.published
        fold_ = folded(text.text)
        tongue = language_of(fold_) if lang == "auto" else lang
        marks = settled(mark(text, tongue, self.setting, published=day), day)
        context = Context.of(marks, self.setting, self.weights, day)
        proposed = (
            [] if _playful(marks, fold_, tongue) or _luckless(marks) else self._incidents(marks, context)
        )
        return Drafts(
            self.name,
            tongue,
            day,
            tuple(d for d, _ in proposed),
            tuple(relations(marks, context)),
            tuple(responses(marks, context)),
            () if day else ("no-day-of-publication",),
        )

    def features(
        self, text: Text, *, lang: str = "auto", published: date | None = None
    ) -> list[tuple[DraftIncident, list[str]]]:
        """Return every incident that could be proposed, with its features; for training."""
        day = published or text.published
        tongue = language_of(folded(text.text)) if lang == "auto" else lang
        marks = settled(mark(text, tongue, self.setting, published=day), day)
        return self._all(marks, Context.of(marks, self.setting, self.weights, day))

    def _all(self, marks: Sequence[Marks], context: Context) -> list[tuple[DraftIncident, list[str]]]:
        found: list[Episode] = []
        told = episodes(marks, published=context.published)
        told = [refined(_headed(e, marks), told, marks) for e in told]
        told = _without_summaries(joined(told, context.published))
        for e in told:
            found.append(
                _anywhere(_at_desk(_headed(_there(refined(e, told, marks), found), marks), marks), marks)
            )
        found = [chosen(e, found, marks, self.weights) for e in found]
        found = joined(found, context.published)
        mains = [_is_main(e, i, context.published) for i, e in enumerate(found)]
        if found and not any(mains) and not _stale(found, context.published) and _leads(found[0]):
            mains[0] = True
        return [draft(e, context, main=m) for e, m in zip(found, mains, strict=True)]

    def _incidents(self, marks: Sequence[Marks], context: Context) -> list[tuple[DraftIncident, list[str]]]:
        found = [
            (d, f)
            for d, f in self._all(marks, context)
            if d.confidence >= self.weights.least * (1 if d.main else IN_PASSING) and _placed(d, f)
        ]
        if any(
            h.key in (*PAST, "report", "burial") for m in marks[:LEADING] for h in (*m.unreal, *m.aggregate)
        ):
            found = [(d, f) for d, f in found if {"day", "toll", "deed"} <= set(f)]
            if sum(h.key in ("exercise", "denial") for m in marks for h in m.unreal) > 1:
                return []
        if any(frees(m) for m in marks[:2]) and not any(kills(m) for m in marks):
            return []
        if not any(d.main for d, _ in found):
            return []
        kept = [(d, f) for d, f in found if d.main or _told_well(d, f, context.published)]
        return [(replace(d, known=on_record(d, self.setting)), f) for d, f in kept]


_SAME = re.compile(
    r"(?:^|[\s,])(?:y|meme (?:lieu|localite|village|ville|zone)"
    r"|same (?:area|place|town|village|spot)|there)[\s]"
)


def _playful(marks: Sequence[Marks], fold_: str, lang: str) -> bool:
    sport = len(hits("topic", lang, fold_))
    dead = sum(t.fate == "dead" for m in marks for t in m.tolls)
    return sport >= SPORT and sport > 3 * dead


def _luckless(marks: Sequence[Marks]) -> bool:
    """Say whether a text is about an accident or disaster: it begins with one, and tells less of violence."""
    mishaps = sum(len(m.mishap) for m in marks)
    violent = sum(d.key == "strong" for m in marks for d in m.deeds)
    violent += sum(h.key == "attackers" for m in marks for h in m.find("person"))
    return mishaps > violent and any(m.mishap for m in marks[:LEADING])


def _without_summaries(found: list[Episode]) -> list[Episode]:
    """Leave out a sentence that only counts several incidents together, when they are told one by one."""
    single = [e for e in found if not all(m.summary for m in e.mentions)]
    return single if len(single) > 1 else found


def _there(e: Episode, before: Sequence[Episode]) -> Episode:
    """Give an incident that happened "in the same village" or "there" the place of the one told before it."""
    said = e.place is None and before and _SAME.search(e.mentions[0].marks.words())
    return replace(e, place=before[-1].place) if said else e


def _headed(e: Episode, marks: Sequence[Marks]) -> Episode:
    """Give an incident without a place that of the heading over it."""
    if e.place is not None:
        return e
    first = e.mentions[0].marks.sentence.number
    over = [
        m
        for m in marks
        if m.sentence.number < first
        and m.sentence.end - m.sentence.start <= HEADING
        and not m.words().endswith(".")
    ]
    named = [p for m in over for p in m.places if p.role in ("bare", "scene", "near") and p.spots]
    strong = any(d.key == "strong" for m in over for d in m.deeds)
    return replace(e, place=named[-1]) if named and not strong else e


def _at_desk(e: Episode, marks: Sequence[Marks]) -> Episode:
    """Give an incident without a place that of the dateline, unless that is where agencies sit."""
    if e.place is not None or not marks or e.mentions[0].marks.sentence.number > 2:
        return e
    seats = {capital_of(c) for m in marks for _, c, _ in m.countries}
    desk = next((p for m in marks[:3] for p in m.places if p.role == "dateline"), None)
    known = desk and desk.spots and not any(s.name in seats for s in desk.spots)
    return replace(e, place=desk) if known else e


def _anywhere(e: Episode, marks: Sequence[Marks]) -> Episode:
    """Give the news of a text, when nothing names its scene, the place that it or the head names at all."""
    if e.place is not None or e.mentions[0].marks.sentence.number > LEADING:
        return e
    own = [
        p
        for m in (*e.marks, *marks[:LEADING])
        for p in m.places
        if p.role in ("near", "bare", "seat") and p.spots
    ]
    own = [p for p in own if not any(s.name == capital_of(s.country) for s in p.spots)]
    return replace(e, place=own[0]) if own else e


def _is_main(e: Episode, number: int, published: date | None) -> bool:
    back = number > 0 and all(m.back for m in e.mentions)
    if e.days is None or published is None:
        return number == 0 or (not back and e.days is None)
    return not back and published - e.days[1] <= RECENT and e.days[0] <= published + timedelta(days=2)


def _leads(e: Episode) -> bool:
    """Say whether an incident stands at the head of a text, or is its news though told without a day."""
    return e.days is None or e.mentions[0].marks.sentence.number <= HEAD


def _stale(found: Sequence[Episode], published: date | None) -> bool:
    newest = max((e.days[1] for e in found if e.days), default=None)
    return published is not None and newest is not None and published - newest > STALE


def _placed(d: DraftIncident, features: Sequence[str]) -> bool:
    """Ask of a draft that it names a place or country, and someone hit, a thing struck or who struck."""
    somewhere = "place" in d.fields or "country" in d.fields
    own = bool({"toll", "weapon", "object", "author"} & set(features))
    violent = bool({"weapon", "author", "deed", "amid"} & set(features))
    return somewhere and violent and (own or {"day", "point", "another"} <= set(features))


def _told_well(d: DraftIncident, features: Sequence[str], published: date | None) -> bool:
    """Ask of background that it has a day, or a month with victims and a town, within living memory."""
    start, precision = d.value("date_start"), d.value("date_precision")
    if start is None or "place" not in d.fields:
        return False
    recent = published is None or published - date.fromisoformat(start) <= BACKGROUND
    explicit = d.fields["date_start"].rule not in ("published", "inherited")
    return recent and explicit and (precision == "day" or {"toll", "point"} <= set(features))
