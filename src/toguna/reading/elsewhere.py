"""Signs that a name of a text is the scene of an incident of its own, and not of the one it is told with.

Enters: a name, the sentence that tells most of it, and the incident that the sentence was counted to. Leaves:
names of signs, scored as the kind "further". Called by `toguna.reading.further`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
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
from toguna.reading.scenes import STRUCK, Names, Scene, key_of, scenes, with_struck

__all__ = ["Name", "Shared", "folded_names", "named", "row_of", "signs_of", "signs_told", "taken", "twin"]

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
class Shared:
    """What all names of a text share.

    Parameters
    ----------
    found : tuple of Episode
        All incidents of the text.
    names : Names
        All its names.
    struck : mapping
        How likely the news of the text is of each name, by `toguna.reading.struck`.
    """

    found: tuple[Episode, ...]
    names: Names
    struck: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def _scenes(self) -> dict[tuple[object, ...], list[Scene]]:
        return {}

    @cached_property
    def _taken(self) -> dict[tuple[int, int], bool]:
        return {}

    @cached_property
    def signs(self) -> frozenset[str]:
        """Return the signs of the text, which are the same for all its names."""
        marks, head = self.names.marks, self.names.marks[:TRAIL]
        told = {
            "f-pair-head": any(_PAIR.search(m.words()) for m in head),
            "f-plural": any(_PLURAL.search(m.words()) for m in marks),
            "f-plural-head": any(_PLURAL.search(m.words()) for m in head),
            "f-only-one": len(self.found) == 1,
            "f-many": len(self.found) > SOME,
        }
        return frozenset(name for name, is_so in told.items() if is_so)

    def scenes(self, key: tuple[object, ...], e: Episode) -> list[Scene]:
        """Return the scenes of an incident, once for all names that ask for the same."""
        if key not in self._scenes:
            self._scenes[key] = with_struck(scenes(e, self.found, self.names), self.struck)
        return self._scenes[key]

    def taken(self, p: Place) -> bool:
        """Say whether a mention of a name is the scene of one of the incidents, or near to it."""
        at = p.start, p.end
        if at not in self._taken:
            self._taken[at] = any(taken(p, e) for e in self.found)
        return self._taken[at]


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
    shared : Shared
        The incidents and all other names of the text.
    """

    place: Place
    marks: Marks
    seen: tuple[tuple[Marks, Place], ...]
    host: Episode
    shared: Shared


def signs_of(c: Name, own: Days | None, when: When | None, weights: Weights) -> frozenset[str]:
    """Return all signs of a name; `own` is the day that its sentence gives, by the words `when`."""
    days = own or c.host.days
    alone = Episode((Mention(c.marks, when, c.place),), days, c.place)
    signs = _signs_of_scene(c.place, c.shared.scenes((c.marks.sentence.number, days), alone), weights)
    signs |= signs_told(c, own, when) | _signs_of_host(c, weights)
    return frozenset(signs | {name for name, both in TOGETHER.items() if signs >= both})


def signs_told(c: Name, own: Days | None, when: When | None) -> set[str]:
    """Return those signs of a name that rest on no weights: its sentence, its day, the text."""
    signs = _signs_of_sentence(c) | _signs_of_day(own, when, c.host)
    return signs | _signs_of_distance(c.place, c.shared.found) | _signs_of_text(c)


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


def folded_names(m: Marks) -> frozenset[str]:
    """Return the names of a sentence, folded."""
    return frozenset(fold(p.name) for p in m.places)


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
    run = m.once(_runs)[p.start]
    return frozenset(fold(o.name) for o in run) if len(run) > FEW and _spread(run) else frozenset()


def _signs_of_scene(p: Place, found: Sequence[Scene], weights: Weights) -> set[str]:
    """Return what the score of scenes makes of a name, had its sentence been told alone."""
    score = {key_of(s.place): weights.score("scene", s.signs) for s in found}
    key = key_of(p)  # two spellings of it may stand in one sentence, and a scene is shown by one
    best = max(score.values())
    share = math.exp(score[key] - best) / sum(math.exp(v - best) for v in score.values())
    told = {f"f-share-{n}" for n, least in enumerate((0.1, 0.3, 0.5, 0.7, 0.9)) if share > least}
    own = next(s.signs for s in found if key_of(s.place) == key)
    return told | (own & KEPT)


def _signs_of_sentence(c: Name) -> set[str]:
    """Return the signs that the sentence gives: what it tells, and what other names stand in it."""
    p, m = c.place, c.marks
    others = _others(p, m)
    scene = [o for o in others if c.shared.taken(o)]
    alone = not scene and not any(
        LEVELS[o.level] >= LEVELS["admin3"] and o.role in ("scene", "near", "name", "bare") for o in others
    )
    run = m.once(_runs)[p.start]
    opening = c.host.mentions[0].marks.sentence
    told = {
        "f-sole": alone,
        "f-sole-strong": alone and bool(m.strong),
        "f-beside-scene": bool(scene),
        "f-after-scene": any(o.end <= p.start for o in scene),
        "f-parted": any(_PARTED.search(m.folded[min(o.end, p.end) : max(o.start, p.start)]) for o in scene),
        "f-list-scene": any(o in run for o in scene),
        "f-opens": m.sentence.start == c.shared.names.opens[m.sentence.paragraph],
        "f-before": m.sentence.number < opening.number,
        "f-opening": m.sentence.number == opening.number,
        "f-next": 0 < m.sentence.number - opening.number <= TRAIL,
        "f-late": m.sentence.number - c.host.last > TRAIL,
    }
    signs = {name for name, is_so in told.items() if is_so}
    return signs | m.once(_signs_of_telling) | m.once(_signs_of_mentions)[p.start]


def _others(p: Place, m: Marks) -> list[Place]:
    """Return the other names of a sentence that are no country."""
    key = fold(p.name)
    return [o for o in m.places if o.level != "country" and fold(o.name) != key]


def _signs_of_telling(m: Marks) -> frozenset[str]:
    """Return the signs that a sentence gives to all its names."""
    words = m.words()
    told = {
        "f-strong": bool(m.strong),
        "f-toll": any(t.fate in ("dead", "wounded", "hostages") and t.side != "attackers" for t in m.tolls),
        "f-attackers": m.attackers,
        "f-weapon": bool(m.find("tactic")),
        "f-object": bool(m.find("object")),
        "f-claim": bool(m.find("claim")),
        "f-vague": bool(m.unreal or m.aggregate or m.mishap),
        "f-another": bool(m.another),
        "f-pair": bool(_PAIR.search(words)),
        "f-plural-here": bool(_PLURAL.search(words)),
        "f-else": bool(_ELSE.search(words)),
        "f-also": bool(_ALSO.search(words)),
        "f-it-was": not m.deeds and bool(_IT_WAS.search(words)),
        "f-back": bool(m.earlier),
        "f-unreal": bool(m.unreal),
        "f-aggregate": bool(m.aggregate),
        "f-mishap": bool(m.mishap),
    }
    return frozenset(name for name, is_so in told.items() if is_so)


def _signs_of_mentions(m: Marks) -> dict[int, frozenset[str]]:
    """Return the signs of every name of a sentence, by where it starts, as they are for all incidents."""
    it_was = "f-it-was" in m.once(_signs_of_telling)
    found = {}
    for p in (p for p in m.places if p.level != "country"):
        run, others = m.once(_runs)[p.start], _others(p, m)
        listed, spread = len(run) > 1, len(run) > 1 and _spread(run)
        gap = min((max(d.start - p.end, p.start - d.end) for d in m.strong), default=999)
        told = {
            "f-close": gap < CLOSE,
            "f-list": listed,
            "f-list-many": len(run) > FEW,
            "f-list-strong": listed and bool(m.strong),
            "f-list-far": spread,
            "f-list-near": listed and not spread,
            "f-row": spread and len(run) > FEW,
            "f-road-end": any(
                _road(m, o.start, m.folded[o.end : p.start]) for o in others if o.end <= p.start
            ),
            "f-road-start": any(
                _road(m, p.start, m.folded[p.end : o.start]) for o in others if p.end <= o.start
            ),
            "f-clause": any(
                not _PARTED.search(m.folded[min(d.end, p.end) : max(d.start, p.start)]) for d in m.strong
            ),
            "f-it-was-scene": it_was and p.role in ("scene", "near"),
            "f-starts": p.start - m.sentence.start < 12,
        }
        found[p.start] = frozenset(name for name, is_so in told.items() if is_so) | _signs_of_row(p, run)
    return found


def _runs(m: Marks) -> dict[int, list[Place]]:
    """Return the list of names that each name of a sentence is a member of, by where it starts."""
    return {p.start: _run(p, m) for p in m.places if p.level != "country"}


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


def _signs_of_row(p: Place, run: Sequence[Place]) -> frozenset[str]:
    """Return where a name stands in a list, and whether it lies near the first of it.

    Villages that one raid went through are one incident, told of the first; towns far apart one each.
    """
    if len(run) == 1:
        return frozenset()
    if p is run[0]:
        return frozenset({"f-list-first"})
    spots = [[s for s in o.spots if s.lat is not None] for o in (run[0], p)]
    near = any(close(x, y, within_km=NEAR) for x in spots[0] for y in spots[1])
    gap = "near" if near else "far" if all(spots) else "unplaced"
    last = {"f-list-last"} if p is run[-1] else set[str]()
    return frozenset({"f-list-then", f"f-list-then-{gap}", *last})


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
    p, seen, found = c.place, c.seen, c.shared.found
    strong = sum(bool(m.strong) for m, _ in seen)
    row = row_of(p, c.marks)
    told = {
        "f-told-twice": strong > 1,
        "f-at-head": any(m.sentence.number < TRAIL for m, _ in seen),
        "f-as-scene": any(q.role == "scene" for _, q in seen),
        "f-as-near": any(q.role == "near" for _, q in seen),
        "f-never-scene": all(q.role in ("seat", "dateline", "away") for _, q in seen),
        "f-taken": any(taken(p, e, row) for e in found),
        "f-taken-host": taken(p, c.host, row),
        "f-taken-area": any(
            {p.level, e.place.level} & {"admin1", "admin2", "area"} and taken(p, e) for e in found if e.place
        ),
        "f-alike": any(_alike(fold(p.name), fold(e.place.name)) for e in found if e.place),
    }
    return {name for name, is_so in told.items() if is_so} | c.shared.signs


def _alike(a: str, b: str) -> bool:
    """Say whether two names may be spellings of one, or one is part of the other."""
    short, long = sorted((a, b), key=len)
    return (len(short) > FEW and short in long) or fuzz.ratio(a, b) >= ALIKE


def _signs_of_host(c: Name, weights: Weights) -> set[str]:
    """Return whether the host stands by itself, and differs from what is told at the name."""
    p, m, e = c.place, c.marks, c.host
    scene, n, key = fold(e.place.name) if e.place else "", m.sentence.number, fold(p.name)
    rest = [x for x in e.mentions if x.marks.sentence.number != n]
    with_scene = [x for x in rest if scene in x.marks.once(folded_names)]
    firm = [x for x in with_scene if x.marks.strong or x.marks.tolls]
    firm = [x for x in firm if key not in x.marks.once(folded_names)]
    tied = [
        (a, b, o)
        for o in c.shared.names.marks
        if scene and {key, scene} <= o.once(folded_names)
        for a in o.places
        for b in o.places
        if fold(a.name) == key and fold(b.name) == scene
    ]
    gaps = [o.folded[min(a.end, b.end) : max(a.start, b.start)] for a, b, o in tied]
    here, there = _dead(m), {d for x in rest for d in _dead(x.marks)}
    weapons = {h.key for h in m.find("tactic")}, {h.key for x in firm for h in x.marks.find("tactic")}
    things = {h.key for h in m.find("object")}, {h.key for x in firm for h in x.marks.find("object")}
    stays = None
    if rest:
        trailing = tuple(t for t in e.trailing if t is not m)
        without = replace(e, mentions=tuple(rest), trailing=trailing)
        left = c.shared.scenes(("without", n, e.mentions[0].marks.sentence.number), without)
        best = max(left, key=lambda s: weights.score("scene", s.signs), default=None)
        stays = fold(best.place.name) if best else None
    told = {
        "f-host-stays": stays is not None and stays == scene,
        "f-host-moves": stays == key,
        "f-host-firm": bool(firm),
        "f-host-only": not rest,
        "f-host-twin": twin(e, c.shared.found),
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
    told["f-firm-sole"] = bool(firm) and not any(c.shared.taken(o) for o in m.places)
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
