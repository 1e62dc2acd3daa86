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
from toguna.reading.marks import Marks, Setting, mark
from toguna.reading.news import RECENT, signs_of_text, unopened
from toguna.reading.plain import folded
from toguna.reading.relations import relations
from toguna.reading.responses import responses
from toguna.reading.sameness import regional
from toguna.reading.scenes import chosen
from toguna.reading.tongue import language_of
from toguna.reading.twice import joined, refined
from toguna.store.theatre import Theatre

__all__ = ["RulesReader", "setting_of_theatre"]

STALE = timedelta(days=120)
"""A text whose newest incident is older than this tells history and proposes none."""
BACKGROUND = timedelta(days=800)
"""Older background is history as well."""
LEADING = 3
"""Sentences at the head of a text that say what it is about: a trial, an exercise, a denial."""
HEAD = 6
"""Sentences at the head of a text in which an incident of some weeks ago can be its news."""
LATE = 8  # sentences after which an incident is told in passing


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
        proposed = self._incidents(marks, context)
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
        if not found and (opened := unopened(marks)):
            found = [chosen(opened, [opened], marks, self.weights)]
        mains = [_is_main(e, i, context.published) for i, e in enumerate(found)]
        if found and not any(mains) and _leads(found[0]):
            mains[0] = True
        text = signs_of_text(marks, context.published)
        told_of = {"opened"} if not told else set[str]()
        return [
            draft(e, context, main=m, signs=text | told_of | _signs(i, found, mains, context.published))
            for i, (e, m) in enumerate(zip(found, mains, strict=True))
        ]

    def _incidents(self, marks: Sequence[Marks], context: Context) -> list[tuple[DraftIncident, list[str]]]:
        every = self._all(marks, context)
        found = [(d, f) for d, f in every if d.confidence >= self.weights.least]
        if not any(d.main for d, _ in found):
            return []
        return [(replace(d, known=on_record(d, self.setting)), f) for d, f in found]


_SAME = re.compile(
    r"(?:^|[\s,])(?:y|meme (?:lieu|localite|village|ville|zone)"
    r"|same (?:area|place|town|village|spot)|there)[\s]"
)


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


def _signs(number: int, found: Sequence[Episode], mains: Sequence[bool], published: date | None) -> set[str]:
    """Return the signs of one incident among those of its text."""
    e = found[number]
    at = e.mentions[0].marks.sentence.number
    age = published - e.days[1] if published and e.days else None
    told = {
        "background": not mains[number],
        "first": number == 0,
        "only": len(found) == 1,
        "among-many": len(found) > 3,
        "at-head": at < 2,
        "late": at > LATE,
        "old": age is not None and age > RECENT,
        "stale": age is not None and age > STALE,
        "bygone": age is not None and age > BACKGROUND,
        "month": e.days is not None and e.days[2] == "month",
        "year": e.days is not None and e.days[2] == "year",
        "no-day": e.days is None,
        "inherited": e.inherited,
        "retold": len(e.mentions) > 2,
        "summary": any(m.summary for m in e.mentions),
        "weak": not any(m.strong for m in e.mentions),
        "nowhere": e.place is None,
        "known": e.place is not None and bool(e.place.spots),
        "near": e.place is not None and e.place.role == "near",
        "coarse": e.place is not None and (e.place.level in ("area", "admin1") or regional(e.place)),
        "no-main": not any(mains),
    }
    return {name for name, is_so in told.items() if is_so}
