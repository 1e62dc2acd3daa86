"""The reader that comes with Toguna: dictionaries and rules, offline.

Enters: a `Text` and a `Setting`. Leaves: `Drafts`. Registered as ``rules`` in the group
``toguna.readers``; called by `toguna read` and benches.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from toguna.actors.registry import Registry
from toguna.core.text import fold
from toguna.reading.about import topics
from toguna.reading.casualties import with_casualties
from toguna.reading.confidence import Weights, shipped
from toguna.reading.context import Context
from toguna.reading.dated import Dated, dated, day_options
from toguna.reading.documents import Text
from toguna.reading.drafts import DraftIncident, Drafts
from toguna.reading.episodes import Episode, episodes
from toguna.reading.further import Further, furthers, parted
from toguna.reading.gazetteer import Gazetteer
from toguna.reading.groups import Groups
from toguna.reading.incidents import completed, draft
from toguna.reading.kin import settled
from toguna.reading.known import on_record
from toguna.reading.marks import Marks, Setting, mark
from toguna.reading.network import Network, Outlook, shipped_network
from toguna.reading.news import RECENT, signs_of_text, unopened
from toguna.reading.once import again, onces
from toguna.reading.plain import folded
from toguna.reading.relations import relations
from toguna.reading.responses import responses
from toguna.reading.sameness import Days, regional
from toguna.reading.scenes import Names, Scene, chosen, scene_key, scenes, with_struck
from toguna.reading.shared import with_shared_authors
from toguna.reading.struck import Told, struck, told_names, with_outlook, with_ties
from toguna.reading.suspects import with_suspects
from toguna.reading.together import left_over, not_own
from toguna.reading.tokens import tokens_of
from toguna.reading.tongue import language_of
from toguna.reading.twice import joined
from toguna.store.theatre import Theatre

__all__ = ["Marked", "RulesReader", "setting_of_theatre"]

IN_PASSING = 0.39
"""Share of the least chance that suffices for an incident told in passing beside one that is news."""
FURTHER, LIKELY = 0.3, 0.5
"""Least chance at which a name is taken for the scene of a further incident, and that of a likely one."""
STALE = timedelta(days=120)
"""A text whose newest incident is older than this seems to tell history."""
BACKGROUND = timedelta(days=800)
"""Background older than this seems to be history as well."""
SEVERAL, MONTH = 3, timedelta(days=31)
"""Incidents with a day of their own that make a late report, and how far back from the newest it goes."""
HEAD = 6
"""Sentences at the head of a text in which an incident of some weeks ago can be its news."""
SURE = (0.3, 0.5, 0.7, 0.9)
"""Chances of a scene among the names of its text, between which it counts as more or less sure."""
SHARES = (0.2, 0.5, 0.99)
"""Shares of all sentences that tell of incidents, between which one incident has few, some, most or all."""
LATE = 8  # sentences after which an incident is told in passing


@dataclass(frozen=True)
class Marked:
    """A text as it is before any weights are asked.

    Parameters
    ----------
    marks : sequence of Marks
        All its sentences.
    lang : str
        Its language.
    found : sequence of Episode
        Its incidents as rules sort them.
    opened : bool
        No rule opened any: the one incident is what the head of the text tells.
    options : sequence of sequence of Scene
        For each incident all names as its scene.
    names : dict of str to Told
        Every name by what its spellings share, with what rules and network say of it.
    outlook : Outlook
        What the network says of the text.
    """

    marks: Sequence[Marks]
    lang: str
    found: Sequence[Episode]
    opened: bool
    options: Sequence[Sequence[Scene]]
    names: Mapping[str, Told]
    outlook: Outlook


def setting_of_theatre(theatre: Theatre, *, as_of: date, known: Sequence[Mapping[str, Any]] = ()) -> Setting:
    """Make the setting of a theatre as of a date; `known` are incidents on record with id, date and place."""
    registry = Registry.build(theatre, as_of=as_of)
    return Setting(Gazetteer.build(theatre), Groups.build(registry), registry, tuple(dict(k) for k in known))


class RulesReader:
    """Reads by dictionaries and rules; the same text gives the same drafts.

    Parameters
    ----------
    setting : Setting
        Where texts are read.
    weights : Weights, optional
        Those that come with the program by default.
    marked : dict, optional
        Where the marks of texts are kept for another reader of one setting; by default they are not.
    network : Network, optional
        The one that comes with the program by default.
    """

    name = "rules"

    def __init__(
        self,
        setting: Setting,
        weights: Weights | None = None,
        *,
        marked: dict[Hashable, Marked] | None = None,
        network: Network | None = None,
    ) -> None:
        self.setting = setting
        self.weights = weights or shipped()
        self.network = network or shipped_network()
        self._known = marked

    def read(self, text: Text, *, lang: str = "auto", published: date | None = None) -> Drafts:
        """Read one text; see `toguna.reading.protocol.Reader`."""
        known, context = self._marked(text, lang, published)
        day = context.published
        proposed = self._incidents(known, context)
        return Drafts(
            self.name,
            known.lang,
            day,
            tuple(d for d, _ in proposed),
            tuple(relations(known.marks, context)),
            tuple(responses(known.marks, context)),
            () if day else ("no-day-of-publication",),
        )

    def features(
        self, text: Text, *, lang: str = "auto", published: date | None = None
    ) -> list[tuple[DraftIncident, list[str]]]:
        """Return every incident that could be proposed, with its features; for training."""
        return self._all(*self._marked(text, lang, published))[1]

    def onces(
        self, text: Text, *, lang: str = "auto", published: date | None = None
    ) -> tuple[list[DraftIncident], Mapping[tuple[int, int], frozenset[str]]]:
        """Return all drafts of a text, and the signs that the second of two tells the first; for training."""
        known, context = self._marked(text, lang, published)
        found, read = self._all(known, context)
        drafts = [d for d, _ in read]
        return drafts, onces(list(zip(found, drafts, strict=True)), context.published)

    def marked(self, text: Text, *, lang: str = "auto", published: date | None = None) -> Marked:
        """Return a text as it is before any weights are asked; for training."""
        return self._marked(text, lang, published)[0]

    def furthers(
        self, text: Text, *, lang: str = "auto", published: date | None = None
    ) -> tuple[list[DraftIncident], list[Further]]:
        """Return the incidents of a text before it is parted, and where further ones can be; for training."""
        known, context = self._marked(text, lang, published)
        found, signs = self._placed(known)
        drafts = [d for d, _ in _drafted(found, known, context)]
        return drafts, furthers(found, known.marks, self.weights, signs)

    def scenes(
        self, text: Text, *, lang: str = "auto", published: date | None = None
    ) -> list[tuple[Episode, list[Scene]]]:
        """Return every incident of a text with all names that could be its scene; for training."""
        known, _ = self._marked(text, lang, published)
        signs = struck(known.names, self.weights)
        options = [with_struck(o, signs) for o in known.options]
        return list(zip(known.found, options, strict=True))

    def days(
        self, text: Text, *, lang: str = "auto", published: date | None = None
    ) -> list[tuple[Episode, list[Dated]]]:
        """Return every incident of a text with all days that it can have been on; for training."""
        known, context = self._marked(text, lang, published)
        found, signs = self._placed(known)
        found = parted(found, known.marks, self.weights, FURTHER, signs)
        return [(e, day_options(e, found, known.marks, context.published, known.outlook)) for e in found]

    def _placed(self, known: Marked) -> tuple[list[Episode], Mapping[str, frozenset[str]]]:
        """Return the incidents of a text at their likeliest scenes, and how likely each name is struck."""
        signs = struck(known.names, self.weights)
        told = zip(known.found, known.options, strict=True)
        return [chosen(e, with_struck(o, signs), self.weights) for e, o in told], signs

    def _marked(self, text: Text, lang: str, published: date | None) -> tuple[Marked, Context]:
        day = published or text.published
        known = (self._known or {}).get((text, lang, day))
        if known is None:
            known = self._read_marks(text, lang, day)
            if self._known is not None:
                self._known[text, lang, day] = known
        return known, Context.of(known.marks, self.setting, self.weights, day, known.outlook)

    def _read_marks(self, text: Text, lang: str, day: date | None) -> Marked:
        tongue = language_of(folded(text.text)) if lang == "auto" else lang
        marks = settled(mark(text, tongue, self.setting, published=day), day)
        found, opened = _told(marks, day)
        names = Names.of(marks)
        options = [scenes(e, found, names) for e in found]
        told = told_names(found, options, names, day)
        signs = {key: n.signs for key, n in told.items()}
        outlook = self.network.read(tokens_of(text.text, marks, day, signs))
        options = [with_ties(e, own, outlook) for e, own in zip(found, options, strict=True)]
        return Marked(marks, tongue, found, opened, options, with_outlook(told, outlook), outlook)

    def _all(
        self, known: Marked, context: Context
    ) -> tuple[list[Episode], list[tuple[DraftIncident, list[str]]]]:
        found, signs = self._placed(known)
        found = parted(found, known.marks, self.weights, FURTHER, signs)
        found = dated(found, known.marks, context.published, self.weights, known.outlook)
        return found, _drafted(found, known, context)

    def _incidents(self, known: Marked, context: Context) -> list[tuple[DraftIncident, list[str]]]:
        episodes_, every = self._all(known, context)
        least = self.weights.least
        likely = [
            (e, d, f)
            for e, (d, f) in zip(episodes_, every, strict=True)
            if d.confidence >= least * (1 if d.main else IN_PASSING)
        ]
        twice = again([(e, d) for e, d, _ in likely], context.published, self.weights)
        kept = [(e, d, f) for n, (e, d, f) in enumerate(likely) if n not in twice]
        if not any(d.main for _, d, _ in kept):
            return []
        left = left_over([e for e, _, _ in kept], episodes_, known.marks)
        found = [(completed(d, e, own, context), f) for (e, d, f), own in zip(kept, left, strict=True)]
        return [(replace(d, known=on_record(d, self.setting)), f) for d, f in found]


def _drafted(
    found: Sequence[Episode], known: Marked, context: Context
) -> list[tuple[DraftIncident, list[str]]]:
    """Make a draft of every incident of a text, with its features."""
    mains = [_is_main(e, i, context.published) for i, e in enumerate(found)]
    if found and not any(m and e.days for e, m in zip(found, mains, strict=True)):
        mains = [m or _of_report(e, found) for e, m in zip(found, mains, strict=True)]
    if found and not any(mains) and _leads(found[0]):
        mains[0] = True
    marks = known.marks
    text = signs_of_text(marks, context.published, context.outlook)
    told_of = {"opened"} if known.opened else set[str]()
    others = not_own(found)
    made = [
        draft(
            e,
            context,
            main=m,
            signs=text
            | told_of
            | _signs(i, found, mains, context.published)
            | _tied(e, marks, context.outlook),
            others=others[i],
        )
        for i, (e, m) in enumerate(zip(found, mains, strict=True))
    ]
    shared = with_shared_authors([d for d, _ in made], context.setting)
    shared = with_suspects(found, shared, marks, context)
    shared = with_casualties(found, shared, marks, others, context)
    return list(zip(shared, (features for _, features in made), strict=True))


def _told(marks: Sequence[Marks], published: date | None) -> tuple[list[Episode], bool]:
    """Return the incidents of a text before their scenes are chosen, and whether no rule opened any."""
    found = _without_summaries(joined(episodes(marks, published=published), published))
    if found:
        return found, False
    opened = unopened(marks)
    return ([opened] if opened else []), opened is not None


def _without_summaries(found: list[Episode]) -> list[Episode]:
    """Leave out a sentence that only counts several incidents together, when they are told one by one."""
    single = [e for e in found if not all(m.summary for m in e.mentions)]
    if len(single) < 2:
        return found
    day = next((e.days for e in found if e not in single and e.days and e.days[2] == "day"), None)
    return [_of_day(e, day) for e in single]


def _of_day(e: Episode, day: Days | None) -> Episode:
    """Give an incident told without a day that of the sentence that counts it with others."""
    lacks = day is not None and e.days is None and not any(m.back for m in e.mentions)
    return replace(e, days=day, inherited=True) if lacks else e


def _is_main(e: Episode, number: int, published: date | None) -> bool:
    back = number > 0 and all(m.back for m in e.mentions)
    if e.days is None or published is None:
        return not back
    return not back and published - e.days[1] <= RECENT and e.days[0] <= published + timedelta(days=2)


def _of_report(e: Episode, found: Sequence[Episode]) -> bool:
    """Say whether an incident is of the newest weeks that a late report tells, where nothing is news."""
    days = [o.days for o in found if o.days and o.days[2] == "day" and not o.inherited]
    if len(days) < SEVERAL or e.days is None or e.days[2] != "day" or any(m.back for m in e.mentions):
        return False
    return max(d[1] for d in days) - e.days[1] <= MONTH


def _leads(e: Episode) -> bool:
    """Say whether an incident stands at the head of a text, or is its news though told without a day."""
    return e.days is None or e.mentions[0].marks.sentence.number <= HEAD


def _signs(number: int, found: Sequence[Episode], mains: Sequence[bool], published: date | None) -> set[str]:
    """Return the signs of one incident among those of its text."""
    e = found[number]
    at = e.mentions[0].marks.sentence.number
    ages = [published - o.days[1] for o in found if o.days] if published else []
    age = published - e.days[1] if published and e.days else None
    told = {
        "background": not mains[number],
        "first": number == 0,
        "only": len(found) == 1,
        "among-many": len(found) > 3,
        "at-head": at < 2,
        "late": at > LATE,
        "old": mains[number] and age is not None and age > RECENT,
        "stale": bool(ages) and min(ages) > STALE,
        "bygone": age is not None and age > BACKGROUND,
        "month": e.days is not None and e.days[2] == "month",
        "year": e.days is not None and e.days[2] == "year",
        "no-day": e.days is None,
        "inherited": e.inherited,
        "retold": len(e.mentions) > 2,
        "summary": any(m.summary for m in e.mentions),
        "weak": not any(m.strong for m in e.mentions),
        "nowhere": e.place is None,
        "known": e.place is not None and any(s.lat is not None for s in e.place.spots),
        "near": e.place is not None and e.place.role == "near",
        "coarse": e.place is not None and (e.place.level in ("area", "admin1") or regional(e.place)),
        "further": e.further is not None,
        "further-likely": e.further is not None and e.further > LIKELY,
        "no-main": not any(mains),
    }
    own = {f"own-{topic}" for topic in topics(e.mentions[0].marks)}
    return _sureness(e) | own | _held(e, found) | {name for name, is_so in told.items() if is_so}


def _tied(e: Episode, marks: Sequence[Marks], outlook: Outlook) -> set[str]:
    """Return how likely the network ties an incident's day to its scene."""
    at = [w.start for m in marks for w in m.whens if e.days and (w.first, w.last) == e.days[:2]]
    return {f"day-{s}" for s in outlook.tie(scene_key(e), "day", *at)}


def _held(e: Episode, found: Sequence[Episode]) -> set[str]:
    """Return how an incident's scene and sentences stand to those of the others of its text."""
    share = len(e.mentions) / sum(len(o.mentions) for o in found)
    signs = {f"share-{sum(share > step for step in SHARES)}"}
    if e.place is None:
        return signs
    name = fold(e.place.name)
    if not any(fold(p.name) == name for m in e.mentions for p in m.marks.places):
        signs.add("scene-of-others")
    if any(o is not e and o.place is not None and fold(o.place.name) == name for o in found):
        signs.add("scene-shared")
    return signs


def _sureness(e: Episode) -> set[str]:
    """Return how likely the scene is among all names of the text, in steps."""
    sure = set() if e.sure is None else {f"scene-sure-{sum(e.sure >= step for step in SURE)}"}
    return sure | e.struck
