"""Signs that a name of a text is the scene of an incident of its own, and not of the one it is told with.

Enters: a name, the sentence that tells most of it, and the incident that the sentence was counted to. Leaves:
names of signs, scored as the kind "further". Called by `toguna.reading.further`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from toguna.core.text import fold
from toguna.reading.confidence import Weights
from toguna.reading.days import When
from toguna.reading.episodes import TRAIL, Episode
from toguna.reading.gazetteer import close
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.mentions import LEVELS, Mention
from toguna.reading.places import Place
from toguna.reading.sameness import Days, same_days, same_place
from toguna.reading.scenes import STRUCK, Scene, scenes, with_struck

__all__ = ["Name", "attackers", "named", "row_of", "signs_of", "signs_told", "taken", "twin"]

NEAR, FAR = 60.0, 200.0
"""km from the scene of the other incident: so near, and so far, that it tells something."""
ALIKE = 80  # of 100: spellings of one name, by rapidfuzz's ratio
CLOSE = 40  # letters between a name and its deed
FEW = 3  # names of a list: of more of them
SOME = 2  # incidents: of more of them a text is a round
_LIST = phrase("further.list")
_ELSE = phrase("further.elsewhere")
_IT_WAS = phrase("episodes.it_was")
_PAIR = phrase("further.pair")
_ALSO, _PLURAL = phrase("further.also"), phrase("further.plural")
_AND = re.compile(r"\b(?:and|et|ou|or|as well as|ainsi que)\b|&")
_BETWEEN = re.compile(r"\b(?:between|entre|from|axe|road|route|reliant|linking|joins?|relie) (?:\w+ ){0,2}$")
_TO = re.compile(r"\s?(?:-|–|—|to|a|au|vers|toward|towards)\s?")
_PARTED = re.compile(
    r"[;.]|, (?:and|et|while|tandis|alors)\b|\b(?:while|whereas|tandis que|alors que|puis|then)\b"
)
KEPT = STRUCK | frozenset({
    "level-admin1", "level-admin2", "level-area", "regional", "capital", "big", "long", "in-capital",
    "role-name", "role-scene", "role-near", "role-bare", "role-away", "role-seat", "abroad", "known", "often",
    "led-back", "off", "kind-own", "own-place", "encloses", "enclosed", "first", "picked", "close", "dated",
    "title", "new-twice",
})  # fmt: skip
"""Signs of a scene that tell something of a further one."""


@dataclass(frozen=True)
class Name:
    """A name that is no scene yet, among what is told around it.

    Parameters
    ----------
    place : Place
        The name, where it is told with the deed.
    marks : Marks
        The sentence that tells most of it.
    seen : tuple of (Marks, Place)
        All its mentions, with their sentences.
    host : Episode
        The incident that its sentence was counted to, or that is told before it.
    found : tuple of Episode
        All incidents of the text.
    text : tuple of Marks
        All its sentences.
    made : dict
        Scenes of incidents that were asked for, shared by the names of a text.
    struck : mapping
        How likely the news of the text is of each name, by `toguna.reading.struck`.
    """

    place: Place
    marks: Marks
    seen: tuple[tuple[Marks, Place], ...]
    host: Episode
    found: tuple[Episode, ...]
    text: tuple[Marks, ...]
    made: dict[tuple[object, ...], list[Scene]] = field(default_factory=dict, repr=False)
    struck: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def scenes(self, key: tuple[object, ...], e: Episode) -> list[Scene]:
        """Return the scenes of an incident, once for all names that ask for the same."""
        if key not in self.made:
            self.made[key] = with_struck(scenes(e, self.found, self.text), self.struck)
        return self.made[key]


def signs_of(c: Name, own: Days | None, when: When | None, weights: Weights) -> frozenset[str]:
    """Return all signs of a name; `own` is the day that its sentence gives, by the words `when`."""
    days = own or c.host.days
    alone = Episode((Mention(c.marks, when, c.place),), days, c.place)
    signs = _signs_of_scene(c.place, c.scenes((c.marks.sentence.number, days), alone), weights)
    signs |= signs_told(c, own, when) | _signs_of_host(c, weights)
    return frozenset(signs | {name for name, both in TOGETHER.items() if signs >= both})


def signs_told(c: Name, own: Days | None, when: When | None) -> set[str]:
    """Return those signs of a name that rest on no weights: its sentence, its day, the text."""
    signs = _signs_of_sentence(c) | _signs_of_day(own, when, c.host)
    return signs | _signs_of_distance(c.place, c.found) | _signs_of_text(c)


TOGETHER = {
    "f-list-pair": frozenset({"f-list-strong", "f-pair"}),
    "f-list-plural": frozenset({"f-list-strong", "f-plural-here"}),
    "f-list-head": frozenset({"f-list-strong", "f-at-head", "f-plural-here"}),
    "f-list-taken": frozenset({"f-list-strong", "f-taken"}),
    "f-else-strong": frozenset({"f-else", "f-strong"}),
    "f-else-sole": frozenset({"f-else", "f-sole"}),
    "f-else-opens": frozenset({"f-else", "f-opens"}),
    "f-pair-sole": frozenset({"f-pair-head", "f-sole-strong"}),
    "f-plural-sole": frozenset({"f-plural-head", "f-sole-strong"}),
    "f-sole-firm": frozenset({"f-sole-strong", "f-host-stays", "f-host-firm"}),
    "f-sole-toll": frozenset({"f-sole-strong", "f-toll-other"}),
    "f-sole-day": frozenset({"f-sole-strong", "f-day-other"}),
    "f-sole-starts": frozenset({"f-sole-strong", "f-starts"}),
    "f-sole-known": frozenset({"f-sole-strong", "f-known"}),
    "f-weapon-toll": frozenset({"f-weapon-other", "f-toll-other"}),
    "f-day-stays": frozenset({"f-day-other", "f-host-stays"}),
    "f-best-stays": frozenset({"f-share-3", "f-host-stays"}),
    "f-best-sole": frozenset({"f-share-3", "f-sole-strong"}),
    "f-own-toll": frozenset({"f-toll", "f-clause", "f-sole"}),
    "f-scene-firm": frozenset({"f-as-scene", "f-host-firm", "f-strong"}),
}
"""Signs that say more together than each by itself."""


def named(p: Place, e: Episode) -> bool:
    """Say whether a name is that of a scene, or has it in itself ("Toguéré", "Toguéré-Koumbé")."""
    if e.place is None:
        return False
    one, other = set(_WORDS.findall(fold(p.name))), set(_WORDS.findall(fold(e.place.name)))
    return one <= other or other <= one


_WORDS = re.compile(r"\w+")


def taken(p: Place, e: Episode, row: frozenset[str] = frozenset()) -> bool:
    """Say whether a name is the scene of an incident, or so near to it that it is no other.

    Members of a list of places far apart ("seven places were attacked: ...") are told as several.
    """
    if e.place is None:
        return False
    key = fold(e.place.name)
    return key == fold(p.name) or (key not in row and same_place(p, e.place) is True)


def twin(e: Episode, found: Sequence[Episode]) -> bool:
    """Say whether an incident told before has the same scene and day."""
    before = found[: next((i for i, o in enumerate(found) if o is e), 0)]
    return any(e.place and taken(e.place, o) and same_days(e.days, o.days) is not False for o in before)


def row_of(p: Place, m: Marks) -> frozenset[str]:
    """Return the names of the list of places far apart that a name is a member of."""
    run = _run(p, m)
    return frozenset(fold(o.name) for o in run) if len(run) > FEW and _spread(run) else frozenset()


def attackers(m: Marks) -> bool:
    """Say whether a sentence has attackers in it."""
    return any(h.key == "attackers" for h in m.find("person"))


def _signs_of_scene(p: Place, found: Sequence[Scene], weights: Weights) -> set[str]:
    """Return what the score of scenes makes of a name, had its sentence been told alone."""
    score = {fold(s.place.name): weights.score("scene", s.signs) for s in found}
    key = fold(p.name)
    best = max(score.values())
    share = math.exp(score[key] - best) / sum(math.exp(v - best) for v in score.values())
    told = {f"f-share-{n}" for n, least in enumerate((0.1, 0.3, 0.5, 0.7, 0.9)) if share > least}
    own = next(s.signs for s in found if fold(s.place.name) == key)
    return told | (own & KEPT)


def _signs_of_sentence(c: Name) -> set[str]:
    """Return the signs that the sentence gives: what it tells, and what other names stand in it."""
    p, m = c.place, c.marks
    deeds = [d for d in m.deeds if d.key == "strong"]
    others = [o for o in m.places if fold(o.name) != fold(p.name) and o.level != "country"]
    scene = [o for o in others if any(taken(o, x) for x in c.found)]
    fine = [
        o
        for o in others
        if LEVELS[o.level] >= LEVELS["admin3"] and o.role in ("scene", "near", "name", "bare")
    ]
    gap = min((max(d.start - p.end, p.start - d.end) for d in deeds), default=999)
    between = [m.folded[min(o.end, p.end) : max(o.start, p.start)] for o in scene]
    run = _run(p, m)
    words = m.words()
    opening = c.host.mentions[0].marks.sentence
    starts = min(x.sentence.start for x in c.text if x.sentence.paragraph == m.sentence.paragraph)
    told = {
        "f-strong": bool(deeds),
        "f-toll": any(t.fate in ("dead", "wounded", "hostages") and t.side != "attackers" for t in m.tolls),
        "f-attackers": attackers(m),
        "f-weapon": bool(m.find("tactic")),
        "f-object": bool(m.find("object")),
        "f-claim": bool(m.find("claim")),
        "f-close": gap < CLOSE,
        "f-sole": not fine and not scene,
        "f-sole-strong": not fine and not scene and bool(deeds),
        "f-beside-scene": bool(scene),
        "f-after-scene": any(o.end <= p.start for o in scene),
        "f-parted": any(_PARTED.search(b) for b in between),
        "f-list": len(run) > 1,
        "f-list-scene": any(o in run for o in scene),
        "f-list-many": len(run) > FEW,
        "f-list-strong": len(run) > 1 and bool(deeds),
        "f-list-far": len(run) > 1 and _spread(run),
        "f-list-near": len(run) > 1 and not _spread(run),
        "f-row": bool(row_of(p, m)),
        "f-road-end": any(_road(m, o.start, m.folded[o.end : p.start]) for o in others if o.end <= p.start),
        "f-road-start": any(_road(m, p.start, m.folded[p.end : o.start]) for o in others if p.end <= o.start),
        "f-clause": any(
            not _PARTED.search(m.folded[min(d.end, p.end) : max(d.start, p.start)]) for d in deeds
        ),
        "f-vague": bool(m.unreal or m.aggregate or m.mishap),
        "f-another": bool(m.another),
        "f-plural-here": bool(_PLURAL.search(words)),
        "f-else": bool(_ELSE.search(words)),
        "f-also": bool(_ALSO.search(words)),
        "f-it-was": not m.deeds and bool(_IT_WAS.search(words)),
        "f-it-was-scene": not m.deeds and p.role in ("scene", "near") and bool(_IT_WAS.search(words)),
        "f-opens": m.sentence.start == starts,
        "f-before": m.sentence.number < opening.number,
        "f-opening": m.sentence.number == opening.number,
        "f-next": 0 < m.sentence.number - opening.number <= TRAIL,
        "f-late": m.sentence.number - c.host.last > TRAIL,
        "f-starts": p.start - m.sentence.start < 12,
        "f-back": bool(m.earlier),
        "f-unreal": bool(m.unreal),
        "f-aggregate": bool(m.aggregate),
        "f-mishap": bool(m.mishap),
    }  # fmt: skip
    return {name for name, is_so in told.items() if is_so}


def _run(p: Place, m: Marks) -> list[Place]:
    """Return the list of names that a name is a member of ("X, Y and Z"), itself included."""
    row = [o for o in m.places if o.level != "country"]
    at = next(i for i, o in enumerate(row) if o.start == p.start)
    first = last = at
    while first and _LIST.fullmatch(m.folded[row[first - 1].end : row[first].start]):
        first -= 1
    while last + 1 < len(row) and _LIST.fullmatch(m.folded[row[last].end : row[last + 1].start]):
        last += 1
    run = row[first : last + 1]
    gaps = [m.folded[x.end : y.start] for x, y in pairwise(run)]
    return run if any(_AND.search(gap) for gap in gaps) or len(run) > FEW else [p]


def _spread(run: Sequence[Place]) -> bool:
    """Say whether two names of a list are known to lie far apart: neighbours are villages of one raid."""
    known = [[s for s in o.spots if s.lat is not None] for o in run]
    known = [spots for spots in known if spots]
    return any(not any(close(x, y, within_km=NEAR) for x in a for y in b) for a, b in combinations(known, 2))


def _signs_of_day(own: Days | None, when: When | None, e: Episode) -> set[str]:
    same = same_days(own, e.days)
    told = {
        "f-day": own is not None and own[2] == "day",
        "f-day-other": own is not None and e.days is not None and own[:2] != e.days[:2],
        "f-day-far": same is False,
        "f-day-same": own is not None and e.days is not None and own[:2] == e.days[:2],
        "f-shift": when is not None and when.shift is not None,
    }
    return {name for name, is_so in told.items() if is_so}


def _signs_of_distance(p: Place, found: Sequence[Episode]) -> set[str]:
    """Return how a name lies to the scenes: far, near, in another area, not known."""
    spots = [s for s in p.spots if s.lat is not None]
    scenes_ = [s for e in found if e.place for s in e.place.spots if s.lat is not None]
    areas = {s.admin1 for s in p.spots if s.admin1}
    theirs = {s.admin1 for e in found if e.place for s in e.place.spots if s.admin1}
    near = any(close(a, b, within_km=NEAR) for a in spots for b in scenes_)
    reach = any(close(a, b, within_km=FAR) for a in spots for b in scenes_)
    told = {
        "f-known": bool(spots),
        "f-near": near,
        "f-far": bool(spots and scenes_) and not reach,
        "f-between": reach and not near,
        "f-area-same": bool(areas & theirs),
        "f-area-other": bool(areas and theirs) and not areas & theirs,
        "f-scene-unknown": not scenes_,
    }
    return {name for name, is_so in told.items() if is_so}


def _signs_of_text(c: Name) -> set[str]:
    p, seen, found, marks = c.place, c.seen, c.found, c.text
    strong = sum(any(d.key == "strong" for d in m.deeds) for m, _ in seen)
    told = {
        "f-told-twice": strong > 1,
        "f-at-head": any(m.sentence.number < TRAIL for m, _ in seen),
        "f-as-scene": any(q.role == "scene" for _, q in seen),
        "f-as-near": any(q.role == "near" for _, q in seen),
        "f-never-scene": all(q.role in ("seat", "dateline", "away") for _, q in seen),
        "f-taken": any(taken(p, e, row_of(p, c.marks)) for e in found),
        "f-taken-host": taken(p, c.host, row_of(p, c.marks)),
        "f-taken-area": any(
            taken(p, e) and {p.level, e.place.level} & {"admin1", "admin2", "area"} for e in found if e.place
        ),
        "f-pair": bool(_PAIR.search(c.marks.words())),
        "f-pair-head": any(_PAIR.search(m.words()) for m in marks[:TRAIL]),
        "f-alike": any(_alike(fold(p.name), fold(e.place.name)) for e in found if e.place),
        "f-plural": any(_PLURAL.search(m.words()) for m in marks),
        "f-plural-head": any(_PLURAL.search(m.words()) for m in marks[:TRAIL]),
        "f-only-one": len(found) == 1,
        "f-many": len(found) > SOME,
    }
    return {name for name, is_so in told.items() if is_so}


def _alike(a: str, b: str) -> bool:
    """Say whether two names may be spellings of one, or one is part of the other."""
    short, long = sorted((a, b), key=len)
    return (len(short) > FEW and short in long) or fuzz.ratio(a, b) >= ALIKE


def _signs_of_host(c: Name, weights: Weights) -> set[str]:
    """Return whether the host stands by itself, and differs from what is told at the name."""
    p, m, e = c.place, c.marks, c.host
    scene, n, key = fold(e.place.name) if e.place else "", m.sentence.number, fold(p.name)
    rest = [x for x in e.mentions if x.marks.sentence.number != n]
    with_scene = [x for x in rest if scene in {fold(q.name) for q in x.marks.places}]
    firm = [x for x in with_scene if any(d.key == "strong" for d in x.marks.deeds) or x.marks.tolls]
    firm = [x for x in firm if key not in {fold(q.name) for q in x.marks.places}]
    tied = [
        (a, b, o)
        for o in c.text
        for a in o.places
        for b in o.places
        if fold(a.name) == key and fold(b.name) == scene and scene
    ]
    gaps = [o.folded[min(a.end, b.end) : max(a.start, b.start)] for a, b, o in tied]
    here, there = _dead(m), {d for x in rest for d in _dead(x.marks)}
    weapons = {h.key for h in m.find("tactic")}, {h.key for x in firm for h in x.marks.find("tactic")}
    things = {h.key for h in m.find("object")}, {h.key for x in firm for h in x.marks.find("object")}
    stays = None
    if rest:
        trailing = tuple(t for t in e.trailing if t is not m)
        without = replace(e, mentions=tuple(rest), trailing=trailing)
        left = c.scenes(("without", n, e.mentions[0].marks.sentence.number), without)
        best = max(left, key=lambda s: weights.score("scene", s.signs), default=None)
        stays = fold(best.place.name) if best else None
    told = {
        "f-host-stays": stays is not None and stays == scene,
        "f-host-moves": stays == key,
        "f-host-firm": bool(firm),
        "f-host-only": not rest,
        "f-host-twin": twin(e, c.found),
        "f-host-nowhere": not scene,
        "f-tied": any(len(g) < CLOSE and not _LIST.fullmatch(g) for g in gaps),
        "f-road": any(_road(o, min(a.start, b.start), g) for (a, b, o), g in zip(tied, gaps, strict=True)),
        "f-toll-same": bool(here & there),
        "f-toll-other": bool(here and there) and not here & there,
        "f-toll-more": bool(here) and not there,
        "f-weapon-same": bool(weapons[0] & weapons[1]),
        "f-weapon-other": bool(weapons[0] and weapons[1]) and not weapons[0] & weapons[1],
        "f-object-same": bool(things[0] & things[1]),
        "f-object-other": bool(things[0] and things[1]) and not things[0] & things[1],
    }
    told["f-firm-sole"] = bool(firm) and not any(taken(o, x) for o in m.places for x in c.found)
    told["f-firm-parted"] = bool(firm) and m.sentence.paragraph not in {
        x.marks.sentence.paragraph for x in firm
    }
    return {name for name, is_so in told.items() if is_so}


def _dead(m: Marks) -> set[int]:
    return {n for t in m.tolls if t.fate == "dead" and t.side != "attackers" and (n := t.best or t.low)}


def _road(m: Marks, start: int, gap: str) -> bool:
    """Say whether two names are the ends of a road ("between X and Y", "de X a Y")."""
    before = m.folded[max(m.sentence.start, start - 24) : start]
    return bool(_BETWEEN.search(before) and len(gap) < CLOSE) or bool(_TO.fullmatch(gap))
